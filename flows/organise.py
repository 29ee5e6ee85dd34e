"""What organisers do: what waits for them first, then all they can begin."""

from __future__ import annotations

from flows.drafting import NO_ROLE, listed
from flows.messages import Text, _, _n, lines
from flows.poll_facts import Draft
from flows.questions import Choice, Pick, Skippable
from flows.talk import Done, Go, Talk, flow

SHOWN = 3  # polls that wait, at once; the others are in the list

DOORS = {
    "new-poll": ("organise_poll", _("📊 Make a poll")),
    "my-polls": ("organise_polls", _("📋 My polls")),
    "new-meeting": ("organise_meeting", _("📅 Make a meeting")),
    "my-meetings": ("my_meetings_organised", _("🗓️ My meetings")),
}
OF_STAFF = {"all-results": ("results", _("📈 Results of polls"))}
INVITING = {"invite-someone": ("invite", _("✉️ Invite someone to a role"))}
OF_ADMINS = {"role-list": ("role_list", _("👥 Roles"))}
STAYING = ("organise_poll", "organise_meeting", "invite")  # they ask for words: this screen stands as it is


@flow(command="organiseren", title=_("Organise"), loose=True, knows=("scopes", "drafts", "roles"))
async def organise(talk: Talk) -> Done:
    """Show what waits for an organiser, and what can be begun."""
    if not talk.facts.scopes:
        return NO_ROLE
    waits = [draft for draft in talk.facts.drafts if waits_for_me(draft)]
    doors = doors_of(talk)
    choices: dict[str, Text] = {one.id: one.button for one in listed(waits[:SHOWN])}
    choices |= {id: label for id, (_flow, label) in doors.items()}
    said = lines(
        _n("One poll waits for you:", "{n} polls wait for you:", n=len(waits)) if waits else None,
        _("⏳ means: please read it, so that it can go out.") if any(one.state == "waiting" for one in waits) else None,
        _("❗ means: please write what is done with it.") if any(one.state == "closed" for one in waits) else None,
        _("What would you like to do?"),
    )
    what = await talk.ask("what", said, Choice(choices), in_place=True)
    if what not in doors:
        return Done(then=Go("draft", what))
    name = doors[what][0]
    return Done(then=Go(name), stay=name in STAYING)


def doors_of(talk: Talk) -> dict[str, tuple[str, Text]]:
    """Give what someone may begin, by their roles."""
    roles = set(talk.facts.person.roles)
    doors: dict[str, tuple[str, Text]] = dict(DOORS)
    if roles & {"staff", "admin"}:
        doors |= {**OF_STAFF, **INVITING}
    if "admin" in roles:
        doors |= OF_ADMINS
    return doors


def waits_for_me(draft: Draft) -> bool:
    """Tell whether a poll needs something: to be read by a second person, or to say what is done with it."""
    return draft.state == "closed" or (draft.state == "waiting" and draft.may_release)


@flow(title=_("My polls"), loose=True, knows=("scopes", "drafts"))
async def organise_polls(talk: Talk) -> Done:
    """Choose one of the polls that this organiser may see."""
    if not talk.facts.scopes:
        return NO_ROLE
    if not talk.facts.drafts:
        return Done(then=Go("organise", say=_("There are no polls yet.")))
    said = lines(
        _("Which poll?"),
        _("📝 draft · ⏳ waits for a second person · 🕙 goes out soon · 📣 open · ❗ closed · ✅ told"),
    )
    pick = Skippable(Pick(listed(talk.facts.drafts)), skip=_("◀️ Back"))
    chosen = await talk.ask("which", said, pick, in_place=True)
    return Done(then=Go("draft", chosen.id) if chosen else Go("organise"))
