"""The polls that conversations are played with, and how people stand with them. All of them are made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from flows.facts import Facts, PersonFacts
from flows.poll_facts import Bar, News, Poll, PollContent, PollOption, PollQuestion
from tests.flows.people import AMINA, knowing, wall

CLOSES = wall("2027-03-15T20:00")
ASKER = "Huurdersadviesraad Veurne"


def all_in(nl: str, en: str, ar: str) -> dict[str, str]:
    """Write a text in Dutch, English and Arabic."""
    return {"nl": nl, "en": en, "ar": ar}


KNOWN = PollQuestion("weet", "yesno", all_in("Ken je de regels?", "Do you know the rules?", "هل تعرف القواعد؟"))
OFTEN = PollQuestion(
    "hoe",
    "choice",
    all_in("Hoe vaak moet het park open?", "How often must the park open?", "كم مرة يفتح المكان؟"),
    (
        PollOption("o1", all_in("1 dag", "1 day", "يوم واحد")),
        PollOption("o2", all_in("3 dagen", "3 days", "3 أيام")),
        PollOption("o3", all_in("elke dag", "every day", "كل يوم")),
    ),
)
IDEA = PollQuestion("idee", "text", all_in("Heb je een idee?", "Do you have an idea?", "هل لديك فكرة؟"))
FACES = PollQuestion("net", "faces", all_in("Is het hier netjes?", "Is it clean here?", "هل المكان نظيف؟"))
BINS = PollQuestion(
    "bakken",
    "several",
    all_in("Welke bakken gebruik je?", "Which bins do you use?", "أي حاويات تستعمل؟"),
    (
        PollOption("glas", all_in("Glas", "Glass", "زجاج")),
        PollOption("papier", all_in("Papier", "Paper", "ورق")),
    ),
)
FLOOR_NUMBER = PollQuestion("etage", "number", all_in("Welke verdieping?", "Which floor?", "أي طابق؟"), low=0, high=8)
RENT_DAY = PollQuestion("dag", "number", all_in("Welke dag?", "Which day?", "أي يوم؟"), low=1, high=31)

CONTENT = PollContent(
    group="har-veurne",
    title=all_in("Nieuwe regels voor afval", "New rules for waste", "قواعد جديدة للنفايات"),
    why=all_in("De raad geeft in april advies.", "The council advises in April.", "يقدّم المجلس رأيه في أبريل."),
    use=all_in("Het staat in het advies.", "It goes into the advice.", "يُكتب في الرأي."),
    questions=(KNOWN, OFTEN, IDEA),
    audience={"municipality": "Veurne"},
    closes=CLOSES,
)
WASTE = Poll("afval", CONTENT, ASKER, "open", asked=True)
HALF = replace(WASTE, id="half", mine={"weet": ("yes",)}, members=(1,))
FULL = replace(WASTE, id="vol", mine={"weet": ("yes",), "hoe": ("o1",)}, written=frozenset({"idee"}), members=(1,))
TWO = replace(FULL, id="twee", members=(1, 2))
SECRET = replace(FULL, id="geheim", content=replace(CONTENT, secret=True))
SOON = replace(WASTE, id="straks", state="soon", content=replace(CONTENT, opens=wall("2027-03-08T10:00")))
CANCELLED = replace(WASTE, id="weg", state="cancelled")
ELSEWHERE = replace(WASTE, id="elders", asked=False, may_answer=False)
CLOSED = replace(
    WASTE, id="dicht", state="closed", members=(1,), content=replace(CONTENT, closes=wall("2027-02-20T20:00"))
)

LONG = "Een <b>vette</b> tekst & met {haakjes} die zo lang is als mag. "
ODD_TEXT = {"nl": (LONG * 5)[:190]}
ODD = Poll(
    "raar",
    PollContent(
        group="",
        title={"nl": (LONG * 2)[:80]},
        why={"nl": (LONG * 5)[:300]},
        use={"nl": (LONG * 5)[:300]},
        questions=(
            replace(
                BINS,
                id="q1",
                text=ODD_TEXT,
                options=tuple(PollOption(f"o{n}", {"nl": f"{n} {LONG}"[:60]}) for n in range(8)),
            ),
            replace(FACES, id="q2", text=ODD_TEXT),
            replace(FLOOR_NUMBER, id="q3", text=ODD_TEXT),
            replace(RENT_DAY, id="q4", text=ODD_TEXT),
            replace(IDEA, id="q5", text=ODD_TEXT),
        ),
        closes=CLOSES,
    ),
    ASKER,
    "open",
    asked=True,
)

BARS = (
    Bar("", "all", "all", "", 85),
    Bar("", "region", "West-Vlaanderen", "", 60),
    Bar("weet", "all", "all", "", 80),
    Bar("weet", "all", "all", "yes", 60),
    Bar("weet", "all", "all", "no", 20),
    Bar("weet", "all", "all", "skip", None),
    Bar("weet", "region", "West-Vlaanderen", "yes", 45),
    Bar("hoe", "all", "all", "", None),
    Bar("hoe", "all", "all", "o1", None),
    Bar("hoe", "all", "all", "o2", None),
    Bar("idee", "all", "all", "", 30),
    Bar("idee", "all", "all", "written", 25),
)
NOT_YET = News(1, all_in("Het geld is er niet.", "There is no money.", "لا يوجد مال."), False, date(2027, 4, 1))
AFTER_ALL = News(2, all_in("Het park gaat meer open.", "The park opens more.", "يفتح المكان أكثر."), True)
TOLD = replace(CLOSED, id="verteld", news=(AFTER_ALL,), bars=BARS, pictures=3)
WAITS = replace(TOLD, id="wacht", news=(NOT_YET,), pictures=0)
NEWS = replace(TOLD, id="nieuws", news=(NOT_YET, AFTER_ALL), pictures=1)
FEW = replace(
    TOLD,
    id="weinig",
    bars=(Bar("", "all", "all", "", None),),
    news=(News(1, {"nl": (LONG * 9)[:500]}, True),),
    content=replace(ODD.content, closes=CLOSED.content.closes),
)
POLLS = (WASTE, HALF, FULL, TWO, SECRET, SOON, CANCELLED, ELSEWHERE, CLOSED, ODD, TOLD, WAITS, NEWS, FEW)


def polled(poll: Poll | None, *others: Poll, language: str = "en", person: PersonFacts = AMINA) -> Facts:
    """Give the facts of someone who is at this poll; with others, those are in the list too."""
    facts = knowing(person, language=language)
    return replace(facts, poll=poll, polls=(poll, *others) if poll else others, this_month=2)


def answering(poll: Poll, mine: Mapping[str, tuple[str, ...]], *written: str, language: str = "en") -> Facts:
    """Give the facts once these questions are answered, some of them in own words."""
    return polled(replace(poll, mine=mine, written=frozenset(written), members=(1,)), language=language)


def with_polls(facts: Facts, subject: str) -> Facts:
    """Add the polls that there are, and the one that a subject names, as the runtime loads them."""
    id, member = (*subject.split(":"), "")[:2]
    named = next((poll for poll in POLLS if poll.id == id), None)
    if named and member == "2":
        named = replace(named, member=2, mine={}, written=frozenset())
    return replace(facts, poll=named, polls=(TOLD, FEW, WASTE, HALF, FULL, ODD, SOON), this_month=2)
