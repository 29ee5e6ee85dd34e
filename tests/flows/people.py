"""The people, meetings and questions that the conversations are played with. All of them are made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.i18n import Languages
from bot.rights.library import read_library
from flows.facts import Facts, Help, Landlord, Meeting, PersonFacts, Registration
from flows.messages import Msg
from flows.rights_facts import Gap, Handoff, Line, Office


def wall(text: str) -> datetime:
    """Give a local wall-clock time, which has no zone."""
    return datetime.fromisoformat(text)


LANGUAGES = Languages()
LIBRARY = read_library()
NOW = wall("2027-03-01T11:00")
PHONE = "012 34 56 78"
HELP = Help(organisation="Huurdersnet", phone=PHONE)

NEWCOMER = PersonFacts(phone_language="ar")
AMINA = PersonFacts(
    language="ar",
    phone_language="ar",
    welcomed=True,
    postcode="8630",
    municipality="Veurne",
    province="West-Vlaanderen",
    landlord="ijzer",
    block="B2",
    consents=frozenset({"meetings", "polls"}),
    asked_place=True,
    asked_consents=True,
)
ELIF = PersonFacts(language="tr", phone_language="tr", welcomed=True, misunderstood=2)
LUC = replace(AMINA, language="nl", phone_language="nl", roles=("organiser",), quiet="stopped")
GREET = replace(
    AMINA, language="nl", phone_language="nl", roles=("staff",), quiet="paused", quiet_until=wall("2027-03-31T00:00")
)
PEOPLE = {"newcomer": NEWCOMER, "amina": AMINA, "elif": ELIF, "luc": LUC, "greet": GREET}

IJZER = Landlord("ijzer", "Woonmaatschappij De IJzer", ("Veurne", "Diksmuide"))
KUST = Landlord("kust", "Wonen aan de Kust", ("Veurne",))
LANDLORDS = (IJZER, KUST)

FREE = Meeting(
    id="veurne-free",
    kind="regional",
    theme={"nl": "Wonen & energie", "fr": "Logement & énergie", "ar": "السكن والطاقة"},
    start=wall("2027-03-28T19:00"),
    minutes=120,
    place="De Kaaiman",
    address="Kaaiplaats 1, 8630 Veurne",
    has_map=True,
    seats_free=12,
    languages=("nl", "ar"),
    arranged=("interpreter", "step-free"),
    contact=PHONE,
    nearness=0,
    municipality="Veurne",
    group="har-veurne",
)
PLACE = Registration("confirmed", None, ("step-free",), None, companions=1, reminders=True)
UNTIL = wall("2027-03-02T09:00")

LAST = replace(FREE, id="veurne-last", start=wall("2027-04-03T14:00"), seats_free=1)
FULL = replace(FREE, id="veurne-full", start=wall("2027-04-04T14:00"), seats_free=0)
MINE = replace(FREE, id="brugge-mine", start=wall("2027-04-05T09:30"), nearness=1, municipality="Brugge", mine=PLACE)
WAITING = replace(
    FULL, id="brugge-waiting", start=wall("2027-04-06T19:00"), mine=replace(PLACE, status="waiting", place_in_line=3)
)
OFFERED = replace(
    FULL,
    id="brugge-offered",
    start=wall("2027-04-07T19:00"),
    mine=replace(PLACE, status="offered", place_in_line=1, offered_until=UNTIL),
)
BARE = replace(
    FREE,
    id="gent-bare",
    kind="something-new",
    start=wall("2027-04-08T19:00"),
    theme={"nl": "Een <b>vet</b> thema met {haakjes} dat op een knop van een kleine telefoon niet past"},
    has_map=False,
    seats_free=None,
    languages=(),
    arranged=(),
    contact="",
    nearness=2,
    municipality="Gent",
)
ODD = replace(BARE, id="gent-odd", start=wall("2027-04-09T19:00"), languages=("so",), arranged=("music",))
CANCELLED = replace(FREE, id="gent-cancelled", start=wall("2027-04-09T19:00"), cancelled=True)
OVER = replace(FREE, id="gent-over", start=wall("2027-02-09T19:00"), over=True, mine=PLACE)
MEETINGS = (FREE, LAST, FULL, MINE, WAITING, OFFERED, BARE, ODD, CANCELLED, OVER)


OFFICE = Office(staffed=True, open=True, opens=wall("2027-03-02T09:00"), answer_by=date(2027, 3, 3))
CLOSED = replace(OFFICE, open=False)
ASKED = Handoff(
    id=7,
    state="waiting",
    topic="damp-and-mould",
    language="ar",
    province="West-Vlaanderen",
    asked=date(2027, 2, 26),
    lines=(Line("tenant", "الجدار رطب"),),
)
MENU_ONLY = replace(ASKED, id=8, topic="money", language="tr", province="", taken="other", told_hours=True)
REPLIED = replace(
    ASKED,
    id=9,
    state="answered",
    topic="",
    lines=(*ASKED.lines, Line("staff", "Sinds wanneer?"), Line("tenant", "> 3 weken"), Line("staff", "", "deposit")),
    taken="me",
)
OVERDUE = replace(ASKED, id=10, overdue=True)
ENDED = replace(REPLIED, id=11, state="closed")
OWN = (ASKED, REPLIED, ENDED)
HANDOFFS = (*OWN, MENU_ONLY, OVERDUE)
GAP = Gap(
    3, "mag ik <b>kippen</b> houden", "nl", "unanswered", ("a-topic-gone-by", "pets", "alterations-garden-antenna")
)


def knowing(
    person: PersonFacts,
    *meetings: Meeting,
    language: str | None = None,
    busy_with: Msg | None = None,
    help: Help = HELP,
) -> Facts:
    """Give the facts of a person, who may read another language than usual; without meetings all are known."""
    return Facts(
        person=replace(person, language=language) if language else person,
        now=NOW,
        languages=LANGUAGES.names(),
        help=help,
        meetings=meetings or MEETINGS,
        landlords=LANDLORDS,
        busy_with=busy_with,
        articles=LIBRARY.articles,
        terms=LIBRARY.terms,
        practices=LIBRARY.practices,
        office=OFFICE,
    )


def about(facts: Facts, subject: str, *, own: tuple[Handoff, ...] = OWN, gap: Gap | None = GAP) -> Facts:
    """Add the questions that are with a human, and the one that the subject names, as the runtime loads them: staff see
    those of all tenants, a tenant their own."""
    staff = facts.person.is_staff
    seen = tuple(replace(one, mine=False) for one in HANDOFFS) if staff else own
    return replace(
        facts,
        handoffs=tuple(one for one in seen if one.state != "closed"),
        handoff=next((one for one in seen if str(one.id) == subject.partition(":")[0]), None),
        gap=gap if staff else None,
        gaps=2 if staff and gap else 0,
    )
