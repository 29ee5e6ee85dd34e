"""One article: the summary first, then as much as the reader wants, in place; and every way on."""

from __future__ import annotations

from flows.changes import Rate, SetLanguage
from flows.messages import BLANK, Day, Lines, Name, _, lines
from flows.no_answer import spoken
from flows.questions import Option, Page, Reader, Rows
from flows.rights_facts import Article
from flows.talk import Done, Go, Talk, flow


@flow(title=_("Your rights"), loose=True, knows=("articles", "busy_with", "practices"))
async def article(talk: Talk) -> Done:
    """Show the article that the subject names, and go where the reader goes. It stays, with its buttons."""
    found = talk.facts.articles.get(talk.subject)
    if found is None:
        return Done(then=Go("menu", "unknown-link"))
    door = await talk.ask("read", summary(talk, found), Reader(pages(talk, found), doors(talk, found)))
    own, heard, topic = spoken(talk), talk.heard or None, found.topic
    if door == "up":
        return Done(Rate(topic, own, True), say=_("Thank you! That helps me to learn."), stay=True, once=True)
    if door == "down":
        sorry = _("I am sorry that it did not help.")
        down = Go("not_meant" if heard else "no_answer", f"thumbs-down:{topic}", heard=heard, say=sorry)
        return Done(Rate(topic, own, False), then=down, stay=True, once=True)
    if door == "speak":
        return Done(SetLanguage(own), say=_("Good. From now on I write in this language."), stay=True)
    where = {
        "nearby": Go("nearby", topic),
        "human": Go("ask_human", topic, heard=heard),
        "other": Go("not_meant", f"not-meant:{topic}", heard=heard),
        "list": Go("rights", found.menu),
        "practices": Go("practices"),
        "resume": Go("resume"),
    }
    return Done(then=where.get(door, Go("menu")), stay=True, once=door == "other")


def pages(talk: Talk, found: Article) -> dict[str, Page]:
    """Give the pages of an article, each with what must stand under every answer."""
    under = footer(talk, found)
    steps = lines(
        titled(found),
        _("<b>What you can do</b>"),
        found.steps,
        BLANK,
        _("<b>Where to go</b>"),
        found.where,
        under,
    )
    more = lines(titled(found), found.rule, BLANK, _("<b>What I cannot tell</b>"), found.limits, under)
    return {
        "short": Page(_("📄 In short"), summary(talk, found)),
        "more": Page(_("📖 More"), more),
        "steps": Page(_("✅ What can I do?"), steps),
    }


def summary(talk: Talk, found: Article) -> Lines:
    """Give the short answer."""
    return lines(titled(found), found.summary, footer(talk, found))


def titled(found: Article) -> Lines:
    """Give the title, set apart."""
    return lines(_("<b>{title}</b>", title=found.title), BLANK)


def footer(talk: Talk, found: Article) -> Lines:
    """Give the date, the source, and that this is no advice; a warning first when the text is past its date."""
    return lines(
        BLANK,
        _("⚠️ This text is old. The rules may have changed. Ask a human to be sure.")
        if talk.facts.now.date() > found.review_by
        else None,
        _(
            "<i>Checked on {day}. Source: {source}. This is information, not advice on your case.</i>",
            day=Day(found.checked, dated=True),
            source=found.source,
        ),
    )


def doors(talk: Talk, found: Article) -> Rows:
    """Give the ways on: help nearby, a human, thumbs, and back."""
    near = (Option("nearby", _("📍 Who can help?")), Option("human", _("🙋 Ask a human")))
    thumbs = (Option("up", _("👍 Useful")), Option("down", _("👎 Not useful")))
    back = Option("other", _("❌ Not what I meant")) if talk.heard else Option("list", _("◀️ To the list"))
    on: tuple[Option, ...] = (Option("menu", _("☰ Menu")),)
    rows: Rows = (near, thumbs, (back, *on))
    if found.topic == "good-practices":
        rows = ((Option("practices", _("🌍 See examples")),), *rows)
    if talk.facts.busy_with:
        rows = (*rows, (Option("resume", _("▶️ Go on with: {what}", what=talk.facts.busy_with)),))
    if talk.language and talk.language != talk.facts.person.language:
        name = Name(talk.facts.languages.get(talk.language, talk.language))
        rows = (*rows, (Option("speak", _("🌍 Always write in {language}", language=name)),))
    return rows
