"""Message text as Telegram takes it: HTML to plain text with entities, counted in UTF-16 units."""

import re
from html import unescape
from typing import Any

from bot.phone.errors import ApiError, bad_request

Entity = dict[str, Any]

PLAIN_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "tg-spoiler": "spoiler", "blockquote": "blockquote",
}  # fmt: skip
SUPPORTED = {*PLAIN_TAGS, "a", "span"}
_TAG = re.compile(r"<(/?)([^\s<>/]*)([^<>]*)>")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")
_SPECIAL = re.compile(r"[<&]")
_FOUND_BY_TELEGRAM = re.compile(r"(?P<url>https?://[^\s<>]*[^\s<>.,;:!?)\"'])|(?<![\w/])(?P<bot_command>/\w{1,32})\b")


def units(text: str) -> int:
    """Return the length of `text` in UTF-16 units, in which Telegram counts all limits and offsets."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Return the plain text and the entities of Telegram's HTML; raise a 400 in Telegram's words if it is wrong."""
    return _Reader(source).read()


def found_entities(text: str) -> list[Entity]:
    """Return the entities that Telegram itself finds in plain text: links and commands."""
    if "/" not in text:
        return []
    return [
        {"type": hit.lastgroup, "offset": units(text[: hit.start()]), "length": units(hit.group())}
        for hit in _FOUND_BY_TELEGRAM.finditer(text)
    ]


def with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """Return the given entities and, where those leave room, the ones that Telegram finds itself."""
    found = found_entities(text)
    free = [new for new in found if not any(_overlap(new, given) for given in entities)]
    return sorted([*entities, *free], key=_place) if free else entities


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Return `text` without the white space around it, as Telegram stores it, and the entities moved along."""
    cut = units(text) - units(text.lstrip())
    text = text.strip()
    end = units(text)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        stop = min(entity["offset"] + entity["length"] - cut, end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return text, sorted(kept, key=_place)


def _place(entity: Entity) -> tuple[int, int]:
    """Order by position, the outer one first."""
    return entity["offset"], -entity["length"]


def _overlap(one: Entity, other: Entity) -> bool:
    return bool(one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"])


class _Reader:
    """One pass over HTML source; the stack holds the open tags."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.out: list[str] = []
        self.length = 0
        self.stack: list[tuple[str, Entity]] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        at = 0
        while hit := _SPECIAL.search(self.source, at):
            self._put(self.source[at : hit.start()])
            at = self._tag(hit.start()) if hit.group() == "<" else self._character(hit.start())
        self._put(self.source[at:])
        if self.stack:
            raise _unparsed(f'Can\'t find end tag corresponding to start tag "{self.stack[-1][0]}"')
        return "".join(self.out), self.entities

    def _put(self, text: str) -> None:
        self.out.append(text)
        self.length += units(text)

    def _character(self, at: int) -> int:
        """Take a character reference; what Telegram does not know stays as it is written."""
        hit = _CHARACTER.match(self.source, at)
        self._put(unescape(hit.group()) if hit else "&")
        return hit.end() if hit else at + 1

    def _tag(self, at: int) -> int:
        hit = _TAG.match(self.source, at)
        if hit is None:
            kind = "end" if self.source.startswith("</", at) else "start"
            raise _unparsed(f"Unclosed {kind} tag at byte offset {self._bytes(at)}")
        slash, name, rest = hit.group(1), hit.group(2).lower(), hit.group(3)
        if slash:
            self._close(name, at)
        else:
            self._open(name, _attributes(rest), at)
        return hit.end()

    def _open(self, name: str, attributes: dict[str, str], at: int) -> None:
        if name not in SUPPORTED:
            raise _unparsed(f'Unsupported start tag "{name}" at byte offset {self._bytes(at)}')
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsed(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(at)}')
        entity: Entity = {"type": PLAIN_TAGS.get(name, "spoiler"), "offset": self.length}
        if name == "a":
            entity.update(type="text_link", url=attributes.get("href", ""))
        elif name == "code" and self.stack and self.stack[-1][0] == "pre" and "class" in attributes:
            self.stack[-1][1]["language"] = attributes["class"].removeprefix("language-")
        elif name == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        self.stack.append((name, entity))

    def _close(self, name: str, at: int) -> None:
        if not self.stack:
            raise _unparsed(f"Unexpected end tag at byte offset {self._bytes(at)}")
        opened, entity = self.stack.pop()
        if name not in ("", opened):
            found = f'expected "</{opened}>", found "</{name}>"'
            raise _unparsed(f"Unmatched end tag at byte offset {self._bytes(at)}, {found}")
        entity["length"] = self.length - entity["offset"]
        without_target = entity["type"] == "text_link" and not entity["url"]
        if entity["length"] and not without_target and not self._inside_pre(opened):
            self.entities.append(entity)

    def _inside_pre(self, name: str) -> bool:
        """A code tag inside pre only names the language."""
        return name == "code" and bool(self.stack) and self.stack[-1][0] == "pre"

    def _bytes(self, at: int) -> int:
        return len(self.source[:at].encode())


def _attributes(rest: str) -> dict[str, str]:
    return {
        hit.group(1).lower(): unescape(hit.group(2) or hit.group(3) or hit.group(4) or "")
        for hit in _ATTRIBUTE.finditer(rest)
    }


def _unparsed(why: str) -> ApiError:
    return bad_request(f"can't parse entities: {why}")
