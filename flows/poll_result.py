"""What came of a poll, told to everyone who answered."""

from __future__ import annotations

from collections.abc import Iterator

from flows.facts import Facts
from flows.messages import BLANK, Day, Lines, Msg, Text, Told, _, _n, lines
from flows.poll_changes import NoNews, SayUseful
from flows.poll_facts import News, Poll
from flows.poll_texts import untranslated
from flows.questions import Choice
from flows.talk import Done, Go, Picture, Talk, flow


@flow(title=_("The result of a poll"), knows=("poll",), loose=True)
async def poll_result(talk: Talk) -> Done:
    """Show the picture of a result, and what is done with it. The subject is `id`, or `id:round` for later news."""
    found, round = talk.facts.poll, talk.subject.partition(":")[2]
    news = news_of(found, round) if found else None
    if found is None or news is None:
        return Done(then=Go("polls"))
    if found.pictures:
        talk.say(Picture(found.id))
    choices = Choice(choices_of(found))
    what = await talk.ask("what", caption(talk.facts, found, news), choices, lasting=True)
    match what:
        case "up" | "down":
            said = _("Thank you. Who made this poll sees how many people found it useful.")
            return Done(SayUseful(found.id, what == "up"), say=said, stay=True, once=True)
        case "words":
            return Done(stay=True, then=Go("poll_in_words", found.id))
        case "more":
            return Done(stay=True, show=tuple(Picture(found.id, n) for n in range(1, found.pictures)))
        case "menu":
            return Done(stay=True, then=Go("menu"))
        case _enough:
            said = _("Good. I send you nothing more about this poll.")
            return Done(NoNews(found.id), say=said, stay=True, once=True)


def news_of(found: Poll, round: str) -> News | None:
    """Give the news of a round, else the latest there is."""
    latest = max(found.news, key=lambda news: news.round, default=None)
    return next((news for news in found.news if str(news.round) == round), latest)


def choices_of(found: Poll) -> dict[str, Text]:
    """Give what can be done with a result: who did not answer may read it too, and has no say in it."""
    more: dict[str, Text] = {"more": _("📊 More pictures")} if found.pictures > 1 else {}
    if not found.members:
        return {"words": _("📝 In words"), **more, "menu": _("☰ Menu")}
    return {
        "up": _("👍 Useful"),
        "down": _("👎 Not useful"),
        "words": _("📝 In words"),
        **more,
        "enough": _("🔕 No more about this poll"),
    }


def caption(facts: Facts, found: Poll, news: News) -> Lines:
    """Tell how many answered, what is done with it, and, to who answered, why this message came."""
    thanks = (BLANK, _("Thank you for your answers."), _("You get this because you answered.")) if found.members else ()
    return lines(
        _("📊 <b>{title}</b>", title=Told(found.content.title)),
        many_answered(found),
        BLANK,
        *told(facts, news),
        *thanks,
    )


def many_answered(found: Poll) -> Msg | None:
    """Say how many answered, where that figure was published."""
    for bar in found.bars:
        if (bar.question, bar.cut, bar.option) == ("", "all", ""):
            return how_many(bar.count)
    return None


def how_many(count: int | None) -> Msg:
    """Say a published count of people."""
    if count is None:
        return _("Few people answered. So I show no figures.")
    return _n("About {n} person answered.", "About {n} people answered.", n=count)


def told(facts: Facts, news: News) -> Iterator[Text]:
    """Tell what is done with a poll, or that nothing is and why."""
    if mark := untranslated(facts, news.text):
        yield mark
    if news.done:
        yield _("✅ What is done with it: {text}", text=Told(news.text))
        return
    yield _("⏳ Nothing is done with it yet. Why: {text}", text=Told(news.text))
    if news.again:
        yield _("I ask again on {day}, and tell you.", day=Day(news.again))
