"""`vivas-bot check` on the texts on rights: what has passed, what leads nowhere, what is missing and what is too hard."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.i18n import LOCALES
from bot.rights.checking import check_rights
from bot.rights.directory import read_directory
from bot.rights.library import read_library

TODAY = date(2026, 12, 1)
COMMANDS = {"menu", "bijeenkomsten", "rechten", "inspraak", "peilingen", "privacy", "help"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of all texts that may be broken."""
    copy = tmp_path / "locales"
    shutil.copytree(LOCALES, copy)
    return copy


def problems(folder: Path, today: date = TODAY) -> list[str]:
    """Check a folder anew."""
    read_library.cache_clear()
    read_directory.cache_clear()
    try:
        return check_rights(today, COMMANDS, folder)
    finally:
        read_library.cache_clear()
        read_directory.cache_clear()


def change(path: Path, pattern: str, by: str) -> None:
    """Change the first place of a file that matches."""
    changed, count = re.subn(pattern, by, path.read_text(encoding="utf-8"), count=1)
    assert count == 1, f"{path.name} has no {pattern}"
    path.write_text(changed, encoding="utf-8")


def test_the_texts_as_they_stand_are_well(folder: Path) -> None:
    assert problems(folder) == []


def test_an_article_past_its_date_is_named_in_each_language_that_says_so(folder: Path) -> None:
    change(folder / "fr/rights/pets.md", r"review_by: \S+", "review_by: 2026-11-30")
    assert problems(folder) == [
        "fr/rights/pets.md: review_by: 2026-11-30 has passed; read it again and give a new date"
    ]
    assert problems(folder, date(2026, 11, 30)) == []


def test_a_date_that_is_still_to_come_is_named(folder: Path) -> None:
    change(folder / "nl/rights/pets.md", r"checked: \S+", "checked: 2027-01-01")
    assert problems(folder) == ["nl/rights/pets.md: checked: 2027-01-01 is still to come"]


@pytest.mark.parametrize("link", ["/bestaatniet", "topic-no-such-topic"])
def test_a_link_that_leads_nowhere_is_named(folder: Path, link: str) -> None:
    change(folder / "en/rights/pets.md", r"## limits\n", f"## limits\nSee {link} too. ")
    assert problems(folder) == [f"en/rights/pets.md: dead link {link}"]


def test_an_article_that_a_language_lacks_is_named(folder: Path) -> None:
    (folder / "tr/rights/pets.md").unlink()
    assert problems(folder) == ["locales/tr/rights: no article on pets"]


def test_a_word_that_a_language_lacks_is_named(folder: Path) -> None:
    path = folder / "ar/glossary.yaml"
    change(path, r"(?s)- id: huurder\n.*?(?=- id: )", "")
    assert set(problems(folder)) == {"glossary, huurder: no text in ar"}


def test_dutch_that_is_too_hard_is_named(folder: Path) -> None:
    change(folder / "nl/rights/pets.md", r"## limits\n", "## limits\nHet desbetreffende reglement wordt geraadpleegd. ")
    found = problems(folder)
    assert found
    assert all(problem.startswith("rights/pets: ") for problem in found)


def test_a_broken_front_matter_is_named_with_its_field(folder: Path) -> None:
    change(folder / "nl/rights/pets.md", r"confidence: \w+", "confidence: sure")
    (found,) = problems(folder)
    assert found.startswith("nl/rights/pets.md: confidence: ")
