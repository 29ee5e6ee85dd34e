"""The shape of a file for `load` (section 6 of the design). Every field says what it expects."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    field_validator,
    model_validator,
)

from bot.yamlfile import Lined

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]


def _texts(value: dict[str, str]) -> dict[str, str]:
    if not value or not all(text.strip() for text in value.values()):
        raise ValueError("expected a text for at least one language, for example {nl: ...}")
    return value


def _written(value: Any) -> Any:
    """A day alone would be read as its midnight, a number as seconds since 1970."""
    if not isinstance(value, datetime) and not re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", str(value)):
        raise ValueError("expected a day and a time, for example 2027-03-28T19:00")
    return value


def _wall(value: datetime) -> datetime:
    if value.tzinfo is not None:
        raise ValueError("expected local wall time without offset, for example 2027-03-28T19:00")
    return value.replace(microsecond=0)


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("expected a zone of the tz database, for example Europe/Brussels") from None
    return value


Zone = Annotated[str, AfterValidator(_known_zone)]
WallTime = Annotated[datetime, BeforeValidator(_written), AfterValidator(_wall)]
Texts = Annotated[dict[Code, Annotated[str, StringConstraints(max_length=300)]], AfterValidator(_texts)]
Kind = Literal["regional", "congress", "steering", "policy", "council", "residents", "table-talk"]
Arranged = Literal["interpreter", "step-free", "child-minding", "ride", "meal", "travel-costs"]
Purpose = Literal["meetings", "polls", "council", "rights"]


class Strict(BaseModel):
    """Unknown fields are refused: most are typing errors."""

    model_config = ConfigDict(extra="forbid")


class Landlord(Strict):
    """A social landlord and where it lets."""

    id: Id
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    municipalities: list[str] = Field(default_factory=list)
    dwellings: int | None = Field(None, ge=0)


class TenantGroup(Strict):
    """A local tenants' group, a core group or an advisory council."""

    id: Id
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    kind: Literal["council", "core", "local"] = "local"
    landlord: Id | None = None


class Role(Strict):
    """What someone may do, and where. `telegram` is the Telegram user id."""

    telegram: int = Field(gt=0)
    role: Literal["council_member", "organiser", "staff", "admin"]
    scope: Literal["all"] | dict[Literal["group", "landlord", "region"], str] = "all"

    def scoped(self) -> tuple[str, str]:
        """Give the kind of scope and its id."""
        if self.scope == "all":
            return "all", ""
        kind, id = next(iter(self.scope.items()))
        return kind, id

    @field_validator("scope")
    @classmethod
    def _one_scope(cls, value: Any) -> Any:
        if isinstance(value, dict) and len(value) != 1:
            raise ValueError("expected all, or one of group, landlord, region")
        return value


class Person(Strict):
    """A synthetic person, for demos and tests."""

    telegram: int = Field(gt=0)
    language: Code = "nl"
    postcode: Annotated[str, StringConstraints(pattern=r"^[1-9]\d{3}$")] | None = None
    landlord: Id | None = None
    block: str | None = None
    consents: list[Purpose] = Field(default_factory=list)

    @field_validator("postcode", mode="before")
    @classmethod
    def _written_as_number(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value


class Place(Strict):
    """Where a meeting is."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    address: Annotated[str, StringConstraints(max_length=200)] = ""
    lat: float | None = Field(None, ge=-90, le=90)
    lon: float | None = Field(None, ge=-180, le=180)

    @model_validator(mode="after")
    def _both_or_none(self) -> Place:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("expected both lat and lon, or neither")
        return self


class MeetingRow(Strict):
    """A meeting. `start` is wall time in `zone`, and so is the `deadline` for signing up."""

    id: Id
    kind: Kind
    group: Id | None = None
    theme: Texts
    start: WallTime
    zone: Zone = "Europe/Brussels"
    minutes: int = Field(120, ge=5, le=1440)
    place: Place
    capacity: int | None = Field(None, ge=0)
    region: str = ""
    languages: list[Code] = Field(default_factory=list)
    arranged: list[Arranged] = Field(default_factory=list)
    contact: Annotated[str, StringConstraints(max_length=60)] = ""
    cancelled: bool = False
    deadline: WallTime | None = None

    @model_validator(mode="after")
    def _deadline_first(self) -> MeetingRow:
        if self.deadline is not None and self.deadline > self.start:
            raise ValueError("deadline: expected a time before start")
        return self

    def postcodes(self) -> list[str]:
        """Find what may be a postcode in the address."""
        return re.findall(r"\b[1-9]\d{3}\b", self.place.address)


class Option(Strict):
    """One option of a question."""

    id: Id | None = None
    text: Texts

    @model_validator(mode="before")
    @classmethod
    def _texts_alone(cls, value: Any) -> Any:
        if isinstance(value, dict) and "text" not in value:
            return {"id": value.get("id"), "text": {key: text for key, text in value.items() if key != "id"}}
        return value


class PollQuestion(Strict):
    """One question of a poll."""

    id: Id
    kind: Literal["yesno", "choice", "several", "faces", "number", "text"]
    text: Texts
    options: list[Option] = Field(default_factory=list)
    low: int = Field(0, ge=0, le=1000)
    high: int = Field(10, ge=0, le=1000)

    @model_validator(mode="after")
    def _low_first(self) -> PollQuestion:
        if self.high <= self.low:
            raise ValueError("high: expected a number above low")
        return self

    @model_validator(mode="after")
    def _ids_once(self) -> PollQuestion:
        ids = [option.id or f"o{n}" for n, option in enumerate(self.options, 1)]
        if len(set(ids)) < len(ids) or not {"skip", "write", "written"}.isdisjoint(ids):
            raise ValueError("options: expected an id of its own for each, and not skip, write or written")
        return self

    @model_validator(mode="after")
    def _options_where_needed(self) -> PollQuestion:
        if self.kind in ("choice", "several") and not 2 <= len(self.options) <= 8:
            raise ValueError("expected 2 to 8 options")
        if self.kind not in ("choice", "several") and self.options:
            raise ValueError(f"a question of kind {self.kind} has no options")
        return self


class Audience(Strict):
    """Whom a poll is for: everyone for whom all of these are true."""

    region: str | None = None
    municipality: str | None = None
    landlord: Id | None = None
    block: str | None = None
    group: Id | None = None
    language: Code | None = None

    def chosen(self) -> dict[str, str]:
        """Give what is chosen by, and its value."""
        return {key: value for key, value in self.model_dump().items() if value is not None}


class Poll(Strict):
    """A poll: 1 to 7 questions to an audience."""

    noun: ClassVar[str] = "poll"
    id: Id
    group: Id | None = None
    title: Texts
    why: Texts | None = None
    use: Texts | None = None
    audience: Audience = Field(default_factory=Audience)
    rested: bool = False
    secret: bool = False
    anyone: bool = False
    opens: WallTime
    closes: WallTime
    zone: Zone = "Europe/Brussels"
    questions: list[PollQuestion] = Field(min_length=1, max_length=7)

    @model_validator(mode="after")
    def _opens_first(self) -> Poll:
        if self.closes <= self.opens:
            raise ValueError("closes: expected a time after opens")
        return self

    @model_validator(mode="after")
    def _questions_once(self) -> Poll:
        ids = [question.id for question in self.questions]
        if len(set(ids)) < len(ids):
            raise ValueError("questions: expected an id of its own for each question")
        return self


class Consultation(BaseModel):
    """A consultation; its shape is settled with the part that runs it."""

    noun: ClassVar[str] = "consultation"
    model_config = ConfigDict(extra="allow")
    id: Id


class LoadFile(Strict):
    """A whole file. What is absent stays as it is."""

    landlords: list[Landlord] = Field(default_factory=list)
    groups: list[TenantGroup] = Field(default_factory=list)
    roles: list[Role] = Field(default_factory=list)
    people: list[Person] = Field(default_factory=list)
    meetings: list[MeetingRow] = Field(default_factory=list)
    polls: list[Poll] = Field(default_factory=list)
    consultations: list[Consultation] = Field(default_factory=list)
    _source: tuple[str, Lined] | None = PrivateAttr(None)

    def where(self, *place: str | int) -> str:
        """Tell file and line of a place such as `meetings, 0, start`, before what is wrong with it; nothing without a file."""
        return f"{self._source[0]}:{self._source[1].line(*place)}: " if self._source else ""

    def stands_in(self, name: str, document: Lined) -> None:
        """Note the file that this was read from."""
        self._source = name, document
