"""The people and meetings that the conversations are played with. All of them are made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.i18n import Languages
from flows.facts import Facts, Help, Landlord, Meeting, PersonFacts, Registration
from flows.messages import Msg

LANGUAGES = Languages()
NOW = datetime(2027, 3, 1, 11, 0)
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
ELIF = PersonFacts(language="tr", phone_language="tr", welcomed=True)
LUC = replace(AMINA, language="nl", phone_language="nl", roles=("organiser",), quiet="stopped")
GREET = replace(
    AMINA, language="nl", phone_language="nl", roles=("staff",), quiet="paused", quiet_until=datetime(2027, 3, 31)
)
PEOPLE = {"newcomer": NEWCOMER, "amina": AMINA, "elif": ELIF, "luc": LUC, "greet": GREET}

IJZER = Landlord("ijzer", "Woonmaatschappij De IJzer", ("Veurne", "Diksmuide"))
KUST = Landlord("kust", "Wonen aan de Kust", ("Veurne",))
LANDLORDS = (IJZER, KUST)

FREE = Meeting(
    id="veurne-free",
    kind="regional",
    theme={"nl": "Wonen & energie", "fr": "Logement & énergie", "ar": "السكن والطاقة"},
    start=datetime(2027, 3, 28, 19, 0),
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
UNTIL = datetime(2027, 3, 2, 9, 0)

LAST = replace(FREE, id="veurne-last", start=datetime(2027, 4, 3, 14, 0), seats_free=1)
FULL = replace(FREE, id="veurne-full", start=datetime(2027, 4, 4, 14, 0), seats_free=0)
MINE = replace(FREE, id="brugge-mine", start=datetime(2027, 4, 5, 9, 30), nearness=1, municipality="Brugge", mine=PLACE)
WAITING = replace(
    FULL, id="brugge-waiting", start=datetime(2027, 4, 6, 19, 0), mine=replace(PLACE, status="waiting", place_in_line=3)
)
OFFERED = replace(
    FULL,
    id="brugge-offered",
    start=datetime(2027, 4, 7, 19, 0),
    mine=replace(PLACE, status="offered", place_in_line=1, offered_until=UNTIL),
)
BARE = replace(
    FREE,
    id="gent-bare",
    kind="something-new",
    start=datetime(2027, 4, 8, 19, 0),
    theme={"nl": "Een <b>vet</b> thema met {haakjes} dat op een knop van een kleine telefoon niet past"},
    has_map=False,
    seats_free=None,
    languages=(),
    arranged=(),
    contact="",
    nearness=2,
    municipality="Gent",
)
ODD = replace(BARE, id="gent-odd", start=datetime(2027, 4, 9, 19, 0), languages=("so",), arranged=("music",))
CANCELLED = replace(FREE, id="gent-cancelled", start=datetime(2027, 4, 9, 19, 0), cancelled=True)
OVER = replace(FREE, id="gent-over", start=datetime(2027, 2, 9, 19, 0), over=True, mine=PLACE)
MEETINGS = (FREE, LAST, FULL, MINE, WAITING, OFFERED, BARE, ODD, CANCELLED, OVER)


def knowing(
    person: PersonFacts, *meetings: Meeting, language: str | None = None, busy_with: Msg | None = None, help: Help = HELP
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
    )
