"""What can happen to a conversation."""

from __future__ import annotations

from dataclasses import dataclass

from flows.messages import Msg
from flows.questions import Answer


@dataclass(frozen=True, slots=True)
class Started:
    """The conversation begins, or is shown again."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Words or a file; `Tapped` is a button."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button, which knows the question it belongs to."""

    key: str
    option: str


@dataclass(frozen=True, slots=True)
class Refused:
    """What the conversation asked for cannot be: forget these answers and say why."""

    keys: tuple[str, ...]
    why: Msg


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked up half-way."""

    key: str
    found: str
    inputs: str


Event = Started | Answered | Tapped | Refused | Looked
