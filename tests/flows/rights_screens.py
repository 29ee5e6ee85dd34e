"""What stands on the screens about rights, in the words of one language."""

from __future__ import annotations

from flows.messages import Day, Told
from tests.flows.people import LIBRARY
from tests.flows.transcript import Say

OLD = "⚠️ This text is old. The rules may have changed. Ask a human to be sure."


def heading(say: Say, told: Told) -> str:
    """Give a title as it stands above a text."""
    return say("<b>{title}</b>", title=told)


def footer(say: Say, topic: str) -> str:
    """Give what must stand under every answer."""
    article = LIBRARY.articles[topic]
    return say(
        "<i>Checked on {day}. Source: {source}. This is information, not advice on your case.</i>",
        day=Day(article.checked, dated=True),
        source=article.source,
    )


def titles(say: Say, *topics: str) -> list[str]:
    """Give the titles of articles as they stand on buttons."""
    return [say.text(LIBRARY.articles[topic].title) for topic in topics]
