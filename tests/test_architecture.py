"""What must stay so in the code: which way it depends, who reads the clock, and the one door to Telegram."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import flows
from bot import conversation  # noqa: F401  whoever takes a turn knows how to apply every change
from bot.changes import apply
from bot.config import Settings
from flows.talk import Change

ROOT = Path(__file__).parent.parent
FLOWS = sorted((ROOT / "flows").glob("*.py"))
BOT = sorted((ROOT / "bot").rglob("*.py"))
CODE = [*FLOWS, *BOT, *sorted((ROOT / "tests").rglob("*.py"))]
PHONE = ROOT / "bot" / "phone"
"""The local Bot API server stands for Telegram: it has Telegram's clock, not the bot's."""

PURE = {"__future__", "collections", "dataclasses", "datetime", "enum", "flows", "functools", "json", "re", "typing"}
PURE |= {"unicodedata", "zlib"}  # letters without their accents, and a sum of a text
FINDING = {"importlib", "pkgutil"}
WALL_CLOCK = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime"}
MONOTONIC_ALLOWED = {
    "clock.py": "the one place",
    "app.py": "how long the start took, before there is a clock",
}


def name(path: Path) -> str:
    """Give a file's path in the tree, as the name of its test."""
    return str(path.relative_to(ROOT))


def nodes(path: Path) -> Iterator[ast.AST]:
    """Walk the syntax of a file."""
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def imported(path: Path) -> set[str]:
    """Give the top-level names that a file imports."""
    names: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or ".")
    return {found.split(".")[0] for found in names}


def calls(path: Path) -> Iterator[tuple[str, str]]:
    """Give what is called or taken by name on something: (`datetime`, `now`), (`self.bot`, `send_message`)."""
    for node in nodes(path):
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node.value), node.attr


each_flow_file = pytest.mark.parametrize("path", FLOWS, ids=name)
each_bot_file = pytest.mark.parametrize("path", BOT, ids=name)


@each_flow_file
def test_flows_import_only_what_is_pure(path: Path) -> None:
    allowed = PURE | FINDING if path.name == "__init__.py" else PURE
    assert imported(path) <= allowed


@each_flow_file
def test_flows_do_not_read_the_clock_or_open_files(path: Path) -> None:
    read = {
        f"{on}.{attribute}" for on, attribute in calls(path) if attribute in WALL_CLOCK and on in ("datetime", "date")
    }
    opened = {n.func.id for n in nodes(path) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)} & {
        "open",
        "print",
    }
    assert not read | opened


@each_bot_file
def test_only_the_clock_reads_the_clock(path: Path) -> None:
    if path.is_relative_to(PHONE) or path.name == "clock.py":
        return
    on_these = ("datetime", "date", "time", "dt", "datetime.datetime", "datetime.date")
    read = {f"{on}.{attribute}" for on, attribute in calls(path) if attribute in WALL_CLOCK and on in on_these}
    assert not read


@each_bot_file
def test_monotonic_time_comes_from_the_clock_too(path: Path) -> None:
    if path.is_relative_to(PHONE) or path.name in MONOTONIC_ALLOWED:
        return
    assert ("time", "monotonic") not in {*calls(path)}


@each_bot_file
def test_bot_does_not_depend_on_tests(path: Path) -> None:
    assert "tests" not in imported(path)


@each_bot_file
def test_nothing_but_the_sender_talks_to_people(path: Path) -> None:
    """The quiet hours, the budget and the consents are checked at one door; there must be no other."""
    if path.is_relative_to(PHONE) or path == ROOT / "bot" / "telegram" / "sender.py":
        return
    door = re.compile(
        r"(send|edit|forward|copy|delete)_(message|photo|document|venue|voice|media|poll|location|contact|text)\w*"
    )
    through = {f"{on}.{attribute}" for on, attribute in calls(path) if door.fullmatch(attribute)}
    named = re.findall(
        r"[\"'](?:send|edit|forward|copy)(?:Message|Photo|Document|Venue|Voice|MediaGroup|Poll)\w*[\"']",
        path.read_text(encoding="utf-8"),
    )
    assert not through
    assert not named


def test_the_door_is_handed_to_the_outbox_only() -> None:
    """`bot/app.py` wires it; nobody else may even import it."""
    imports = {
        name(path) for path in BOT for node in nodes(path) if isinstance(node, ast.ImportFrom) if takes_send(node)
    }
    assert imports == {"bot/app.py"}


def takes_send(node: ast.ImportFrom) -> bool:
    """Tell whether an import takes the function that sends."""
    return node.module == "bot.telegram.sender" and any(alias.name in ("send", "*") for alias in node.names)


@pytest.mark.parametrize("path", [*FLOWS, *BOT], ids=name)
def test_waiting_updates_are_never_dropped(path: Path) -> None:
    if path.is_relative_to(PHONE):
        return  # it takes the parameter, as Telegram does
    assert "drop_pending_updates" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [*FLOWS, *BOT], ids=name)
def test_no_error_is_swallowed_whole(path: Path) -> None:
    for node in nodes(path):
        if isinstance(node, ast.ExceptHandler) and all(isinstance(step, ast.Pass) for step in node.body):
            caught = ast.unparse(node.type) if node.type else "everything"
            assert caught not in ("everything", "Exception", "BaseException"), f"line {node.lineno}"


def all_changes() -> list[type[Change]]:
    """Give every change that a flow may ask for, wherever it is declared."""
    flows.load()
    declared = [change for change in Change.__subclasses__() if change.__module__.startswith("flows.")]
    return sorted(declared, key=lambda change: (change.__module__, change.__name__))


@pytest.mark.parametrize("change", all_changes())
def test_every_change_is_applied_by_a_function(change: type[Change]) -> None:
    assert change in apply.registry


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_every_setting_is_explained(setting: str) -> None:
    text = (ROOT / "deploy" / "settings.env").read_text(encoding="utf-8")
    assert re.search(rf"(?m)^# .*\n#?VIVAS_{setting.upper()}=", text)


def test_every_explained_setting_exists() -> None:
    text = (ROOT / "deploy" / "settings.env").read_text(encoding="utf-8")
    explained = set(re.findall(r"(?m)^#?VIVAS_(\w+)=", text))
    assert explained <= {setting.upper() for setting in Settings.model_fields}


@pytest.mark.parametrize("path", CODE, ids=name)
def test_a_file_holds_one_idea(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", [*FLOWS, *BOT], ids=name)
def test_no_function_goes_on_and_on(path: Path) -> None:
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or node.lineno) - node.lineno < 70, node.name


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("*.*")), ids=name)
def test_tests_hold_no_real_token_or_number(path: Path) -> None:
    """A token of BotFather is 8 to 10 digits, a colon and 35 letters; a Belgian mobile number is +32 4 and 8 digits."""
    if path.suffix not in {".py", ".yaml", ".json", ".txt", ".md", ".env"}:
        return
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b", text)
    assert not re.findall(r"(?:\+32|\b0)\s?4[5-9]\d(?:[\s./]?\d\d){3}\b", text)
