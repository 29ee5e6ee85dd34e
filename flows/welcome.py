"""Meet a newcomer: their language, what this is, where they live, and which messages they want."""

from __future__ import annotations

from flows.changes import SetLanguage, Welcome
from flows.messages import Lines, Msg, Name, Text, _, lines
from flows.questions import Choice
from flows.talk import Done, Go, Talk, flow

AGAIN = "!"  # ends the subject when the five lines were shown already
HELLO = _("Hello! Which language do you read best?")


@flow(title=_("Welcome"), loose=True)
async def hello(talk: Talk) -> Done:
    """Ask the language first, and keep it at once: whoever leaves here is still answered in it."""
    language = await ask_language(talk)
    return Done(SetLanguage(language), then=Go("welcome", talk.subject, heard=talk.heard or None))


@flow(title=_("Welcome"), loose=True)
async def welcome(talk: Talk) -> Done:
    """Say what this is. The subject is what a link named (`meetings:veurne-maart`); then the rest is asked later."""
    answers = {"on": _("OK, go on"), "language": _("🌍 Another language")}
    wait = _("I have your question. First tap “OK, go on”.")
    prompt: Text = wait if talk.subject.endswith(AGAIN) else what_this_is(talk)
    answer = await talk.ask("know", prompt, Choice(answers))
    if answer == "language":
        return Done(then=Go("hello", talk.subject.removesuffix(AGAIN), heard=talk.heard or None))
    if talk.subject:
        name, _colon, subject = talk.subject.removesuffix(AGAIN).partition(":")
        if talk.heard and name != "question":
            later = _("First this. Then ask me your question again.")
            return Done(Welcome(), then=Go(name, subject, say=later))
        return Done(Welcome(), then=Go(name, subject, heard=talk.heard or None))
    return Done(Welcome(), then=Go("where", "new"))


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
        _("🏠 Ask me about your rights as a tenant. I also show meetings near you."),
        _("🙈 You do not have to give your name. Your landlord does not see who writes here."),
        _("📱 This chat goes through Telegram, a company outside Europe. It can read along. So write no secrets here."),
        _("✋ You can stop at any moment: tap /stop. More about your data: /privacy."),
    )
