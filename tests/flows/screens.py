"""What must be true of every screen of every conversation, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from bot.i18n import SOURCE, Language, texts_in
from bot.screens import LONGEST_LABEL, keyboard, question_texts, split
from flows.engine import Turn
from flows.messages import Lines, Listing, Msg, Name, Spoken, Text, Ticked, Told, Value
from flows.questions import Option
from tests.flows.people import LANGUAGES

TOKEN = "t" * 16  # as long as bot.store.sessions makes them
LONGEST_DATA = 64  # bytes (Bot API, InlineKeyboardButton)
LONGEST_SCREEN = 900  # characters: two screens of a small phone are a wall of text
MARKUP = {"b", "i", "u", "s", "a", "code", "pre", "tg-spoiler", "blockquote"}  # of the Bot API's HTML style
OPTION = re.compile(r"[a-z0-9-]{1,32}|~[a-z0-9-]{1,31}")
ISOLATES = "\u2068\u2069"


class Markup(HTMLParser):
    """Find what Telegram would refuse: unknown tags, and tags that do not close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag not in MARKUP:
            self.wrong.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")


def problems(turn: Turn) -> Iterator[str]:
    """Name what is wrong with the screen of a turn."""
    yield from untranslated(turn)
    for language in LANGUAGES.values():
        for problem in [*wrong_text(language, turn), *wrong_buttons(language, turn)]:
            yield f"{language.code}: {problem}"
    if turn.question and not ways_on(turn):
        yield f"a dead end: {turn.question.key}"


def untranslated(turn: Turn) -> Iterator[str]:
    """Name each sentence that some language does not have."""
    for msg in {msg.id: msg for text in texts_of(turn) for msg in texts_in(text)}.values():
        for code, language in LANGUAGES.items():
            if code != SOURCE and msg.id not in language.messages:
                yield f"{code}: not translated: {msg.id!r}"


def wrong_text(language: Language, turn: Turn) -> Iterator[str]:
    """Name what is wrong with the text of a screen in one language."""
    texts, _files = split(turn.say)
    shown = question_texts(turn, texts)
    for text in [language.text(text) for text in shown]:
        if not text.strip():
            yield "an empty text"
        if not has_braces(shown) and ("{" in text or "}" in text):
            yield f"an open place: {text!r}"
        if text.count(ISOLATES[0]) != text.count(ISOLATES[1]):
            yield f"an isolate is not closed: {text!r}"
        yield from broken_markup(text)
    length = sum(len(language.plain(text)) + 2 for text in shown)
    if length > LONGEST_SCREEN:
        yield f"a wall of text, {length} characters"


def broken_markup(text: str) -> Iterator[str]:
    """Name the markup in a text that Telegram would refuse."""
    markup = Markup()
    markup.feed(text)
    markup.close()
    if markup.open or markup.wrong:
        yield f"markup {markup.wrong or markup.open} in {text!r}"
    if re.search(r"&(?!amp;|lt;|gt;|quot;|#\d+;)", text):
        yield f"an open & in {text!r}"


def wrong_buttons(language: Language, turn: Turn) -> Iterator[str]:
    """Name what is wrong with the buttons of a screen in one language."""
    labels = []
    for option, (label, data) in zip(options(turn), flat(keyboard(language, turn.rows, TOKEN)), strict=True):
        labels.append(label)
        if not OPTION.fullmatch(option.id) or len(data.encode()) > LONGEST_DATA:
            yield f"the option {option.id!r} does not fit a button"
        if not label.strip() or len(label) > LONGEST_LABEL:
            yield f"the label {label!r} does not fit a button"
        if label != language.plain(option.label) and not has_told(option.label):
            yield f"our own label is cut: {label!r}"
    if len(set(labels)) < len(labels):
        yield f"two buttons with one label: {labels}"


def ways_on(turn: Turn) -> bool:
    """Tell whether a person can answer: with a button other than back and out, or with words or a file."""
    assert turn.question is not None
    return bool(turn.question.kind.takes) or any(o.id not in ("~back", "~cancel") for o in options(turn))


def options(turn: Turn) -> list[Option]:
    """Give the buttons of a turn."""
    return [option for row in turn.rows for option in row]


def flat(rows: Iterable[list[tuple[str, str]]]) -> list[tuple[str, str]]:
    """Give the buttons of a rendered keyboard."""
    return [button for row in rows for button in row]


def texts_of(turn: Turn) -> list[Text]:
    """Give every text of a turn, buttons and the labels of answers included."""
    said, _files = split(turn.say)
    label = turn.question.label if turn.question else None
    return [*question_texts(turn, said), *(option.label for option in options(turn)), *((label,) if label else ())]


def has_told(text: Text) -> bool:
    """Tell whether a text holds the words of an organiser, which may be long."""
    return any(isinstance(part, Told) for part in parts(text))


def has_braces(texts: Iterable[Text]) -> bool:
    """Tell whether someone's own words, an organiser's or a tenant's, hold a brace."""
    own = [part for text in texts for part in parts(text)]
    told = [words for part in own if isinstance(part, Told) for words in part.texts.values()]
    return any("{" in words for words in (*told, *(part.text for part in own if isinstance(part, Name))))


def parts(text: Value) -> Iterator[Value]:
    """Walk everything inside a text."""
    yield text
    inside: Iterable[Value] = ()
    match text:
        case Msg():
            inside = text.params.values()
        case Lines():
            inside = text.lines
        case Listing():
            inside = text.items
        case Ticked():
            inside = (text.label,)
        case Spoken():
            inside = (text.text,)
    for part in inside:
        yield from parts(part)
