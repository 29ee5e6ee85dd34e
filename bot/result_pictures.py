"""The pictures of a poll's published result, in one language."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from bot import poll_content
from bot.i18n import Language
from bot.results.charts import Bar as Drawn
from bot.results.charts import Chart, Group, pictures
from bot.store.db import Row
from flows.messages import Told, _, _n
from flows.poll_facts import Bar, PollContent, PollQuestion, share
from flows.poll_texts import label

REMEMBERED = 64


def bars_of(cells: Iterable[Row]) -> tuple[Bar, ...]:
    """Read the cells of a frozen view over all people; the other cuts are not drawn."""
    return tuple(Bar(c["question"], c["cut"], c["cell"], c["option"], c["count"]) for c in cells if c["cut"] == "all")


_drawn: OrderedDict[tuple[object, ...], tuple[bytes, ...]] = OrderedDict()


def draw(language: Language, content: PollContent, bars: tuple[Bar, ...]) -> tuple[bytes, ...]:
    """Draw all pictures, as PNG; none where no question has figures. The latest are remembered. Takes tenths of a second:
    call it in a thread."""
    key = (language.code, poll_content.to_json(content), bars)
    if key not in _drawn:
        chart = chart_of(language, content, bars)
        _drawn[key] = pictures(chart) if chart else ()
        while len(_drawn) > REMEMBERED:
            _drawn.popitem(last=False)
    return _drawn[key]


def chart_of(language: Language, content: PollContent, bars: tuple[Bar, ...]) -> Chart | None:
    """Say what is drawn; None where there is nothing to draw."""
    shown = {bar.question for bar in bars if bar.option and bar.count is not None}
    asked = [question for question in content.questions if question.kind != "text" and question.id in shown]
    groups = tuple(_group(language, question, bars) for question in asked)
    if not groups:
        return None
    answered = next((bar.count for bar in bars if not bar.question and not bar.option), None)
    return Chart(
        title=language.told(Told(content.title)),
        groups=groups,
        language=language.code,
        subtitle=language.plain(_n("About {n} person answered.", "About {n} people answered.", n=answered))
        if answered
        else language.plain(_("Few people answered.")),
        note=language.plain(_("Small numbers are not shown, so that nobody can be recognised.")),
        rtl=language.rtl,
    )


def _group(language: Language, question: PollQuestion, bars: tuple[Bar, ...]) -> Group:
    mine = {bar.option: bar.count for bar in bars if bar.question == question.id}
    total = mine.get("")
    drawn = tuple(
        _bar(language, question, option, mine.get(option), total)
        for option in (*question.option_ids, "skip")
        if option in mine
    )
    note = language.plain(_("People could choose more than one answer.")) if question.kind == "several" else ""
    return Group(language.told(Told(question.text)), drawn, note)


def _bar(language: Language, question: PollQuestion, option: str, count: int | None, total: int | None) -> Drawn:
    """Draw one published cell. Its share is of published figures too, never of exact ones."""
    name = language.plain(label(question, option))
    if count is None or not total:
        return Drawn(name, None, language.plain(_("not shown")))
    said = language.plain(_n("about {n} person", "about {n} people", n=count))
    return Drawn(name, share(count, total), said)
