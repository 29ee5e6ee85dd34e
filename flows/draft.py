"""One poll in the hands of its organisers: where it stands, and what can be done with it now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from flows import draft_texts as texts
from flows.drafting import editable, seen
from flows.messages import BLANK, Lines, Moment, Text, Told, _, lines
from flows.poll_changes import SavePoll, StopSending, TakeBack
from flows.poll_facts import Draft
from flows.questions import Choice, Option, Page, Reader
from flows.talk import Done, Go, Picture, QrCode, Talk, flow

DOORS: Mapping[str, tuple[str, str]] = {
    # the button, the flow it opens, and what stands after the id in its subject
    "try": ("poll", ":try"),
    "samples": ("poll_samples", ""),
    "audience": ("audience", ""),
    "texts": ("poll_parts", ""),
    "languages": ("poll_languages", ""),
    "starts": ("poll_starts", ""),
    "more": ("draft_more", ""),
    "drop": ("poll_act", ":drop"),
    "release": ("release", ""),
    "send-back": ("send_back", ""),
    "nudge": ("poll_act", ":nudge"),
    "close": ("poll_act", ":close"),
    "outcome": ("outcome", ""),
    "news": ("outcome", ":news"),
    "words": ("result", ""),
    "copy": ("organise_poll", ":copy"),
}
IN_PLACE = ("samples", "audience", "texts", "more", "languages", "drop", "nudge", "close", "words")


@flow(title=_("A poll of yours"), loose=True, knows=("scopes", "draft", "choices"))
async def draft(talk: Talk) -> Done:
    """Show a poll and what can be done with it. The subject is its id."""
    found = seen(talk)
    if isinstance(found, Done):
        return found
    pages = {name: Page(label, text) for name, (label, text) in pages_of(talk, found).items()}
    rows = tuple((Option(id, label),) for id, label in {**buttons(talk, found), **BACK}.items())
    reader = Reader(pages, rows)
    what = await talk.ask("what", next(iter(pages.values())).text, reader, in_place=True)
    return after(found, what)


BACK: Mapping[str, Text] = {"polls": _("☰ All my polls")}


def after(found: Draft, what: str) -> Done:
    """Do what a button says: change something at once, or go where it leads. A door to a text leaves this screen as it is."""
    again = Go("draft", found.id)
    match what:
        case "polls":
            return Done(then=Go("organise_polls"))
        case "secret":
            content = replace(found.content, secret=not found.content.secret)
            return Done(SavePoll(found.id, found.revision, content), then=Go("draft_more", found.id))
        case "anyone":
            content = replace(found.content, anyone=not found.content.anyone)
            return Done(SavePoll(found.id, found.revision, content), then=Go("draft_more", found.id))
        case "take-back":
            said = _("✓ It is a draft again. Nothing went out.")
            return Done(TakeBack(found.id), then=replace(again, say=said))
        case "stop":
            said = _("🛑 Stopped. I send nothing more of this poll.")
            return Done(StopSending(found.id), then=replace(again, say=said))
        case "pictures":
            return Done(stay=True, show=tuple(Picture(found.id, n) for n in range(found.pictures)))
        case "link":
            caption = _("This code opens “{title}”. Print it, or send it on.", title=Told(found.content.title))
            return Done(stay=True, show=(QrCode(f"poll-{found.id}", caption),))
    name, rest = DOORS[what]
    return Done(then=Go(name, found.id + rest), stay=what not in IN_PLACE)


def buttons(talk: Talk, found: Draft) -> dict[str, Text]:
    """Give what can be done with a poll in the state it is in."""
    match found.state:
        case "draft":
            return of_draft(found)
        case "waiting":
            return of_waiting(found)
        case "released":
            return {"try": SEE, "take-back": _("🛑 Stop: do not send it")}
        case "open":
            return of_open(talk, found)
        case "closed":
            return {**result(found), "outcome": _("✍️ What is done with it?"), "copy": COPY}
        case "told":
            news = _("✍️ Tell later news")
            return {**result(found), ("news" if told_done(found) else "outcome"): news, "copy": COPY}
        case _:
            return {"copy": COPY}


SEE = _("👀 See it as a tenant")
COPY = _("📄 Make a copy")


def told_done(found: Draft) -> bool:
    """Tell whether people know what is done with it, so that only later news is left to tell."""
    return bool(found.news) and max(found.news, key=lambda news: news.round).done


def of_draft(found: Draft) -> dict[str, Text]:
    """Give what can be done with a draft: the next thing first, what few need on a screen of its own."""
    send: dict[str, Text] = {"release": _("📨 Send it") if not found.missing() else _("▶️ Fill in what is missing")}
    look: dict[str, Text] = {"try": SEE, "samples": _("🌍 See it in each language")} if found.content.questions else {}
    return {
        **send,
        **look,
        "texts": _("✏️ Texts and questions"),
        "audience": _("👥 Who gets it"),
        "more": _("⚙️ Languages, start, throw away"),
    }


@flow(title=_("More about a poll"), loose=True, knows=("scopes", "draft"))
async def draft_more(talk: Talk) -> Done:
    """Offer what few need of a draft: other languages, its start, secrecy from the start, throwing it away."""
    found = editable(talk)
    if isinstance(found, Done):
        return found
    choices: dict[str, Text] = {
        "languages": _("🌍 Add other languages"),
        "starts": _("🕙 When it starts"),
        "anyone": _("🚪 Only who gets it may answer")
        if found.content.anyone
        else _("🔗 Who was not asked may answer too"),
        "secret": _("🔓 Let people change their answer")
        if found.content.secret
        else _("🔒 Do not let people change an answer"),
        "drop": _("🗑️ Throw it away"),
        "back": _("◀️ Back"),
    }
    said = lines(
        texts.title(found),
        *texts.times(found.content),
        _("🔗 Who comes by the link or a poster may answer too") if found.content.anyone else None,
        _("🔒 An answer cannot be changed later") if found.content.secret else _("🔓 People can change their answer"),
    )
    what = await talk.ask("what", said, Choice(choices), in_place=True)
    return Done(then=Go("draft", found.id)) if what == "back" else after(found, what)


def of_waiting(found: Draft) -> dict[str, Text]:
    """Give what can be done with a poll that waits for a second person."""
    release: dict[str, Text] = {"release": _("✅ Read it and let it go out"), "send-back": _("↩️ Send it back")}
    mine: dict[str, Text] = {"take-back": _("↩️ Take it back to change it")}
    return {"try": SEE, **(release if found.may_release else {}), **(mine if found.made_by_me else {})}


def of_open(talk: Talk, found: Draft) -> dict[str, Text]:
    """Give what can be done with an open poll. One nudge, a day after it began."""
    stop: dict[str, Text] = {"stop": _("🛑 Stop sending")} if found.sending and not found.stopped else {}
    began = found.starts or found.content.opens
    late = began is None or talk.facts.now >= began + timedelta(days=1)
    nudge: dict[str, Text] = {"nudge": _("🔔 Remind who did not answer")} if late and not found.nudged else {}
    link: Text = _("🔗 QR code for a poster")
    return {**stop, **nudge, "link": link, "close": _("🔒 Close it now"), "copy": COPY}


def result(found: Draft) -> dict[str, Text]:
    """Give the ways to see the result."""
    pictures: dict[str, Text] = {"pictures": _("📊 The result as a picture")} if found.pictures else {}
    words: dict[str, Text] = {"words": _("📝 The result in words")} if found.bars else {}
    return {**pictures, **words}


def pages_of(talk: Talk, found: Draft) -> dict[str, tuple[Text, Text]]:
    """Give the pages of a poll, each with its button; the first is shown first."""
    pages: dict[str, tuple[Text, Text]] = {"page": (_("◀️ Back to the start"), main_page(talk, found))}
    progress = found.progress
    if found.state == "draft" and len(found.content.questions) > texts.FEW:
        pages["questions"] = (_("❓ The questions"), lines(texts.title(found), *texts.question_lines(found.content)))
    if found.state == "open" and progress and progress.regions:
        said = lines(texts.title(found), BLANK, *texts.region_lines(progress))
        pages["regions"] = (_("📍 Per province"), said)
    if found.state in ("open", "closed", "told") and progress and progress.reach:
        said = lines(_("🧭 Who is missing?"), BLANK, *texts.missing_groups(talk.facts, progress))
        pages["reach"] = (_("🧭 Who is missing?"), said)
    return pages


def main_page(talk: Talk, found: Draft) -> Lines:
    """Say how a poll stands."""
    if found.state == "draft":
        return texts.draft_screen(talk.facts, found)
    return lines(texts.title(found), texts.asker(found), BLANK, *state_lines(talk, found))


def state_lines(talk: Talk, found: Draft) -> tuple[Text, ...]:
    """Say what happens with a poll that is no draft any more."""
    until = tuple(texts.times(replace(found.content, opens=None)))
    response = tuple(filter(None, (texts.response(found.progress),)))
    match found.state:
        case "waiting":
            wait = _("⏳ It waits for a second person. Then it goes out.")
            reached = tuple(texts.reached_lines(found.reached)) if found.reached else ()
            return (_("⏳ It waits for you to read it.") if found.may_release else wait, *reached, *until)
        case "released":
            starts = _("🕙 It goes out at {when}.", when=Moment(found.starts)) if found.starts else None
            still = _("Until then you can stop it.")
            return (*((starts,) if starts else ()), still, *until)
        case "open":
            progress = tuple(texts.progress_lines(found, found.progress)) if found.progress else ()
            nudged = (_("🔔 You reminded people once. More is not possible."),) if found.nudged else ()
            return (*progress, *nudged, *until)
        case "closing":
            return (_("🔒 It is closed. I count the answers now. Please look again in a minute."),)
        case "closed":
            ask = _("❗ Write what is done with it. Then everyone who answered gets the result.")
            return (_("🔒 It is closed."), *response, ask)
        case "told":
            useful = texts.useful_line(found)
            told = (_("✅ Everyone who answered gets the result."), *response, *texts.news_lines(found))
            return (*told, *((useful,) if useful else ()))
        case _:
            return (_("✖️ It does not go on."),)
