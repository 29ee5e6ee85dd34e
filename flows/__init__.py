"""Conversations, free of Telegram, the database and the clock. One file, one conversation."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.talk import Flow


def load() -> dict[str, Flow]:
    """Find every flow in this folder, by name. Raises ValueError when two share a name or a command."""
    from flows.talk import Flow

    modules = [import_module(f"flows.{found.name}") for found in pkgutil.iter_modules(__path__)]
    flows = {id(value): value for module in modules for value in vars(module).values() if isinstance(value, Flow)}
    by_name = {flow.name: flow for flow in flows.values()}
    commands = [flow.command for flow in flows.values() if flow.command]
    if len(by_name) < len(flows) or len(set(commands)) < len(commands):
        raise ValueError(f"two flows share a name or a command: {sorted(flow.name for flow in flows.values())}")
    return by_name
