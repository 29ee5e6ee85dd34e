"""A process with nothing but the search, to be looked at: `python -m tests.bench.alone memory`, or `build FILE`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import psutil


def resident() -> float:
    """Give the resident memory of this process in megabytes."""
    return float(psutil.Process().memory_info().rss / 1e6)


def show_memory() -> None:
    """Print as JSON the memory before the search is imported, once it is loaded, and once every golden question was asked."""
    before = resident()
    from bot.rights.search import Search

    search = Search.load()
    loaded = resident()
    from tests.bench.questions import ask_all, golden

    ask_all(search, golden())
    print(json.dumps({"before": before, "loaded": loaded, "asked": resident()}))


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("memory", "build"))
    parser.add_argument("file", type=Path, nargs="?")
    asked = parser.parse_args()
    if asked.what == "memory":
        show_memory()
    else:
        from bot.rights.building import build

        build(asked.file)


if __name__ == "__main__":
    main()
