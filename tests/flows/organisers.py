"""Polls as their organisers see them, for conversations. Luc organises in Veurne, Greet is staff. All of it is made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from flows.facts import Facts, PersonFacts
from flows.poll_changes import SavePoll
from flows.poll_facts import (
    Draft,
    Figure,
    News,
    PollContent,
    PollOption,
    PollQuestion,
    Progress,
    Reached,
    ReachLine,
    Reason,
    Scope,
    Template,
)
from flows.talk import Change
from tests.flows.people import GREET, LUC, knowing, wall
from tests.flows.poll_people import ASKER, BARS, CONTENT, ODD
from tests.flows.transcript import Played, follow

VEURNE = Scope("group", "har-veurne", ASKER, "organiser")
GENT = Scope("group", "hg-gent", "Huurdersgroep Gent", "organiser")
EVERYWHERE = Scope("all", "", "", "staff")
CHOICES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "region": (("West-Vlaanderen", "West-Vlaanderen"), ("Oost-Vlaanderen", "Oost-Vlaanderen")),
    "municipality": tuple((f"{letter}oord {n}", f"{letter}oord {n}") for letter in "ABN" for n in range(10)),
    "landlord": (("ijzer", "Woonmaatschappij De IJzer"),),
    "block": (),
    "group": (("har-veurne", ASKER), ("hg-gent", "Huurdersgroep Gent")),
    "language": (("nl", "Nederlands"), ("ar", "العربية")),
}
"""Many municipalities, so that they are opened by their first letter."""


def about(n: int | None) -> Figure:
    """Give a count as an organiser sees it."""
    return Figure(n)


REACHED = Reached(
    about(120),
    about(45),
    (
        Reason("no-consent", about(60)),
        Reason("stopped", about(None)),
        Reason("paused", about(10)),
        Reason("budget", about(None)),
        Reason("unreachable", about(None)),
        Reason("asked-lately", about(10)),
    ),
    languages=("nl", "ar", "tr"),
    minutes=1,
)
MANY = replace(REACHED, audience=Figure(400), reached=Figure(180), second=True, minutes=3)
FEW = replace(REACHED, audience=about(10), reached=about(None), few=True)
NOBODY = replace(REACHED, reached=Figure(0, exact=True), few=True)
PROGRESS = Progress(
    asked=about(45),
    delivered=about(40),
    waiting=about(None),
    failed=about(None),
    answered=about(20),
    partly=about(None),
    regions=(("West-Vlaanderen", about(40), about(20)), ("Oost-Vlaanderen", about(None), about(None))),
    ends=wall("2027-03-01T11:05"),
    reach=(
        ReachLine("block", "B2", 80, about(15), about(None), "doorstep"),
        ReachLine("language", "tr", None, about(20), about(None), "caller"),
        ReachLine("region", "Oost-Vlaanderen", 900, about(30), about(None), "poster"),
        ReachLine("landlord", "ijzer", 2400, about(100), about(40), "nothing"),
    ),
)

NEW = Draft(
    "afval-0000", 1, PollContent("har-veurne", {"nl": "Nieuwe regels voor afval"}), ASKER, "draft", reached=REACHED
)
READY = Draft("klaar", 4, CONTENT, ASKER, "draft", reached=REACHED, made_by_me=True)
TWO_NEEDED = replace(READY, id="veel", reached=MANY)
TOO_FEW = replace(READY, id="weinig", reached=FEW)
FOR_NOBODY = replace(READY, id="niemand", reached=NOBODY)
LATE = replace(READY, id="laat", content=replace(CONTENT, closes=wall("2027-02-20T20:00")))
CAME_BACK = replace(READY, id="terug", back="Vraag 2 is <b>lang</b> & {moeilijk}.")
LONGEST = Draft(
    "langst",
    9,
    replace(
        ODD.content,
        questions=(*ODD.content.questions, *(replace(ODD.content.questions[4], id=f"q{n}") for n in (6, 7))),
        audience={"region": "West-Vlaanderen", "landlord": "ijzer", "language": "ar"},
        rested=True,
        secret=True,
        opens=wall("2027-03-08T10:00"),
    ),
    "",
    "draft",
    reached=MANY,
)
WAITS = replace(TWO_NEEDED, id="wacht-op", state="waiting")
FOR_ME = replace(WAITS, id="voor-mij", made_by_me=False, may_release=True)
RELEASED = replace(READY, id="straks-uit", state="released", starts=wall("2027-03-01T11:10"))
SENDING = replace(READY, id="bezig", state="open", sending=True, starts=wall("2027-03-01T10:00"), progress=PROGRESS)
OPEN = replace(SENDING, id="open-een", sending=False, starts=wall("2027-02-26T10:00"))
NUDGED = replace(OPEN, id="herinnerd", nudged=True, stopped=True)
CLOSING = replace(OPEN, id="sluit", state="closing")
CLOSED = replace(
    OPEN, id="gesloten", state="closed", bars=BARS, pictures=3, texts={"idee": ("Meer groen", "<b>Licht</b>")}
)
NOT_YET = News(1, {"nl": "Het geld is er niet."}, False, date(2027, 4, 1))
DONE = News(2, {"nl": "Het park gaat meer open."}, True)
UNDONE = replace(CLOSED, id="nog-niets", state="told", news=(NOT_YET,), ask_again=date(2027, 4, 1))
TOLD = replace(CLOSED, id="verteld", state="told", news=(NOT_YET, DONE), useful=(about(15), about(None)))
STOPPED = replace(READY, id="weg", state="cancelled")
DRAFTS = (
    NEW,
    READY,
    TWO_NEEDED,
    TOO_FEW,
    FOR_NOBODY,
    LATE,
    CAME_BACK,
    LONGEST,
    WAITS,
    FOR_ME,
    RELEASED,
    SENDING,
    OPEN,
    NUDGED,
    CLOSING,
    CLOSED,
    UNDONE,
    TOLD,
    STOPPED,
)

REPAIR = Template(
    "repair",
    PollContent(
        "",
        {"nl": "Is je herstelling goed?", "en": "Is your repair good?"},
        {"nl": "We willen weten wat beter kan."},
        {"nl": "We bespreken het met de woonmaatschappij."},
        (
            PollQuestion("net", "faces", {"nl": "Hoe ging de herstelling?"}),
            PollQuestion(
                "snel",
                "choice",
                {"nl": "Ging het snel?"},
                (PollOption("a", {"nl": "Ja"}), PollOption("b", {"nl": "Nee"})),
            ),
        ),
    ),
)


def organising(
    draft: Draft | None = None, *others: Draft, person: PersonFacts = LUC, scopes: tuple[Scope, ...] = (VEURNE,)
) -> Facts:
    """Give what is known when Luc organises, in English: the poll he looks at, and others in his list."""
    facts = knowing(person, language="en")
    return replace(
        facts,
        scopes=scopes,
        draft=draft,
        drafts=(draft, *others) if draft else others,
        templates=(REPAIR,),
        choices=CHOICES,
    )


def at_work(draft: Draft | None = None, *others: Draft) -> Facts:
    """Give what is known when Greet, who is staff, is at work."""
    return organising(draft, *others, person=GREET, scopes=(EVERYWHERE,))


def saved(played: Played) -> PollContent:
    """Give the poll as the last turn wants it kept."""
    (change,) = played.changes
    assert isinstance(change, SavePoll)
    return change.content


def kept(facts: Facts, change: SavePoll, reached: Reached = REACHED) -> Facts:
    """Give what is known after a draft was kept, as the runtime loads it."""
    draft = Draft(change.poll, change.revision + 1, change.content, ASKER, "draft", reached=reached, made_by_me=True)
    return replace(facts, draft=draft, drafts=(draft,))


@dataclass
class Chat:
    """An organiser's chat over several flows: what is saved is known in the next, as the runtime would have it."""

    played: Played
    changes: list[Change] = field(default_factory=list)
    actions: int = 0
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.log += self.played.log
        self._go_on()

    def do(self, *lines: str) -> Chat:
        """Write or tap, one after another; each counts as one thing to do."""
        for line in lines:
            self.actions += 1
            before = len(self.played.log)
            self.played.go_on(line)
            self.log += self.played.log[before:]
            self._go_on()
        return self

    def _go_on(self) -> None:
        """Keep what was saved, and follow where the conversation leads."""
        while True:
            self.changes += self.played.changes
            for change in self.played.changes:
                if isinstance(change, SavePoll):
                    self.played.facts = kept(self.played.facts, change)
            if self.played.then is None:
                return
            self.played = follow(self.played)
            self.log += self.played.log

    @property
    def poll(self) -> PollContent:
        """Give the poll as it was kept last."""
        return [change for change in self.changes if isinstance(change, SavePoll)][-1].content


def with_drafts(facts: Facts, subject: str) -> Facts:
    """Add what role holders know of polls, and the one that a subject names, as the runtime loads them."""
    if not {"organiser", "staff", "admin"} & set(facts.person.roles):
        return facts
    id = subject.partition(":")[0]
    named = next((draft for draft in DRAFTS if draft.id == id), None)
    scopes = (EVERYWHERE,) if facts.person.is_staff else (VEURNE, GENT)
    return replace(facts, scopes=scopes, draft=named, drafts=DRAFTS, templates=(REPAIR,), choices=CHOICES)
