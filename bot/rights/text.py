"""Bring a question to the form in which it is searched: small letters, no accents, Flemish and chat words rewritten."""

from __future__ import annotations

import re
import unicodedata

import yaml

from bot.i18n import LOCALES

LONGEST = 600  # characters that are looked at; the model reads no further with profit, and a long text costs time
# One letter for its many forms: the Turkish i without a dot, the Arabic alif, ya and ta in all their dress.
ONE_LETTER = str.maketrans("ıأإآىةؤئ", "iااايهوي", "ـ") | str.maketrans({"ß": "ss", "œ": "oe"})
WORD = re.compile(r"[^\W_]+")

REWRITES: dict[str, str] = yaml.safe_load((LOCALES / "nl" / "rewrites.yaml").read_text(encoding="utf-8"))
_REWRITE = re.compile(
    r"(?<![\w'])(" + "|".join(map(re.escape, sorted(REWRITES, key=len, reverse=True))) + r")(?![\w'])"
)
_TWICE = re.compile(r"\b(ik|je|het|jij)( \1)+\b")


def plain(text: str) -> str:
    """Give a text in small letters without accents, Arabic letters in one form, each space a single blank."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(ONE_LETTER)
    return " ".join(bare.split())


def words(text: str) -> list[str]:
    """Give the words of a text, plain."""
    return WORD.findall(plain(text))


def prepared(text: str, language: str) -> str:
    """Give the first 600 characters of a question as the model reads them; Flemish is rewritten in Dutch only."""
    small = " ".join(text.replace("’", "'")[: LONGEST * 2].split())[:LONGEST].lower()
    if language != "nl":
        return small
    rewritten = _REWRITE.sub(lambda found: REWRITES[found[1]], small)
    return _TWICE.sub(r"\1", rewritten)  # "moek ik" became "moet ik ik"
