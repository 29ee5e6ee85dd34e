"""What organisers of meetings are played with: Luc's scopes, and meetings of his group in every state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flows.facts import Facts, Meeting
from flows.organised_facts import Door, Invite, OrganisedMeeting, Phoned
from flows.poll_facts import Figure, Reached, Reason, Scope
from tests.flows.people import FREE, LUC, MINE, NOW, OVER, PLACE, knowing, wall

VEURNE = Scope("group", "har-veurne", "Huurdersadviesraad Veurne", "organiser")
GENT = Scope("group", "huurders-gent", "Huurdersgroep Gent", "organiser")
EVERYWHERE = Scope("all", "", "", "staff")
CHOICES = {
    "region": (),
    "municipality": (("Veurne", "Veurne"), ("Sint-Truiden", "Sint-Truiden")),
    "landlord": (("ijzer", "Woonmaatschappij De IJzer"),),
    "block": (),
    "group": (("har-veurne", "Huurdersadviesraad Veurne"),),
    "language": (("nl", "Nederlands"), ("ar", "العربية")),
}
TEN = Figure(15)
FEW = Figure(None)
COMING = OrganisedMeeting(
    replace(FREE, id="veurne-linde"),
    taken=TEN,
    waiting=FEW,
    present=FEW,
    capacity=20,
    needs={"interpreter": 2, "step-free": 1},
    interpreters={"ar": 2},
)
REACHED = Reached(Figure(85), Figure(60), (Reason("no-consent", Figure(15)), Reason("paused", FEW)), second=True)
CLOSED = replace(
    COMING, meeting=replace(COMING.meeting, id="veurne-dicht", start=wall("2027-03-29T19:00"), closed=True)
)
TODAY = replace(
    COMING, meeting=replace(COMING.meeting, id="veurne-nu", start=wall("2027-03-01T19:00")), door_opens=True
)
PAST = replace(TODAY, meeting=replace(COMING.meeting, id="veurne-toen", start=wall("2027-02-20T19:00"), over=True))
TOLD = replace(
    PAST,
    meeting=replace(
        PAST.meeting, id="veurne-klaar", start=wall("2027-02-13T19:00"), report=("Huur", "Een brief", "In mei")
    ),
    heads=17,
)
OFF = replace(COMING, meeting=replace(COMING.meeting, id="veurne-weg", cancelled=True))
BY_PHONE = replace(COMING, by_phone=("1234", "4711"))
ODD = replace(COMING, meeting=replace(COMING.meeting, id="veurne-html", theme={"nl": "<b>Huur</b> & {energie}"}))
INVITES = (
    Invite(7, ("Veurne",), "waiting", NOW, may_release=True, reached=REACHED),
    Invite(8, (), "released", NOW),
    Invite(9, ("Gent", "Nederlands"), "sending", NOW),
    Invite(10, ("Gent",), "done", NOW),
)
INVITED = replace(COMING, invites=INVITES)
DESK = {
    "new": Door("4711", "new"),
    "again": Door("4711", "again"),
    "waiting": Door("4711", "waiting"),
    "cancelled": Door("4711", "cancelled"),
    "unknown": Door("4711", "unknown"),
    "early": Door("4711", "early"),
    "off": Door("4711", "off"),
}
CALLER = Phoned("1234", "confirmed")
CALLERS = {
    "confirmed": CALLER,
    "waiting": Phoned("1234", "waiting", place_in_line=3),
    "offered": Phoned("1234", "offered", offered_until=wall("2027-03-02T09:00")),
    "cancelled": Phoned("1234", "cancelled"),
}
ALL = (COMING, CLOSED, TODAY, PAST, TOLD, OFF, ODD)


def organising(*meetings: OrganisedMeeting, scopes: tuple[Scope, ...] = (VEURNE,), **more: Any) -> Facts:
    """Give what is known when Luc organises, in English; without meetings there are none."""
    return replace(knowing(LUC, language="en"), organised=meetings, scopes=scopes, choices=CHOICES, **more)


def tenant(meeting: Meeting, **more: Any) -> Facts:
    """Give what is known when Luc comes as a tenant, in English."""
    return replace(knowing(LUC, meeting, language="en"), **more)


KEYS = {one.id: one for one in (*ALL, replace(INVITED, meeting=replace(INVITED.meeting, id="veurne-veel")))}
HUBS = ("meeting_hub", "cancel_meeting", "move_meeting", "meeting_words", "meeting_report", "checkin", "headcount")
PHONES = ("phone_desk", "phone_signup", "phone_code")
SUBJECTS = {
    "organise_meeting": [""],
    "my_meetings_organised": [""],
    **{name: [*KEYS, "nowhere"] for name in (*HUBS, *PHONES)},
    "door_code": ["brugge-code", "brugge-mine", "brugge-waiting", "gent-cancelled", "nowhere"],
    "meeting_report_told": ["gent-told", "gent-over", "nowhere"],
    "phone_place": [*(f"veurne-linde:{status}" for status in CALLERS), "veurne-linde:9999", "veurne-weg:confirmed"],
    "door": [*(f"veurne-nu:{state}:qr" for state in DESK), "veurne-nu:new", "nowhere:1234"],
    "meeting_invite": ["veurne-linde", "veurne-linde:municipality:Veurne", "veurne-linde::", "veurne-dicht", "nowhere"],
    "invite_release": ["veurne-veel:7", "veurne-veel:8", "veurne-linde:x", "nowhere:7"],
    "invite_news": ["veurne-linde:out", "veurne-html:back", "nowhere:out"],
}
"""What the flows of organisers may be about, for the walk through all conversations."""


CODED = replace(MINE, id="brugge-code", mine=replace(PLACE, code="4711"))
REPORTED = replace(OVER, id="gent-told", report=("<b>Ramen</b> & {deuren}", "x" * 200, "In mei"))


def with_organised(facts: Facts, flow: str, subject: str) -> Facts:
    """Add what a role holder knows of organised meetings, as the runtime loads it; nobody else knows any."""
    facts = replace(facts, meetings=(*facts.meetings, CODED, REPORTED)) if flow in SUBJECTS else facts
    if flow not in SUBJECTS or not facts.person.roles:
        return facts
    staff = facts.person.is_staff
    id, _colon, rest = subject.partition(":")
    named = [replace(KEYS[id], **about(rest, staff))] if id in KEYS else []
    scopes = (EVERYWHERE, VEURNE) if staff else (VEURNE,)
    return replace(facts, organised=tuple(named) if subject else ALL, scopes=scopes, choices=CHOICES)


def about(rest: str, staff: bool) -> dict[str, Any]:
    """Give what is loaded for what stands behind the meeting's id."""
    code = rest.partition(":")[0]
    more: dict[str, Any] = {"door": DESK.get(code, DESK["unknown"]), "phoned": CALLERS.get(code)}
    more |= {"reached": replace(REACHED, second=staff), "who": ("Veurne",)} if ":" in rest else {}
    return more | ({"taken": Figure(13, exact=True), "waiting": Figure(0, exact=True)} if staff else {})
