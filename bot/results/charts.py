"""Pictures of a poll's result, for a phone: PNG for the chat, SVG for the web, both from one definition.

A picture is 360 points wide and says everything in itself: the label stands above its bar, the percentage beside it. Short
questions share a picture, a long one is spread over several. Typst sets the text (shaping, right-to-left, line breaks) with
fonts that come as a package: no font, file, clock or network of the machine is used, so the same chart gives the same bytes.
A picture takes tens of milliseconds of processor: call it from a worker thread.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from babel import Locale
from babel.numbers import format_percent

if TYPE_CHECKING:
    from typst import Fonts

PIXELS = 1080  # the width of a PNG: three for each point, for the sharp screens of phones
POINTS = 360
# What cannot be shown: control characters, half characters and no characters, and directions forced on the rest.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]+")
SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Bar:
    """One answer: its label, its share in whole percent (None where it is hidden), and the count as text ("20 people", or
    why it is hidden: "fewer than 10")."""

    label: str
    share: int | None
    count: str

    def __post_init__(self) -> None:
        if self.share is not None and not 0 <= self.share <= 100:
            raise ValueError(f"a share is between 0 and 100, not {self.share}")


@dataclass(frozen=True)
class Group:
    """One question with its bars. The note stands under the question ("You could choose more than one")."""

    question: str
    bars: tuple[Bar, ...]
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A result, its texts in the reader's language. `note` stands at the foot of each picture. Texts are plain: markup
    in them shows as it is written."""

    title: str
    groups: tuple[Group, ...]
    language: str  # a code such as nl
    subtitle: str = ""
    note: str = ""
    rtl: bool = False

    def __post_init__(self) -> None:
        if not self.groups:
            raise ValueError("a chart needs a question")


def pictures(chart: Chart) -> tuple[bytes, ...]:
    """Give the chart as PNG pictures 1080 pixels wide, at most 1.6 times as high unless one answer alone is longer."""
    return _compiled(chart, "png")


def drawings(chart: Chart) -> tuple[str, ...]:
    """Give the same pictures as SVG, letters as outlines; each is named by the chart's title."""
    name = escape(_clean(chart.title, 120))
    return tuple(
        page.decode().replace(">", f' role="img"><title>{name}</title>', 1) for page in _compiled(chart, "svg")
    )


def _compiled(chart: Chart, format: Literal["png", "svg"]) -> tuple[bytes, ...]:
    import typst  # loads 80 MB of code: only for who makes a picture

    pages = typst.compile(
        files("bot.results").joinpath("chart.typ").read_bytes(),
        format=format,
        ppi=72 * PIXELS / POINTS,
        sys_inputs={"chart": json.dumps(_inputs(chart))},
        font_paths=_fonts(),
        ignore_system_fonts=True,
    )
    return tuple(pages) if isinstance(pages, list) else (pages,)


@cache
def _fonts() -> Fonts:
    from typst import Fonts

    # The fonts inside typst have some signs that Noto Sans has not, such as a check mark.
    return Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(files("manimgx_fonts"))])


def _inputs(chart: Chart) -> dict[str, object]:
    """Give the chart as the template reads it."""
    locale = Locale.parse(chart.language)
    return {
        "title": _clean(chart.title, 120),
        "subtitle": _clean(chart.subtitle, 200),
        "note": _clean(chart.note, 300),
        "language": locale.language,
        "rtl": chart.rtl,
        "groups": [
            {
                "question": _clean(group.question, 300),
                "note": _clean(group.note, 200),
                "bars": [_bar(bar, locale) for bar in group.bars],
            }
            for group in chart.groups
        ],
    }


def _bar(bar: Bar, locale: Locale) -> dict[str, object]:
    percent = "" if bar.share is None else format_percent(bar.share / 100, locale=locale)
    return {**asdict(bar), "label": _clean(bar.label, 300), "count": _clean(bar.count, 60), "percent": percent}


def _clean(text: str, most: int) -> str:
    """Make a text of people fit to be set: one line, at most so many characters."""
    text = SPACE.sub(" ", CONTROL.sub(" ", text)).strip()
    if len(text) > most:
        return f"{text[: most - 1].rstrip()}…"
    return text
