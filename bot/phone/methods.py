"""The Bot API methods by name. A method takes the world and the parameters and returns the result as JSON."""

from collections.abc import Callable
from typing import Any

from bot.phone.params import Params
from bot.phone.world import World

Method = Callable[[World, Params], Any]
METHODS: dict[str, tuple[str, Method]] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Register a function as a method; Telegram takes names in any case."""

    def register(function: Method) -> Method:
        METHODS[name.lower()] = (name, function)
        return function

    return register
