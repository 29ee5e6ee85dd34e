"""Meet a newcomer: their language, what this is, where they live, and which messages they want."""

from __future__ import annotations

from flows.changes import SetConsents, SetLanguage, SetPlace, Welcome
from flows.consents import ask_consents
from flows.messages import Lines, Msg, Name, _, lines
from flows.questions import Choice
from flows.talk import Done, Go, Talk, flow
from flows.where import ask_where

HELLO = _("Hello! Which language do you read best?")


@flow(title=_("Welcome"), knows=("landlords",))
async def welcome(talk: Talk) -> Done:
    """The subject is what a link named (`meetings:veurne-maart`); then the rest is asked later."""
    language = await ask_language(talk)
    await talk.ask("know", what_this_is(talk), Choice({"on": _("OK, go on")}))
    if talk.subject:
        name, _colon, subject = talk.subject.partition(":")
        return Done(SetLanguage(language), Welcome(), then=Go(name, subject))

    place = await ask_where(talk)
    purposes = await ask_consents(talk)
    return Done(
        SetLanguage(language),
        Welcome(),
        SetPlace(*place),
        SetConsents(purposes),
        say=_("Thank you. You can always change this in “My data”."),
        then=Go("menu"),
    )


async def ask_language(talk: Talk, prompt: Msg = HELLO) -> str:
    """Ask the language, the phone's own first, and go on in it."""
    phone = talk.facts.person.phone_language
    codes = sorted(talk.facts.languages, key=lambda code: code != phone)
    names = {code: Name(talk.facts.languages[code]) for code in codes}
    language = await talk.ask("language", prompt, Choice(names), label=_("Language"))
    talk.speak(language)
    return language


def what_this_is(talk: Talk) -> Lines:
    """Say in five short lines what this is and who sees what."""
    return lines(
        _(
            "👋 I am a chat robot of {organisation}, the network of social tenants.",
            organisation=Name(talk.facts.help.organisation),
        ),
        _("🏠 I help with meetings, polls and your rights as a tenant."),
        _("🙈 You do not have to give your name. Your landlord does not see who writes here."),
        _("📱 This chat goes through Telegram. That is a company outside Europe, and it can read along."),
        _("✋ You can stop at any moment: tap /stop. More about your data: /privacy."),
    )
