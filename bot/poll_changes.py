"""Apply what flows about polls asked for. What a flow shows is no permission: every right is checked here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.changes import At, RefusedChange, apply
from bot.rules import CLASSES
from bot.store import audit, ballots, poll_people, polls
from bot.store.db import Row
from bot.store.polls import content_of
from flows import poll_changes as wanted
from flows.messages import _

LAST = ("*",)  # the answer that led here is forgotten, and asked for again
DAY_MS = 24 * 3600 * 1000
STALE = _("Somebody changed this poll in the meantime. Look at it again.")
SCOPE = _("This poll is not in your area. Ask VIVAS if you need it.")
MISSING = {
    "why": _("Please say first why you ask."),
    "use": _("Please say first what will be done with the answers."),
    "questions": _("Please make a question first."),
    "closes": _("Please choose a later day for the end."),
}
TOO_FEW = _("Fewer than ten people would get this. Then one could guess who wrote what. Choose a larger group.")


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the store refuses into what the organiser reads."""
    try:
        yield
    except polls.Stale as stale:
        raise RefusedChange(LAST, STALE) from stale
    except polls.OutOfScope as outside:
        raise RefusedChange(LAST, SCOPE) from outside
    except polls.Incomplete as missing:
        raise RefusedChange(LAST, MISSING[str(missing)]) from missing
    except polls.TooFew as few:
        raise RefusedChange(LAST, TOO_FEW) from few


def _note(at: At, act: str, poll: str, detail: str = "") -> None:
    audit.note(at.tx, str(at.person["id"]), act, f"poll:{poll}", at.now, detail)


@apply.register
def _cast(change: wanted.Cast, at: At) -> None:
    row = polls.get(at.tx, change.poll, share=True)
    question = next((q for q in content_of(row).questions if q.id == change.question), None) if row else None
    if row is None or question is None or row["state"] != "open" or row["closes_at"] <= at.now:
        raise RefusedChange(LAST, _("This poll is closed. Thank you for wanting to take part."))
    if change.member not in ballots.MEMBERS or not _fits(change, question.option_ids, question.kind):
        raise RefusedChange(LAST, _("Please tap one of the buttons."))
    if not poll_people.is_for(at.tx, row, at.person):
        raise RefusedChange(LAST, _("This poll is for tenants of another place."))
    try:
        ballots.cast(
            at.tx,
            at.vault,
            change.poll,
            at.person,
            change.member,
            question,
            change.chosen,
            change.text,
            changeable=not content_of(row).secret,
            size=ballots.size_of(content_of(row).questions),
        )
    except ballots.KeyLost as lost:
        raise RefusedChange(LAST, _("I cannot take answers to this poll any more. I am sorry.")) from lost
    except ballots.NotChangeable as fixed:
        why = _("You have answered this question. In this poll you cannot change an answer.")
        raise RefusedChange(LAST, why) from fixed
    _half_done(at, row)


def _fits(change: wanted.Cast, options: tuple[str, ...], kind: str) -> bool:
    """Tell whether an answer is one that the question allows."""
    if change.text is not None:
        return kind == "text" and bool(change.text.strip())
    if change.chosen == ("skip",):
        return True
    many = 1 <= len(set(change.chosen)) == len(change.chosen) if kind == "several" else len(change.chosen) == 1
    return many and set(change.chosen) <= set(options)


def _half_done(at: At, row: Row) -> None:
    """Plan one nudge, a day from now, for who stops half-way; drop it once all is answered."""
    poll, person = row["id"], at.person["id"]
    mine = ballots.mine(at.tx, at.vault, poll, person, 1)
    once = f"nudge:{poll}:{person}"
    questions = {question.id for question in content_of(row).questions}
    if mine is None or questions <= {*mine.answers, *mine.written}:
        at.tx.run(
            "UPDATE delivery SET state = 'expired', reason = 'answered' WHERE once = :once AND state IN ('held', 'queued')",
            once=once,
        )
        return
    if at.now + DAY_MS >= row["closes_at"]:
        return
    at.tx.run(
        "INSERT INTO delivery (person, class, lane, about, flow, subject, state, reason, queued_at, not_before,"
        " useful_until, once) VALUES (:person, 'nudge', :lane, :about, 'poll_nudge', :poll, 'held', 'half done', :now,"
        " :later, :until, :once) ON CONFLICT DO NOTHING",
        person=person,
        lane=CLASSES["nudge"].lane,
        about=f"poll:{poll}",
        poll=poll,
        now=at.now,
        later=at.now + DAY_MS,
        until=row["closes_at"],
        once=once,
    )


@apply.register
def _save(change: wanted.SavePoll, at: At) -> None:
    with refusals():
        polls.save(at.tx, change.poll, change.revision, change.content, at.person["id"])
    _note(at, "poll written", change.poll, "; ".join(change.overridden))


@apply.register
def _drop(change: wanted.DropPoll, at: At) -> None:
    with refusals():
        polls.drop(at.tx, change.poll, at.person["id"])
    _note(at, "poll thrown away", change.poll)


@apply.register
def _ask_release(change: wanted.AskRelease, at: At) -> None:
    with refusals():
        state = polls.ask_release(at.tx, change.poll, change.revision, at.person["id"], at.now)
    _note(at, "poll released" if state == "released" else "release asked", change.poll)


@apply.register
def _release(change: wanted.ReleasePoll, at: At) -> None:
    with refusals():
        polls.release(at.tx, change.poll, change.revision, at.person["id"], at.now)
    _note(at, "poll released by a second person", change.poll)


@apply.register
def _send_back(change: wanted.SendBack, at: At) -> None:
    with refusals():
        polls.send_back(at.tx, change.poll, change.why, at.person["id"], at.now)
    _note(at, "poll sent back", change.poll)


@apply.register
def _take_back(change: wanted.TakeBack, at: At) -> None:
    with refusals():
        polls.take_back(at.tx, change.poll, at.person["id"])
    _note(at, "poll taken back", change.poll)


@apply.register
def _stop(change: wanted.StopSending, at: At) -> None:
    with refusals():
        polls.stop_sending(at.tx, change.poll, at.person["id"])
    _note(at, "sending stopped", change.poll)


@apply.register
def _nudge(change: wanted.NudgePoll, at: At) -> None:
    with refusals():
        polls.nudge(at.tx, change.poll, at.person["id"], at.now)
    _note(at, "nudged", change.poll)


@apply.register
def _close(change: wanted.ClosePoll, at: At) -> None:
    with refusals():
        polls.close(at.tx, change.poll, at.person["id"], at.now)
    _note(at, "poll closed", change.poll)


@apply.register
def _outcome(change: wanted.SayOutcome, at: At) -> None:
    with refusals():
        polls.say_outcome(at.tx, change.poll, change.text, change.done, change.again, at.person["id"], at.now)
    _note(at, "outcome told", change.poll)


@apply.register
def _useful(change: wanted.SayUseful, at: At) -> None:
    polls.useful(at.tx, change.poll, at.person["id"], change.up)


@apply.register
def _no_news(change: wanted.NoNews, at: At) -> None:
    polls.no_news(at.tx, change.poll, at.person["id"])
