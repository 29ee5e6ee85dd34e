"""What is done with a poll, told to everyone who answered: the point of asking at all."""

from __future__ import annotations

from datetime import date

from flows import draft_texts as texts
from flows.dates import Date
from flows.drafting import LIMITS, seen
from flows.maker_kinds import Written
from flows.messages import BLANK, Day, Lines, Name, Text, Told, _, lines
from flows.plain_texts import ask_plain
from flows.poll_changes import SayOutcome
from flows.poll_facts import Draft
from flows.questions import Choice, YesNo
from flows.talk import Done, Go, Picture, Talk, flow

LATEST = 180  # days in which the bot asks again
SOON = ((14, _("In two weeks")), (30, _("In a month")), (60, _("In two months")))


@flow(title=_("What is done with a poll"), knows=("scopes", "draft"))
async def outcome(talk: Talk) -> Done:
    """Ask what is done with a poll, or why nothing yet; look at it once more; tell everyone who answered.

    The subject is `id`, or `id:news` for something later.
    """
    found = seen(talk)
    if isinstance(found, Done):
        return found
    if found.state not in ("closed", "told"):
        return Done(then=Go("draft", found.id))
    done = talk.subject.endswith(":news") or await is_done(talk, found)
    words = Written(most=LIMITS["outcome"])
    checked = await ask_plain(talk, "text", lines(*(ASKED if done else ASKED_WHY)), kind="outcome", words=words)
    again = None if done else await ask_again(talk)
    text = await ask_others(talk, found, checked.text)
    sure = YesNo(yes=_("✅ Yes, tell everyone"), no=_("✖️ No, not yet"))
    if not await talk.ask("sure", reads(text, again, done=done), sure):
        return Done(then=Go("draft", found.id, say=_("Good. I told nobody.")))
    said = _("✓ Everyone who answered gets the result and your words, in the daytime. Thank you!")
    return Done(SayOutcome(found.id, text, done, again), then=Go("draft", found.id, say=said))


ASKED = (
    _("What do you do with the answers? People read this below the result."),
    _("For example: The bins are emptied twice a week now."),
)
ASKED_WHY = (
    _("Why is nothing done with it yet? People like an honest word."),
    _("For example: The landlord answers in May."),
)


async def is_done(talk: Talk, found: Draft) -> bool:
    """Ask whether something is done with it already."""
    said = lines(texts.title(found), _("What is done with it? Everyone who answered hears it, with the result."))
    choices: dict[str, Text] = {"done": _("✍️ Something is done with it"), "nothing": _("⏳ Nothing yet, and I say why")}
    return await talk.ask("what", said, Choice(choices)) == "done"


async def ask_again(talk: Talk) -> date:
    """Ask when the bot asks again."""
    said = lines(_("When shall I ask you again? People read this day too."), _("Tap one, or write a day."))
    return await talk.ask("again", said, Date(talk.facts.now.date(), last=LATEST, soon=SOON))


async def ask_others(talk: Talk, found: Draft, dutch: str) -> dict[str, str]:
    """Give the text in Dutch and in each language that the organiser has it in too."""
    read = found.reached.languages if found.reached else ()
    others = [code for code in talk.facts.languages if code != "nl"]
    others.sort(key=lambda code: code not in read)
    text = {"nl": dutch}
    while left := [code for code in others if code not in text]:
        names: dict[str, Text] = {code: Name(talk.facts.languages[code]) for code in left}
        said = (
            _("Do you have it in another language too? Else people read the Dutch, with a clear mark.")
            if len(text) == 1
            else _("In one more language?")
        )
        code = await talk.ask(f"more-{len(text)}", said, Choice({"no": _("✅ No, go on"), **names}))
        if code == "no":
            break
        asked = _("Write it in: {language}", language=names[code])
        text[code] = await talk.ask(f"text-{code}", asked, Written(most=LIMITS["outcome"]))
    return text


def reads(text: dict[str, str], again: date | None, *, done: bool) -> Lines:
    """Show how it reads."""
    words = Told(text)
    return lines(
        _("People read this below the result:"),
        BLANK,
        _("✅ What is done with it: {text}", text=words)
        if done
        else _("⏳ Nothing is done with it yet. Why: {text}", text=words),
        _("I ask again on {day}, and tell you.", day=Day(again)) if again else None,
        BLANK,
        _("It goes to everyone who answered. You cannot take it back. Shall I send it?"),
    )


@flow(title=_("What is done with your poll?"), loose=True, knows=("scopes", "draft"))
async def outcome_wanted(talk: Talk) -> Done:
    """Ask the organiser what is done with a poll, when it closed or when the day came to ask again."""
    found = seen(talk)
    if isinstance(found, Done):
        return found
    told = bool(found.news) and max(found.news, key=lambda news: news.round).done
    if found.state not in ("closed", "told") or told:
        return Done(then=Go("draft", found.id))
    title = Told(found.content.title)
    said = lines(
        _("⏰ You asked me to come back to “{title}”.", title=title)
        if found.news
        else _("🔒 Your poll “{title}” is closed.", title=title),
        texts.response(found.progress),
        _("❗ Write what is done with it. Then everyone who answered gets the result.")
        if not found.news
        else _("Is something done with it now? Everyone who answered hears it."),
    )
    look: dict[str, Text] = {"pictures": _("📊 The result as a picture")} if found.pictures else {}
    choices: dict[str, Text] = {**look, "outcome": _("✍️ Write it"), "draft": _("📋 To the poll")}
    what = await talk.ask("what", said, Choice(choices))
    if what == "pictures":
        return Done(stay=True, show=tuple(Picture(found.id, n) for n in range(found.pictures)))
    return Done(then=Go(what, found.id), stay=True)
