"""The command line: `vivas-bot COMMAND`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from bot import log
from bot.config import Settings, SettingsError, load_settings
from bot.crypto import WrongKey

main = typer.Typer(
    name="vivas-bot", help="A chat assistant for social tenants.", no_args_is_help=True, add_completion=False
)
out, err = Console(), Console(stderr=True, highlight=False)


class What(StrEnum):
    """What can be exported."""

    meetings = "meetings"
    polls = "polls"
    consultations = "consultations"
    deliveries = "deliveries"
    inbox = "inbox"


def settings() -> Settings:
    """Read the settings, or say what is wrong with each and leave with 2."""
    try:
        return load_settings()
    except SettingsError as error:
        fail("The settings are not right:", str(error))


def fail(*lines: str) -> NoReturn:
    """Say what is wrong and leave with 2."""
    for line in lines:
        err.print(line, markup=False, soft_wrap=True)
    raise typer.Exit(2)


def in_loop(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run async work, on uvloop where it exists."""
    if sys.platform == "win32":
        return asyncio.run(work())
    import uvloop

    return uvloop.run(work())


@main.command()
def run() -> None:
    """Run the bot: poll or take webhooks, send, tick, serve the web."""
    from bot.app import build, prepare, serve
    from bot.rights.model import NoModel

    chosen = settings()
    log.setup()

    async def work() -> None:
        await prepare(chosen)
        await serve(build(chosen))

    try:
        in_loop(work)
    except (WrongKey, NoModel) as wrong:
        fail(str(wrong))


@main.command()
def migrate() -> None:
    """Bring the database to the newest shape."""
    from bot.store.migrate import migrate as apply_all

    apply_all(settings().database)
    out.print("The database is up to date.")


@main.command()
def load(
    file: Path, synthetic: Annotated[bool, typer.Option(help="allow `people`, for demos and tests")] = False
) -> None:
    """Load landlords, groups, roles, meetings and polls from a YAML file; a bad file is refused whole."""
    from bot import operations
    from bot.loading import LoadError
    from bot.yamlfile import YamlError

    try:
        counts = in_loop(lambda: operations.load(settings(), file, synthetic))
    except (LoadError, YamlError) as error:
        fail("Nothing was loaded:", str(error))
    for what, count in sorted(counts.items()):
        out.print(f"{what}: {count}")


@main.command()
def export(what: What, out_dir: Annotated[Path, typer.Option("--out", help="folder to write to")]) -> None:
    """Write CSV and JSON; persons are short random numbers, new in every export."""
    from bot import operations

    for path in in_loop(lambda: operations.export(settings(), what.value, out_dir)):
        out.print(str(path))


@main.command()
def erase(telegram: Annotated[int, typer.Argument(help="Telegram user id of the person to erase")]) -> None:
    """Erase a person, as they could in chat."""
    from bot import operations

    done = in_loop(lambda: operations.erase(settings(), telegram))
    out.print("Erased." if done else "Nobody is known by that id.")


@main.command()
def backup(file: Path) -> None:
    """Write a consistent copy of the database (SQLite)."""
    from bot import operations

    try:
        operations.backup(settings(), file)
    except operations.CannotDo as error:
        fail(str(error))
    out.print(f"Written: {file}")


@main.command()
def restore(file: Path) -> None:
    """Put a backup back (SQLite); who was erased since stays erased. Stop the bot first."""
    from bot import operations

    try:
        again = in_loop(lambda: operations.restore(settings(), file))
    except operations.CannotDo as error:
        fail(str(error))
    out.print(f"Restored. Erased again: {again}.")


@main.command()
def check() -> None:
    """Check settings (where there are any), translations, and how hard the Dutch is."""
    from bot.checking import check_all

    problems = check_all()
    for problem in problems:
        err.print(problem, markup=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    out.print("All is well.")


@main.command()
def build_search() -> None:
    """Train the search of articles on their texts and example questions; with a database, also on those staff linked."""
    from bot import operations
    from bot.rights.articles import ArticleError
    from bot.rights.examples import ExamplesError

    try:
        counts = in_loop(operations.build_search)
    except (ArticleError, ExamplesError) as error:
        fail("The search was not built:", str(error))
    out.print(f"The search is built: {counts}.")


@main.command()
def ask(
    question: Annotated[str, typer.Argument(help="a question, in the words of a tenant")] = "",
    lang: Annotated[str, typer.Option(help="the language it is asked in; else it is recognised")] = "",
    file: Annotated[Path | None, typer.Option(help="a file of questions: id, lang, text, parted by tabs")] = None,
) -> None:
    """Show what the search does with a question: the decision and the topics with their shares."""
    from bot.rights import asking
    from bot.rights.model import NoModel
    from bot.rights.search import Search

    if bool(question) == bool(file):
        fail("Expected a question, or --file with questions.")
    try:
        search = Search.load()
        if file:
            asking.ask_file(search, file, sys.stdout)
        else:
            for line in asking.told(search.ask(question, lang)):
                out.print(line, markup=False, highlight=False)
    except (NoModel, asking.QuestionsError, OSError) as error:
        fail(str(error))


@main.command()
def demo(port: int = 8000) -> None:
    """Run everything without a token: the local Bot API server, the bot, the phone page and the web, on one port."""
    from bot.demo import run_demo

    log.setup()
    in_loop(lambda: run_demo(port))


if __name__ == "__main__":
    main()
