"""The trained model: a multinomial logistic regression, in one file that numpy alone runs."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from bot.rights.features import DIMENSIONS, Encoder, Floats, LetterGroups, meaning

FILE = Path(__file__).with_name("search.npz")  # made by `vivas-bot build-search`, never committed
SHAPE = 2  # of the file; one of another shape is refused


class NoModel(Exception):
    """There is no model, or one of another release: `vivas-bot build-search` makes it."""


@dataclass(frozen=True)
class Model:
    """Weights for each topic (the last column of numbers is the letter groups, the first the meaning), and for each
    language. `made_of` is the fingerprint of the texts it was trained on."""

    topics: tuple[str, ...]
    languages: tuple[str, ...]
    letters: LetterGroups
    middle: Floats
    by_meaning: Floats  # DIMENSIONS x topics; empty where the model was built without E5
    by_letters: Floats  # letter groups x topics
    bias: Floats
    alone: Floats  # letter groups x topics, for where there is no E5
    alone_bias: Floats
    tongue: Floats  # letter groups x languages
    tongue_bias: Floats
    made_of: str

    def topic_scores(self, engine: Encoder | None, text: str) -> Floats:
        """Give the probability of each topic (in the order of `topics`) for a prepared text."""
        places, weights = self.letters.weigh(text)
        if engine is None or not len(self.by_meaning):
            return _softmax(weights @ self.alone[places] + self.alone_bias)
        vector = meaning(engine, text, self.middle)
        return _softmax(vector @ self.by_meaning + weights @ self.by_letters[places] + self.bias)

    def language_scores(self, text: str) -> Floats:
        """Give the probability of each language (in the order of `languages`) for a text."""
        places, weights = self.letters.weigh(text)
        return _softmax(weights @ self.tongue[places] + self.tongue_bias)

    def save(self, path: Path = FILE) -> None:
        """Write the file, the same bytes for the same model."""
        facts = {"shape": SHAPE, "topics": self.topics, "languages": self.languages, "made_of": self.made_of}
        np.savez(
            path,
            facts=_bytes(json.dumps(facts)),
            letters=_bytes("\n".join(self.letters.known)),
            telling=self.letters.telling.astype(np.float16),
            middle=self.middle.astype(np.float32),
            by_meaning=self.by_meaning.astype(np.float16),
            by_letters=self.by_letters.astype(np.float16),
            bias=self.bias.astype(np.float32),
            alone=self.alone.astype(np.float16),
            alone_bias=self.alone_bias.astype(np.float32),
            tongue=self.tongue.astype(np.float16),
            tongue_bias=self.tongue_bias.astype(np.float32),
        )


def load_model(path: Path = FILE) -> Model:
    """Read the file. Raises NoModel."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            kept = {name: file[name] for name in file.files}
        facts = json.loads(kept["facts"].tobytes())
        if facts["shape"] != SHAPE:
            raise NoModel(f"{path.name}: of another release; `vivas-bot build-search` makes it anew")
        return _model(facts, kept)
    except (OSError, EOFError, LookupError, TypeError, ValueError, AttributeError, BadZipFile) as damaged:
        raise NoModel(f"{path.name}: not there or damaged; `vivas-bot build-search` makes it") from damaged


def _model(facts: dict[str, Any], kept: dict[str, Any]) -> Model:
    return Model(
        topics=tuple(facts["topics"]),
        languages=tuple(facts["languages"]),
        letters=LetterGroups(kept["letters"].tobytes().decode().split("\n"), kept["telling"].astype(np.float32)),
        middle=kept["middle"],
        by_meaning=kept["by_meaning"].astype(np.float32).reshape(-1, len(facts["topics"])),
        by_letters=kept["by_letters"].astype(np.float32),
        bias=kept["bias"],
        alone=kept["alone"].astype(np.float32),
        alone_bias=kept["alone_bias"],
        tongue=kept["tongue"].astype(np.float32),
        tongue_bias=kept["tongue_bias"],
        made_of=facts["made_of"],
    )


def no_meaning(topics: int) -> Floats:
    """Give the empty weights of a model that was built without E5."""
    return np.zeros((0, topics), dtype=np.float32)


def no_middle() -> Floats:
    """Give the origin of a model that was built without E5."""
    return np.zeros(DIMENSIONS, dtype=np.float32)


def _bytes(text: str) -> Any:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _softmax(scores: Any) -> Floats:
    raised = np.exp(np.asarray(scores, dtype=np.float32) - np.max(scores))
    shares: Floats = (raised / raised.sum()).astype(np.float32)
    return shares
