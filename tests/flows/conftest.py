"""Each conversation is played in two languages: Dutch, and Arabic, which is written from right to left."""

from __future__ import annotations

import pytest

from flows.facts import Facts
from tests.flows.people import AMINA, knowing
from tests.flows.transcript import Say


@pytest.fixture(params=["nl", "ar"])
def say(request: pytest.FixtureRequest) -> Say:
    """Give the words of one of the two languages."""
    return Say(request.param)


@pytest.fixture
def amina(say: Say) -> Facts:
    """Give what is known when Amina talks, in that language."""
    return knowing(AMINA, language=say.code)
