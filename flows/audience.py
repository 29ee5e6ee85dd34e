"""Who gets a poll: chosen by where people live or what they read, never by a sensitive trait. Counts show at once."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flows import draft_texts as texts
from flows.drafting import editable
from flows.facts import Facts
from flows.messages import BLANK, Lines, Listing, Msg, Name, Text, _, lines
from flows.poll_changes import SavePoll
from flows.poll_facts import AUDIENCE_KEYS, Draft
from flows.questions import Choice, Pick
from flows.talk import Done, Go, Talk, flow

LONG_LIST = 24  # more values than these are chosen by their first letter
CARRIES: Mapping[str, tuple[str, ...]] = {
    "group": ("group", "landlord"),
    "landlord": ("landlord", "group"),
    "region": ("region", "municipality"),
}
"""For each kind of scope, the keys of which an audience must have one to lie in it."""


@dataclass(frozen=True)
class Value:
    """One value that an audience may be chosen by: a place has capitals and blanks, which no button may carry."""

    value: str
    name: str

    @property
    def id(self) -> str:
        """Give the id of its button."""
        return f"v-{zlib.crc32(self.value.encode()):08x}"

    @property
    def button(self) -> Text:
        """Give its name, as it stands on a button."""
        return Name(self.name)


@flow(title=_("Who gets a poll"), loose=True, knows=("scopes", "draft", "choices"))
async def audience(talk: Talk) -> Done:
    """Show whom a draft reaches, and narrow it or widen it; each change is kept at once, and counted afresh."""
    found = editable(talk)
    if isinstance(found, Done):
        return found
    what = await talk.ask("what", shown(talk, found), Choice(choices(talk, found)), in_place=True)
    if what == "done":
        return Done(then=Go("draft", found.id))
    if what == "rested":
        return saved(found, rested=not found.content.rested)
    if what.startswith("off-"):
        rest = {key: id for key, id in found.content.audience.items() if key != what.removeprefix("off-")}
        return saved(found, audience=rest)
    value = await ask_value(talk, what)
    if value is None:
        return Done(then=Go("audience", found.id))
    return saved(found, audience={**found.content.audience, what: value})


def saved(found: Draft, *, audience: dict[str, str] | None = None, rested: bool | None = None) -> Done:
    """Keep a change, and show what it does."""
    content = replace(
        found.content,
        audience=found.content.audience if audience is None else audience,
        rested=found.content.rested if rested is None else rested,
    )
    return Done(SavePoll(found.id, found.revision, content), then=Go("audience", found.id))


def choices(talk: Talk, found: Draft) -> dict[str, Text]:
    """Give what can be chosen and what can be left out again."""
    on = found.content.audience
    off: dict[str, Text] = {
        f"off-{key}": _("✖️ Not only: {which}", which=texts.value_name(talk.facts, key, id))
        for key, id in on.items()
        if may_go(talk.facts, on, key)
    }
    add: dict[str, Text] = {
        key: _("➕ {what}", what=texts.AUDIENCE_WORDS[key])
        for key in AUDIENCE_KEYS
        if key not in on and talk.facts.choices.get(key)
    }
    rested = _("🔁 Also who was asked this week") if found.content.rested else _("😌 Not who was asked this week")
    return {**off, **add, "rested": rested, "done": _("✅ Ready")}


def may_go(facts: Facts, on: Mapping[str, str], key: str) -> bool:
    """Tell whether a key may be left out. The last one that keeps the audience within one's scope would come right back."""
    kinds = {scope.kind for scope in facts.scopes}
    carrying = {one for kind in kinds for one in CARRIES.get(kind, ())}
    return "all" in kinds or key not in carrying or bool(carrying & (on.keys() - {key}))


def shown(talk: Talk, found: Draft) -> Lines:
    """Say to whom it goes, how many that are, and why others do not get it."""
    reached = found.reached
    languages = [Name(talk.facts.languages.get(code, code)) for code in reached.languages] if reached else []
    return lines(
        texts.title(found),
        *texts.audience(talk.facts, found.content),
        BLANK,
        *(texts.reached_lines(reached) if reached else ()),
        _("🌍 They read: {languages}", languages=Listing(tuple(languages))) if languages else None,
        *((BLANK, too_few()) if reached and reached.few and found.content.has_text else ()),
        BLANK,
        _("Tap to choose fewer people, or more."),
    )


def too_few() -> Msg:
    """Say why a poll in which people write does not go to few people."""
    return _(
        "❗ Fewer than 10 people get it. People write in this poll, and with so few you could guess who wrote what. "
        "So it cannot go out like this."
    )


async def ask_value(talk: Talk, key: str) -> str | None:
    """Ask for the value of a key; a long list is opened by its first letter. None where there is nothing to choose."""
    values = [Value(id, name) for id, name in talk.facts.choices.get(key, ())]
    if len(values) > LONG_LIST:
        letters = sorted({value.name[:1].upper() for value in values})
        ids: dict[str, Text] = {f"letter-{ord(letter):x}": Name(letter) for letter in letters}
        chosen = await talk.ask(
            f"letter-{key}", _("With which letter does it begin?"), Choice(ids, columns=5), in_place=True
        )
        values = [value for value in values if f"letter-{ord(value.name[:1].upper()):x}" == chosen]
    if not values:
        return None
    asked = _("{what}: which?", what=texts.AUDIENCE_WORDS[key])
    return (await talk.ask(f"value-{key}", asked, Pick(values), in_place=True)).value
