"""Turn what a flow shows into messages for Telegram: text, buttons, and references to files."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from bot.i18n import ISOLATE, POP, Language
from flows.engine import Turn, chosen
from flows.messages import Text, Ticked, units
from flows.questions import Option, Rows
from flows.talk import Asked, CalendarFile, MyDataFile, Picture, QrCode, ResultFile, Shown, Venue

Payload = dict[str, Any]
Keyboard = list[list[tuple[str, str]]]
LONGEST_TEXT = 4096  # UTF-16 units, after parsing (Bot API, sendMessage)
LONGEST_CAPTION = 1024  # UTF-16 units, after parsing (Bot API, sendPhoto)
LONGEST_LABEL = 60  # beyond that a phone of 360 pixels cuts a label


def split(shown: tuple[Shown, ...]) -> tuple[list[Text], list[Payload]]:
    """Part what is said from the files that are shown after it."""
    texts: list[Text] = []
    files: list[Payload] = []
    for item in shown:
        match item:
            case CalendarFile():
                files.append({"kind": "calendar", "meeting": item.meeting})
            case Venue():
                files.append({"kind": "venue", "meeting": item.meeting})
            case MyDataFile():
                files.append({"kind": "export", "shape": item.shape})
            case Picture():
                files.append({"kind": "picture", "poll": item.poll, "number": item.number})
            case ResultFile():
                files.append({"kind": "results", "poll": item.poll})
            case QrCode():
                files.append({"kind": "qr", "payload": item.payload, "caption": item.caption})
            case _:
                texts.append(item)
    return texts, files


def in_words(language: Language, files: list[Payload]) -> list[Payload]:
    """Render what is said under a file."""
    return [
        {**file, "text": language.text(file["caption"]), "caption": None, "rows": []} if "caption" in file else file
        for file in files
    ]


def captioned(message: Payload, files: list[Payload]) -> list[Payload]:
    """Put a message under the picture it belongs to, buttons and all, where it fits; the other files follow."""
    if not files or files[0]["kind"] != "picture" or units(_parsed(message["text"])) > LONGEST_CAPTION:
        return [message, *files]
    if message["kind"] != "send":
        return [message, *files]
    picture = {**files[0], "text": message["text"], "rows": message["rows"]}
    return [picture, *files[1:]]


def _parsed(html: str) -> str:
    """Give what Telegram counts of a text: without its markup."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def keyboard(language: Language, rows: Rows, token: str, ticked: str | None = None) -> Keyboard:
    """Render buttons; each carries its token and option, at most 64 bytes together."""

    def label(option: Option) -> str:
        text = language.plain(Ticked(option.label) if option.id == ticked else option.label)
        return shortened(text)

    return [[(label(option), f"{token}:{option.id}") for option in row] for row in rows]


def shortened(text: str) -> str:
    """Cut a label to what a narrow phone shows, whole words first; every isolate that was opened is closed again."""
    if len(text) - text.count(ISOLATE) - text.count(POP) <= LONGEST_LABEL:
        return text
    cut = text[: LONGEST_LABEL - 1]
    cut = cut.rsplit(" ", 1)[0] if " " in cut[LONGEST_LABEL // 2 :] else cut
    return cut + "…" + POP * (cut.count(ISOLATE) - cut.count(POP))


def body(language: Language, texts: list[Text]) -> str:
    """Join texts to one message, a blank line between them."""
    return "\n\n".join(language.text(text) for text in texts)


def screen(language: Language, texts: list[Text], buttons: Keyboard, edit: int | None = None) -> Payload:
    """Make one message, or the edit of one."""
    text = body(language, texts)
    if edit is None:
        return {"kind": "send", "text": text, "rows": buttons}
    return {"kind": "edit", "message_id": edit, "text": text, "rows": buttons}


def answered(language: Language, asked: Asked, message_id: int, token: str) -> Payload:
    """Edit the tapped message: the chosen answer marked, its buttons gone; a lasting one keeps its buttons."""
    texts, _files = split(asked.said)
    texts.append(asked.question.prompt)
    if asked.question.lasting:
        drawn = asked.question.kind.rows(asked.answer.chosen)
        shown = any(isinstance(option.label, Ticked) for row in drawn for option in row)
        ticked = asked.answer.chosen[0] if asked.answer.chosen and not shown else None
        rows = keyboard(language, drawn, token, ticked)
        return {**screen(language, texts, rows, message_id), "mark": True}
    marks: list[Text] = [label if isinstance(label, Ticked) else Ticked(label) for label in chosen(asked)]
    return {**screen(language, [*texts, *marks[:12]], [], message_id), "mark": True}


def question_texts(turn: Turn, texts: list[Text]) -> list[Text]:
    """Put the prompt after what is said."""
    return [*texts, turn.question.prompt] if turn.question else texts
