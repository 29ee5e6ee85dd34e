"""What all flows share that change a draft: who may, which draft, how a text is put in, and what comes next."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flows.messages import Msg, Name, Text, Told, _, shortened
from flows.poll_facts import SIGNS, Draft, PollContent, PollOption, PollQuestion, with_question
from flows.talk import Done, Go, Talk

NO_ROLE = Done(then=Go("menu", "no-role"))
GONE = Done(then=Go("organise", say=_("That poll is not there any more.")))
MOST_QUESTIONS = 7
MAKING = "new"  # ends the subject of a flow that goes on to what is missing

LIMITS = {"title": 80, "why": 300, "use": 300, "question": 200, "option": 60, "outcome": 500}
"""The most UTF-16 units of each kind of text."""


def seen(talk: Talk) -> Draft | Done:
    """Give the poll that the subject names, or the end for who may not see it."""
    if not talk.facts.scopes:
        return NO_ROLE
    return talk.facts.draft or GONE


def editable(talk: Talk) -> Draft | Done:
    """Give the draft that the subject names, or the end where it is no draft any more."""
    found = seen(talk)
    if isinstance(found, Draft) and found.state != "draft":
        said = _("This poll is not a draft any more. So I cannot change it.")
        return Done(then=Go("draft", found.id, say=said))
    return found


def next_step(id: str, content: PollContent) -> Go:
    """Give what a new poll needs next; the poll itself once it has all."""
    if not content.why:
        return Go("poll_text", f"{id}:why:{MAKING}")
    if not content.use:
        return Go("poll_text", f"{id}:use:{MAKING}")
    if not content.closes:
        return Go("poll_until", f"{id}:{MAKING}")
    if not content.questions:
        return Go("poll_question", id)
    return Go("draft", id)


def print_of(texts: Mapping[str, str]) -> str:
    """Give a short mark of a text, to see later whether someone changed it meanwhile."""
    return f"{zlib.crc32(repr(sorted(texts.items())).encode()):08x}"


@dataclass(frozen=True)
class Place:
    """A text of a poll: `title`, `why`, `use`, `q.<question>`, or `o.<question>.<option>`."""

    id: str
    label: Msg
    texts: Mapping[str, str]
    kind: str

    @property
    def most(self) -> int:
        """Give how many UTF-16 units it may have."""
        return LIMITS[self.kind]


def places(content: PollContent) -> tuple[Place, ...]:
    """Give all texts of a poll in the order in which they are read. Those without words are among them."""
    found = [
        Place("title", _("The title"), content.title, "title"),
        Place("why", _("Why you ask it"), content.why, "why"),
        Place("use", _("What is done with it"), content.use, "use"),
    ]
    for n, question in enumerate(content.questions, 1):
        found.append(Place(f"q.{question.id}", _("Question {n}", n=n), question.text, "question"))
        found += [
            Place(f"o.{question.id}.{option.id}", _("An answer to question {n}", n=n), option.text, "option")
            for option in question.options
        ]
    return tuple(found)


def place_of(content: PollContent, id: str) -> Place | None:
    """Find a text of a poll."""
    return next((place for place in places(content) if place.id == id), None)


def put(content: PollContent, id: str, texts: Mapping[str, str]) -> PollContent:
    """Give a poll with one of its texts put in. A place that is gone changes nothing."""
    match id.split("."):
        case ["title"]:
            return replace(content, title=texts)
        case ["why"]:
            return replace(content, why=texts)
        case ["use"]:
            return replace(content, use=texts)
        case [_q, question, *option]:
            found = question_of(content, question)
            return with_question(content, _put(found, option[0] if option else "", texts)) if found else content
    return content


def _put(question: PollQuestion, option: str, texts: Mapping[str, str]) -> PollQuestion:
    if not option:
        return replace(question, text=texts)
    options = tuple(PollOption(one.id, texts) if one.id == option else one for one in question.options)
    return replace(question, options=options)


def question_of(content: PollContent, id: str) -> PollQuestion | None:
    """Find a question."""
    return next((question for question in content.questions if question.id == id), None)


@dataclass(frozen=True)
class Listed:
    """A poll in a list; where a `twin` has the same sign and title, the end of its id tells them apart."""

    draft: Draft
    twin: bool

    @property
    def id(self) -> str:
        """Give the id of the poll."""
        return self.draft.id

    @property
    def button(self) -> Text:
        """Give the short line that stands on a button."""
        if not self.twin:
            return self.draft.button
        short = Told({code: shortened(text, 36) for code, text in self.draft.content.title.items()})
        sign, end = Name(SIGNS.get(self.draft.state, "")), Name(self.draft.id[-8:])
        return _("{sign} {title} ({id})", sign=sign, title=short, id=end)


def listed(drafts: Iterable[Draft]) -> tuple[Listed, ...]:
    """Give polls for a list, no two with the same button."""
    drafts = tuple(drafts)
    looks = [(draft.state, str(sorted(draft.content.title.items()))) for draft in drafts]
    return tuple(Listed(draft, looks.count(look) > 1) for draft, look in zip(drafts, looks, strict=True))


PROMPTS: Mapping[str, tuple[Text, ...]] = {
    "title": (
        _("What is your poll about? Write a short title."),
        _("For example: New rules for waste."),
        _("Please write in Dutch. You can add other languages later."),
    ),
    "why": (
        _("Why do you ask it? Write one or two short sentences."),
        _("For example: The council gives advice in April."),
    ),
    "use": (
        _("What do you do with the answers? People like to know."),
        _("For example: We put them in our advice. In May we tell you what came of it."),
    ),
}
"""What is asked for each of the three texts, and an example."""
