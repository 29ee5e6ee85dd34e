"""The words of a poll: each of its texts in Dutch, and in other languages."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flows.drafting import (
    MAKING,
    MOST_QUESTIONS,
    PROMPTS,
    Place,
    editable,
    next_step,
    place_of,
    places,
    print_of,
    put,
)
from flows.maker_kinds import Written
from flows.messages import BLANK, Lines, Listing, Name, Text, Told, _, _n, lines, shortened
from flows.plain_texts import ask_plain
from flows.poll_changes import SavePoll
from flows.poll_facts import Draft, PollQuestion
from flows.questions import Choice, Pick, Skippable, YesNo
from flows.talk import Done, Go, Talk, flow


@flow(title=_("A text of a poll"), knows=("scopes", "draft"))
async def poll_text(talk: Talk) -> Done:
    """Write one text in Dutch. The subject is `id:place`, then `new` while the poll is made, or the mark of the text that
    was read, so that it shows when someone else changed it meanwhile."""
    found = editable(talk)
    if isinstance(found, Done):
        return found
    _id, id, mark = (*talk.subject.split(":"), "", "")[:3]
    place = place_of(found.content, id)
    if place is None:
        return Done(then=Go("draft", found.id, say=_("That text is not there any more.")))
    checked = await ask_plain(talk, "text", prompt(place, found, mark), kind=place.kind, words=Written(most=place.most))
    if not await may_replace(talk, place, mark, checked.text):
        return Done(then=Go("draft", found.id, say=_("Good. I kept what was there.")))
    texts = await with_others(talk, found, place, checked.text)
    content = put(found.content, place.id, texts)
    change = SavePoll(found.id, found.revision, content, checked.overridden)
    return Done(change, then=next_step(found.id, content) if mark == MAKING else Go("poll_parts", found.id))


def prompt(place: Place, found: Draft, mark: str) -> Lines:
    """Ask for a text, and show the one that is there."""
    asked = PROMPTS.get(place.id, (_("Write the new text."),))
    now = place.texts.get("nl", "")
    return lines(
        kept(found) if mark == MAKING and place.id == "why" else None,
        None if place.id in PROMPTS else _("<b>{what}</b>", what=place.label),
        *asked,
        _("Now it says:") if now else None,
        Name(now) if now else None,
    )


def kept(found: Draft) -> Text:
    """Say that nothing gets lost."""
    title = Told(found.content.title)
    return _("💾 “{title}” is kept. You can stop at any time and go on later: /organiseren.", title=title)


async def may_replace(talk: Talk, place: Place, mark: str, text: str) -> bool:
    """Ask whether a text may replace one that someone else wrote since it was read."""
    if mark in ("", MAKING, print_of(place.texts)):
        return True
    said = lines(
        _("Someone else changed this text meanwhile. Now it says:"),
        _("“{text}”", text=Name(place.texts.get("nl", ""))),
        _("Yours:"),
        _("“{text}”", text=Name(text)),
    )
    return await talk.ask("sure", said, YesNo(yes=_("Keep mine"), no=_("Keep theirs")))


async def with_others(talk: Talk, found: Draft, place: Place, text: str) -> dict[str, str]:
    """Give a text with its translations, which stay only where they are still right."""
    others = {code: words for code, words in place.texts.items() if code != "nl" and words}
    if not others or place.texts.get("nl") == text:
        return {**place.texts, "nl": text}
    names = Listing(tuple(Name(talk.facts.languages.get(code, code)) for code in others))
    asked = _("This text is there in other languages too: {languages}. Are those still right?", languages=names)
    stays = await talk.ask("others", asked, YesNo(yes=_("Yes, still right"), no=_("No, take them out")))
    return {**(others if stays else {}), "nl": text}


@dataclass(frozen=True)
class Tongue:
    """A language to write in, with the texts it misses."""

    id: str
    name: str
    gaps: int

    @property
    def button(self) -> Text:
        """Give its own name, and what is missing."""
        if not self.gaps:
            return _("✅ {language}", language=Name(self.name))
        return _("{language}: {n} to write", language=Name(self.name), n=self.gaps)


@flow(title=_("Other languages of a poll"), loose=True, knows=("scopes", "draft"))
async def poll_languages(talk: Talk) -> Done:
    """Choose a language to write in. Those that people of the audience read come first."""
    found = editable(talk)
    if isinstance(found, Done):
        return found
    read = found.reached.languages if found.reached else ()
    gaps = found.content.gaps(talk.facts.languages)
    codes = sorted((code for code in talk.facts.languages if code != "nl"), key=lambda code: code not in read)
    tongues = [Tongue(code, talk.facts.languages[code], gaps.get(code, 0)) for code in codes]
    asked = lines(
        _("In which language do you want to write?"),
        _("Where a text is missing I send the Dutch, with a clear mark."),
        _("The languages of your tenants come first.") if set(codes) & set(read) else None,
    )
    chosen = await talk.ask("language", asked, Skippable(Pick(tongues), skip=_("◀️ Back")), in_place=True)
    if chosen is None:
        return Done(then=Go("draft", found.id))
    subject = f"{found.id}:{chosen.id}:0" if chosen.gaps else f"{found.id}:{chosen.id}:all:0"
    return Done(then=Go("poll_words", subject), stay=True)


@flow(title=_("A poll in another language"), knows=("scopes", "draft"))
async def poll_words(talk: Talk) -> Done:
    """Write one text after another in another language. The subject is `id:language:n`: the texts that are missing, from
    the n-th text on; or `id:language:all:n`: every text. Each is kept at once."""
    found = editable(talk)
    if isinstance(found, Done):
        return found
    _id, code, *rest = (*talk.subject.split(":"), "", "")
    if code not in talk.facts.languages or code == "nl":
        return Done(then=Go("poll_languages", found.id))
    n, place = next_place(found, code, rest)
    if place is None:
        return Done(then=Go("poll_languages", found.id, say=ready(talk, found, code)))
    every = "all:" if rest[0] == "all" else ""
    onward = Go("poll_words", f"{found.id}:{code}:{every}{n + 1}")
    kind = Written(most=place.most, skip=_("⏭️ Skip this one"))
    text = await talk.ask("text", asked_in(talk, place, code), kind)
    if not text:
        return Done(then=onward)
    content = put(found.content, place.id, {**place.texts, code: text})
    return Done(SavePoll(found.id, found.revision, content), then=onward)


def next_place(found: Draft, code: str, rest: list[str]) -> tuple[int, Place | None]:
    """Give the next text to write in a language, and its number; None once there is none left."""
    every, first = rest[0] == "all", next((int(part) for part in rest if part.isdecimal()), 0)
    for n, place in enumerate(places(found.content)):
        if n >= first and place.texts.get("nl") and (every or not place.texts.get(code)):
            return n, place
    return 0, None


def asked_in(talk: Talk, place: Place, code: str) -> Lines:
    """Ask for a text in another language, with the Dutch above it."""
    now = place.texts.get(code, "")
    return lines(
        _("{what} in: {language}", what=place.label, language=Name(talk.facts.languages[code])),
        BLANK,
        _("In Dutch:"),
        Name(place.texts["nl"]),
        *((BLANK, _("Now it says:"), Name(now)) if now else ()),
    )


def ready(talk: Talk, found: Draft, code: str) -> Text:
    """Say what a language still misses."""
    name = Name(talk.facts.languages[code])
    gaps = found.content.gaps({code: ""}).get(code, 0)
    if not gaps:
        return _("✅ Every text is there now in: {language}", language=name)
    return _n("One text is missing in: {language}", "{n} texts are missing in: {language}", n=gaps, language=name)


@flow(title=_("Texts and questions of a poll"), loose=True, knows=("scopes", "draft"))
async def poll_parts(talk: Talk) -> Done:
    """List what can be changed of a draft: texts, times, questions. A tap opens one."""
    found = editable(talk)
    if isinstance(found, Done):
        return found
    content = found.content
    choices: dict[str, Text] = {
        "title": _("✏️ The title"),
        "why": _("✏️ Why you ask it"),
        "use": _("✏️ What is done with it"),
        "until": _("⏰ Until when"),
    }
    for n, question in enumerate(content.questions, 1):
        choices[option_of(question)] = _("{n}. {question}", n=n, question=Told(question.text))
    if len(content.questions) < MOST_QUESTIONS:
        choices["add"] = _("➕ Another question")
    choices["back"] = _("◀️ Back")
    what = await talk.ask("what", parts_told(found), Choice(choices), in_place=True)
    return opened(found, what)


def opened(found: Draft, what: str) -> Done:
    """Open a part of a draft."""
    if what == "back":
        return Done(then=Go("draft", found.id))
    if what == "until":
        return Done(then=Go("poll_until", found.id), stay=True)
    if what == "add":
        return Done(then=Go("poll_question", found.id), stay=True)
    for question in found.content.questions:
        if what == option_of(question):
            return Done(then=Go("poll_item", f"{found.id}:{question.id}"))
    place = place_of(found.content, what)
    assert place is not None
    return Done(then=Go("poll_text", f"{found.id}:{what}:{print_of(place.texts)}"), stay=True)


def option_of(question: PollQuestion) -> str:
    """Give the id of the button of a question."""
    return f"q-{question.id}"[:32]


def parts_told(found: Draft) -> Lines:
    """Show the three texts that stand above the questions."""
    short = [{code: shortened(words, 150) for code, words in text.items()} for text in texts_above(found)]
    named = zip((_("Why: {text}"), _("What is done with it: {text}")), short, strict=True)
    return lines(
        _("<b>{title}</b>", title=Told(found.content.title)),
        *(replace(said, params={"text": Told(text)}) for said, text in named if text),
        BLANK,
        _("What would you like to change?"),
    )


def texts_above(found: Draft) -> tuple[dict[str, str], dict[str, str]]:
    """Give why it is asked, and what is done with it."""
    return dict(found.content.why), dict(found.content.use)
