"""`vivas-bot build-search`: learn from the examples which question asks about which topic. Needs scikit-learn."""

from __future__ import annotations

import hashlib
import logging
import os
import warnings
import zlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from bot.rights.examples import Example, examples
from bot.rights.features import Encoder, Floats, LetterGroups, centred, encoder
from bot.rights.model import FILE, SHAPE, Model, no_meaning, no_middle
from bot.rights.text import REWRITES, prepared

log = logging.getLogger(__name__)

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the matrices are thin: more threads only wait for each other

INVERSE_PENALTY = 5.0  # C of the logistic regression; 3 to 30 gave the same on the development questions
ROUNDS = 150
# Meaning is what takes the time to build. Half of the plain examples and all of three kinds count by their letters alone:
# that halves the time and, as the model must then make do with either, gains half a point.
READ = 300  # characters of an example whose meaning is taken; its letters are all taken
LETTERS_ONLY = frozenset({"keyword", "typo", "dialect"})
ROUNDS_ALONE = 30  # the fallback may be a little rougher


def build(path: Path = FILE, linked: Iterable[Example] = (), engine: Encoder | None = None) -> Model:
    """Train on all examples and write the model. The same examples give the same file, byte for byte.

    Raises ArticleError and ExamplesError where a text cannot be read.
    """
    learned = examples(linked=linked)
    model = train(learned, engine or encoder())
    model.save(path)
    return model


def train(learned: Sequence[Example], engine: Encoder | None) -> Model:
    """Fit three regressions: topics by meaning and letters, topics by letters alone, and the language."""
    texts = [prepared(example.text, example.language) for example in learned]
    letters = LetterGroups.of(texts)
    grouped = _matrix(letters, texts)
    weights = np.array([example.weight for example in learned], dtype=np.float32)
    topics = [example.topic for example in learned]
    questions = [at for at, example in enumerate(learned) if example.kind != "keyword"]
    spoken = [learned[at].language for at in questions]
    # Meaning keeps every processor busy; after it two fits run side by side. (Spawned: the engine has threads.)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        vectors, middle = _meanings(engine, learned, texts)
        alone = other.submit(fit, grouped, topics, weights, ROUNDS_ALONE)
        tongue = other.submit(fit, grouped[questions], spoken, None, ROUNDS_ALONE)
        joint = None if vectors is None else fit(_beside(vectors, grouped), topics, weights, ROUNDS)
        names, by_letters, alone_bias = alone.result()
        languages, by_tongue, tongue_bias = tongue.result()
    size = 0 if vectors is None else vectors.shape[1]
    if joint is None:
        both, bias = by_letters, alone_bias
    else:
        _names, both, bias = joint
    return Model(
        topics=names,
        languages=languages,
        letters=letters,
        middle=no_middle() if middle is None else middle,
        by_meaning=both[:size] if size else no_meaning(len(names)),
        by_letters=both[size:],
        bias=bias,
        alone=by_letters,
        alone_bias=alone_bias,
        tongue=by_tongue,
        tongue_bias=tongue_bias,
        made_of=fingerprint(learned),
    )


def fingerprint(learned: Iterable[Example]) -> str:
    """Give a short mark of everything that a model is made of."""
    seen = hashlib.sha256(f"{SHAPE} {INVERSE_PENALTY} {ROUNDS} {sorted(REWRITES.items())}".encode())
    for example in learned:
        seen.update(f"{example.language}\t{example.topic}\t{example.weight}\t{example.text}\n".encode())
    return seen.hexdigest()[:16]


def _meanings(
    engine: Encoder | None, learned: Sequence[Example], texts: list[str]
) -> tuple[Floats | None, Floats | None]:
    """Give the vectors, rows of zeros where an example counts by its letters only, and their mean before it was moved."""
    if engine is None:
        log.warning("no E5 here (its package or AVX2 is missing): the search goes by letters alone")
        return None, None
    read = [at for at, example in enumerate(learned) if _has_meaning(example)]
    raw = engine.query([texts[at][:READ] for at in read])
    middle = raw.mean(axis=0)
    vectors = np.zeros((len(texts), raw.shape[1]), dtype=np.float32)
    vectors[read] = centred(raw, middle)
    return vectors, middle


def _has_meaning(example: Example) -> bool:
    halved = example.kind == "plain" and zlib.crc32(example.text.encode()) % 2 == 0
    return example.kind not in LETTERS_ONLY and not halved


def _matrix(letters: LetterGroups, texts: list[str]) -> Any:
    from scipy.sparse import csr_matrix

    rows = [letters.weigh(text) for text in texts]
    ends = np.cumsum([0, *(len(places) for places, _weights in rows)])
    places = np.concatenate([places for places, _weights in rows])
    weights = np.concatenate([weights for _places, weights in rows])
    return csr_matrix((weights, places, ends), shape=(len(texts), len(letters.known)), dtype=np.float32)


def _beside(vectors: Floats, grouped: Any) -> Any:
    from scipy.sparse import csr_matrix, hstack

    return hstack([csr_matrix(vectors), grouped]).tocsr()


def fit(
    features: Any, labels: Sequence[str], weights: Floats | None, rounds: int
) -> tuple[tuple[str, ...], Floats, Floats]:
    """Fit a multinomial logistic regression. Gives the names in order, the weights (features x names) and the biases."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=INVERSE_PENALTY, max_iter=rounds, tol=3e-4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the rounds are few on purpose
        fitted.fit(features, np.array(labels), sample_weight=weights)
    names = tuple(str(name) for name in fitted.classes_)
    return names, fitted.coef_.T.astype(np.float32), fitted.intercept_.astype(np.float32)
