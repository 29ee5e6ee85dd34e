"""The log holds no token, no chat id and no words of anybody; nor does the web server's."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette

from bot import log
from bot.log import Scrubber
from bot.web.server import make_server

TOKEN = "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOpp"


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Put the handlers and the level back that the tests' runner had."""
    root, bot = logging.getLogger(), logging.getLogger("bot")
    handlers, level, bot_level = root.handlers[:], root.level, bot.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    bot.setLevel(bot_level)


def scrubbed(message: str, *values: object) -> str:
    """Give what the log makes of a message."""
    return Scrubber("%(message)s").format(logging.LogRecord("bot", logging.INFO, "", 0, message, values, None))


@pytest.mark.parametrize(
    "message",
    [
        "{token}",
        "POST https://api.telegram.org/bot{token}/sendMessage",
        "https://api.telegram.org/file/bot{token}/photos/file_1.jpg",
        "bot{token}: refused",
        "token={token}&x=1",
        "('{token}',)",
    ],
)
def test_a_token_is_taken_out_wherever_it_stands(message: str) -> None:
    written = scrubbed(message.format(token=TOKEN))
    assert TOKEN.split(":")[1] not in written
    assert TOKEN.split(":")[0] not in written


@pytest.mark.parametrize(
    "message",
    [
        "{id}",
        "chat {id}.",
        "chat_id={id}",
        "chat:{id}",
        "-100{id}",
        "({id}, {id})",
        '{{"id":{id},"x":1}}',
        "{id}: gone",
    ],
)
def test_a_chat_id_is_taken_out_wherever_it_stands(message: str) -> None:
    assert "987654321" not in scrubbed(message.format(id=987654321))


def test_a_value_that_is_filled_in_is_scrubbed_too() -> None:
    assert scrubbed("chat %d at %s", 987654321, f"https://host/bot{TOKEN}/x") == "chat # at https://host/botTOKEN/x"


@pytest.mark.parametrize("kept", ["attempt 3 of 9", "409", "2027", "127.0.0.1:8000", "took 0.12345 s"])
def test_what_is_nobodys_stays(kept: str) -> None:
    assert scrubbed(kept) == kept


def test_a_traceback_tells_where_and_not_what(capsys: pytest.CaptureFixture[str]) -> None:
    log.setup()
    try:
        raise ValueError(f"Amina zei {TOKEN} tegen 987654321")
    except ValueError:
        logging.getLogger("bot").exception("a turn raised")
    written = capsys.readouterr().err
    assert "ValueError at" in written
    assert [word for word in ("Amina", TOKEN, "987654321") if word in written] == []


def test_the_web_servers_log_goes_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    log.setup()
    make_server(Starlette(), "127.0.0.1", 0)
    logging.getLogger("uvicorn.error").error("%s /bot%s/x of %d", "POST", TOKEN, 987654321)
    written = capsys.readouterr().err
    assert written.count("\n") == 1
    assert "botTOKEN" in written
    assert "987654321" not in written


def test_libraries_do_not_tell_every_request(capsys: pytest.CaptureFixture[str]) -> None:
    log.setup()
    for name in ("httpx", "aiohttp.client", "telegram", "apscheduler", "uvicorn.access"):
        logging.getLogger(name).info("HTTP Request: POST")
    logging.getLogger("bot.app").info("ready")
    assert capsys.readouterr().err.count("\n") == 1
