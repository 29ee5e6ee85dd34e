"""An invitation through three chats: Greet, who is admin, makes it; Amina says yes; Elif has the link too."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.role_changes import WORD
from bot.store import invitations, people
from bot.store.db import Tx
from flows.role_facts import ROLES, Holder
from tests.bot.desk import desk, load, says
from tests.bot.hand import Hand
from tests.bot.rig import Rig
from tests.bot.test_intake import AMINA, ELIF, GREET

NETWORK: Mapping[str, Any] = {
    "landlords": [{"id": "ijzer", "name": "De IJzer", "municipalities": ["Veurne"]}],
    "groups": [{"id": "har-veurne", "name": "Huurdersraad Veurne", "kind": "council", "landlord": "ijzer"}],
}
ADMIN = {"telegram": GREET, "role": "admin", "scope": "all"}


async def invites(up: Rig, role: str = "organiser") -> str:
    """Let Greet make an invitation in the chat; give the payload of its link."""
    await load(up, **NETWORK)
    greet = Hand(up, GREET)
    await greet.writes("/uitnodigen")
    await greet.taps(role, "group", "yes")
    (row,) = await up.rows("SELECT id FROM invitation WHERE state = 'open'")
    assert WORD.fullmatch(row["id"])
    return f"invite-{row['id']}"


async def held_by(up: Rig) -> list[tuple[str, str, str]]:
    """Give every role but Greet's."""
    rows = await up.rows("SELECT role, scope_kind, scope FROM role WHERE role <> 'admin'")
    return [(row["role"], row["scope_kind"], row["scope"]) for row in rows]


async def code_of(up: Rig) -> str:
    """Give the code of the invitation that was accepted."""
    (row,) = await up.rows("SELECT code FROM invitation WHERE state = 'accepted'")
    return str(row["code"])


async def test_a_role_travels_from_an_admin_to_a_tenant_and_back_again(tmp_path: Path, address: str) -> None:
    async with desk(tmp_path, ADMIN, database=address) as up:
        greet, amina = Hand(up, GREET), Hand(up, AMINA)
        link = await invites(up)
        (asked,) = await amina.writes(f"/start {link}")
        assert "Huurdersraad Veurne" in asked
        (thanked,) = await amina.taps("yes")
        code = await code_of(up)
        assert code in thanked
        assert await held_by(up) == []
        assert code in greet.heard()[-1]
        await greet.taps("yes")
        assert await held_by(up) == [("organiser", "group", "har-veurne")]
        assert says(up, "✅ You have a new role.") in amina.heard()[-1]

        await greet.writes("/rollen")
        (taken,) = [row for row in await listed(up) if row.scope.role == "organiser"]
        await greet.taps(taken.id, "yes")
        assert await held_by(up) == []
        assert amina.heard()[-1].startswith(
            says(up, "You do not have this role any more: {role}", role=ROLES["organiser"])
        )
        acts = [row["act"] for row in await up.rows("SELECT act FROM audit ORDER BY id")]
        assert acts == ["role given", "invited", "invitation accepted", "role given", "role taken"]


async def listed(up: Rig) -> tuple[Holder, ...]:
    """Give the roles as Greet sees them."""

    def job(tx: Tx) -> tuple[Holder, ...]:
        person = people.find(tx, up.app.turns.vault, GREET)
        assert person is not None
        return invitations.holders(tx, person["id"])

    return await up.app.store.read(job)


async def test_a_newcomer_is_welcomed_before_the_invitation(tmp_path: Path) -> None:
    async with desk(tmp_path, ADMIN, users=range(AMINA, AMINA + 1), welcomed=False) as up:
        up.world.add_phone(GREET, "Greet", "nl", started=True)
        await load(up, people=[{"telegram": GREET, "language": "nl"}])
        amina = Hand(up, AMINA)
        link = await invites(up)
        (hello,) = await amina.writes(f"/start {link}")
        assert "Huurdersraad" not in hello
        assert says(up, "🤝 You are invited to help.") in (await amina.taps("nl", "on"))[-1]
        await amina.taps("yes")
        assert await code_of(up) in amina.heard()[-1]


async def test_a_link_that_was_passed_on_is_used_by_the_first(tmp_path: Path) -> None:
    async with desk(tmp_path, ADMIN) as up:
        amina, elif_ = Hand(up, AMINA), Hand(up, ELIF)
        link = await invites(up)
        await amina.writes(f"/start {link}")
        await elif_.writes(f"/start {link}")
        await amina.taps("yes", times=2)
        late = says(up, "Someone else used that invitation already. Each one works once. Ask for your own.")
        assert (await elif_.taps("yes"))[-1].endswith(late)
        assert (await elif_.writes(f"/start {link}")) == [late]
        assert await code_of(up) not in "".join(elif_.heard())
        assert len([said for said in Hand(up, GREET).heard() if await code_of(up) in said]) == 1


async def test_a_link_that_nobody_made_gives_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path, ADMIN) as up:
        (said,) = await Hand(up, AMINA).writes("/start invite-k3m9x2p7q4w8")
        assert said == says(up, "That invitation does not work any more. Ask for a new one.")


async def test_a_no_closes_the_link_and_the_admin_hears(tmp_path: Path) -> None:
    async with desk(tmp_path, ADMIN) as up:
        amina, elif_ = Hand(up, AMINA), Hand(up, ELIF)
        link = await invites(up)
        await amina.writes(f"/start {link}")
        await amina.taps("no")
        assert says(up, "This invitation ended with a no. Nobody got the role.") in Hand(up, GREET).heard()[-1]
        assert says(up, "That invitation is closed. Ask for a new one if you want to help.") in (
            await elif_.writes(f"/start {link}")
        )


async def test_an_admin_who_lost_the_role_gives_none(tmp_path: Path) -> None:
    async with desk(tmp_path, ADMIN) as up:
        link = await invites(up)
        amina, greet = Hand(up, AMINA), Hand(up, GREET)
        await amina.writes(f"/start {link}")
        await amina.taps("yes")
        await up.app.store.write(lambda tx: tx.run("DELETE FROM role"))
        assert says(up, "You may not give this role any more.") in (await greet.taps("yes"))[-1]
        assert await held_by(up) == []


async def test_the_message_to_pass_on_reaches_the_admin_with_the_link(tmp_path: Path) -> None:
    async with desk(tmp_path, ADMIN) as up:
        link = await invites(up)
        (passed_on,) = [bubble for bubble in up.world.phones[GREET].screen() if link in bubble.text]
        assert passed_on.media == "photo"
        assert says(up, "It works once, for {n} days.", n=7) in passed_on.text


async def test_tenants_do_not_reach_what_is_for_admins(tmp_path: Path) -> None:
    async with desk(tmp_path, ADMIN) as up:
        for command in ("/uitnodigen", "/rollen"):
            (said,) = await Hand(up, AMINA).writes(command)
            assert says(up, "That is for organisers and staff only.") in said
