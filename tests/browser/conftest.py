"""The demo and a browser beside it. Without a browser these tests fail: the outcome is then not shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from bot.app import App
from bot.demo import AMINA, ELIF, demo
from tests.browser.hands import Hand, chromium, find_chromium, open_page


@pytest.fixture(scope="session", autouse=True)
def needs_a_browser() -> None:
    """Say what is missing once, before anything starts."""
    try:
        find_chromium()
    except LookupError as missing:
        pytest.fail(str(missing), pytrace=False)


@dataclass(frozen=True)
class Demo:
    """The demo that runs, and a browser to look at it with."""

    address: str
    app: App
    browser: Browser

    async def page(self, width: int, height: int) -> Page:
        """Open the phone page in a window of so many pixels."""
        return await open_page(self.browser, self.address, width, height)


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Demo]:
    """Bring up the whole demo on a free port, and a browser."""
    async with demo(tmp_path) as (address, app, _world, _task), chromium() as browser:
        yield Demo(address, app, browser)


@pytest.fixture
async def desk(running: Demo) -> Page:
    """The page on a wide screen: four phones side by side."""
    return await running.page(1400, 900)


@pytest.fixture
async def narrow(running: Demo) -> Page:
    """The page on a small phone's screen."""
    return await running.page(360, 740)


@pytest.fixture
def amina(desk: Page) -> Hand:
    """Amina, who reads Arabic."""
    return Hand(desk, AMINA, "ar")


@pytest.fixture
def elif_(desk: Page) -> Hand:
    """Elif, who reads Turkish."""
    return Hand(desk, ELIF, "tr")
