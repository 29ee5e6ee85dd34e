"""Privacy, in short pages: what is kept, what Telegram sees, who is responsible, your rights, how long."""

from __future__ import annotations

from flows.messages import Lines, Name, _, lines
from flows.questions import Choice
from flows.talk import Done, Go, Talk, flow

PAGES = {
    "kept": _("📦 What we keep"),
    "telegram": _("📱 What Telegram sees"),
    "who": _("🏢 Who is responsible"),
    "rights": _("⚖️ Your rights"),
    "long": _("⏳ How long we keep it"),
    "my-data": _("👤 My data"),
    "menu": _("☰ Menu"),
}


@flow(command="privacy", title=_("Privacy"), loose=True)
async def privacy(talk: Talk) -> Done:
    """Show one page; a tap turns to another, in the same message."""
    page = await talk.ask("page", text(talk), Choice(PAGES), in_place=True)
    return Done(then=Go(page.replace("-", "_")) if page in ("my-data", "menu") else Go("privacy", page))


def text(talk: Talk) -> Lines:
    """Give the text of a page. Sources: GDPR articles 13 and 15-22; Telegram's privacy policy and bot terms."""
    organisation = Name(talk.facts.help.organisation)
    pages = {
        "kept": lines(
            _("📦 What we keep"),
            _("Your language. Your postcode, landlord and building, if you gave them."),
            _("The meetings you signed up for, and what you need there."),
            _("Which messages you want."),
            _("In which polls you took part. Not what you answered: nobody can look that up."),
            _("A number of your chat, so that we can answer. It is locked with a key."),
            _("We do not keep your name, your photo or your phone number."),
        ),
        "telegram": lines(
            _("📱 What Telegram sees"),
            _("Telegram is a company outside Europe, with its own rules."),
            _("It carries this chat and can read it. It knows your phone number."),
            _("It can give data to the police when a judge asks."),
            _("If you erase your data here, the chat itself stays in Telegram. You can delete it there."),
            _("You can also call us or come by. You do not need Telegram."),
        ),
        "who": lines(
            _("🏢 Who is responsible"),
            _("{organisation} is responsible for this chat.", organisation=organisation),
            _("Your landlord is not. Your landlord cannot look into this chat."),
            _("Groups that organise meetings see how many people come and what they need. They do not see who."),
            _("Not happy about how we handle your data? You can complain to the Belgian data protection authority."),
        ),
        "rights": lines(
            _("⚖️ Your rights"),
            _("See what we know, change it, take it with you, or erase it: tap “My data”."),
            _("Stop messages: /stop. It works at once."),
            _("A computer decides nothing about you here. A waiting list goes by order only."),
        ),
        "long": lines(
            _("⏳ How long we keep it"),
            _("What you type: no longer than we need to answer."),
            _("A meeting: 30 days after it is over. Then only numbers stay."),
            _("Your answers to a poll: until it closes. After that nobody can tell which are yours."),
            _("That you took part in a poll: one year, so that we can tell you what was done with it."),
            _("A talk with a human: 90 days after it is over."),
            _("A question that I could not answer: 90 days, without who asked it."),
            _("You write nothing for two years? Then we erase your data."),
            _("Copies for safety: 30 days at most."),
        ),
    }
    opening = lines(
        _("🔒 Privacy"),
        _("You do not have to give your name here. Your landlord does not see who writes."),
        _("What would you like to know?"),
    )
    return pages.get(talk.subject, opening)
