"""Settings, from the environment, a `.env` file, or `NAME_FILE` for secrets. A wrong one stops the start, by name."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url

from bot.crypto import Vault
from bot.keyring import Keyring
from bot.office import Hours

TELEGRAM = "https://api.telegram.org"
SHORTEST_KEY = 8
SECRETS = ("VIVAS_TELEGRAM_TOKEN", "VIVAS_KEY", "VIVAS_WEBHOOK_SECRET", "VIVAS_DATABASE")


class SettingsError(Exception):
    """One or more settings are wrong or missing; each line names one and says what is expected."""


class Settings(BaseSettings):
    """Every setting. The names in the environment are those below in capitals, after `VIVAS_`."""

    model_config = SettingsConfigDict(env_prefix="VIVAS_", env_file=".env", extra="ignore", hide_input_in_errors=True)

    telegram_token: SecretStr = Field(description="the bot's token, as BotFather gave it: digits, a colon and letters")
    telegram_api: str = Field(TELEGRAM, description="base address of a Bot API server, http(s)://host[:port]")
    webhook_url: str | None = Field(None, description="public https address for updates; without it the bot polls")
    webhook_secret: SecretStr | None = Field(
        None, description="1 to 256 of A-Z a-z 0-9 _ -; needed with VIVAS_WEBHOOK_URL"
    )
    database: str = Field("sqlite:///vivas.db", description="sqlite:///file.db or postgresql://user:password@host/name")
    key: SecretStr = Field(
        description="the secret for hashing and encryption, 32 random characters or more; keep it apart from backups"
    )
    listen: str = Field("127.0.0.1:8000", description="web address, host:port")
    admins: Annotated[tuple[int, ...], NoDecode] = Field((), description="Telegram user ids, with commas between")
    send_rate: float = Field(30.0, gt=0, le=100000, description="messages a second in all, more than 0")
    organisation: str = Field("VIVAS", description="who runs the bot, as tenants read it")
    office_hours: str = Field(
        "09:00-17:00", description="when humans answer, on working days: two times of day, for example 09:00-17:00"
    )
    poll_keys: str = Field(
        "", description="folder for the keys of open polls, in no backup; without it a folder beside the database"
    )
    contact_phone: str = Field("", description="a phone number that a human answers, as tenants read it")

    @field_validator("telegram_token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"\d+:[A-Za-z0-9_-]{3,}", value.get_secret_value()):
            raise ValueError("expected digits, a colon and letters, as BotFather gave it")
        return value

    @field_validator("telegram_api")
    @classmethod
    def _api(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^/\s]+(/\S*)?", value):
            raise ValueError("expected http(s)://host[:port]")
        return value.rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _webhook(cls, value: str | None) -> str | None:
        if value and not re.fullmatch(r"https?://[^/\s]+/\S+", value):
            raise ValueError("expected https://host/path")
        return value or None

    @field_validator("webhook_secret")
    @classmethod
    def _secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("expected 1 to 256 of A-Z a-z 0-9 _ -")
        return value

    @field_validator("database")
    @classmethod
    def _database(cls, value: str) -> str:
        if not re.match(r"(sqlite|postgresql|postgres)(\+\w+)?:", value):
            raise ValueError("expected sqlite:///file.db or postgresql://user:password@host/name")
        return re.sub(r"^postgres:", "postgresql:", value)

    @field_validator("key")
    @classmethod
    def _key(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"expected {SHORTEST_KEY} characters or more, at random (32 are better)")
        return value

    @field_validator("listen")
    @classmethod
    def _listen(cls, value: str) -> str:
        if not re.fullmatch(r"(\[[0-9a-f:]+\]|[^:\s]+):\d{1,5}", value) or int(value.rsplit(":", 1)[1]) > 65535:
            raise ValueError("expected host:port, for example 127.0.0.1:8000")
        return value

    @field_validator("office_hours")
    @classmethod
    def _office_hours(cls, value: str) -> str:
        Hours.read(value)
        return value

    @field_validator("admins", mode="before")
    @classmethod
    def _admins(cls, value: object) -> object:
        if isinstance(value, str):
            parts = [part.strip() for part in value.split(",") if part.strip()]
            if not all(part.isdigit() for part in parts):
                raise ValueError("expected Telegram user ids: whole numbers with commas between")
            return tuple(int(part) for part in parts)
        return value

    @model_validator(mode="after")
    def _webhook_needs_secret(self) -> Settings:
        if self.webhook_url and not self.webhook_secret:
            raise ValueError("VIVAS_WEBHOOK_SECRET: expected with VIVAS_WEBHOOK_URL: 1 to 256 of A-Z a-z 0-9 _ -")
        return self

    @property
    def key_folder(self) -> Path:
        """Give the folder for the keys of open polls: never inside the database, and left out of every backup."""
        url = make_url(self.database)
        beside = f"{url.database}-keys" if url.get_backend_name() == "sqlite" and url.database else "vivas-keys"
        return Path(self.poll_keys or beside)

    def vault(self) -> Vault:
        """Make what hashes and seals, with the keys of open polls."""
        return Vault(self.key.get_secret_value(), Keyring(self.key_folder))

    @property
    def host(self) -> str:
        """Give the host to listen on."""
        return self.listen.rsplit(":", 1)[0].strip("[]")

    @property
    def port(self) -> int:
        """Give the port to listen on."""
        return int(self.listen.rsplit(":", 1)[1])

    @property
    def is_telegram(self) -> bool:
        """Tell whether the Bot API is Telegram's own."""
        return (urlsplit(self.telegram_api).hostname or "").endswith("telegram.org")


def load_settings(**given: object) -> Settings:
    """Read all settings; `given` ones win. Raises SettingsError naming each wrong or missing one."""
    try:
        return Settings(**{**_from_files(), **given})  # type: ignore[arg-type]
    except ValidationError as invalid:
        raise SettingsError("\n".join(_line(dict(error)) for error in invalid.errors())) from None


def _from_files() -> dict[str, str]:
    """Read `NAME_FILE` for secrets, as containers and systemd hand them over."""
    found = {}
    for name in SECRETS:
        path = os.environ.get(f"{name}_FILE")
        if path and name not in os.environ:
            try:
                found[name.removeprefix("VIVAS_").lower()] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise SettingsError(f"{name}_FILE: cannot read {path} ({error.strerror})") from None
    return found


def _line(error: dict[str, object]) -> str:
    place = error["loc"]
    name = str(place[0]) if isinstance(place, tuple) and place else ""
    message = str(error["msg"]).removeprefix("Value error, ")
    if not name:
        return message
    if error["type"] == "missing":
        message = f"missing; expected {Settings.model_fields[name].description}"
    return f"VIVAS_{name.upper()}: {message}"
