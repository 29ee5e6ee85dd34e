"""Kinds of question. Each turns what a person did into a value, or says why it cannot."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from flows.messages import Msg, Name, Text, Ticked, _, units

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Draft = tuple[str, ...]
"""Taps that do not answer yet: the boxes ticked so far, or the page of a list."""

PAGE = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person did, as they did it. This is what the journal stores."""

    text: str | None = None
    chosen: tuple[str, ...] = ()
    media: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A button: its id (`[a-z0-9-]{1,32}`, or `~` and a word of the engine) and its label."""

    id: str
    label: Text


Rows = tuple[tuple[Option, ...], ...]


class Invalid(Exception):
    """This answer cannot be read; `why` tells the person."""

    def __init__(self, why: Msg):
        super().__init__(why.id)
        self.why = why


class Kind(Protocol[T_co]):
    """What every kind of question can do."""

    @property
    def takes(self) -> frozenset[str]:
        """What it wants besides taps: any of `text`, `photo`, `voice`."""

    def rows(self, draft: Draft) -> Rows:
        """Give the buttons to show."""

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        """Turn a tap into the answer, or into a new draft."""

    def read(self, answer: Answer) -> T_co:
        """Turn the answer into a value. Raises Invalid."""


def in_rows(options: Sequence[Option], columns: int = 1) -> Rows:
    """Lay buttons out, so many a row."""
    return tuple(tuple(options[i : i + columns]) for i in range(0, len(options), columns))


@dataclass(frozen=True)
class Words:
    """A text in the person's own words. Where a `question` is wanted, its looking like one says nothing."""

    max_length: int = 500
    question: bool = False
    takes: frozenset[str] = frozenset({"text"})

    def rows(self, draft: Draft) -> Rows:
        return ()

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        raise Invalid(_("Please write it in a few words."))

    def read(self, answer: Answer) -> str:
        text = (answer.text or "").strip()
        if not text:
            raise Invalid(_("Please write it in a few words."))
        if units(text) > self.max_length:
            raise Invalid(_("That is a long text. Please keep it under {n} letters.", n=self.max_length))
        return text


@dataclass(frozen=True)
class Postcode:
    """Four digits, as a Belgian postcode has; spaces and `B-` are forgiven."""

    takes: frozenset[str] = frozenset({"text"})

    def rows(self, draft: Draft) -> Rows:
        return ()

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        raise Invalid(_("Please write the four numbers of your postcode. For example: 8630."))

    def read(self, answer: Answer) -> str:
        text = western(answer.text or "")
        found = re.fullmatch(r"(?:b\s*-?\s*)?([1-9]\d\s?\d\d)(?:\s+\D{1,40})?", text.strip(), re.IGNORECASE)
        if not found:
            raise Invalid(_("Please write the four numbers of your postcode. For example: 8630."))
        return found[1].replace(" ", "")


@dataclass(frozen=True)
class Choice:
    """One of a few buttons; `first` is put on top."""

    choices: Mapping[str, Text]
    columns: int = 1
    takes: frozenset[str] = frozenset()

    def rows(self, draft: Draft) -> Rows:
        return in_rows([Option(id, label) for id, label in self.choices.items()], self.columns)

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        answer = Answer(chosen=(option,))
        self.read(answer)
        return answer

    def read(self, answer: Answer) -> str:
        if len(answer.chosen) != 1 or answer.chosen[0] not in self.choices:
            raise Invalid(_("Please tap one of the buttons."))
        return answer.chosen[0]


@dataclass(frozen=True)
class YesNo:
    """Yes or no."""

    yes: Text = _("Yes")
    no: Text = _("No")
    takes: frozenset[str] = frozenset()

    @property
    def choice(self) -> Choice:
        return Choice({"yes": self.yes, "no": self.no}, columns=2)

    def rows(self, draft: Draft) -> Rows:
        return self.choice.rows(draft)

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        return self.choice.tap(option, draft)

    def read(self, answer: Answer) -> bool:
        return self.choice.read(answer) == "yes"


@dataclass(frozen=True)
class Confirm:
    """The last look before something happens: yes, change one answer, or no."""

    yes: Text = _("Yes, this is right")
    change: Text = _("Change something")
    no: Text = _("No, do not do it")
    takes: frozenset[str] = frozenset()

    def rows(self, draft: Draft) -> Rows:
        return in_rows([Option("yes", self.yes), Option("~change", self.change), Option("no", self.no)])

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        return YesNo().tap(option, draft)

    def read(self, answer: Answer) -> bool:
        return YesNo().read(answer)


@dataclass(frozen=True)
class Several:
    """Boxes to tick, none or more, and a button that says ready. `ticked` are ticked at the start."""

    choices: Mapping[str, Text]
    ticked: tuple[str, ...] = ()
    ready: Text = _("Ready")
    nothing: Text = _("No, nothing")
    takes: frozenset[str] = frozenset()

    def rows(self, draft: Draft) -> Rows:
        on = self.on(draft)
        boxes = [Option(id, Ticked(label) if id in on else label) for id, label in self.choices.items()]
        return in_rows([*boxes, Option("~ready", self.ready if on else self.nothing)])

    def on(self, draft: Draft) -> tuple[str, ...]:
        """Give the boxes that are ticked; an empty draft is one that nobody touched."""
        return tuple(id for id in self.choices if id in (draft or self.ticked))

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        on = self.on(draft)
        if option == "~ready":
            return Answer(chosen=on or ("~none",))
        if option not in self.choices:
            raise Invalid(_("Please tap one of the buttons."))
        kept = [id for id in self.choices if (id in on) != (id == option)]
        return ("~touched", *kept)

    def read(self, answer: Answer) -> tuple[str, ...]:
        if not answer.chosen or not set(answer.chosen) <= {*self.choices, "~none"}:
            raise Invalid(_("Please tap one of the buttons."))
        return tuple(id for id in answer.chosen if id != "~none")


@dataclass(frozen=True)
class Number:
    """A whole number from `low` to `high`, tapped or typed."""

    low: int
    high: int
    takes: frozenset[str] = frozenset({"text"})

    def rows(self, draft: Draft) -> Rows:
        return in_rows([Option(str(n), Name(str(n))) for n in range(self.low, self.high + 1)], 5)

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        answer = Answer(chosen=(option,))
        self.read(answer)
        return answer

    def read(self, answer: Answer) -> int:
        text = western(answer.chosen[0] if answer.chosen else answer.text or "").strip()
        if not re.fullmatch(r"\d{1,9}", text) or not self.low <= int(text) <= self.high:
            raise Invalid(_("Please give a number from {low} to {high}.", low=self.low, high=self.high))
        return int(text)


@dataclass(frozen=True)
class Photo:
    """A photo, kept by its file id."""

    takes: frozenset[str] = frozenset({"photo"})

    def rows(self, draft: Draft) -> Rows:
        return ()

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        raise Invalid(_("Please send a photo."))

    def read(self, answer: Answer) -> str:
        if answer.media != "photo" or not answer.file:
            raise Invalid(_("Please send a photo."))
        return answer.file


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a text: its button, and what it says."""

    label: Text
    text: Text


@dataclass(frozen=True)
class Reader:
    """Pages that turn in place, and doors that lead elsewhere. The first page is shown first."""

    pages: Mapping[str, Page]
    doors: Rows
    columns: int = 2
    takes: frozenset[str] = frozenset()

    def page(self, draft: Draft) -> str:
        """Give the page that was turned to, else the first."""
        return draft[0] if draft and draft[0] in self.pages else next(iter(self.pages))

    def text(self, draft: Draft) -> Text:
        """Give what the page says."""
        return self.pages[self.page(draft)].text

    def rows(self, draft: Draft) -> Rows:
        others = [Option(id, page.label) for id, page in self.pages.items() if id != self.page(draft)]
        return (*in_rows(others, self.columns), *self.doors)

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        if option in self.pages:
            return (option,)
        answer = Answer(chosen=(option,))
        self.read(answer)
        return answer

    def read(self, answer: Answer) -> str:
        if len(answer.chosen) != 1 or all(door.id != answer.chosen[0] for row in self.doors for door in row):
            raise Invalid(_("Please tap one of the buttons."))
        return answer.chosen[0]


class Item(Protocol):
    """Something that can be picked from a list."""

    @property
    def id(self) -> str: ...

    @property
    def button(self) -> Text: ...


I = TypeVar("I", bound=Item)  # noqa: E741


@dataclass(frozen=True)
class Pick(Generic[I]):
    """One of a list that may be long: pages of six. The journal keeps the id; the value is what it is now."""

    items: Sequence[I]
    gone: Msg = _("That one is no longer in the list.")
    takes: frozenset[str] = frozenset()

    def rows(self, draft: Draft) -> Rows:
        page = self.page(draft)
        shown = self.items[page * PAGE : (page + 1) * PAGE]
        turn = [Option(f"~page{page - 1}", _("◀️ Previous"))] if page else []
        turn += [Option(f"~page{page + 1}", _("More ▶️"))] if (page + 1) * PAGE < len(self.items) else []
        return in_rows([Option(item.id, item.button) for item in shown]) + ((tuple(turn),) if turn else ())

    def page(self, draft: Draft) -> int:
        """Give the page that was turned to, or the one on which a chosen item stands."""
        last = max(0, (len(self.items) - 1) // PAGE)
        if turned := re.fullmatch(r"~page(\d{1,3})", draft[0] if draft else ""):
            return min(last, int(turned[1]))
        return next((place // PAGE for place, item in enumerate(self.items) if item.id in draft), 0)

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        if re.fullmatch(r"~page\d{1,3}", option):
            return (option,)
        answer = Answer(chosen=(option,))
        self.read(answer)
        return answer

    def read(self, answer: Answer) -> I:
        for item in self.items:
            if answer.chosen == (item.id,):
                return item
        raise Invalid(self.gone if answer.chosen else _("Please tap one of the buttons."))


@dataclass(frozen=True)
class Skippable(Generic[T]):
    """Any question that may be passed over."""

    kind: Kind[T]
    skip: Text = _("Skip this")

    @property
    def takes(self) -> frozenset[str]:
        return self.kind.takes

    def rows(self, draft: Draft) -> Rows:
        return (*self.kind.rows(draft), (Option("~skip", self.skip),))

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        return Answer(chosen=("~skip",)) if option == "~skip" else self.kind.tap(option, draft)

    def read(self, answer: Answer) -> T | None:
        return None if answer.chosen == ("~skip",) else self.kind.read(answer)


def western(text: str) -> str:
    """Write the digits of any script (Arabic ones above all) as 0-9."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)
