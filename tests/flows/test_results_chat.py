"""The results of polls in chat: for staff all polls, for organisers their own; in words, as pictures, as a file."""

from __future__ import annotations

from dataclasses import replace

from flows.poll_facts import Bar
from flows.results import result, results
from flows.talk import Go
from tests.flows.organisers import CLOSED, OPEN, READY, TOLD, at_work, organising
from tests.flows.poll_people import BARS
from tests.flows.transcript import Played, follow, play

REGIONS = tuple(
    Bar("hoe", "region", region, option, 15)
    for region in ("West-Vlaanderen", "Oost-Vlaanderen", "Antwerpen", "Limburg")
    for option in ("o1", "o2", "o3")
)


LANGUAGES = (Bar("", "language", "nl", "", 70), Bar("", "language", "ar", "", None), Bar("", "origin", "chat", "", 85))


def at(cut: str = "", *lines: str) -> Played:
    """Play the result of a poll for Greet, who is staff."""
    found = replace(TOLD, bars=(*BARS, *REGIONS, *LANGUAGES))
    return play(result, *lines, facts=at_work(found), subject=f"{TOLD.id}:{cut}" if cut else TOLD.id)


def test_staff_choose_among_the_polls_that_closed() -> None:
    shown = play(results, facts=at_work(READY, OPEN, CLOSED, TOLD))
    assert [*shown.options] == [CLOSED.id, TOLD.id, "~skip"]
    assert shown.go_on(f"[{TOLD.id}]").then == Go("result", TOLD.id)


def test_from_the_list_of_results_there_is_a_way_back() -> None:
    assert play(results, "[~skip]", facts=at_work(CLOSED)).then == Go("organise")


def test_an_organiser_has_no_list_of_all_results() -> None:
    assert play(results, facts=organising(TOLD)).then == Go("menu", "no-role")


def test_without_any_result_it_says_so() -> None:
    assert play(results, facts=at_work(OPEN)).log == ["No poll has a result yet. A poll gets one when it closes."]


def test_figures_come_in_words_page_by_page() -> None:
    shown = at()
    assert shown.log == ["🗳️ New rules for waste", "👥 Everyone", "How many people answered:", "Everyone: 85 people"]
    assert shown.go_on("[More ▶️]").log[-5:] == [
        "👥 Everyone",
        "1. Do you know the rules?",
        "• 👍 Yes: 60 people",
        "• 👎 No: 20 people",
        "• 🤐 Rather not say: not shown",
    ]


def test_each_cut_has_its_own_pages() -> None:
    shown = at()
    assert {"region", "language"} <= {*shown.options}
    assert "origin" not in shown.options, "one cell says no more than the whole"
    assert shown.go_on("[region]").then == Go("result", f"{TOLD.id}:region")
    assert at("region").log[-1] == "West-Vlaanderen: 60 people"
    assert at("language").log[-1] == "\u2068العربية\u2069: not shown"


def test_a_long_cut_goes_on_over_pages() -> None:
    second = at("region", "[More ▶️]", "[More ▶️]")
    assert "• West-Vlaanderen, 1 day: 15 people" in second.log
    third = second.go_on("[More ▶️]")
    assert third.log[-1] == "• Limburg, every day: 15 people"
    assert next(iter(third.options)) == "page-2"


def test_what_people_wrote_comes_without_order_or_name() -> None:
    shown = at("written")
    assert shown.log == ["✍️ Do you have an idea?", "In no order, without names.", "• “Meer groen”", "• “<b>Licht</b>”"]


def test_much_writing_goes_on_over_pages() -> None:
    many = replace(TOLD, texts={"idee": tuple(f"{n} {'a' * 230}" for n in range(10))})
    shown = play(result, facts=at_work(many), subject=f"{TOLD.id}:written")
    assert [line[:4] for line in shown.log[2:]] == ["• “0", "• “1"]
    assert shown.go_on("[More ▶️]").log[-1].startswith("• “3")


def test_nothing_is_offered_that_is_not_there() -> None:
    bare = replace(TOLD, texts={}, pictures=0)
    shown = play(result, facts=organising(bare), subject=TOLD.id)
    assert [*shown.options] == ["page-1", "poll"]


def test_staff_get_pictures_and_the_file() -> None:
    assert at("", "[pictures]").log[-3:] == [f"<picture {TOLD.id} {n}>" for n in range(3)]
    assert at("", "[file]").log[-1] == f"<result {TOLD.id}>"


def test_an_organiser_reads_the_result_but_gets_no_file() -> None:
    shown = play(result, facts=organising(TOLD), subject=TOLD.id)
    assert "file" not in shown.options
    assert shown.go_on("[poll]").then == Go("draft", TOLD.id)


def test_a_poll_without_figures_says_so() -> None:
    without = play(result, facts=at_work(OPEN), subject=OPEN.id)
    assert follow(without).log[0] == "There are no figures of this poll."
