"""What staff do in their own chat: answer tenants, and teach the search."""

from __future__ import annotations

from flows.changes import CloseHandoff, Learn, Reply, ReplyArticle, TakeHandoff
from flows.messages import BLANK, Day, Lines, Name, Text, _, _n, lines, shortened
from flows.questions import Choice, Pick, Skippable, Words, YesNo
from flows.rights_facts import MENUS, Gap, Handoff, HandoffItem, Line, titled
from flows.talk import Done, Go, Talk, flow

SHOWN = 6  # messages of a thread
NO_ROLE = Done(then=Go("menu", "no-role"))


@flow(command="dashboard", title=_("Questions of tenants"), loose=True, knows=("handoffs", "gaps"))
async def team(talk: Talk) -> Done:
    """Show what waits for staff."""
    if not talk.facts.person.is_staff:
        return NO_ROLE
    waiting = sum(handoff.state == "waiting" for handoff in talk.facts.handoffs)
    said = lines(
        _n("One question waits for an answer.", "{n} questions wait for an answer.", n=waiting)
        if waiting
        else _("No question waits for an answer."),
        _n("One question found no article.", "{n} questions found no article.", n=talk.facts.gaps)
        if talk.facts.gaps
        else _("Every question found its article."),
    )
    choices: dict[str, Text] = {}
    if talk.facts.handoffs:
        choices["handoffs"] = _("💬 Talks with tenants")
    if talk.facts.gaps:
        choices["learn"] = _("🎓 Teach the search")
    what = await talk.ask("what", said, Choice({**choices, "menu": _("☰ Menu")}), in_place=True)
    return Done(then=Go(what))


@flow(title=_("Talks with tenants"), loose=True, knows=("handoffs",))
async def handoffs(talk: Talk) -> Done:
    """Choose one of the talks that are open."""
    if not talk.facts.person.is_staff:
        return NO_ROLE
    if not talk.facts.handoffs:
        return Done(say=_("No question waits for an answer."))
    items = [HandoffItem(handoff) for handoff in talk.facts.handoffs]
    pick = Skippable(Pick(items), skip=_("◀️ Back"))
    chosen = await talk.ask("which", _("Which talk?"), pick, in_place=True)
    return Done(then=Go("work", chosen.id) if chosen else Go("team"))


@flow(title=_("A question of a tenant"), knows=("handoff", "articles"), loose=True)
async def work(talk: Talk) -> Done:
    """Show a talk and what can be done with it; the subject is its number, and after a colon what makes it new."""
    if not talk.facts.person.is_staff:
        return NO_ROLE
    found = talk.facts.handoff
    if found is None or found.state == "closed":
        return Done(say=_("That talk is closed."))
    choices = {
        "reply": _("✍️ Write an answer"),
        "send-article": _("📖 Send an article"),
        "close": _("✖️ Close the talk"),
        "team": _("☰ Questions of tenants"),
    }
    what = await talk.ask("what", shown(talk, found), Choice(choices), lasting=True)
    id = str(found.id)
    if what == "close":
        return Done(CloseHandoff(found.id), say=_("The talk is closed. The tenant was told."))
    if what == "team":
        return Done(then=Go("team"), stay=True)
    return Done(TakeHandoff(found.id), then=Go(what.replace("-", "_"), id), stay=True)


def shown(talk: Talk, found: Handoff) -> Lines:
    """Show a talk without saying whose it is."""
    about: Text = MENUS.get(found.topic) or titled(talk.facts.articles, found.topic)
    return lines(
        _("⏰ Question {n} still waits.", n=found.id) if found.overdue else _("💬 Question {n}", n=found.id),
        _("About: {topic}", topic=about) if found.topic else None,
        _("Language: {language}", language=Name(talk.facts.languages.get(found.language, found.language))),
        _("Province: {province}", province=Name(found.province)) if found.province else None,
        _("Asked on {day}", day=Day(found.asked)),
        BLANK,
        *(line(talk, said, 250) for said in found.lines[-SHOWN:-1]),
        *(line(talk, said, 2000) for said in found.lines[-1:]),
        _("A colleague is busy with it.") if found.taken == "other" else None,
    )


def line(talk: Talk, said: Line, most: int) -> Text:
    """Show one message of a talk, cut to so many letters."""
    text = Name(shortened(said.text, most))
    if said.side == "tenant":
        return _("🏠 “{text}”", text=text)
    if said.article:
        return _("✍️ Article: {title}", title=titled(talk.facts.articles, said.article))
    return _("✍️ “{text}”", text=text)


@flow(title=_("An answer to a tenant"), knows=("handoff", "articles"))
async def reply(talk: Talk) -> Done:
    """Write to a tenant, and look at it once more before it goes."""
    found = talk.facts.handoff
    if not talk.facts.person.is_staff:
        return NO_ROLE
    if found is None or found.state == "closed":
        return Done(say=_("That talk is closed."))
    prompt = lines(_("Write your answer to question {n}.", n=found.id), reads(talk, found))
    text = await talk.ask("text", prompt, Words(3000, question=True), label=_("The answer"))
    talk.say(_("“{text}”", text=Name(text)))
    if not await talk.ask("sure", _("Shall I send this?"), YesNo(yes=_("✅ Send it"), no=_("No, do not send it"))):
        return Done(say=_("That is fine. I sent nothing."), then=Go("work", str(found.id)))
    return Done(Reply(found.id, text), say=_("Sent. You hear from me when the tenant writes back."))


def reads(talk: Talk, found: Handoff) -> Text:
    """Say which language the tenant reads."""
    language = Name(talk.facts.languages.get(found.language, found.language))
    return _("The tenant reads: {language}. Short sentences help.", language=language)


@flow(title=_("An article for a tenant"), knows=("handoff", "articles"))
async def send_article(talk: Talk) -> Done:
    """Send an article; the tenant reads it in their own language."""
    found = talk.facts.handoff
    if not talk.facts.person.is_staff:
        return NO_ROLE
    if found is None or found.state == "closed":
        return Done(say=_("That talk is closed."))
    article = await pick_article(talk)
    chosen = talk.facts.articles[article]
    talk.say(lines(_("<b>{title}</b>", title=chosen.title), chosen.summary), reads(talk, found))
    if not await talk.ask("sure", _("Shall I send this?"), YesNo(yes=_("✅ Send it"), no=_("No, do not send it"))):
        return Done(say=_("That is fine. I sent nothing."), then=Go("work", str(found.id)))
    return Done(ReplyArticle(found.id, article), say=_("Sent. You hear from me when the tenant writes back."))


async def pick_article(talk: Talk) -> str:
    """Ask for a group, then for an article of it."""
    group = await talk.ask("group", _("What is it about?"), Choice(dict(MENUS)))
    items = [article for article in talk.facts.articles.values() if article.menu == group]
    chosen = await talk.ask(f"topic-{group}", _("Which article?"), Pick(items))
    return chosen.topic


@flow(title=_("Teach the search"), knows=("gaps", "articles"), loose=True)
async def learn(talk: Talk) -> Done:
    """Show one question that found no answer, with the three best topics: one tap says what becomes of it."""
    if not talk.facts.person.is_staff:
        return NO_ROLE
    found = talk.facts.gap
    if found is None:
        return Done(then=Go("team", say=_("That one is done. Thank you!")))
    if talk.subject != str(found.id):
        return Done(then=Go("learn", str(found.id)))
    titles: dict[str, Text] = {topic: titled(talk.facts.articles, topic) for topic in found.topics}
    choices = {
        **titles,
        "other": _("📚 Another article"),
        "scope": _("🚫 Not a question for us"),
        "wanted": _("📝 We need a new article"),
        "passed": _("⏭️ Leave it"),
        "team": _("☰ Questions of tenants"),
    }
    what = await talk.ask("what", untold(talk, found), Choice(choices), in_place=True)
    if what == "team":
        return Done(then=Go("team"))
    if what == "other":
        return Done(then=Go("link_other", str(found.id)))
    if what in titles:
        learned = _("✓ Learned: {title}", title=titles[what])
        return Done(Learn(found.id, "linked", what), then=Go("learn", say=learned))
    return Done(Learn(found.id, {"scope": "out-of-scope"}.get(what, what)), then=Go("learn", say=_("✓ Noted.")))


@flow(title=_("Teach the search"), knows=("gaps", "articles"))
async def link_other(talk: Talk) -> Done:
    """Link a question to an article that the search did not think of."""
    if not talk.facts.person.is_staff:
        return NO_ROLE
    if talk.facts.gap is None:
        return Done(then=Go("team", say=_("That one is done. Thank you!")))
    talk.say(untold(talk, talk.facts.gap))
    topic = await pick_article(talk)
    return Done(Learn(talk.facts.gap.id, "linked", topic), then=Go("learn"))


def untold(talk: Talk, found: Gap) -> Lines:
    """Show a question that found no answer, and why it is here."""
    why = {
        "unanswered": _("I had no answer to this:"),
        "not-meant": _("My answer to this was not the right one:"),
        "thumbs-down": _("My answer to this was not useful:"),
    }
    return lines(
        why.get(found.why, why["unanswered"]),
        _("“{text}”", text=Name(shortened(found.text, 1500))),
        _("Language: {language}", language=Name(talk.facts.languages.get(found.language, found.language))),
        _("Which article answers it? The search learns it at the next build."),
        _("Is there a name in it? Then leave it."),
    )
