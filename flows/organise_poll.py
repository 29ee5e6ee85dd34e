"""Begin a poll: empty, from a template, or as a copy of an older one. It is kept as soon as it has a title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flows.drafting import LIMITS, NO_ROLE, PROMPTS, listed, next_step
from flows.maker_kinds import Written
from flows.messages import Name, Text, Told, _, lines
from flows.plain_texts import Checked, ask_plain
from flows.poll_changes import SavePoll
from flows.poll_facts import PollContent
from flows.questions import Choice, Pick
from flows.talk import Done, Go, Talk, flow

LONGEST_SLUG, RANDOM = 20, 4
ATTENDED = "attended-"  # begins the subject of a poll among who came to a meeting
COPY = ":copy"


@flow(title=_("Make a poll"), knows=("scopes", "draft", "drafts", "templates", "choices"))
async def organise_poll(talk: Talk) -> Done:
    """Ask what to start from, who asks, and the title. The subject may be `id:copy`, or `attended-<meeting>`."""
    if not talk.facts.scopes:
        return NO_ROLE
    start = await started(talk)
    if start is None:
        return Done(then=Go("organise_polls", say=_("That poll is not there any more.")))
    if not start.title:
        start = replace(start, group=await ask_asker(talk))
    title = await ask_title(talk, start)
    random = await talk.look("id", "new-id", "poll")
    content = replace(start, title=titled(start, title.text))
    id = slug(title.text, random)
    return Done(SavePoll(id, 0, content, title.overridden), then=next_step(id, content))


async def started(talk: Talk) -> PollContent | None:
    """Give what a new poll starts from; None where the poll to copy is gone."""
    if talk.subject.endswith(COPY):
        return copied(talk.facts.draft.content) if talk.facts.draft else None
    if talk.subject.startswith(ATTENDED):
        return PollContent("", {}, audience={"meeting": talk.subject.removeprefix(ATTENDED)})
    old: dict[str, Text] = {"copy": _("📄 Copy an older poll")} if talk.facts.drafts else {}
    ready: dict[str, Text] = {"template": _("📋 Use an example")} if talk.facts.templates else {}
    choices: dict[str, Text] = {"empty": _("🆕 Start empty"), **ready, **old}
    how = await talk.ask("start", _("How do you want to start?"), Choice(choices))
    if how == "template":
        chosen = await talk.ask("template", _("Which example? You can change every word."), Pick(talk.facts.templates))
        return replace(copied(chosen.content), group=await ask_asker(talk))
    if how == "copy":
        found = await talk.ask("copy", _("Which poll do you want to copy?"), Pick(listed(talk.facts.drafts)))
        return copied(found.draft.content)
    return PollContent("", {})


def copied(content: PollContent) -> PollContent:
    """Give a poll without its times: those are over."""
    return replace(content, opens=None, closes=None)


@dataclass(frozen=True)
class Asker:
    """A group that asks, or the whole network."""

    id: str
    name: str

    @property
    def button(self) -> Text:
        """Give the name, as it stands on a button."""
        return Name(self.name) if self.name else _("The whole network")


NETWORK = "~network"


async def ask_asker(talk: Talk) -> str:
    """Give the group in whose name it is asked; empty for the whole network. Who has one group is not asked."""
    found = askers(talk)
    if len(found) == 1:
        return "" if found[0].id == NETWORK else found[0].id
    chosen = await talk.ask("asker", _("Who asks? People see this name."), Pick(found))
    return "" if chosen.id == NETWORK else chosen.id


def askers(talk: Talk) -> list[Asker]:
    """Give in whose name this organiser may ask."""
    groups: Mapping[str, str] = {scope.id: scope.name for scope in talk.facts.scopes if scope.kind == "group"}
    wide = any(scope.kind != "group" for scope in talk.facts.scopes)
    if wide:
        groups = {**groups, **dict(talk.facts.choices.get("group", ()))}
    everyone = [Asker(NETWORK, "")] if wide or not groups else []
    return [*everyone, *(Asker(id, name) for id, name in groups.items())]


async def ask_title(talk: Talk, start: PollContent) -> Checked:
    """Ask for a title; one that is there already may stay."""
    old = start.title.get("nl", "")
    if old:
        said = lines(_("The title is:"), _("<b>{title}</b>", title=Told(start.title)))
        keep = Choice({"keep": _("✅ Keep this title"), "new": _("✏️ Another title")})
        if await talk.ask("keep-title", said, keep) == "keep":
            return Checked(old)
    return await ask_plain(talk, "title", lines(*PROMPTS["title"]), kind="title", words=Written(most=LIMITS["title"]))


def titled(start: PollContent, title: str) -> Mapping[str, str]:
    """Give the title in all languages; a new one is there in Dutch only."""
    return start.title if start.title.get("nl") == title else {"nl": title}


def slug(title: str, random: str) -> str:
    """Make an id of a title and some random letters, so that two polls of one name differ."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    letters = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_SLUG].strip("-")
    return f"{letters or 'poll'}-{random[:RANDOM]}"
