"""Each kind of question reads what people do, or says why it cannot."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.messages import Name
from flows.questions import (
    Answer,
    Choice,
    Confirm,
    Invalid,
    Kind,
    Number,
    Option,
    Page,
    Photo,
    Pick,
    Postcode,
    Reader,
    Several,
    Skippable,
    Words,
    YesNo,
    western,
)
from tests.flows.people import IJZER, KUST

TWO = {"a": Name("A"), "b": Name("B")}
KINDS: list[Kind[object]] = [
    Words(),
    Postcode(),
    Choice(TWO),
    YesNo(),
    Confirm(),
    Several(TWO, ticked=("a",)),
    Number(0, 4),
    Photo(),
    Pick([IJZER, KUST]),
    Skippable(Postcode()),
    Skippable(Pick([IJZER, KUST])),
    Reader({"a": Page(Name("A"), Name("Aa")), "b": Page(Name("B"), Name("Bb"))}, ((Option("yes", Name("Yes")),),)),
]
ANSWERS = st.builds(
    Answer,
    text=st.none() | st.text(max_size=30),
    chosen=st.lists(st.text(max_size=8) | st.sampled_from(["a", "yes", "~none", "~skip", "ijzer"]), max_size=3).map(
        tuple
    ),
    media=st.none() | st.sampled_from(["photo", "voice", "sticker"]),
    file=st.none() | st.text(max_size=8),
)


def refused(kind: Kind[object], answer: Answer) -> str:
    """Give why an answer cannot be read."""
    with pytest.raises(Invalid) as invalid:
        kind.read(answer)
    return invalid.value.why.id


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
@settings(deadline=None)  # the machine may be busy
@given(answer=ANSWERS)
def test_any_answer_is_read_or_refused_with_a_reason(kind: Kind[object], answer: Answer) -> None:
    try:
        kind.read(answer)
    except Invalid as invalid:
        assert invalid.why.id


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
@settings(deadline=None)
@given(option=st.text(max_size=12), draft=st.lists(st.text(max_size=8), max_size=3).map(tuple))
def test_any_tap_on_any_draft_answers_drafts_or_is_refused(
    kind: Kind[object], option: str, draft: tuple[str, ...]
) -> None:
    try:
        led = kind.tap(option, draft)
    except Invalid as invalid:
        assert invalid.why.id
        return
    if isinstance(led, Answer):
        kind.read(led)
    else:
        assert kind.rows(led)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
def test_every_button_that_is_shown_can_be_tapped(kind: Kind[object]) -> None:
    for row in kind.rows(()):
        for option in row:
            if option.id != "~change":
                assert kind.tap(option.id, ()) is not None


def test_words_are_trimmed_and_limited() -> None:
    assert Words(5).read(Answer(text="  blok ")) == "blok"
    assert refused(Words(5), Answer(text="blok 7")).startswith("That is a long text")
    assert refused(Words(), Answer(text=" \n ")) == "Please write it in a few words."


def test_a_number_is_tapped_or_typed_in_any_script() -> None:
    assert Number(0, 4).read(Answer(chosen=("3",))) == 3
    assert [Number(0, 4).read(Answer(text=text)) for text in ("3", " 3 ", "٣", "۳", "३")] == [3] * 5
    assert refused(Number(0, 4), Answer(text="³")).startswith("Please give a number")


def test_digits_of_any_script_become_ours() -> None:
    assert western("٨٦٣٠ Veurne ½") == "8630 Veurne ½"


def test_boxes_are_kept_in_the_order_of_the_question() -> None:
    several = Several(TWO)
    assert several.tap("~ready", ("~touched", "b", "a")) == Answer(chosen=("a", "b"))
    assert several.tap("~ready", ("~touched",)) == Answer(chosen=("~none",))
    assert several.read(Answer(chosen=("~none",))) == ()


def test_a_box_that_is_gone_makes_the_answer_unreadable() -> None:
    assert refused(Several(TWO), Answer(chosen=("a", "z"))) == "Please tap one of the buttons."


def test_a_photo_is_kept_by_its_file() -> None:
    assert Photo().read(Answer(media="photo", file="f")) == "f"
    assert refused(Photo(), Answer(media="voice", file="f")) == "Please send a photo."


def test_what_is_skipped_is_none() -> None:
    assert Skippable(Postcode()).read(Answer(chosen=("~skip",))) is None
    assert Skippable(Pick([IJZER])).read(Answer(chosen=("ijzer",))) is IJZER


def test_a_picked_thing_that_vanished_has_its_own_text() -> None:
    assert refused(Pick([IJZER]), Answer(chosen=("kust",))) == "That one is no longer in the list."
    assert refused(Pick([IJZER]), Answer(text="kust")) == "Please tap one of the buttons."
