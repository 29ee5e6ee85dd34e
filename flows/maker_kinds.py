"""Kinds of question that only organisers meet: texts for others to read, lists of answers, and a last look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flows.messages import BLANK, Name, Text, _, shortened, units
from flows.questions import Answer, Draft, Invalid, Option, Page, Reader, Rows, Words, in_rows, western

OPTION_UNITS = 60
FEWEST, MOST = 2, 8  # answers to choose from
WIDEST = 100  # the highest number that can be asked for
LONGEST_MESSAGE = 4096  # of Telegram: nobody can type more at once
NOT_YET = _("◀️ Not yet, back to the poll")


@dataclass(frozen=True)
class Written(Words):
    """A text for others to read, on one line, of at most `most` UTF-16 units. It may well be a question itself.

    With `skip`, the label of a button, it may be passed over: then it is empty.
    """

    most: int = 300
    max_length: int = LONGEST_MESSAGE
    question: bool = True
    skip: Text | None = None

    def rows(self, draft: Draft) -> Rows:
        return ((Option("~skip", self.skip),),) if self.skip else ()

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        if self.skip and option == "~skip":
            return Answer(chosen=("~skip",))
        return Words.tap(self, option, draft)

    def read(self, answer: Answer) -> str:
        if self.skip and answer.chosen == ("~skip",):
            return ""
        text = " ".join(Words.read(self, answer).split())
        if units(text) > self.most:
            raise Invalid(
                _("That is {n} letters. At most {most} fit here. Can it be shorter?", n=units(text), most=self.most)
            )
        return text


@dataclass(frozen=True)
class Answers(Words):
    """The answers to choose from: one a line, 2 to 8, each at most 60 UTF-16 units, no two alike.

    Who writes them on one line, with commas between, is understood too.
    """

    max_length: int = LONGEST_MESSAGE
    question: bool = True

    def read(self, answer: Answer) -> str:
        """Give the answers, one a line."""
        found = listed_in(answer.text or "")
        for line in found:
            if units(line) > OPTION_UNITS:
                raise Invalid(
                    _(
                        "An answer can have at most {most} letters. This one has {n}: “{line}”",
                        most=OPTION_UNITS,
                        n=units(line),
                        line=Name(shortened(line, OPTION_UNITS)),
                    )
                )
        if not FEWEST <= len(found) <= MOST:
            why = _(
                "I count {n} answers. I need {low} to {high}: one on each line.", n=len(found), low=FEWEST, high=MOST
            )
            raise Invalid(_("I see only one answer. Put each answer on its own line.") if len(found) == 1 else why)
        twice = next((line for line in found if [one.casefold() for one in found].count(line.casefold()) > 1), None)
        if twice is not None:
            raise Invalid(_("“{line}” is there twice. Please make each answer different.", line=Name(twice)))
        return "\n".join(found)


def listed_in(text: str) -> list[str]:
    """Give what stands on the lines of a text, without list marks; of a single line, what commas or semicolons part."""
    lines = [re.sub(r"^[-•*]\s+", "", " ".join(line.split())) for line in text.splitlines() if line.strip()]
    if len(lines) == 1:
        lines = [part.strip() for part in re.split(r"[,;](?!\d)", lines[0])]
    return [line for line in lines if line]


@dataclass(frozen=True)
class Bounds:
    """From which to which number people may answer: a few are tapped, any others typed (`3-20`)."""

    presets: tuple[tuple[int, int], ...] = ((0, 10), (1, 5), (1, 10), (0, 100))
    takes: frozenset[str] = frozenset({"text"})

    def rows(self, draft: Draft) -> Rows:
        return in_rows(
            [Option(f"{low}-{high}", _("{low} to {high}", low=low, high=high)) for low, high in self.presets], 2
        )

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        answer = Answer(chosen=(option,))
        self.read(answer)
        return answer

    def read(self, answer: Answer) -> tuple[int, int]:
        text = western(answer.chosen[0] if answer.chosen else answer.text or "")
        numbers = [int(n) for n in re.findall(r"\d{1,9}", text)]
        if len(numbers) != 2 or not 0 <= numbers[0] < numbers[1] <= WIDEST:
            raise Invalid(
                _(
                    "Write the lowest and the highest number, like this: 1-5. They lie between 0 and {most}.",
                    most=WIDEST,
                )
            )
        return numbers[0], numbers[1]


@dataclass(frozen=True)
class LastLook(Reader):
    """Pages to read before something goes out, and yes or no. Yes counts only for the `revision` that was read."""

    revision: int = 0
    yes: Text = _("✅ Yes, send it")
    no: Text = NOT_YET
    doors: Rows = ()

    def rows(self, draft: Draft) -> Rows:
        doors = (Option(self.sure, self.yes),), (Option("no", self.no),)
        return (*Reader.rows(self, draft), *doors)

    @property
    def sure(self) -> str:
        """Give the id of the button that says yes to just this revision."""
        return f"yes-{self.revision}"

    def read(self, answer: Answer) -> str:
        """Give `yes` or `no`."""
        if answer.chosen == ("no",):
            return "no"
        if answer.chosen == (self.sure,):
            return "yes"
        if answer.chosen and answer.chosen[0].startswith("yes-"):
            raise Invalid(_("Someone changed this poll just now. Please look at it once more."))
        raise Invalid(_("Please tap one of the buttons."))


@dataclass(frozen=True)
class Leaves(Reader):
    """Pages that follow one another, with a button to the one before and the one after."""

    def rows(self, draft: Draft) -> Rows:
        ids = list(self.pages)
        here = ids.index(self.page(draft))
        turn = [Option(ids[here - 1], _("◀️ Previous"))] if here else []
        turn += [Option(ids[here + 1], _("More ▶️"))] if here + 1 < len(ids) else []
        return (*((tuple(turn),) if turn else ()), *self.doors)


def leaves(texts: list[Text], doors: Mapping[str, Text], columns: int = 1) -> Leaves:
    """Bind texts to pages that follow one another."""
    pages = {f"page-{n}": Page(BLANK, text) for n, text in enumerate(texts)}
    return Leaves(pages, in_rows([Option(id, label) for id, label in doors.items()], columns))
