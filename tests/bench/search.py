"""What the search of articles finds, what its thresholds lead to, and what it costs."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from bot.rights import search as policies
from bot.rights.features import Encoder, Floats
from bot.rights.model import FILE
from tests.bench.lab import ROOT
from tests.bench.questions import Asked, Policy, Question, ask_all, policy

# Thresholds to try beside the chosen ones, one at a time.
SURE = (0.45, 0.5, 0.6, 0.7, 0.8)
CLEAR = (1.0, 1.5, 3.0, 4.0)
MAYBE = (0.0, 0.5, 1.5, 2.0)


@dataclass(frozen=True)
class Memory:
    """Resident megabytes of a fresh process before the search is imported, once it is loaded, and once it was asked."""

    before: float
    loaded: float
    asked: float


@dataclass(frozen=True)
class Built:
    """Seconds from exec to the end of the process, and whether the file is the one in use, byte for byte."""

    seconds: float
    same: bool


def memory() -> Memory:
    """Load the search in a process of its own."""
    return Memory(**json.loads(_alone("memory")))


def build() -> Built:
    """Build the search in a process of its own, into a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="vivas-bench-") as folder:
        made = Path(folder) / FILE.name
        begin = time.monotonic()
        _alone("build", str(made))
        return Built(time.monotonic() - begin, made.read_bytes() == FILE.read_bytes())


def _alone(*arguments: str) -> str:
    process = [sys.executable, "-m", "tests.bench.alone", *arguments]
    return subprocess.run(process, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


class Remembering:
    """An encoder that reads each text once, so that asking again with other thresholds takes little."""

    def __init__(self, engine: Encoder):
        self.engine, self.known = engine, dict[tuple[str, ...], Floats]()

    def query(self, texts: list[str]) -> Floats:
        """Give the vectors, new or known."""
        key = tuple(texts)
        if key not in self.known:
            self.known[key] = self.engine.query(texts)
        return self.known[key]


@dataclass(frozen=True)
class Searches:
    """The search as it is, and what it falls back to where there is no E5: the baseline of the same run."""

    whole: policies.Search
    letters: policies.Search

    @classmethod
    def load(cls) -> Searches:
        """Load the search. Raises NoModel."""
        found = policies.Search.load()
        alone = policies.Search(found.model, found.signals, None)
        engine = Remembering(found.engine) if found.engine else None
        return cls(policies.Search(found.model, found.signals, engine), alone)

    def ask(self, questions: Iterable[Question]) -> tuple[list[Asked], list[Asked]]:
        """Ask everything of both."""
        asked = list(questions)
        return ask_all(self.whole, asked), ask_all(self.letters, asked)


def thresholds() -> Iterator[tuple[str, dict[str, float]]]:
    """Give the thresholds to try, the chosen ones first: what to call them, and their values by name."""
    chosen = {"SURE": policies.SURE, "CLEAR": policies.CLEAR, "MAYBE": policies.MAYBE}
    yield "chosen: " + ", ".join(f"{name} {value}" for name, value in chosen.items()), chosen
    for name, values in (("SURE", SURE), ("CLEAR", CLEAR), ("MAYBE", MAYBE)):
        for value in values:
            yield f"{name} {value}", {**chosen, name: value}


def led_to(search: policies.Search, questions: Iterable[Question], values: dict[str, float]) -> Policy:
    """Ask everything with these thresholds."""
    with patch.multiple(policies, SURE=values["SURE"], CLEAR=values["CLEAR"], MAYBE=values["MAYBE"]):
        return policy(ask_all(search, questions))
