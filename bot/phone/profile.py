"""What a bot tells about itself: commands per scope and language, names, descriptions, the menu button."""

import re
from dataclasses import dataclass, field

from bot.phone.errors import bad_request
from bot.phone.things import JSON

Scope = str
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MOST_COMMANDS = 100  # Telegram limit, as are the lengths below
MOST_LETTERS = {"name": 64, "description": 512, "short_description": 120}


def scope_key(scope: JSON | None) -> Scope:
    """Return a BotCommandScope as a key."""
    scope = scope or {}
    parts = (scope.get("type", "default"), scope.get("chat_id"), scope.get("user_id"))
    return " ".join(str(part) for part in parts if part is not None)


@dataclass(slots=True)
class Profile:
    """All that the set... methods of the bot have set, by language code ("" is for everyone)."""

    commands: dict[tuple[Scope, str], list[JSON]] = field(default_factory=dict)
    words: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int | None, JSON] = field(default_factory=dict)

    def set_commands(self, commands: object, scope: Scope, language: str) -> None:
        """Store a list of commands; raise a 400 when Telegram would refuse it."""
        if not isinstance(commands, list):
            raise bad_request("can't parse commands JSON object")
        if len(commands) > MOST_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not _COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description", ""))) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[scope, language] = commands

    def commands_for(self, chat_id: int, language: str) -> list[JSON]:
        """Return the commands that a person sees: Telegram takes the narrowest scope, own language first."""
        for scope in (f"chat {chat_id}", "all_private_chats", "default"):
            for code in (language, ""):
                if found := self.commands.get((scope, code)):
                    return found
        return []

    def set_words(self, what: str, text: str, language: str) -> None:
        """Store name, description or short_description; raise a 400 when it is too long."""
        if len(text) > MOST_LETTERS[what]:
            raise bad_request(f"{what} is too long")
        self.words[what, language] = text

    def words_for(self, what: str, language: str) -> str:
        """Return name, description or short_description in a language, else the one for everyone."""
        return self.words.get((what, language)) or self.words.get((what, ""), "")
