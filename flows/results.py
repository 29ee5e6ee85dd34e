"""The results of polls in words, by cut and question; for staff all polls, with the file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows import draft_texts as texts
from flows.drafting import NO_ROLE, listed, seen
from flows.maker_kinds import leaves
from flows.messages import BLANK, Msg, Name, Text, Told, _, _n, lines, shortened
from flows.poll_facts import Bar, Draft, PollQuestion
from flows.poll_texts import label
from flows.questions import Pick, Skippable
from flows.talk import Done, Go, Picture, ResultFile, Talk, flow

WITH_RESULT = ("closed", "told")
LINES = 10  # figures on a page
WRITTEN = 500  # letters of free answers on a page
LONGEST_ANSWER = 240

CUTS: Mapping[str, Msg] = {
    "all": _("👥 Everyone"),
    "region": _("📍 By province"),
    "language": _("🌍 By language"),
    "origin": _("🚪 By how they came"),
}


@flow(command="resultaten", title=_("Results of polls"), loose=True, knows=("scopes", "drafts", "roles"))
async def results(talk: Talk) -> Done:
    """Choose a poll that is closed. For staff."""
    if not talk.facts.person.is_staff:
        return NO_ROLE
    closed = [draft for draft in talk.facts.drafts if draft.state in WITH_RESULT]
    if not closed:
        return Done(say=_("No poll has a result yet. A poll gets one when it closes."))
    pick = Skippable(Pick(listed(closed)), skip=_("◀️ Back"))
    chosen = await talk.ask("which", _("Of which poll do you want to see the result?"), pick, in_place=True)
    return Done(then=Go("result", chosen.id) if chosen else Go("organise"))


@flow(title=_("The result of a poll in words"), loose=True, knows=("scopes", "draft", "roles"))
async def result(talk: Talk) -> Done:
    """Read figures page by page. The subject is `id`, or `id:cut`; `id:written` holds what people wrote."""
    found = seen(talk)
    if isinstance(found, Done):
        return found
    if not found.bars:
        return Done(then=Go("draft", found.id, say=_("There are no figures of this poll.")))
    cut = talk.subject.partition(":")[2] or "all"
    pages = list(written(found) if cut == "written" else figures(talk, found, cut))
    reader = leaves(pages or [nothing(found)], doors(talk, found, cut))
    what = await talk.ask("what", (pages or [nothing(found)])[0], reader, in_place=True)
    match what:
        case "pictures":
            return Done(stay=True, show=tuple(Picture(found.id, n) for n in range(found.pictures)))
        case "file":
            return Done(stay=True, show=(ResultFile(found.id),))
        case "poll":
            return Done(then=Go("draft", found.id))
    return Done(then=Go("result", f"{found.id}:{what}"))


def doors(talk: Talk, found: Draft, cut: str) -> dict[str, Text]:
    """Give the other cuts, and what else there is of the result."""
    choices: dict[str, Text] = {id: name for id, name in CUTS.items() if id != cut and tells(found, id)}
    if found.texts and cut != "written":
        choices["written"] = _("✍️ What people wrote")
    if found.pictures:
        choices["pictures"] = _("📊 Pictures")
    if talk.facts.person.is_staff:
        choices["file"] = _("💾 The file (CSV)")
    return {**choices, "poll": _("◀️ To the poll")}


def tells(found: Draft, cut: str) -> bool:
    """Tell whether a cut says more than the whole does: one with a single cell does not."""
    return cut == "all" or len({bar.cell for bar in found.bars if bar.cut == cut}) > 1


def nothing(found: Draft) -> Text:
    """Say that there is nothing to read here."""
    return lines(texts.title(found), _("Nothing can be shown here: too few people answered."))


def figures(talk: Talk, found: Draft, cut: str) -> Iterator[Text]:
    """Give the figures of one cut: first how many answered, then each question, so many lines a page."""
    people = [bar for bar in found.bars if (bar.question, bar.cut, bar.option) == ("", cut, "")]
    told = [_("{cell}: {count}", cell=cell_name(talk, bar), count=counted(bar)) for bar in people]
    head = lines(texts.title(found), CUTS.get(cut, Name(cut)), _("How many people answered:"))
    for start in range(0, len(told), LINES):
        yield lines(head, BLANK, *told[start : start + LINES])
    for n, question in enumerate(found.content.questions, 1):
        yield from of_question(talk, found, cut, n, question)


def of_question(talk: Talk, found: Draft, cut: str, n: int, question: PollQuestion) -> Iterator[Text]:
    """Give the figures of one question, so many lines a page."""
    bars = [bar for bar in found.bars if (bar.question, bar.cut) == (question.id, cut) and bar.option]
    told = [figure(talk, bar, question) for bar in bars]
    asked = Told({code: shortened(text, 150) for code, text in question.text.items()})
    for start in range(0, len(told), LINES):
        head = _("{n}. <b>{question}</b>", n=n, question=asked)
        yield lines(CUTS.get(cut, Name(cut)), head, BLANK, *told[start : start + LINES])


def figure(talk: Talk, bar: Bar, question: PollQuestion) -> Text:
    """Tell one figure."""
    option = label(question, bar.option)
    option = (
        Told({code: shortened(text, 40) for code, text in option.texts.items()}) if isinstance(option, Told) else option
    )
    if bar.cut == "all":
        return _("• {option}: {count}", option=option, count=counted(bar))
    return _("• {cell}, {option}: {count}", cell=cell_name(talk, bar), option=option, count=counted(bar))


def counted(bar: Bar) -> Text:
    """Give a published count of people."""
    if bar.count is None:
        return _("not shown")
    return _n("{n} person", "{n} people", n=bar.count)


def cell_name(talk: Talk, bar: Bar) -> Text:
    """Give a cell of a cut, as people read it."""
    if bar.cut == "all":
        return _("Everyone")
    if bar.cut == "language":
        return Name(talk.facts.languages.get(bar.cell, bar.cell))
    if bar.cut == "origin":
        return ORIGINS.get(bar.cell, Name(bar.cell))
    return Name(bar.cell) if bar.cell else _("Place not known")


ORIGINS: Mapping[str, Msg] = {"chat": _("In this chat"), "": _("Not known")}


def written(found: Draft) -> Iterator[Text]:
    """Give what people wrote, in the order given (which says nothing), so many letters a page."""
    for question in found.content.questions:
        head = lines(_("✍️ <b>{question}</b>", question=Told(question.text)), _("In no order, without names."))
        page: list[Text] = []
        room = WRITTEN
        for text in found.texts.get(question.id, ()):
            short = shortened(text, LONGEST_ANSWER)
            if page and room < len(short):
                yield lines(head, BLANK, *page)
                page, room = [], WRITTEN
            page.append(_("• “{text}”", text=Name(short)))
            room -= len(short)
        if page:
            yield lines(head, BLANK, *page)
