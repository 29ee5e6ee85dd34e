"""All tables together: whoever compares them with a database imports them from here."""

from __future__ import annotations

import importlib
import pkgutil

import bot.store
from bot.store.schema import metadata

for _found in pkgutil.iter_modules(bot.store.__path__):
    if _found.name.startswith("schema_"):
        importlib.import_module(f"bot.store.{_found.name}")

__all__ = ["metadata"]
