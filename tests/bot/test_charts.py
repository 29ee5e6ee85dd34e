"""The picture of a result: what it shows, in which direction, and that the words of people in it are only words.

Pictures are looked at through their SVG: there each letter is an outline at a place, and each bar a shape with a colour.
"""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.i18n import LOCALES, Languages
from bot.results.charts import Bar, Chart, Group, drawings, pictures
from flows.poll_facts import FACES

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
FILLED, TRACK = "#17569b", "#e6ecf4"
TELEGRAM_SUM, TELEGRAM_RATIO, TELEGRAM_BYTES = 10_000, 20, 10_000_000  # core.telegram.org/bots/api#sendphoto


@dataclass(frozen=True)
class Shape:
    """A shape with its place on the picture, in points from the left."""

    left: float
    width: float
    colour: str
    dashed: bool
    glyph: str  # which outline, for a letter

    @property
    def right(self) -> float:
        return self.left + self.width


def shapes(svg: str) -> list[Shape]:
    """Give the shapes and letters of a drawing from its first to its last."""
    return list(_walk(ElementTree.fromstring(svg), 0.0))


def _walk(element: ElementTree.Element, left: float) -> Iterator[Shape]:
    if element.tag == f"{SVG}defs":
        return
    moved = re.match(r"translate\((\S+?)[ )]", element.get("transform", ""))
    left += float(moved[1]) if moved else 0.0
    if element.tag in (f"{SVG}path", f"{SVG}use"):
        colour = element.get("fill") or "none"
        dashed = " " in element.get("stroke-dasharray", "")
        x = float(element.get("x", "0"))
        yield Shape(left + x, _width(element.get("d", "")), colour, dashed, element.get(LINK, ""))
    for child in element:
        yield from _walk(child, left)


def _width(path: str) -> float:
    """Give the width of a rectangle, whose corners may be round."""
    x, seen = 0.0, [0.0]
    for command, numbers in re.findall(r"([mhc]) ([-\d. ]+)", path):
        values = [float(number) for number in numbers.split()]
        x += values[0] if command == "h" else values[-2]
        seen.append(x)
    return max(seen) - min(seen)


def bars(svg: str, colour: str = FILLED) -> list[Shape]:
    """Give the filled parts of the bars (or their tracks), in the order of the answers."""
    return [shape for shape in shapes(svg) if shape.colour == colour and not shape.glyph and shape.width]


def letters(text: str, language: str = "nl", rtl: bool = False) -> list[Shape]:
    """Give the letters of a picture that holds this label and no other word."""
    chart = Chart("", (Group("", (Bar(text, None, ""),)),), language, rtl=rtl)
    return [shape for drawing in drawings(chart) for shape in shapes(drawing) if shape.glyph]


def chart(*groups: Group, language: str = "nl", rtl: bool = False) -> Chart:
    return Chart("Nieuwe regels voor afval", groups, language, "120 huurders antwoordden", "We ronden af.", rtl)


def question(n: int, share: int | None = 25) -> Group:
    """Give a question with so many answers."""
    return Group("Hoe vaak moet het open zijn?", tuple(Bar(f"{i} dagen", share, "30 mensen") for i in range(n)))


def size(png: bytes) -> tuple[int, int]:
    """Give the width and height of a picture in pixels."""
    assert png.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("language", ["nl", "fr", "en", "tr", "ar"])
def test_the_longest_poll_is_pictures_that_fit_a_phone_and_telegram(language: str) -> None:
    text = "Twee of drie keer in de week, ook op zaterdag"
    group = Group(text, tuple(Bar(text, 12, "15 mensen") for _ in range(8)))
    made = pictures(chart(*[group] * 7, language=language, rtl=language == "ar"))
    assert 7 <= len(made) <= 28
    for png in made:
        width, height = size(png)
        assert width == 1080
        assert height <= 1.6 * width + 1
        assert len(png) < TELEGRAM_BYTES


def test_the_longest_texts_still_make_a_picture_that_telegram_takes() -> None:
    text = "Een lange vraag over het containerpark. " * 100
    for png in pictures(
        Chart(text, (Group(text, (Bar(text, 3, text), Bar(text, None, text)), text),), "nl", text, text)
    ):
        width, height = size(png)
        assert width + height <= TELEGRAM_SUM
        assert height / width <= TELEGRAM_RATIO


def test_short_questions_share_a_picture() -> None:
    assert len(pictures(chart(question(2), question(2)))) == 1


def test_a_question_of_eight_answers_is_spread_evenly() -> None:
    assert [len(bars(drawing, TRACK)) for drawing in drawings(chart(question(8)))] == [4, 4]


def test_a_question_that_fits_a_picture_is_never_cut() -> None:
    assert [len(bars(drawing, TRACK)) for drawing in drawings(chart(question(3), question(4)))] == [3, 4]


def test_each_drawing_is_one_of_the_pictures() -> None:
    many = chart(question(3), question(8))
    heights = [float(re.findall(r'height="([\d.]+)pt"', drawing)[0]) for drawing in drawings(many)]
    assert [round(height * 3) for height in heights] == pytest.approx([size(png)[1] for png in pictures(many)], abs=1)


def test_a_bar_is_as_long_as_its_share() -> None:
    shares = 100, 50, 25, 10
    (drawing,) = drawings(chart(Group("Hoe vaak?", tuple(Bar("Dagen", share, "30 mensen") for share in shares))))
    whole = bars(drawing, TRACK)[0].width
    assert [bar.width / whole for bar in bars(drawing)] == pytest.approx([share / 100 for share in shares], abs=0.01)


def test_one_percent_is_still_seen() -> None:
    (bar,) = bars(drawings(chart(question(1, share=1)))[0])
    assert bar.width >= 4


def test_bars_grow_from_the_left_and_from_the_right_in_arabic() -> None:
    def ends(language: str, rtl: bool) -> tuple[bool, bool]:
        (drawing,) = drawings(chart(question(1), language=language, rtl=rtl))
        (filled,), (track,) = bars(drawing), bars(drawing, TRACK)
        return abs(filled.left - track.left) < 1, abs(filled.right - track.right) < 1

    assert ends("nl", rtl=False) == (True, False)
    assert ends("ar", rtl=True) == (False, True)


def test_a_hidden_bar_is_an_empty_dashed_one() -> None:
    (drawing,) = drawings(chart(question(1, share=None)))
    assert not bars(drawing)
    assert [shape.colour for shape in shapes(drawing) if shape.dashed] == ["none"]


def test_nobody_is_an_empty_bar_that_is_not_dashed() -> None:
    (drawing,) = drawings(chart(question(1, share=0)))
    assert len(bars(drawing, TRACK)) == 1
    assert not bars(drawing)
    assert not any(shape.dashed for shape in shapes(drawing))


def test_the_words_of_a_hidden_bar_are_shown() -> None:
    def count(words: str) -> int:
        return len([s for s in shapes(drawings(chart(Group("", (Bar("", None, words),))))[0]) if s.glyph])

    assert count("minder dan 10") - count("") == len("minderdan10")


@pytest.mark.parametrize(
    "text",
    [
        "<b>vet</b> &amp; <script>alert(1)</script>",
        '#panic("x") #sys.inputs #(1 + 1)',
        "*vet* _schuin_ `code` $x^2$ = kop",
        "// weg /* weg */ @bron <naam> [x] ~ -- --- ... \\u{41}",
        """"dubbel" 'enkel' “rond” { } ; : \\""",
    ],
)
def test_markup_of_people_is_shown_as_they_wrote_it(text: str) -> None:
    wanted = re.sub(r"\s", "", f"n{text}")  # with a letter, as signs alone are set larger
    one_by_one = {sign: letters(f"{sign}n")[0].glyph for sign in set(wanted)}
    assert sorted(shape.glyph for shape in letters(f"n{text}")) == sorted(one_by_one[sign] for sign in wanted)


@settings(max_examples=40, deadline=None)
@given(text=st.text(st.characters(exclude_categories=()), max_size=60), rtl=st.booleans())
def test_any_text_makes_a_picture(text: str, rtl: bool) -> None:
    """Half characters, control characters, no characters: whatever stands in a label or a title."""
    any_text = Chart(text, (Group(text, (Bar(text, 40, text), Bar(text, None, text)), text),), "nl", text, text, rtl)
    assert pictures(any_text)
    for drawing in drawings(any_text):
        ElementTree.fromstring(drawing)


def test_control_characters_and_forced_directions_are_left_out() -> None:
    assert letters("ja\x00\x07 \u202enee\u202c \ud83d!") == letters("ja nee !")


@pytest.mark.parametrize(
    "word", ["W" * 39, "a" * 300, "huurdersadviesraadvergaderingsverslag", "ب" * 90, "x_1-" * 60, "👩‍👩‍👧" * 40]
)
def test_no_word_is_so_long_that_it_leaves_the_picture(word: str) -> None:
    """Checked where the letters are largest, in a question."""
    for rtl in (False, True):
        for drawing in drawings(Chart(word, (Group(word, (Bar(word, 40, "5"),)),), "nl", rtl=rtl)):
            places = [shape.left for shape in shapes(drawing) if shape.glyph]
            assert min(places) >= 17
            assert max(places) <= 360 - 18


def test_arabic_letters_are_joined() -> None:
    """One letter three times: a beginning, a middle and an end, and their dot; apart it is one form and its dot."""
    joined, apart = ({shape.glyph for shape in letters(text, "ar", rtl=True)} for text in ("ببب", "ب ب ب"))
    assert (len(joined), len(apart), len(joined & apart)) == (4, 2, 1)


def test_foreign_text_in_arabic_keeps_its_full_stop_behind() -> None:
    (stop,) = {shape.glyph for shape in letters("n.")} - {shape.glyph for shape in letters("n")}
    assert max(letters("Elke dag (bus 12).", "ar", rtl=True), key=lambda shape: shape.left).glyph == stop


def test_the_percentage_is_written_as_the_language_does() -> None:
    def order(language: str) -> list[int]:
        """Give the places of the signs, from left to right, in a picture with nothing but 9 percent."""
        found = shapes(drawings(Chart("", (Group("", (Bar("", 9, ""),)),), language))[0])
        shown = sorted((shape for shape in found if shape.glyph), key=lambda shape: shape.left)
        return [sorted({one.glyph for one in shown}).index(one.glyph) for one in shown]

    assert order("nl") == order("en") == order("fr") == order("tr")[::-1]


def test_every_letter_of_every_translation_and_every_face_has_its_shape() -> None:
    """A letter that no font has is an empty box."""
    box = letters("n\U000ffff0")[-1].glyph
    assert box == letters("n\U000ffff1")[-1].glyph
    languages = Languages(LOCALES)
    forms = (form for code in languages for forms in languages[code].messages.values() for form in forms)
    # Signs of menus and buttons are not in a result.
    signs = sorted(
        {sign for form in forms for sign in form if unicodedata.category(sign)[0] in "LMNP"} | set(FACES.values())
    )
    for start in range(0, len(signs), 100):
        assert box not in {shape.glyph for shape in letters("n".join(signs[start : start + 100]))}


def test_a_drawing_is_named_for_who_cannot_see_it() -> None:
    (drawing,) = drawings(Chart("Afval & <rest>", (question(1),), "nl"))
    root = ElementTree.fromstring(drawing)
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Afval & <rest>"


MAKE = """
import hashlib, sys
from bot.results.charts import Bar, Chart, Group, drawings, pictures
from flows.poll_facts import FACES
assert "typst" not in sys.modules, "typst is for who makes a picture"
chart = Chart("Nieuwe regels", (Group("Ken je ze? 😀 نعم", (Bar("Ja", 67, "80 mensen"), Bar("Nee", None, "minder dan 10"))),), "nl")
print(hashlib.sha256(b"".join(pictures(chart)) + "".join(drawings(chart)).encode()).hexdigest())
"""


def test_the_same_chart_gives_the_same_bytes_in_every_process_and_leaves_no_file(tmp_path: Path) -> None:
    def made(seed: str) -> str:
        places = {name: str(tmp_path) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
        environment = os.environ | places | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path.cwd())}
        done = subprocess.run(
            [sys.executable, "-B", "-c", MAKE], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert made("1") == made("2")
    assert not list(tmp_path.iterdir())


def test_a_share_outside_0_to_100_and_a_chart_without_question_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        Bar("Ja", 101, "5 mensen")
    with pytest.raises(ValueError, match="needs a question"):
        Chart("Titel", (), "nl")
