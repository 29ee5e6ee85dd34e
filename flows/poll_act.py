"""What cannot be undone with a poll: throw it away, remind once, close. Each asks once whether it is sure."""

from __future__ import annotations

from collections.abc import Mapping

from flows import draft_texts as texts
from flows.drafting import seen
from flows.messages import Msg, Text, _, lines
from flows.poll_changes import ClosePoll, DropPoll, NudgePoll
from flows.poll_facts import Draft
from flows.questions import YesNo
from flows.talk import Change, Done, Go, Talk, flow

WHEN: Mapping[str, str] = {"drop": "draft", "nudge": "open", "close": "open"}
ASKED: Mapping[str, tuple[Msg, ...]] = {
    "drop": (_("Shall I throw this poll away? You cannot get it back."),),
    "nudge": (
        _("Shall I remind everyone who was asked and did not answer?"),
        _("This is possible once. It goes out by day, and not to who pauses."),
    ),
    "close": (
        _("Shall I close this poll now? Then nobody can answer any more."),
        _("After that you write what is done with it."),
    ),
}
DO: Mapping[str, Msg] = {
    "drop": _("🗑️ Yes, throw it away"),
    "nudge": _("🔔 Yes, remind them"),
    "close": _("🔒 Yes, close it"),
}
DONE: Mapping[str, Msg] = {
    "drop": _("✓ The poll is gone."),
    "nudge": _("✓ I remind who did not answer."),
    "close": _("✓ The poll is closed."),
}


@flow(title=_("A step that cannot be undone"), loose=True, knows=("scopes", "draft"))
async def poll_act(talk: Talk) -> Done:
    """Ask whether it is sure, and do it. The subject is `id:drop`, `id:nudge` or `id:close`."""
    found = seen(talk)
    if isinstance(found, Done):
        return found
    what = talk.subject.partition(":")[2]
    here = Go("draft", found.id)
    if WHEN.get(what) != found.state or (what == "nudge" and found.nudged):
        return Done(then=here)
    asked = lines(texts.title(found), *ASKED[what], texts.response(found.progress))
    no: Text = _("✖️ No, leave it")
    if not await talk.ask("sure", asked, YesNo(yes=DO[what], no=no), in_place=True):
        return Done(then=here)
    after = Go("organise", say=DONE[what]) if what == "drop" else Go("draft", found.id, say=DONE[what])
    return Done(change(found, what), then=after)


def change(found: Draft, what: str) -> Change:
    """Give the change that a step asks for."""
    match what:
        case "drop":
            return DropPoll(found.id)
        case "nudge":
            return NudgePoll(found.id)
    return ClosePoll(found.id)
