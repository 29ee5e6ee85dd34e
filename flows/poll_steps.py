"""Where someone is in a poll, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flows.messages import _
from flows.poll_facts import Poll, PollQuestion
from flows.talk import Go

TRIAL = "try"  # instead of a member of the household: an organiser's test copy, of which nothing is kept
MOST_BUTTONS = 11  # values of a number; where there are more, it is typed


@dataclass(frozen=True)
class Step:
    """What a subject says: `id`, `id:member` or `id:member:question`; the member is "1", "2" or `try`."""

    poll: str
    member: str = "1"
    question: str = ""

    @property
    def trial(self) -> bool:
        """Tell whether this is a test copy."""
        return self.member == TRIAL

    @property
    def number(self) -> int:
        """Give the number of the household member."""
        return 2 if self.member == "2" else 1

    @property
    def subject(self) -> str:
        """Write it as a subject again; the first member without a question is just the id."""
        if self.question:
            return f"{self.poll}:{self.member}:{self.question}"
        return self.poll if self.member == "1" else f"{self.poll}:{self.member}"

    def to(self, question: str = "") -> Step:
        """Give the step of the same person at another question, or at none."""
        return replace(self, question=question)


def step_of(subject: str) -> Step:
    """Read a subject. A member that does not exist is the first."""
    poll, member, question, *_more = [*subject.split(":"), "", ""]
    return Step(poll, member if member in ("1", "2", TRIAL) else "1", question)


def answered(poll: Poll, step: Step) -> Mapping[str, tuple[str, ...]]:
    """Give what this person answered: question -> options, none of them where it was in own words. A test copy keeps
    nothing."""
    return {} if step.trial else {**dict.fromkeys(poll.written, ()), **poll.mine}


def typed(question: PollQuestion) -> bool:
    """Tell whether a question is answered in writing."""
    values = question.high - question.low + 1
    return question.kind == "text" or (question.kind == "number" and values > MOST_BUTTONS)


def opening(poll: Poll, step: Step) -> Go | None:
    """Give the way to the first question without an answer; None when all are answered."""
    left = poll.content.questions if step.trial else poll.left
    return Go("poll", step.to(left[0].id).subject) if left else None


def onward(poll: Poll, step: Step) -> Go:
    """Give the way on once the question of this step is answered: the next without an answer, or the end."""
    order = poll.content.questions
    place = next((n for n, question in enumerate(order) if question.id == step.question), 0)
    after, before = order[place + 1 :], order[:place]
    done = answered(poll, step)
    left = [question for question in (after if step.trial else (*after, *before)) if question.id not in done]
    if left:
        return Go("poll_write" if typed(left[0]) else "poll", step.to(left[0].id).subject)
    if step.trial:
        return Go("draft", poll.id, say=_("That is how tenants see it. I kept none of your answers."))
    return Go("poll", step.to().subject)
