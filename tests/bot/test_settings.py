"""Settings: a wrong or missing one stops the start, with its name and what is expected."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import main
from bot.config import SECRETS, Settings, SettingsError, load_settings

TOKEN = "123456789:AAbbCCddEEffGGhhIIjjKK"
KEY = "a key of more than thirty-two letters"
RIGHT = {"VIVAS_TELEGRAM_TOKEN": TOKEN, "VIVAS_KEY": KEY}


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Begin in an empty folder with none of our settings."""
    for field in Settings.model_fields:
        monkeypatch.delenv(f"VIVAS_{field.upper()}", raising=False)
    for name in SECRETS:
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.chdir(tmp_path)


def given(monkeypatch: pytest.MonkeyPatch, **changes: str) -> Settings:
    """Read the settings from an environment that is right but for these changes."""
    for name, value in {**RIGHT, **changes}.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def test_a_token_and_a_key_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch)
    assert (settings.database, settings.host, settings.port, settings.send_rate) == (
        "sqlite:///vivas.db",
        "127.0.0.1",
        8000,
        30,
    )


@pytest.mark.parametrize(("name", "expected"), [("VIVAS_TELEGRAM_TOKEN", "BotFather"), ("VIVAS_KEY", "32")])
def test_a_missing_setting_is_named_with_what_is_expected(
    monkeypatch: pytest.MonkeyPatch, name: str, expected: str
) -> None:
    for other, value in RIGHT.items():
        if other != name:
            monkeypatch.setenv(other, value)
    with pytest.raises(SettingsError, match=rf"^{name}: missing; expected .*{expected}"):
        load_settings()


WRONG = [
    ("VIVAS_TELEGRAM_TOKEN", "hunter2hunter2", "expected digits, a colon"),
    ("VIVAS_TELEGRAM_TOKEN", "", "expected digits, a colon"),
    ("VIVAS_TELEGRAM_API", "api.example", "expected http"),
    ("VIVAS_WEBHOOK_URL", "not an address", "expected https://host/path"),
    ("VIVAS_WEBHOOK_SECRET", "s h o r t", "to 256 of A-Z a-z 0-9"),
    ("VIVAS_DATABASE", "mysql://root:hunter2@host/name", "expected sqlite"),
    ("VIVAS_KEY", "hunter2", "characters or more"),
    ("VIVAS_LISTEN", "8000", "expected host:port"),
    ("VIVAS_LISTEN", "127.0.0.1:99999", "expected host:port"),
    ("VIVAS_ADMINS", "Luc,Greet", "expected Telegram user ids"),
    ("VIVAS_SEND_RATE", "fast", "valid number"),
    ("VIVAS_SEND_RATE", "0", "greater than 0"),
    ("VIVAS_OFFICE_HOURS", "all day", "for example 09:00-17:00"),
]


@pytest.mark.parametrize(("name", "value", "expected"), WRONG)
def test_a_wrong_setting_is_named_with_what_is_expected(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    with pytest.raises(SettingsError) as wrong:
        given(monkeypatch, **{name: value})
    assert str(wrong.value).startswith(f"{name}: ")
    assert expected in str(wrong.value)


@pytest.mark.parametrize(("name", "value", "_expected"), [case for case in WRONG if len(case[1]) > 3])
def test_a_wrong_value_is_not_repeated(monkeypatch: pytest.MonkeyPatch, name: str, value: str, _expected: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        given(monkeypatch, **{name: value})
    assert value not in str(wrong.value).replace("127.0.0.1:8000", "")


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as wrong:
        given(monkeypatch, VIVAS_LISTEN="x", VIVAS_KEY="y")
    assert [line.split(":")[0] for line in str(wrong.value).splitlines()] == ["VIVAS_KEY", "VIVAS_LISTEN"]


def test_a_webhook_needs_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match=r"VIVAS_WEBHOOK_SECRET: expected with VIVAS_WEBHOOK_URL"):
        given(monkeypatch, VIVAS_WEBHOOK_URL="https://bot.example/updates")


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    value = {"VIVAS_TELEGRAM_TOKEN": TOKEN, "VIVAS_KEY": KEY, "VIVAS_DATABASE": "sqlite:///other.db"}.get(
        name, "s" * 16
    )
    (tmp_path / "secret").write_text(f"{value}\n")
    for other, right in RIGHT.items():
        if other != name:
            monkeypatch.setenv(other, right)
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "secret"))
    read = getattr(load_settings(), name.removeprefix("VIVAS_").lower())
    assert (read if isinstance(read, str) else read.get_secret_value()) == value


def test_a_secret_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVAS_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("VIVAS_KEY_FILE", "nowhere")
    with pytest.raises(SettingsError, match="VIVAS_KEY_FILE: cannot read nowhere"):
        load_settings()


def test_settings_may_stand_in_an_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"VIVAS_TELEGRAM_TOKEN={TOKEN}\nVIVAS_KEY={KEY}\nVIVAS_LISTEN=0.0.0.0:80\n")
    assert load_settings().port == 80


def test_the_environment_wins_over_the_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("VIVAS_LISTEN=0.0.0.0:80\n")
    assert given(monkeypatch, VIVAS_LISTEN="[::1]:81").host == "::1"


def test_settings_never_print_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, VIVAS_WEBHOOK_SECRET="s" * 16)
    shown = f"{settings!r} {settings} {settings.model_dump()}"
    assert [secret for secret in (TOKEN, KEY, "s" * 16) if secret in shown] == []


def test_admins_are_numbers_with_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch, VIVAS_ADMINS="5001, 5002,").admins == (5001, 5002)


def test_an_address_of_postgresql_may_be_written_short(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch, VIVAS_DATABASE="postgres://host/name").database == "postgresql://host/name"


@pytest.mark.parametrize(("api", "own"), [("https://api.telegram.org/", True), ("http://127.0.0.1:8081", False)])
def test_telegrams_own_server_is_known(monkeypatch: pytest.MonkeyPatch, api: str, own: bool) -> None:
    assert given(monkeypatch, VIVAS_TELEGRAM_API=api).is_telegram is own


def test_the_command_line_stops_with_2_and_the_reasons() -> None:
    result = CliRunner().invoke(main, ["run"])
    assert result.exit_code == 2
    assert "VIVAS_TELEGRAM_TOKEN: missing" in result.stderr
    assert "VIVAS_KEY: missing" in result.stderr


def test_every_setting_is_described_in_the_example_file() -> None:
    example = (Path(__file__).parents[2] / "deploy" / "settings.env").read_text(encoding="utf-8")
    assert [field for field in Settings.model_fields if f"VIVAS_{field.upper()}" not in example] == []
