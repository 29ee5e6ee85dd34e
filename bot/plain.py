"""The plain-language check that runs while an organiser writes a poll, and how long a poll takes to read.

It knows Dutch only, and forms, not meaning. It would rather miss something than cry wolf: who is warned three times for
nothing stops reading warnings. What is hard to read is settled as for our own sentences (`readability.py`); double, leading
and negative questions as the handbooks on surveys tell them; what is too personal by the General Data Protection Regulation.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from bot import plain_words as words
from bot.hard_words import HARD_WORDS
from bot.readability import (
    BE,
    BECOME,
    CLAUSE_END,
    HANGING,
    HOUR,
    JOINING,
    LONG_BUT_NEEDED,
    MAX_LETTERS,
    MAX_WORDS,
    NO_PARTICIPLE,
    PARTICIPLE,
    SENTENCE_END,
    TAG,
    WORD,
)

KINDS = ("title", "why", "use", "question", "option", "outcome")
ASKED = frozenset({"title", "question", "option"})
LONGEST = 1000  # characters that are read: more than any part of a poll may have
SHOWN = 4  # words of a long sentence that are shown, to find it by
WORDS_A_MINUTE = 100
"""What the middle child reads aloud at the end of its second school year (Hasbrouck and Tindal, norms of 2017). That an adult
who reads slowly reads a foreign language as fast is our assumption."""

SAY: Mapping[str, str] = {**HARD_WORDS, **words.SURVEY_WORDS}


@dataclass(frozen=True)
class Finding:
    """One thing to look at again. `word` is what it is about, `say` an easier word, `n` how many words or letters."""

    what: str
    word: str = ""
    say: str = ""
    n: int = 0

    def repeats(self, other: Finding) -> bool:
        """Tell whether another finding says this already, about the same words or more of them."""
        within = self.what in ("personal", "leading") and self.word in other.word
        return self == other or (self.what == other.what and within)


def look(inputs: str) -> str:
    """Answer the look of a flow: JSON with `text` and `kind` in, the findings of `check` out."""
    asked = json.loads(inputs)
    return check(asked["text"], asked["kind"])


def check(text: str, kind: str) -> str:
    """Give what to look at again in a Dutch text, as a JSON list of what, word, say and n; empty when all is well.

    `kind` is one of KINDS. Raises ValueError for any other.
    """
    return json.dumps([asdict(finding) for finding in findings(text, kind)], ensure_ascii=False)


def findings(text: str, kind: str) -> list[Finding]:
    """Give the findings of `check`, each once, in the order in which they should be mended. Raises ValueError."""
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r}: expected one of {', '.join(KINDS)}")
    text = TAG.sub("", text[:LONGEST]).replace("’", "'").strip()
    if not text:
        return []
    found = [*_private(text, kind), *_asked(text, kind), *_leading(text, kind), *_hard(text), *_shouting(text)]
    return [finding for at, finding in enumerate(found) if not any(map(finding.repeats, found[:at]))]


def seconds(text: str) -> int:
    """Give how long a slow reader needs for a text, in seconds, rounded up."""
    return reading_time([text])


def reading_time(texts: Iterable[str]) -> int:
    """Give how long a slow reader needs for several texts together, in seconds, rounded up once."""
    count = sum(len(WORD.findall(TAG.sub("", text))) for text in texts)
    return math.ceil(count * 60 / WORDS_A_MINUTE)


def _any(*patterns: str) -> re.Pattern[str]:
    """Join turns of phrase into one pattern of whole words."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


def _flat(text: str) -> str:
    """Give a text in lower case, with single blanks."""
    return " ".join(text.lower().split())


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in SENTENCE_END.split(text) if sentence.strip()]


# Hard to read, wherever it stands.

HARD = re.compile(
    rf"(?<![\w./@-])(?:{'|'.join(re.escape(word) for word in sorted(SAY, key=len, reverse=True))})(?![\w-])"
)


def _hard(text: str) -> Iterator[Finding]:
    everyday = text.lower()
    for turn in words.EVERYDAY:
        everyday = everyday.replace(turn, "")
    for word in HARD.findall(HOUR.sub(r"\1", everyday)):
        yield Finding("hard-word", word, SAY[word])
    for sentence in _sentences(text):
        read = WORD.findall(sentence)
        lower = [word.lower() for word in read]
        if len(read) > MAX_WORDS:
            yield Finding("long-sentence", " ".join(read[:SHOWN]) + " …", n=len(read))
        yield from _long_words(lower)
        yield from _passive(sentence)
        yield from _clauses(lower)


def _long_words(read: list[str]) -> Iterator[Finding]:
    for word in read:
        longest = max(len(part) for part in re.split(r"['.-]", word))
        ours = word[0].isalpha() and "@" not in word and "://" not in word
        if longest > MAX_LETTERS and ours and word not in LONG_BUT_NEEDED:
            yield Finding("long-word", word, n=longest)


def _passive(sentence: str) -> Iterator[Finding]:
    for clause in CLAUSE_END.split(sentence.lower()):
        read = WORD.findall(clause)
        for at, word in enumerate(read):
            if word in BECOME or (word in BE and "door" in read[:-1]):
                done = _done(read, at)
                if done:
                    yield Finding("passive", f"{word} … {done}")
                    break


def _done(read: list[str], at: int) -> str:
    """Find the participle of a passive: right before its verb ("gemaakt wordt", "gemaakt moet worden"), or anywhere after."""
    for index, word in enumerate(read):
        near = index > at or at - index == 1 or (at - index == 2 and read[at - 1] in MODAL)
        noun = index > 0 and read[index - 1] in words.DETERMINER
        if near and not noun and _participle(word):
            return word
    return ""


MODAL = frozenset("moet moeten kan kunnen mag mogen zal zullen zou zouden wil willen".split())
NOUN = re.compile(r"\w+(?:ingen|heid|heden|iteit|iteiten)")


def _participle(word: str) -> bool:
    return (
        PARTICIPLE.fullmatch(word) is not None
        and word not in NO_PARTICIPLE
        and word not in words.NO_PARTICIPLES
        and NOUN.fullmatch(word) is None
    )


def _clauses(read: list[str]) -> Iterator[Finding]:
    hanging = [word for word in read[1:] if word in HANGING]
    for word in hanging:
        yield Finding("clauses", word)
    joining = [word for at, word in enumerate(read) if word in JOINING and _joins(read, at)]
    if len(joining) > 1 and not hanging:
        yield Finding("clauses", " … ".join(joining))


CLAUSE_BEGINS = frozenset(words.SUBJECT.split("|")) | words.DETERMINER | {"jouw", "er", "alle", "veel", "mensen"}


def _joins(read: list[str], at: int) -> bool:
    """Tell whether a joining word begins a clause: not "als getuige", not "Wanneer kom je"."""
    after = read[at + 1] if at + 1 < len(read) else ""
    if read[at] == "wanneer":
        return at > 0 and after in CLAUSE_BEGINS
    return read[at] != "als" or after in CLAUSE_BEGINS


WRITTEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def _shouting(text: str) -> Iterator[Finding]:
    """Find words in capitals: a long one, a small one ("NIET"), or two in a row, but no abbreviation."""
    read = WRITTEN.findall(text)
    loud = [len(word) > 1 and word.isupper() and word.lower() not in words.ABBREVIATIONS for word in read]
    for at, word in enumerate(read):
        beside = loud[at + 1 : at + 2] == [True] and len(read[at + 1]) + len(word) > 6
        if loud[at] and (len(word) > 5 or word.lower() in words.SMALL_WORDS or beside):
            yield Finding("shouting", word)
            return
    if "!!" in text:
        yield Finding("shouting", "!!")


# What may not be asked.

PERSONAL = _any(*words.PERSONAL)
PERSONAL_OPTION = re.compile("|".join(words.PERSONAL_OPTION))


def _private(text: str, kind: str) -> Iterator[Finding]:
    patterns = {"question": (PERSONAL,), "title": (PERSONAL,), "option": (PERSONAL, PERSONAL_OPTION)}
    for pattern in patterns.get(kind, ()):
        for found in pattern.finditer(_flat(text)):
            yield Finding("personal", found[0])


# What makes an answer worthless.

LEADING = _any(*words.LEADING)
OTHERS = _any(*words.OTHERS)
LEADING_ASKED = _any(*words.LEADING_ASKED)
STATED = re.compile(words.STATED)


def _leading(text: str, kind: str) -> Iterator[Finding]:
    """Find what begs for one answer. What is done with a poll may be told with every word."""
    if kind in ("use", "outcome"):
        return
    for sentence in map(_flat, _sentences(text)):
        asks = kind == "question" and sentence.endswith("?")
        patterns = [LEADING]
        patterns += [OTHERS] if kind in ASKED else []
        patterns += [LEADING_ASKED] if asks or kind == "title" else []
        patterns += [STATED] if asks and "," not in sentence else []
        for pattern in patterns:
            for found in pattern.finditer(sentence):
                if found.start() > 0 or found[0] not in CONTRASTS:  # "Toch is de lift weer stuk" tells a fact
                    yield Finding("leading", found[0])


CONTRASTS = frozenset({"toch", "hopelijk", "natuurlijk"})


def _asked(text: str, kind: str) -> Iterator[Finding]:
    if kind == "question":
        yield from _no_question(text)
        yield from _double(text)
    if kind in ASKED:
        yield from _negation(text)


BEGINS = re.compile(
    rf"(?:en |dus )?(?:(?:{words.VERBS}|{words.PROMPT})\b"
    rf"|(?:(?:op|in|voor|met|van|naar|bij|aan|over|tot|vanaf|sinds) )?(?:{words.ASKING})\b(?! (?:{words.SUBJECT})\b))"
)


def _no_question(text: str) -> Iterator[Finding]:
    """Find what asks nothing: no question mark, and no sentence that begins as a question or a request ("Kies een dag")."""
    if not re.search(r"[?؟]", text) and not any(BEGINS.match(_flat(sentence)) for sentence in _sentences(text)):
        yield Finding("not-a-question")


CLAUSES = re.compile(r"[,;:()–]| (?:en|of|maar|want|omdat|als|zodat) ")
NO = re.compile(rf"\b(?:{words.NO})\b(?! alleen\b)")
UNDONE = re.compile(rf"\b(?:{words.NO})\b.*?\b(?:{words.UNDONE})\b")
AGAINST = _any(*words.AGAINST)


def _negation(text: str) -> Iterator[Finding]:
    """Find two denials in one clause: "Vind je niet dat er geen ..."."""
    for sentence in map(_flat, _sentences(text)):
        for clause in CLAUSES.split(sentence):
            denied, undone = NO.findall(clause), UNDONE.search(clause)
            if len(denied) > 1:
                yield Finding("negation", " … ".join(denied))
            elif undone:
                yield Finding("negation", undone[0])
        for found in AGAINST.finditer(sentence):
            yield Finding("negation", found[0])


# Two questions in one.

SECOND_CLAUSE = re.compile(
    rf"(?<=[^\s.?!…] )(?P<join>en|of) (?P<verb>{words.VERBS}) (?P<who>{words.SUBJECT}|ook|nog|daar|hier)\b(?P<rest>[^?.!]*)"
)
SECOND_ASKING = re.compile(rf"(?<=[^\s.?!…] )en (?:(?:op|in|voor|met|van|naar|bij|aan|over) )?(?:{words.ASKING})\b")
TWO_PLANS = re.compile(rf"\b(?:{words.INFINITIVES}) (en (?:\S+ ){{1,6}}(?:{words.INFINITIVES}))(?=[?.!]|$)")
HOW = r"(?:(?:te|heel|erg|zo|ook|goed) )?"
TWO_QUALITIES = re.compile(
    rf"\b(?P<two>{HOW}(?:{words.QUALITIES}) en {HOW}(?:{words.QUALITIES}))(?P<next>$|[?.!,]| (?P<word>\S+?)(?=[\s?.!,]|$))"
)
THE = r"(?:de|het|een|je|jouw|uw|onze|deze|dit|die|dat)"
VALUED = r"(?:tevreden|blij|content|eens|akkoord|vind|vindt|vinden|vond|denk je van|last van|zit het met)"
TWO_THINGS = re.compile(
    rf"\b(?:{VALUED}\b[^?.!,]*?|^(?:is|zijn|was|waren) )"
    rf"(?<!tussen )(?P<two>\b{THE} (?:\w+e )?\w+ en (?:(?:over|met|van) )?{THE} (?:\w+e )?\w+)(?P<rest>[^?.!]*)"
)
QUALITY_LAST = re.compile(rf"(?:{words.QUALITIES})(?: genoeg)?\s*$")


def _double(text: str) -> Iterator[Finding]:
    """Find two things asked at once, of which one may be so and the other not."""
    flat = _flat(text)
    marks = re.sub(r"\bja of nee\?", "", flat)
    if len(re.findall(r"\?+", marks)) > 1:
        yield Finding("double", "? … ?")
        return
    if "en/of" in flat:
        yield Finding("double", "en/of")
    for finder in FINDERS:
        joined = finder(flat)
        if joined:
            yield Finding("double", joined)
            return


def _two_clauses(flat: str) -> str:
    """Find "... en wil je ...?"; a choice ("of kom je alleen", "of heb je liever", "of kom je niet") is one question."""
    first = flat.split(" ", 1)[0]
    for found in SECOND_CLAUSE.finditer(flat):
        same = found["verb"] == first and found["who"] not in ("de", "er")
        choice = same or re.search(r"\b(?:liever|eerder)\b|\bniet\s*$", found["rest"])
        if found["join"] == "en" or not choice:
            return f"{found['join']} {found['verb']} {found['who']}"
    return ""


def _two_askings(flat: str) -> str:
    found = SECOND_ASKING.search(flat)
    return found[0] if found and "?" in flat[found.start() :] else ""


def _two_plans(flat: str) -> str:
    found = TWO_PLANS.search(flat)
    return found[1] if found else ""


AFTER_QUALITY = frozenset("genoeg gedaan voor in op om bij met".split())


def _two_qualities(flat: str) -> str:
    """Find "vriendelijk en snel?", but not "warm en koud water"."""
    for found in TWO_QUALITIES.finditer(flat):
        after = found["word"] or ""
        if not after or after in AFTER_QUALITY or _participle(after) or re.fullmatch(words.VERBS, after):
            return found["two"]
    return ""


def _two_things(flat: str) -> str:
    """Find "tevreden over de lift en de trap?", and "Zijn de lift en de trap proper?"."""
    for found in TWO_THINGS.finditer(flat):
        if not re.match(r"(?:is|zijn|was|waren) ", found[0]) or QUALITY_LAST.search(found["rest"]):
            return found["two"]
    return ""


FINDERS: tuple[Callable[[str], str], ...] = (_two_clauses, _two_askings, _two_plans, _two_qualities, _two_things)
