"""Words the bot will say, not yet in any language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class Name:
    """Text of the world (a place, a street, a phone number): never translated, set apart in right-to-left text."""

    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """Text that an organiser wrote, by language; the person's own is shown, else Dutch, else what there is."""

    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Day:
    """A date, written out: with its weekday, or `dated` with its year where it may be long ago."""

    date: date
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Hour:
    """A wall-clock time."""

    time: time


@dataclass(frozen=True, slots=True)
class Moment:
    """A local date and wall-clock time, written out; `short` where there is little room."""

    at: datetime
    short: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """Things in a row: "a, b and c", as the language writes it."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Msg:
    """A whole English sentence with named places; the runtime finds the words in the tenant's language.

    `many` is the English plural, chosen by the parameter `n` under the rules of the language.
    """

    id: str
    params: Mapping[str, Value] = field(default_factory=dict)
    many: str | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Sentences that belong together, one on each line."""

    lines: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Ticked:
    """A label with a tick before it: chosen."""

    label: Text


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text in a language of its own, whatever language is spoken around it."""

    language: str
    text: Text


Text = Msg | Lines | Told | Name | Ticked | Spoken
Value = str | int | Text | Day | Hour | Moment | Listing


def _(id: str, /, **params: Value) -> Msg:
    """Mark a sentence for translation and fill its named places."""
    return Msg(id, params)


def _n(one: str, many: str, /, *, n: int, **params: Value) -> Msg:
    """Mark a sentence whose form depends on the number `n`."""
    return Msg(one, {"n": n, **params}, many)


def units(text: str) -> int:
    """Count a text as Telegram does: in UTF-16 units, of which an emoji has two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, most: int) -> str:
    """Cut a text to so many UTF-16 units, with a sign that it goes on."""
    if units(text) <= most:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (most - 1)].decode("utf-16-le", "ignore")
    return f"{kept.rstrip()}…"


BLANK = Name("")
"""An empty line, to set paragraphs apart."""


def lines(*texts: Text | None) -> Lines:
    """Stack sentences, leaving out what is None."""
    return Lines(tuple(text for text in texts if text is not None))
