"""How hard is a Dutch sentence? A small check for level A2-B1: length, official words, the passive."""

from __future__ import annotations


def hard_dutch(text: str) -> list[str]:
    """Give one reason for each thing that makes a text hard; none when it is easy."""
    return []
