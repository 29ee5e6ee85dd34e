"""When the right article is not sure, or not there: three titles to choose from, and always a human."""

from __future__ import annotations

import json
from typing import Any

from flows.changes import Answered, NotUnderstood
from flows.messages import Text, _, lines
from flows.questions import Choice
from flows.talk import Done, Go, Talk, flow

PASSED_ON = "~"  # begins the subject of a choice whose question staff have already
TOO_OFTEN = 2  # misunderstandings in a row after which a human is offered unasked


@flow(title=_("Your question"), loose=True, knows=("articles", "busy_with"))
async def which_topic(talk: Talk) -> Done:
    """Show titles to choose from; the subject lists their topics. None of them is an answer too."""
    listed = talk.subject.removeprefix(PASSED_ON).split(",")
    topics = [topic for topic in listed if topic in talk.facts.articles]
    titles: dict[str, Text] = {topic: talk.facts.articles[topic].title for topic in topics}
    prompt = _("I found this. What is your question about?")
    choices = {**titles, "none": _("❌ None of these"), "human": _("🙋 Ask a human"), "menu": _("☰ Menu")}
    if talk.facts.busy_with:
        choices["resume"] = _("▶️ Go on with: {what}", what=talk.facts.busy_with)
    topic = await talk.ask("which", prompt, Choice(choices))
    if topic == "human":
        return Done(then=Go("ask_human", heard=talk.heard))
    if topic in ("menu", "resume"):
        return Done(then=Go(topic))
    if topic != "none":
        return Done(Answered(), then=Go("article", topic, heard=talk.heard))
    missed = (
        ()
        if talk.subject.startswith(PASSED_ON)
        else (NotUnderstood(talk.heard, spoken(talk), "unanswered", tuple(topics)),)
    )
    return Done(*missed, then=Go("no_answer", heard=talk.heard))


@flow(title=_("Your question"), loose=True)
async def not_meant(talk: Talk) -> Done:
    """Show the next best titles; the subject is why, and the topic that was wrong (`not-meant:deposit`)."""
    why, _colon, wrong = talk.subject.partition(":")
    found = await search(talk, talk.heard)
    missed = NotUnderstood(talk.heard, spoken(talk), why, tuple(found["topics"][:3]))
    others = [topic for topic in found["topics"] if topic != wrong][:3]
    return Done(missed, then=Go("which_topic", f"{PASSED_ON}{','.join(others)}", heard=talk.heard))


async def search(talk: Talk, text: str, after: str = "") -> dict[str, Any]:
    """Look up what answers a text: decision, topics, signal, language, term. `after` is the topic just read."""
    own = talk.facts.person.language or talk.facts.person.phone_language
    asked = {"text": text, "language": own, "after": after}
    found: dict[str, Any] = json.loads(await talk.look("found", "search", json.dumps(asked, ensure_ascii=False)))
    return found


@flow(title=_("Your question"), loose=True, knows=("office",))
async def no_answer(talk: Talk) -> Done:
    """Say so plainly, and offer the ways on. After two misunderstandings in a row a human is offered unasked."""
    too_often = talk.facts.person.misunderstood >= TOO_OFTEN
    if too_often and talk.facts.office.staffed:
        prompt = lines(
            _("I do not understand you well. That is my fault, not yours."),
            _("Shall I ask a human? You get the answer here, in this chat."),
        )
    else:
        prompt = lines(_("I have no good answer to that."), _("A human can look at it. Or say it in other words."))
    choices = {
        "human": _("🙋 Ask a human"),
        "words": _("✏️ Say it in other words"),
        "topics": _("📚 See all subjects"),
        "menu": _("☰ Menu"),
    }
    what = await talk.ask("on", prompt, Choice(choices))
    if what == "human":
        return Done(then=Go("ask_human", heard=talk.heard or None))
    if what == "words":
        return Done(say=_("Write your question here. Short is fine."))
    return Done(then=Go({"topics": "rights"}.get(what, what)))


def spoken(talk: Talk) -> str:
    """Give the language in which this is talked."""
    return talk.language or talk.facts.person.language or talk.facts.person.phone_language
