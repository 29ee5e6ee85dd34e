"""Logs without personal data and without the token."""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

TOKEN = re.compile(r"(?<!\d)\d{5,}:[\w-]{20,}")
LONG_NUMBER = re.compile(r"(?<![\w.-])-?\d{5,}(?!\w)")  # chat and user ids


class Scrubber(logging.Formatter):
    """Format records, with tokens and long numbers taken out, and tracebacks without values."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line, scrubbed."""
        return LONG_NUMBER.sub("#", TOKEN.sub("TOKEN", super().format(record)))

    def formatException(self, ei: Any) -> str:
        """Give where an exception was raised, never what it said: messages may hold what people wrote."""
        kind, trace = ei[0], ei[2]
        steps = [
            f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)
        ]
        return f"{kind.__name__ if kind else '?'} at " + " > ".join(steps[-8:])


def setup(level: int = logging.INFO) -> None:
    """Send our own log to standard error; libraries speak from WARNING on (an HTTP client logs the token at INFO)."""
    handler = logging.StreamHandler()
    handler.setFormatter(Scrubber("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(level)
