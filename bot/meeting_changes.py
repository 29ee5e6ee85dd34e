"""Apply what flows ask for meetings and their organisers. What a flow shows is no permission: each checks the right itself."""

from __future__ import annotations

from bot.changes import At, RefusedChange, apply
from bot.store import attendance, audit, invites, keepers, organised, registrations
from bot.store.db import Row
from bot.store.registrations import Wish
from flows import meeting_orders as orders
from flows.messages import Msg, _, _n

NOT_YOURS = _("You cannot do that for this meeting.")
GONE = _("This meeting is over, or it does not go on.")


def _own(at: At, meeting: str) -> Row:
    """Give a meeting that the person keeps. Raises RefusedChange."""
    try:
        return keepers.own(at.tx, at.person["id"], meeting)
    except keepers.NotYours as other:
        raise RefusedChange(("sure", "send"), NOT_YOURS) from other


def _coming(at: At, meeting: str) -> Row:
    """Give a meeting that the person keeps and that is still to come. Raises RefusedChange."""
    row = _own(at, meeting)
    if row["cancelled"] or row["start_at"] <= at.now:
        raise RefusedChange(("sure", "send"), GONE)
    return row


def _note(at: At, act: str, meeting: str, detail: str = "") -> None:
    audit.note(at.tx, str(at.person["id"]), act, f"meeting:{meeting}", at.now, detail)


@apply.register
def _put(change: orders.PutMeeting, at: At) -> None:
    try:
        organised.make(at.tx, at.person["id"], change.meeting, change.plan, at.now)
    except keepers.NotYours as other:
        raise RefusedChange(("group", "sure"), _("You cannot organise for that group.")) from other
    except organised.Past as past:
        raise RefusedChange(("date", "time", "sure"), _("That moment has passed. Please choose another one.")) from past
    except organised.Taken as taken:
        raise RefusedChange(("theme", "sure"), _("There is a meeting like this already.")) from taken
    _note(at, "meeting made", change.meeting)


@apply.register
def _move(change: orders.MoveMeeting, at: At) -> None:
    row = _coming(at, change.meeting)
    try:
        organised.move(at.tx, row, change.start, change.place, at.now)
    except organised.Past as past:
        raise RefusedChange(("date", "time", "sure"), _("That moment has passed. Please choose another one.")) from past
    _note(at, "meeting moved", change.meeting)


@apply.register
def _cancel(change: orders.CancelMeeting, at: At) -> None:
    organised.change(at.tx, _coming(at, change.meeting), {"cancelled": 1}, at.now)
    _note(at, "meeting cancelled", change.meeting)


@apply.register
def _close(change: orders.CloseSignUp, at: At) -> None:
    organised.close(at.tx, _coming(at, change.meeting), closed=change.closed, now=at.now)
    _note(at, "sign-up closed" if change.closed else "sign-up opened", change.meeting)


@apply.register
def _say_theme(change: orders.SayTheme, at: At) -> None:
    organised.say_theme(at.tx, _own(at, change.meeting), change.language, change.text, at.now)
    _note(at, "theme written", change.meeting, change.language)


@apply.register
def _invite(change: orders.InviteToMeeting, at: At) -> None:
    row = _coming(at, change.meeting)
    if registrations.is_closed(row, at.now):
        raise RefusedChange(("sure",), _("Signing up is closed. Open it first, then invite people."))
    try:
        wish = invites.wanted(at.tx, at.person["id"], row, change.key, change.value, at.now)
        state = invites.ask(at.tx, at.person["id"], row, wish, at.now)
    except invites.OutOfScope as out:
        raise RefusedChange(("sure",), _("You cannot write to those people. Please choose others.")) from out
    except invites.Nobody as nobody:
        raise RefusedChange(("sure",), _("Nobody would get it. Please choose others.")) from nobody
    except invites.Twice as twice:
        why = _("Some of these people were invited already. Nobody is invited twice. Please choose others.")
        raise RefusedChange(("sure",), why) from twice
    _note(at, f"invitation {state}", change.meeting, f"{change.key} {change.value}".strip() or "all")


@apply.register
def _settle_invite(change: orders.SettleInvite, at: At) -> None:
    row = _coming(at, change.meeting)
    try:
        invites.settle(at.tx, at.person["id"], row, change.invite, release=change.release, now=at.now)
    except (invites.TooLate, invites.OutOfScope) as late:
        raise RefusedChange(("sure",), _("That was settled already.")) from late
    _note(at, "invitation released" if change.release else "invitation not released", change.meeting)


@apply.register
def _stop_invite(change: orders.StopInvite, at: At) -> None:
    _own(at, change.meeting)
    try:
        invites.stop(at.tx, change.meeting, change.invite)
    except invites.TooLate as late:
        raise RefusedChange(("what",), _("That was settled already.")) from late
    _note(at, "invitation stopped", change.meeting)


@apply.register
def _door_code(change: orders.WantDoorCode, at: At) -> None:
    try:
        attendance.give_code(at.tx, change.meeting, at.person["id"])
    except registrations.NotYours as other:
        raise RefusedChange((), _("You have no place at this meeting.")) from other


@apply.register
def _check_in(change: orders.CheckIn, at: At) -> None:
    row = _own(at, change.meeting)
    try:
        attendance.check_in(at.tx, row, change.code, change.how, at.now)
    except attendance.NotIn as not_in:  # the flow finds out why, and says it
        raise RefusedChange((), _("Something changed just now.")) from not_in
    _note(at, "noted at the door", change.meeting, change.how)


@apply.register
def _count_heads(change: orders.CountHeads, at: At) -> None:
    row = _own(at, change.meeting)
    if row["cancelled"] or not attendance.door_opens(row, at.now):
        raise RefusedChange(("heads",), _("You can count from the day before the meeting."))
    attendance.count_heads(at.tx, change.meeting, change.heads)
    _note(at, "heads counted", change.meeting, str(change.heads))


@apply.register
def _sign_up(change: orders.SignUpByPhone, at: At) -> None:
    _coming(at, change.meeting)
    wish = Wish(change.needs, change.interpreter, change.companions, reminders=False)
    try:
        attendance.sign_up_phoned(at.tx, change.meeting, wish, at.now)
    except registrations.Full as full:
        raise RefusedChange(("companions", "send"), _left(full.left)) from full
    except registrations.Closed as closed:
        raise RefusedChange(("send",), _("You can no longer sign up for this meeting.")) from closed
    _note(at, "signed up by phone", change.meeting)


def _left(n: int) -> Msg:
    return _n("Only one place is left. Choose fewer people.", "Only {n} places are left. Choose fewer people.", n=n)


@apply.register
def _settle_phoned(change: orders.SettlePhoned, at: At) -> None:
    row = _coming(at, change.meeting)
    try:
        attendance.settle_phoned(at.tx, row, change.code, comes=change.comes, now=at.now)
    except (registrations.NotYours, registrations.Closed) as gone:
        raise RefusedChange(
            ("what",), _("That place has gone to the next person. They keep their place in line.")
        ) from gone
    _note(at, "place taken by phone" if change.comes else "place given back by phone", change.meeting)


@apply.register
def _report(change: orders.SendReport, at: At) -> None:
    row = _own(at, change.meeting)
    if row["report"]:
        raise RefusedChange(("sure",), _("The report was sent already."))
    if row["cancelled"] or row["start_at"] > at.now:
        raise RefusedChange(("sure",), _("You can write the report when the meeting is over."))
    attendance.report(at.tx, row, change.lines, at.now)
    _note(at, "report sent", change.meeting)
