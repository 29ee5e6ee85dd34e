"""Make a meeting: one question a screen, a last look, and it stands in everyone's list."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from flows.dates import Date
from flows.facts import KINDS, Facts, Meeting
from flows.maker_kinds import Written
from flows.meeting_kinds import Amount, PhoneNumber, TimeOfDay
from flows.meeting_orders import PutMeeting
from flows.meeting_texts import LANGUAGES, NEEDS, details
from flows.messages import Moment, Msg, Text, _, _n, lines
from flows.organised_facts import MeetingPlan, Place
from flows.poll_facts import Scope
from flows.questions import Choice, Confirm, Pick, Several, Skippable
from flows.talk import Done, Go, Talk, flow

NO_ROLE = Done(then=Go("menu", "no-role"))
FARTHEST = 365  # days
MOST_SEATS = 5000
CLOSES = time(20)  # the hour of the evening on which signing up ends

ARRANGES: Mapping[str, Msg] = {
    "interpreter": NEEDS["interpreter"],
    "step-free": NEEDS["step-free"],
    "child-minding": NEEDS["child-minding"],
    "ride": NEEDS["ride-wanted"],
    "meal": _("🍲 Something to eat"),
    "travel-costs": _("🎟️ Travel costs back"),
}


@flow(title=_("A new meeting"), knows=("scopes", "choices"))
async def organise_meeting(talk: Talk) -> Done:
    """Ask all that a meeting needs, show it as tenants will see it, and put it in the list."""
    if not talk.facts.scopes:
        return NO_ROLE
    if not groups(talk.facts) and not everywhere(talk.facts):
        return Done(say=_("There is no group yet that you can organise for. Ask an admin to add it."))
    plan = await ask_plan(talk)
    random = await talk.look("id", "new-id", "meeting")
    id = new_id(plan.theme["nl"], random)
    talk.say(_("This is how tenants see it:"), details(as_seen(id, plan)), closing(plan))
    sure = Confirm(yes=_("✅ Yes, put it in the list"), no=_("🗑️ No, throw it away"))
    if not await talk.ask("sure", _("Is everything right?"), sure):
        return Done(say=_("Good. There is no meeting."), then=Go("my_meetings_organised"))
    made = _("✅ The meeting is in the list. People can sign up now.")
    return Done(PutMeeting(id, plan), then=Go("meeting_hub", id, say=made))


async def ask_plan(talk: Talk) -> MeetingPlan:
    """Ask everything, one thing at a time."""
    kind = await talk.ask("kind", _("What kind of meeting is it?"), Choice(KINDS), label=_("Kind"))
    group = await ask_group(talk)
    theme = await talk.ask(
        "theme",
        lines(_("What is it about? Write it in Dutch, in a few words."), _("Other languages can be added later.")),
        Written(most=80),
        label=_("Theme"),
    )
    start = await ask_start(talk)
    minutes = await talk.ask("minutes", _("How long does it take?"), Choice(LONG, columns=2), label=_("How long"))
    place = await ask_place(talk)
    return MeetingPlan(
        kind=kind,
        group=group,
        theme={"nl": theme},
        start=start,
        minutes=int(minutes),
        place=place.name,
        address=place.address,
        municipality=place.municipality,
        province=place.province,
        capacity=await ask_capacity(talk),
        arranged=await ask_arranged(talk),
        languages=await ask_languages(talk),
        deadline=await ask_deadline(talk, start),
        contact=await ask_contact(talk),
    )


LONG: Mapping[str, Msg] = {
    "60": _("1 hour"),
    "90": _("1 and a half hours"),
    "120": _("2 hours"),
    "180": _("3 hours"),
    "240": _("Half a day"),
    "420": _("A whole day"),
}


async def ask_group(talk: Talk) -> str:
    """Give the group that organises; not asked when there is only one. Empty for the whole network."""
    own = groups(talk.facts)
    network = everywhere(talk.facts)
    if len(own) == 1 and not network:
        return own[0].id
    if not own:
        return ""
    pick: Pick[Scope] = Pick(own, gone=_("That group is no longer in the list."))
    if not network:
        return (await talk.ask("group", _("Which group organises it?"), pick, label=_("Group"))).id
    whole = Skippable(pick, skip=_("🌐 The whole network"))
    chosen = await talk.ask("group", _("Which group organises it?"), whole, label=_("Group"))
    return chosen.id if chosen else ""


def groups(facts: Facts) -> tuple[Scope, ...]:
    """Give the groups that one may organise for: one's own, and those within a wider scope."""
    own = {scope.id: scope for scope in facts.scopes if scope.kind == "group"}
    within = {id: Scope("group", id, name) for id, name in facts.choices.get("group", ())}
    return tuple({**within, **own}.values())


def everywhere(facts: Facts) -> bool:
    """Tell whether one may organise for the network itself."""
    return any(scope.kind == "all" for scope in facts.scopes)


async def ask_start(talk: Talk) -> datetime:
    """Give day and hour, which lie ahead."""
    days = Date(talk.facts.now.date(), first=0, last=FARTHEST)
    asked = lines(_("On which day is it?"), _("Write it like this: 15/3 or 15 maart."))
    day = await talk.ask("date", asked, days, label=_("Day"))
    at = await talk.ask("time", _("At what time does it begin?"), TimeOfDay(), label=_("Hour"))
    start = datetime.combine(day, at)
    if start <= talk.facts.now:
        talk.again("time", _("That hour has passed already. Please choose a later one."))
    return start


async def ask_place(talk: Talk) -> Place:
    """Give the place, and the municipality that the postcode in its address tells."""
    name = await talk.ask(
        "place",
        lines(_("Where is it? Write the name of the place."), _("For example: Buurthuis De Linde.")),
        Written(most=80),
        label=_("Place"),
    )
    address = await talk.ask(
        "address",
        lines(_("What is the address?"), _("Write the postcode too. For example: Kerkstraat 1, 8630 Veurne.")),
        Written(most=120),
        label=_("Address"),
    )
    codes = re.findall(r"\b[1-9]\d{3}\b", address)
    for code in reversed(codes):  # a house number may look like a postcode: the postcode comes after it
        found = json.loads(await talk.look(f"place-{code}", "postcode", code))
        if found:
            return Place(name, address, found[0]["name"], found[0]["province"])
    unknown = _("I do not know that postcode. Please write the address again.")
    return talk.again(
        "address", unknown if codes else _("I see no postcode. Please write the address with its postcode.")
    )


async def ask_capacity(talk: Talk) -> int | None:
    """Give the number of places; None without a limit."""
    prompt = lines(_("For how many people is there a place?"), _("After that there is a waiting list."))
    kind = Skippable(Amount(1, MOST_SEATS, (10, 15, 20, 30, 50)), skip=_("No limit"))
    return await talk.ask("capacity", prompt, kind, label=_("Places"))


async def ask_arranged(talk: Talk) -> tuple[str, ...]:
    """Give what is arranged."""
    return await talk.ask(
        "arranged",
        lines(_("What do you arrange?"), _("Only tap what is sure. People count on it.")),
        Several(ARRANGES, nothing=_("Nothing of this")),
        label=_("What we arrange"),
    )


async def ask_languages(talk: Talk) -> tuple[str, ...]:
    """Give the languages that are spoken."""
    kind = Several(LANGUAGES, ticked=("nl",), nothing=_("I do not know yet"))
    return await talk.ask("languages", _("Which languages are spoken there?"), kind, label=_("Languages"))


async def ask_deadline(talk: Talk, start: datetime) -> datetime | None:
    """Give until when one may sign up, as long as that lies ahead; None is until it begins."""
    ends = {f"days-{n}": datetime.combine(start.date() - timedelta(n), CLOSES) for n in (1, 3, 7)}
    ahead = {id: at for id, at in ends.items() if at > talk.facts.now}
    if not ahead:
        return None
    until: dict[str, Text] = {id: _("Until {when}", when=Moment(at, short=True)) for id, at in ahead.items()}
    choice = Choice({"none": _("Until it begins"), **until})
    chosen = await talk.ask("deadline", _("Until when can people sign up?"), choice, label=_("Sign up until"))
    return ahead.get(chosen)


async def ask_contact(talk: Talk) -> str:
    """Give who can be called; empty for nobody."""
    prompt = lines(
        _("Which phone number can people call with questions?"),
        _("Everyone can see it. Write a number of the group, not your own."),
    )
    number = await talk.ask("contact", prompt, Skippable(PhoneNumber(), skip=_("No number")), label=_("Phone number"))
    return number or ""


def as_seen(id: str, plan: MeetingPlan) -> Meeting:
    """Give the meeting that a plan makes, as a tenant will see it."""
    return Meeting(
        id=id,
        kind=plan.kind,
        theme=plan.theme,
        start=plan.start,
        minutes=plan.minutes,
        place=plan.place,
        address=plan.address,
        has_map=False,
        seats_free=plan.capacity,
        languages=plan.languages,
        arranged=plan.arranged,
        contact=plan.contact,
        nearness=2,
        municipality=plan.municipality,
        group=plan.group,
        deadline=plan.deadline,
    )


def closing(plan: MeetingPlan) -> Text:
    """Say how many places there are."""
    if plan.capacity is None:
        return _("Places: no limit")
    return _n("There is one place.", "There are {n} places.", n=plan.capacity)


def new_id(theme: str, random: str) -> str:
    """Make an id from a theme and some random letters: `[a-z0-9-]`, at most 25 long."""
    words = re.sub(r"[^a-z0-9]+", "-", theme.casefold())[:20].strip("-")
    return f"{words}-{random[:4]}" if words else f"meeting-{random[:4]}"


def moved(meeting: Meeting, start: datetime | None, place: Place | None) -> Meeting:
    """Give a meeting as it will be after a move."""
    at = replace(meeting, start=start or meeting.start)
    return replace(at, place=place.name, address=place.address) if place else at
