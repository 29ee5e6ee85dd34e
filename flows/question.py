"""A question about rights, in the person's own words: rules first, then the article, or three titles, or a human."""

from __future__ import annotations

from flows.changes import Answered, NotUnderstood
from flows.danger import DANGERS
from flows.messages import _
from flows.no_answer import search
from flows.questions import Words
from flows.talk import Done, Go, Talk, flow

LONGEST = 2000  # letters that are looked at and kept
TALK = ("insult", "who", "thanks", "hello")


@flow(title=_("Your question"), loose=True, knows=("terms",))
async def question(talk: Talk) -> Done:
    """Find what answers the words. The subject is the topic of the answer that the person just read."""
    text = talk.heard or await talk.ask("text", _("What is your question? Write it in your own words."), Words(20000))
    text = text[:LONGEST]
    own = talk.facts.person.language or talk.facts.person.phone_language
    found = await search(talk, text, after=talk.subject)
    topics, signal = tuple(found["topics"]), found["signal"]
    speak = found["language"] if found["language"] in talk.facts.languages and found["language"] != own else None

    if signal in DANGERS:
        return Done(then=Go("danger", f"{signal}:{topics[0]}", speak=speak))
    if signal in TALK:
        return Done(then=Go("small_talk", signal, speak=speak))
    if signal == "human":
        return Done(then=Go("ask_human", speak=speak))
    if signal == "eviction-now":
        return Done(then=Go("eviction_now", heard=text, speak=speak))
    if signal in ("act", "predict"):
        return Done(then=Go("cannot", f"{signal}:{','.join(topics[:3])}", heard=text, speak=speak))
    if found["term"]:
        return Done(then=Go("meaning", found["term"], heard=text, speak=speak))
    if found["decision"] == "answer":
        return Done(Answered(), then=Go("article", topics[0], heard=text, speak=speak))
    if found["decision"] == "choices":
        return Done(then=Go("which_topic", ",".join(topics[:3]), heard=text, speak=speak))
    missed = NotUnderstood(text, speak or own, "unanswered", topics[:3])
    return Done(missed, then=Go("no_answer", ",".join(topics[:3]), heard=text, speak=speak))
