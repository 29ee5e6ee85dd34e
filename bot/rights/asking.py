"""`vivas-bot ask`: what the search would do with a question, or with a file of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from bot.rights.search import Found, Search

COLUMNS = ("id", "lang", "text")


class QuestionsError(ValueError):
    """A file of questions cannot be read; says which line and what is expected."""


def told(found: Found) -> Iterator[str]:
    """Give the lines that show one result: the decision, then each topic with its share."""
    yield found.decision + (f" ({found.signal})" if found.signal else "")
    for topic, share in zip(found.topics, found.shares, strict=False):
        yield f"{share:6.1%}  {topic}"
    yield f"language: {found.language or 'not sure'}, {found.milliseconds:.0f} ms"


def ask_file(search: Search, path: Path, out: TextIO) -> None:
    """Ask every question of a file with the columns id, lang and text (others are passed over), parted by tabs.

    Writes id, decision, topics (in order, with commas between) and milliseconds, parted by tabs. Raises QuestionsError.
    """
    answers = csv.writer(out, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
    answers.writerow(("id", "decision", "topics", "ms"))
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        try:
            names = rows.fieldnames or ()
            if missing := [name for name in COLUMNS if name not in names]:
                raise QuestionsError(
                    f"{path.name}, line 1: expected the columns id, lang and text; no {', '.join(missing)}"
                )
            for row in rows:
                if any(row[name] is None for name in COLUMNS) or any(row.get(None) or ()):
                    raise QuestionsError(f"{path.name}, line {rows.line_num}: expected {len(names)} columns")
                found = search.ask(row["text"], row["lang"])
                answers.writerow((row["id"], found.decision, ",".join(found.topics), f"{found.milliseconds:.1f}"))
        except UnicodeDecodeError as wrong:
            raise QuestionsError(f"{path.name}, after line {rows.line_num}: expected UTF-8") from wrong
