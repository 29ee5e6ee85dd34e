"""The figures of a poll in words, for who cannot see a picture: one question a page, and all that was said of it."""

from __future__ import annotations

from collections.abc import Iterator

from flows.messages import BLANK, Lines, Msg, Text, Told, _, _n, lines
from flows.poll_facts import Bar, Poll, PollQuestion, share
from flows.poll_result import how_many, told
from flows.poll_texts import label, untranslated
from flows.questions import Option, Page, Reader
from flows.talk import Done, Go, Talk, flow

LONGEST = 8  # bars on a page


@flow(title=_("A result in words"), knows=("poll",), loose=True)
async def poll_in_words(talk: Talk) -> Done:
    """Read the published figures of the poll that the subject names, and its news, earlier ones too."""
    found = talk.facts.poll
    if found is None or not found.news:
        return Done(then=Go("polls"))
    pages = {f"p{n}": page for n, page in enumerate(pages_of(talk, found))}
    reader = Reader(pages, ((Option("menu", _("☰ Menu")),),))
    return Done(then=Go(await talk.ask("read", pages["p0"].text, reader)))


def pages_of(talk: Talk, found: Poll) -> Iterator[Page]:
    """Give a page for each question, and one for each time that something was told."""
    for n, question in enumerate(found.content.questions, 1):
        bars = [bar for bar in found.bars if (bar.question, bar.cut) == (question.id, "all")]
        options = [bar for bar in bars if bar.option]
        for start in range(0, len(options), LONGEST):
            name = (
                _("Question {n}", n=n) if not start else _("Question {n}, part {part}", n=n, part=start // LONGEST + 1)
            )
            yield Page(name, figures(talk, question, total(bars), options[start : start + LONGEST]))
    for news in sorted(found.news, key=lambda news: news.round):
        title = _("📊 <b>{title}</b>", title=Told(found.content.title))
        yield Page(_("📰 News {n}", n=news.round), lines(title, BLANK, *told(talk.facts, news)))


def total(bars: list[Bar]) -> int | None:
    """Give how many answered a question, where that was published."""
    return next((bar.count for bar in bars if not bar.option), None)


def figures(talk: Talk, question: PollQuestion, answered: int | None, options: list[Bar]) -> Lines:
    """Tell the figures of a question, one line an option."""
    return lines(
        untranslated(talk.facts, question.text),
        _("<b>{title}</b>", title=Told(question.text)),
        how_many(answered),
        _("People could choose more than one answer.") if question.kind == "several" else None,
        BLANK,
        *(figure(label(question, bar.option), bar.count, answered) for bar in options if shown(answered, options)),
    )


def shown(answered: int | None, options: list[Bar]) -> bool:
    """Tell whether there is any figure to show at all."""
    return answered is not None or any(bar.count is not None for bar in options)


def figure(option: Text, count: int | None, answered: int | None) -> Msg:
    """Tell one published figure; its share is of published figures too."""
    if count is None:
        return _("• {option}: not shown", option=option)
    percent = share(count, answered)
    if percent is None:
        return _n("• {option}: about {n} person", "• {option}: about {n} people", n=count, option=option)
    return _n(
        "• {option}: about {n} person, {percent} %",
        "• {option}: about {n} people, {percent} %",
        n=count,
        option=option,
        percent=percent,
    )
