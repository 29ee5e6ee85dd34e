"""The polls that one may answer, and what came of earlier ones."""

from __future__ import annotations

from dataclasses import dataclass

from flows.messages import Text, Told, _, lines
from flows.poll_facts import Poll
from flows.questions import Choice, Pick, Skippable
from flows.talk import Done, Go, Talk, flow


@dataclass(frozen=True)
class Listed:
    """A poll in the list."""

    poll: Poll

    @property
    def id(self) -> str:
        return self.poll.id

    @property
    def button(self) -> Text:
        """Give its title, with a sign of how far it is."""
        title, questions = Told(self.poll.content.title), self.poll.content.questions
        if self.poll.state != "open":
            return _("📊 Result: {title}", title=title)
        done = len(questions) - len(self.poll.left)
        if 0 < done < len(questions):
            return _("⏳ {title} ({n} of {all})", title=title, n=done, all=len(questions))
        return self.poll.button


@flow(command="peilingen", title=_("Polls"), knows=("polls",), loose=True)
async def polls(talk: Talk) -> Done:
    """Choose a poll to answer, or a result to read. What can still be answered comes first."""
    listed = [Listed(poll) for poll in sorted(talk.facts.polls, key=rank) if rank(poll) < NOTHING]
    if not listed:
        return await nothing(talk)
    pick = Skippable(Pick(listed), skip=_("☰ Menu"))
    chosen = await talk.ask("which", _("Which poll?"), pick, in_place=True)
    if chosen is None:
        return Done(then=Go("menu"))
    return Done(then=Go("poll" if chosen.poll.state == "open" else "poll_result", chosen.id))


NOTHING = 3


def rank(poll: Poll) -> int:
    """Put first what is to be answered, then what was, then results; a poll without any of these comes last."""
    if poll.state == "open" and poll.may_answer:
        return 1 if poll.complete else 0
    return 2 if poll.state == "closed" and poll.news else NOTHING


async def nothing(talk: Talk) -> Done:
    """Say that there is no poll now, and how to hear of the next."""
    wanted = "polls" in talk.facts.person.consents
    said = lines(
        _("There is no poll for you right now."),
        _("I write to you when there is one.")
        if wanted
        else _("Shall I write to you when there is one? Choose it here:"),
    )
    choices = {"consents": _("🔔 Which messages I get"), "menu": _("☰ Menu")}
    return Done(then=Go(await talk.ask("nothing", said, Choice(choices), in_place=True)))
