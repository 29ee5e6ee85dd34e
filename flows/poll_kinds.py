"""Kinds of question that polls need: with a tick on the answer given before, and a way to say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.messages import Text, Ticked, _
from flows.poll_facts import SKIP
from flows.questions import Answer, Draft, Invalid, Number, Option, Rows, in_rows

RATHER_NOT = _("🤐 Rather not say")


@dataclass(frozen=True)
class Vote:
    """One of a few answers, or none; `doors` lead elsewhere and are no answer. `ticked` is what was answered before."""

    answers: Mapping[str, Text]
    ticked: tuple[str, ...] = ()
    doors: Mapping[str, Text] = field(default_factory=dict)
    columns: int = 1
    takes: frozenset[str] = frozenset()

    def rows(self, draft: Draft) -> Rows:
        on = draft or self.ticked
        answers = [Option(id, Ticked(label) if id in on else label) for id, label in self.answers.items()]
        skip = Option(SKIP, Ticked(RATHER_NOT) if SKIP in on else RATHER_NOT)
        doors = [Option(id, label) for id, label in self.doors.items()]
        return (*in_rows(answers, self.columns), *in_rows([skip, *doors]))

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        answer = Answer(chosen=(option,))
        self.read(answer)
        return answer

    def read(self, answer: Answer) -> tuple[str, ...]:
        """Give what was chosen, as the only one of a tuple."""
        if len(answer.chosen) != 1 or answer.chosen[0] not in {*self.answers, *self.doors, SKIP}:
            raise Invalid(_("Please tap one of the buttons."))
        return answer.chosen


@dataclass(frozen=True)
class SeveralVotes:
    """Boxes to tick, and a button that says ready once one is ticked. Saying nothing is one tap, also with boxes on."""

    answers: Mapping[str, Text]
    ticked: tuple[str, ...] = ()
    doors: Mapping[str, Text] = field(default_factory=dict)
    takes: frozenset[str] = frozenset()

    def rows(self, draft: Draft) -> Rows:
        on, skips = self.on(draft), SKIP in (draft or self.ticked)
        boxes = [Option(id, Ticked(label) if id in on else label) for id, label in self.answers.items()]
        ready = [Option("~ready", _("Ready"))] if on else []
        skip = Option(SKIP, Ticked(RATHER_NOT) if skips else RATHER_NOT)
        doors = [Option(id, label) for id, label in self.doors.items()]
        return in_rows([*boxes, *ready, skip, *doors])

    def on(self, draft: Draft) -> tuple[str, ...]:
        """Give the boxes that are ticked; an empty draft is one that nobody touched."""
        return tuple(id for id in self.answers if id in (draft or self.ticked))

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        on = self.on(draft)
        if option == "~ready":
            return Answer(chosen=on or (SKIP,))
        if option == SKIP or option in self.doors:
            return Answer(chosen=(option,))
        if option not in self.answers:
            raise Invalid(_("Please tap one of the buttons."))
        return ("~touched", *(id for id in self.answers if (id in on) != (id == option)))

    def read(self, answer: Answer) -> tuple[str, ...]:
        """Give the boxes that were chosen, or the one door."""
        alone = {(SKIP,), *((door,) for door in self.doors)}
        if answer.chosen not in alone and (not answer.chosen or not set(answer.chosen) <= {*self.answers}):
            raise Invalid(_("Please tap one of the buttons."))
        return answer.chosen


@dataclass(frozen=True)
class TypedNumber(Number):
    """A number for which there are too many values for buttons."""

    def rows(self, draft: Draft) -> Rows:
        return ()


@dataclass(frozen=True)
class TooLate:
    """The buttons of a poll that takes no answer; a tap on one of its old buttons is understood too, and gives None."""

    doors: Mapping[str, Text]
    takes: frozenset[str] = frozenset()

    def rows(self, draft: Draft) -> Rows:
        return in_rows([Option(id, label) for id, label in self.doors.items()])

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        return Answer(chosen=(option,))

    def read(self, answer: Answer) -> str | None:
        return answer.chosen[0] if answer.chosen and answer.chosen[0] in self.doors else None
