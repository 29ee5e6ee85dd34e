"""A role is given by an invitation that someone says yes to, and that its maker confirms. Nobody is named on the way."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from flows.facts import Facts
from flows.invite import invitation, invitation_accepted, invite, role_given, role_list, role_of, role_taken
from flows.poll_changes import AcceptInvitation, MakeInvitation, RefuseInvitation, SettleInvitation, TakeRole
from flows.role_facts import Invitation
from flows.talk import Go, QrCode
from tests.flows.people import AMINA, GREET, LUC, knowing
from tests.flows.role_people import CODE, HOLDERS, INVITATIONS, MIA, SCOPES, VEURNE, WEST, WORD, at_desk, giving
from tests.flows.transcript import Played, play

NO_ROLE = Go("menu", "no-role")
GONE = ["That invitation does not work any more. Ask for a new one."]
ORGANISER = "Organiser, Huurdersraad Veurne"
MEANING = "You can make polls and meetings. You see numbers. You see no names."


def amina(found: Invitation | None) -> Facts:
    """Give what Amina knows, who opened a link."""
    return replace(knowing(AMINA, language="en"), invitation=found)


def mia(found: Invitation | None) -> Facts:
    """Give what Mia knows of an invitation."""
    return replace(knowing(MIA, language="en"), invitation=found)


def code_shown(played: Played) -> QrCode:
    """Give the square that was shown last."""
    (code,) = (shown for shown in played.turn.say if isinstance(shown, QrCode))
    return code


def test_an_admin_makes_a_link_to_pass_on() -> None:
    played = play(invite, "[Organiser]", "[One tenants' group]", "[Huurdersraad Veurne]", facts=at_desk())
    assert played.log[-3:] == [
        ORGANISER,
        MEANING,
        "Shall I make a link? It works once, for 7 days. You choose who gets it.",
    ]
    played.go_on("[✅ Make the link]")
    (change,) = played.changes
    assert isinstance(change, MakeInvitation)
    assert (change.role, change.scope_kind, change.scope) == ("organiser", "group", "har-veurne")
    assert re.fullmatch(r"[a-z0-9]{12,24}", change.id)
    assert code_shown(played).payload == f"invite-{change.id}"
    assert played.log[-7:] == [
        "The link is ready. Send the next message to one person.",
        "They say yes, and read a code of four digits. Then I ask you for it. Only then they have the role.",
        f"<code invite-{change.id}>",
        f"🤝 Do you want to help? You are invited as: {ORGANISER}",
        "Send me this line:",
        f"/start invite-{change.id}",
        "It works once, for 7 days.",
    ]


def test_where_the_bot_knows_its_name_the_link_can_be_tapped() -> None:
    facts = replace(at_desk(), bot_name="huurders_bot")
    played = play(invite, "[Admin]", "[Everywhere]", "[yes]", facts=facts)
    (change,) = played.changes
    assert isinstance(change, MakeInvitation)
    assert f"https://t.me/huurders_bot?start=invite-{change.id}" in played.log
    assert "Tap the link, or let your phone's camera read the square." in played.log


def test_every_role_can_be_given() -> None:
    for option, role in [("staff", "staff"), ("council-member", "council_member")]:
        (change,) = play(invite, f"[{option}]", "[all]", "[yes]", facts=at_desk()).changes
        assert isinstance(change, MakeInvitation)
        assert (change.role, change.scope_kind, change.scope) == (role, "all", "")


def test_after_a_second_thought_there_is_no_link() -> None:
    played = play(invite, "[Staff]", "[One province]", "[~back]", "[One landlord]", "[no]", facts=at_desk())
    assert (played.changes, played.log[-1]) == ((), "That is fine. There is no link.")


def test_staff_may_give_fewer_roles_than_an_admin() -> None:
    played = play(invite, facts=giving(knowing(GREET, language="en")))
    assert list(played.options) == ["organiser", "council-member", "~cancel"]


def test_what_has_one_answer_is_not_asked() -> None:
    facts = replace(at_desk(), givable={"organiser": (VEURNE,)})
    played = play(invite, "[Organiser]", facts=facts)
    assert played.key == "sure"
    assert ORGANISER in played.log


def test_a_list_that_changes_meanwhile_leads_to_no_other_place() -> None:
    """The only province is not asked. When there are two at last, it is, and no link was made for either."""
    played = play(invite, "[Organiser]", "[One province]", facts=at_desk())
    assert played.key == "sure"
    limburg = replace(WEST, id="Limburg", name="Limburg")
    played.go_on(replace(at_desk(), givable={"organiser": (limburg, *SCOPES)}), "[yes]")
    assert (played.key, played.changes) == ("which-region", ())


@pytest.mark.parametrize("person", [AMINA, LUC], ids=["tenant", "organiser"])
@pytest.mark.parametrize("flow", [invite, role_list, role_of])
def test_whoever_may_give_no_role_is_refused(person: object, flow: object) -> None:
    facts = giving(replace(knowing(AMINA, language="en"), person=person, holders=HOLDERS))  # type: ignore[arg-type]
    played = play(flow, facts=facts, subject="bb22")  # type: ignore[arg-type]
    assert (played.changes, played.then) == ((), NO_ROLE)


def test_an_invitation_says_what_the_role_means_and_gives_none() -> None:
    played = play(invitation, facts=amina(INVITATIONS[WORD]), subject=WORD)
    assert played.log == [
        "🤝 You are invited to help.",
        ORGANISER,
        MEANING,
        "What you do with this role is written down, under a number.",
        "Do you want to do this?",
    ]
    played.go_on("[✅ Yes, I will]")
    assert (played.changes, played.then) == ((AcceptInvitation(WORD),), Go("invitation", WORD))


def test_after_a_yes_the_code_is_there_to_be_read_out() -> None:
    """Also when the link is opened again."""
    played = play(invitation, facts=amina(INVITATIONS["me-accepted"]), subject=WORD)
    assert played.over
    assert played.log == [
        f"Thank you! Your code is {CODE}",
        "Tell this code to the person who invited you. Then you get the role. I write to you.",
        "Did nobody you know invite you? Then tell the code to nobody.",
    ]


def test_a_no_closes_the_invitation() -> None:
    played = play(invitation, "[No]", facts=amina(INVITATIONS[WORD]), subject=WORD)
    assert played.changes == (RefuseInvitation(WORD),)
    assert played.log[-1] == "That is fine. Nothing changes. You can go on as before."


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("accepted", "Someone else used that invitation already. Each one works once. Ask for your own."),
        ("given", "Someone else used that invitation already. Each one works once. Ask for your own."),
        ("refused", "That invitation is closed. Ask for a new one if you want to help."),
        ("expired", "That invitation is too old. Ask for a new one."),
        ("void", "Who made this invitation may not give this role any more. Ask someone else for a new one."),
        ("me-expired", "That invitation is too old. Ask for a new one."),
        ("nowhere", GONE[0]),
    ],
)
def test_a_link_that_does_not_work_says_why(state: str, said: str) -> None:
    played = play(invitation, facts=amina(INVITATIONS.get(state)), subject=WORD)
    assert (played.over, played.changes, played.log) == (True, (), [said])


def test_nobody_takes_an_invitation_of_their_own() -> None:
    played = play(invitation, facts=mia(INVITATIONS["mine-open"]), subject=WORD)
    assert played.log == ["You made this invitation. Send the link to the person you want to invite."]


def test_who_has_the_role_already_leaves_the_invitation_open() -> None:
    played = play(invitation, facts=amina(INVITATIONS["has"]), subject=WORD)
    assert (played.changes, played.log) == ((), ["You have this role already:", "Admin, Everywhere"])


def test_who_invited_compares_the_code_and_gives_the_role() -> None:
    played = play(invitation_accepted, facts=mia(INVITATIONS["mine-accepted"]), subject=WORD)
    assert played.log == [
        "🤝 Someone said yes to your invitation.",
        ORGANISER,
        "Call or meet the person you invited. Let them read their code to you.",
        f"Is it {CODE}?",
        "If it is another code, or if you are not sure, tap No.",
    ]
    played.go_on("[✅ Yes, give the role]")
    assert played.changes == (SettleInvitation(WORD, True),)
    assert played.log[-1] == "Done. They have the role now, and I tell them."


def test_who_invited_may_say_no() -> None:
    played = play(invitation_accepted, "[No, do not give it]", facts=mia(INVITATIONS["mine-accepted"]), subject=WORD)
    assert played.changes == (SettleInvitation(WORD, False),)


@pytest.mark.parametrize("found", ["me-accepted", "accepted", "nowhere"])
def test_nobody_else_settles_an_invitation(found: str) -> None:
    """Not even who accepted it."""
    played = play(invitation_accepted, facts=amina(INVITATIONS.get(found)), subject=WORD)
    assert (played.over, played.changes, played.log) == (True, (), GONE)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("open", "Nobody has used this invitation yet."),
        ("given", "That role is given."),
        ("refused", "This invitation ended with a no. Nobody got the role."),
        ("expired", "That invitation is too old. Nobody got the role. You can make a new one."),
        ("void", "You may not give this role any more."),
    ],
)
def test_who_invited_hears_how_it_stands(state: str, said: str) -> None:
    played = play(invitation_accepted, facts=mia(INVITATIONS[f"mine-{state}"]), subject=WORD)
    assert (played.over, played.log) == (True, [said, ORGANISER])


def test_a_new_role_is_told_with_what_it_means() -> None:
    played = play(role_given, facts=amina(INVITATIONS["me-given"]), subject=WORD)
    told = ["✅ You have a new role.", ORGANISER, MEANING, "You find it in the menu: /menu"]
    assert played.log == told
    assert play(invitation, facts=amina(INVITATIONS["me-given"]), subject=WORD).log == told


def test_a_role_that_was_not_given_is_told_too() -> None:
    played = play(role_given, facts=amina(INVITATIONS["me-refused"]), subject=WORD)
    assert played.log == ["You did not get this role:", ORGANISER, "Ask the person who invited you why."]


def test_news_of_a_role_is_for_nobody_else() -> None:
    assert play(role_given, facts=amina(INVITATIONS["given"]), subject=WORD).log == GONE


@pytest.mark.parametrize(("role", "name"), [("organiser", "Organiser"), ("something-new", "something-new")])
def test_the_end_of_a_role_is_told(role: str, name: str) -> None:
    played = play(role_taken, facts=amina(None), subject=f"{role}:1")
    assert played.log[0] == f"You do not have this role any more: {name}"


def test_an_admin_sees_roles_by_number() -> None:
    played = play(role_list, facts=at_desk())
    assert played.options == {
        "aa11": "1. Admin: Everywhere (you)",
        "bb22": "2. Organiser: Huurdersraad Veurne",
        "cc33": "2. Staff: Groep <b>&{x}",
        "~skip": "◀️ Back",
    }
    assert played.go_on("[bb22]").then == Go("role_of", "bb22")
    assert play(role_list, "[◀️ Back]", facts=at_desk()).then == Go("organise")


def test_an_admin_takes_a_role_away_after_one_question() -> None:
    played = play(role_of, facts=at_desk(), subject="bb22")
    assert played.log == [
        "2. Organiser: Huurdersraad Veurne",
        MEANING,
        "Since 1 December 2026",
        "Do you want to take this role away?",
    ]
    played.go_on("[🗑️ Take the role away]")
    assert played.changes == (TakeRole("bb22"),)
    assert played.log[-1] == "Done. The role is gone, and I tell them."


def test_an_admin_may_leave_a_role_as_it_is() -> None:
    played = play(role_of, "[No, leave it]", facts=at_desk(), subject="cc33")
    assert (played.changes, played.then) == ((), Go("role_list"))


def test_an_admin_keeps_the_last_role_of_their_own() -> None:
    played = play(role_of, facts=at_desk(), subject="aa11")
    assert played.over
    assert played.log[-1] == "This is your own last role as admin. Another admin can take it away."


def test_a_role_that_is_gone_cannot_be_taken() -> None:
    assert play(role_of, facts=at_desk(), subject="dd44").log == ["That role is gone already."]
