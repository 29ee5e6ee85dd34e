"""How hard is a Dutch text? A small check for level A2-B1 of the European language scale (CEFR).

A2 is everyday talk about home, money and the doctor in short plain sentences; B1 adds a simple story and a reason. What
advice on plain Dutch for public services agrees on can partly be counted: one thought a sentence, and short ones; the
person spoken to as "je"; words from talk instead of letters; who does something named first, so no passive; a new sentence
instead of a hanging clause; verbs instead of strings of nouns.

The limits: this reads forms, not meaning. It guesses participles by their shape, so a rare adjective may be taken for one,
and a passive far from its verb slips through. A word that is hard but not in `hard_words.py` passes, and so does a text
that is easy to read and wrong. It finds what is surely too hard; whether the rest is clear, only readers can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.hard_words import HARD_WORDS

MAX_WORDS = 15
MAX_LETTERS = 18
LONG_BUT_NEEDED = frozenset({"gegevensbeschermingsautoriteit", "huurdersadviesraden"})  # the name people must look for

TAG = re.compile(r"</?\w+>")
SENTENCE_END = re.compile(r"(?<=[.!?…])[”’\"')]*\s+|\n+")
WORD = re.compile(r"https?://\S+|\S+@\S+|/\w+|\{\w+\}|\d[\d.:,/]*\d|\d|[^\W\d_]+(?:['’.-][^\W\d_]+)*")
HARD = re.compile(
    rf"(?<![\w./@-])(?:{'|'.join(re.escape(word) for word in sorted(HARD_WORDS, key=len, reverse=True))})(?![\w-])"
)
HOUR = re.compile(r"\b(\d{1,2}) ?u\b\.?")  # "19 u" is an hour, not a polite "you"

CLAUSE_END = re.compile(r"[,;:()–]| (?:en|of|maar|want|om|als|dat|omdat|zodat) ")
BECOME = frozenset("word wordt worden werd werden".split())
BE = frozenset("is zijn was waren ben bent".split())
APART = (
    "aan|achter|af|binnen|bij|door|goed|in|klaar|langs|los|mee|mis|na|neer|om|onder|op|open|over|rond|samen|tegen|terug|"
    "toe|uit|vast|voor|vrij|weg"
)
PARTICIPLE = re.compile(
    rf"(?:{APART})?(?:ge\w{{2,}}|(?:be|ver|ont|her|er)\w{{3,}})(?:d|t|en)|(?:onder|over)\w{{3,}}[dt]"
)
NO_PARTICIPLE = frozenset(
    "bekend bereid bericht berichten bestand bewust bezoeken ervaringen gebied gebieden geboren gebouwen geduld geluid "
    "gemeenten gerust geschikt gesprekken gevallen gewicht gezinnen gezond onderhoud overheid verband vergaderingen "
    "verhalen verleden verschillend verstand vertrouwd".split()
)
HANGING = frozenset(
    "waaraan waarbij waardoor waarin waarmee waarna waaronder waarop waarover waartoe waaruit waarvan waarvoor wiens".split()
)
JOINING = HANGING | frozenset("als hoewel nadat omdat terwijl voordat wanneer zodat zodra zolang".split())
EVERYDAY_NOUNS = frozenset(
    "afdeling betaling ervaring ervaringen herinnering herinneringen informatie korting lening mening omgeving opleiding "
    "organisatie organisaties peiling peilingen rekening rekeningen situatie uitkering vereniging verenigingen "
    "vergadering vergaderingen verwarming verzekering woning woningen".split()
)
STIFF_NOUN = re.compile(r"\w{3,}(?:ing|ingen|atie|aties|iteit|iteiten)")


def hard_dutch(text: str) -> list[str]:
    """Give one reason for each thing that makes a text hard, with what to say instead; none when it is easy.

    Markup counts for nothing and a place such as `{theme}` for one word. Lines are read apart.
    """
    text = TAG.sub("", text)
    found = list(_hard_words(text))
    for sentence in SENTENCE_END.split(text):
        words = WORD.findall(sentence.lower())
        found += _length(words)
        found += _long_words(words)
        found += _passive(sentence)
        found += _clauses(words)
        found += _stiff_nouns(words)
    return found


def _hard_words(text: str) -> Iterator[str]:
    for word in HARD.findall(HOUR.sub(r"\1", text.lower())):
        yield f"official or rare word “{word}”: say “{HARD_WORDS[word]}”"


def _length(words: list[str]) -> Iterator[str]:
    if len(words) > MAX_WORDS:
        yield f"a sentence of {len(words)} words, at most {MAX_WORDS}: make two"


def _long_words(words: list[str]) -> Iterator[str]:
    for word in words:
        if any(len(part) > MAX_LETTERS for part in re.split(r"['’.-]", word)) and _own(word):
            yield f"long word “{word}”, at most {MAX_LETTERS} letters: say it with short ones"


def _own(word: str) -> bool:
    """Tell whether we chose the word: an address, a command, a place or a name with no other word is what it is."""
    return word[0].isalpha() and "@" not in word and "://" not in word and word not in LONG_BUT_NEEDED


def _passive(sentence: str) -> Iterator[str]:
    for clause in CLAUSE_END.split(sentence.lower()):
        words = WORD.findall(clause)
        done = next((word for word in words if _participle(word)), None)
        if done is None:
            continue
        for word in words:
            if word in BECOME or (word in BE and "door" in words[:-1]):
                yield f"passive “{word} … {done}”: say who does it"


def _participle(word: str) -> bool:
    return word not in NO_PARTICIPLE and PARTICIPLE.fullmatch(word) is not None


def _clauses(words: list[str]) -> Iterator[str]:
    """A hanging "waarvan" is always one clause too many; as the first word it asks a question."""
    hanging = [word for word in words[1:] if word in HANGING]
    for word in hanging:
        yield f"hanging clause “{word}”: start a new sentence"
    joining = [word for word in words if word in JOINING]
    if len(joining) > 1 and not hanging:
        yield f"clauses stacked by “{'” and “'.join(joining)}”: make two sentences"


def _stiff_nouns(words: list[str]) -> Iterator[str]:
    """Two nouns made of verbs in one sentence ("de wijziging van de regeling") hide who does what."""
    stiff = [word for word in words if STIFF_NOUN.fullmatch(word) and word not in EVERYDAY_NOUNS]
    if len(stiff) > 1:
        yield f"stiff nouns “{'” and “'.join(stiff)}”: use verbs"
