"""Where an organiser begins: what waits comes first."""

from __future__ import annotations

from dataclasses import replace

import pytest

import flows
from flows.facts import Facts
from flows.menu import menu
from flows.organise import organise, organise_polls
from flows.talk import Go
from tests.flows.organisers import CLOSED, FOR_ME, OPEN, READY, WAITS, at_work, organising
from tests.flows.people import AMINA, GREET, LUC, knowing
from tests.flows.transcript import follow, play


def test_an_organiser_finds_it_in_the_menu_and_a_tenant_does_not() -> None:
    assert play(menu, "[organise]", facts=knowing(LUC, language="en")).then == Go("organise")
    assert "organise" not in play(menu, facts=knowing(AMINA, language="en")).options


@pytest.mark.parametrize(
    "name",
    [
        "organise",
        "organise_polls",
        "organise_poll",
        "draft",
        "draft_more",
        "poll_text",
        "poll_question",
        "poll_more",
        "poll_item",
        "poll_parts",
        "poll_until",
        "poll_starts",
        "poll_languages",
        "poll_words",
        "poll_samples",
        "poll_act",
        "audience",
        "release",
        "release_wanted",
        "release_news",
        "send_back",
        "outcome",
        "outcome_wanted",
        "results",
        "result",
    ],
)
def test_whoever_may_organise_nowhere_is_sent_to_the_menu(name: str) -> None:
    """The flow itself refuses, whatever facts it is given."""
    given = organising(READY, scopes=())
    refused = play(flows.load()[name], facts=given, subject="klaar")
    assert (refused.log, refused.changes, refused.then) == ([], (), Go("menu", "no-role"))
    assert follow(refused).log[0] == "That is for organisers and staff only."


def test_the_first_screen_offers_polls_and_meetings() -> None:
    shown = play(organise, facts=organising())
    assert shown.log == ["What would you like to do?"]
    assert list(shown.options.values()) == ["📊 Make a poll", "📋 My polls", "📅 Make a meeting", "🗓️ My meetings"]


def test_what_waits_stands_on_top() -> None:
    shown = play(organise, facts=organising(FOR_ME, OPEN, CLOSED, WAITS))
    assert shown.log == [
        "2 polls wait for you:",
        "⏳ means: please read it, so that it can go out.",
        "❗ means: please write what is done with it.",
        "What would you like to do?",
    ]
    assert list(shown.options)[:3] == [FOR_ME.id, CLOSED.id, "new-poll"]
    assert shown.go_on(f"[{FOR_ME.id}]").then == Go("draft", FOR_ME.id)


@pytest.mark.parametrize(
    ("button", "flow"),
    [
        ("new-poll", "organise_poll"),
        ("my-polls", "organise_polls"),
        ("new-meeting", "organise_meeting"),
        ("my-meetings", "my_meetings_organised"),
    ],
)
def test_each_button_leads_on(button: str, flow: str) -> None:
    assert play(organise, f"[{button}]", facts=organising()).then == Go(flow)


def as_role(role: str) -> Facts:
    """Give what someone with another role knows."""
    return replace(at_work(), person=replace(GREET, language="en", roles=(role,)))


def test_staff_see_results_and_an_admin_the_roles_too() -> None:
    staff, admin = play(organise, facts=as_role("staff")), play(organise, facts=as_role("admin"))
    assert {"all-results", "invite-someone"} <= {*staff.options}
    assert "role-list" not in staff.options
    assert admin.go_on("[role-list]").then == Go("role_list")


def test_two_polls_of_one_name_have_two_buttons() -> None:
    twin = replace(READY, id="klaar-7x3z")
    buttons = [*play(organise_polls, facts=organising(READY, twin)).options.values()]
    assert buttons[:2] == ["📝 New rules for waste (klaar)", "📝 New rules for waste (aar-7x3z)"]


def test_the_list_opens_a_poll_or_goes_back() -> None:
    assert play(organise_polls, "[open-een]", facts=organising(READY, OPEN)).then == Go("draft", "open-een")
    assert play(organise_polls, "[skip]", facts=organising(READY)).then == Go("organise")


def test_an_empty_list_says_so() -> None:
    assert follow(play(organise_polls, facts=organising())).log[0] == "There are no polls yet."


def test_every_conversation_about_making_polls_knows_where_one_may_organise() -> None:
    """A flow that forgets to ask for scopes would refuse everyone, or nobody."""
    makers = [flow for flow in flows.load().values() if "draft" in flow.knows or "drafts" in flow.knows]
    assert makers
    assert all("scopes" in flow.knows for flow in makers)
