"""`vivas-bot check`: settings where there are any, and every sentence in every language."""

from __future__ import annotations

import os
import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural

import flows
from bot.clock import Clock
from bot.config import SettingsError, load_settings
from bot.i18n import LOCALES, SOURCE, LanguageError, Languages, read_catalog
from bot.readability import hard_dutch
from bot.rights.articles import read_articles
from bot.rights.checking import check_rights
from bot.rights.examples import NONE
from bot.rights.model import NoModel, load_model
from bot.routing import FOR_ROLES, LATER
from bot.sentences import sentences
from bot.templates import TemplateError, read_templates

COMMANDS = ("start", *LATER, *FOR_ROLES)
PLACES = re.compile(r"\{(\w+)\}")
TAGS = re.compile(r"</?\w+>")


def check_all() -> list[str]:
    """Give one line for each problem; none when all is well."""
    commands = {flow.command for flow in flows.load().values() if flow.command} | set(COMMANDS)
    rights = check_rights(Clock().now().date(), commands)
    return [*check_settings(), *check_languages(), *rights, *check_templates(), *check_search()]


def check_templates() -> list[str]:
    """Check the ready polls."""
    try:
        read_templates()
    except TemplateError as wrong:
        return str(wrong).splitlines()
    return []


def check_search() -> list[str]:
    """Check that the search was trained on the texts as they are, where it was trained at all."""
    try:
        model = load_model()
    except NoModel as missing:
        return [str(missing)]
    learned = {article.topic for article in read_articles()}
    if set(model.topics) - {NONE} != learned:
        return ["search.npz: trained on other articles; `vivas-bot build-search` makes it anew"]
    return []


def check_settings() -> list[str]:
    """Check the settings when any is given."""
    if not any(name.startswith("VIVAS_") for name in os.environ) and not Path(".env").exists():
        return []
    try:
        load_settings()
    except SettingsError as error:
        return str(error).splitlines()
    return []


def check_languages(folder: Path = LOCALES) -> list[str]:
    """Check that every sentence of the code stands in every language, with its places, and that the Dutch is easy."""
    try:
        Languages(folder)
    except LanguageError as error:
        return [str(error)]
    wanted = sentences()
    problems: list[str] = []
    for path in sorted(folder.iterdir()):
        if (path / "LC_MESSAGES").is_dir() and path.name != SOURCE:
            catalog = read_catalog(path / "LC_MESSAGES" / "messages.po", path.name)
            problems += [f"locales/{path.name}: {problem}" for problem in check_catalog(catalog, wanted)]
            if path.name == "nl":
                problems += [f"locales/nl: {problem}" for problem in _hard(catalog)]
    return problems


def check_catalog(catalog: Catalog, wanted: dict[str, str | None]) -> list[str]:
    """Compare one catalogue with the sentences of the code: id -> its plural, or None."""
    problems = []
    for id, plural in wanted.items():
        message = catalog.get(id)
        if message is None or message.fuzzy or not all(_forms(message)):
            problems.append(f"not translated: {id!r}")
            continue
        if plural is not None and len(_forms(message)) != get_plural(catalog.locale).num_plurals:
            problems.append(f"expected {get_plural(catalog.locale).num_plurals} plural forms: {id!r}")
        problems += _places(id, plural, message)
    unknown = {_id(message) for message in catalog if message.id} - wanted.keys()
    return problems + [f"no longer in the code: {id!r}" for id in sorted(unknown)]


def _id(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, list | tuple) else message.id)


def _forms(message: Message) -> tuple[str, ...]:
    string = message.string
    return tuple(map(str, string)) if isinstance(string, list | tuple) else (str(string or ""),)


def _places(id: str, plural: str | None, message: Message) -> list[str]:
    """A form may leave out {n} ("one place is left"), nothing else, and adds nothing."""
    wanted = set(PLACES.findall(id)) | set(PLACES.findall(plural or ""))
    problems = []
    for form in _forms(message):
        has = set(PLACES.findall(form))
        if has - wanted or (wanted - has) - {"n"}:
            problems.append(f"places {sorted(has)} differ from {sorted(wanted)}: {id!r}")
        if sorted(TAGS.findall(form)) != sorted(TAGS.findall(id)):
            problems.append(f"markup differs: {id!r}")
    return problems


def _hard(catalog: Catalog) -> list[str]:
    found = []
    for message in catalog:
        if message.id:
            for form in _forms(message):
                found += [f"{why}: {form!r}" for why in hard_dutch(form)]
    return found
