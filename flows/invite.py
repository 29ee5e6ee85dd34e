"""Roles, given by hand: invite someone by a link, say yes to one, give the role, and take it away again."""

from __future__ import annotations

from flows.messages import BLANK, Day, Lines, Name, Text, _, lines
from flows.poll_changes import AcceptInvitation, MakeInvitation, RefuseInvitation, SettleInvitation, TakeRole
from flows.poll_facts import Scope
from flows.questions import Choice, Pick, Skippable, YesNo
from flows.role_facts import MEANS, ROLES, SCOPE_KINDS, Holder, Invitation, Place, role_name
from flows.talk import Done, Go, QrCode, Talk, flow

NO_ROLE = Done(then=Go("menu", "no-role"))
DAYS = 7  # that an invitation can be used


@flow(command="uitnodigen", title=_("Invite someone"), knows=("givable", "bot_name"))
async def invite(talk: Talk) -> Done:
    """Choose a role and where it holds, and give a link to pass on. Whoever opens it has no role by that."""
    givable = talk.facts.givable
    if not givable:
        return NO_ROLE
    roles = {role.replace("_", "-"): ROLES[role] for role in givable}
    chosen = await talk.ask("role", _("Which role do you want to give?"), Choice(roles), label=_("Role"))
    role = chosen.replace("-", "_")
    scope = await ask_scope(talk, givable[role])
    talk.say(lines(_("{role}, {place}", role=ROLES[role], place=scope.button), means(role)))
    sure = _("Shall I make a link? It works once, for {n} days. You choose who gets it.", n=DAYS)
    if not await talk.ask("sure", sure, YesNo(yes=_("✅ Make the link"), no=_("No, do not do it"))):
        return Done(say=_("That is fine. There is no link."))
    word = await talk.look("word", "new-id", "invitation") + await talk.look("more", "new-id", "more of it")
    return Done(
        MakeInvitation(word, role, scope.kind, scope.id),
        say=lines(
            _("The link is ready. Send the next message to one person."),
            _("They say yes, and read a code of four digits. Then I ask you for it. Only then they have the role."),
        ),
        show=(QrCode(f"invite-{word}", caption(talk.facts.bot_name, word, role, scope)),),
    )


async def ask_scope(talk: Talk, scopes: tuple[Scope, ...]) -> Scope:
    """Ask where the role holds: what kind of place, then which. What has one answer only is not asked."""
    kinds = {kind: label for kind, label in SCOPE_KINDS.items() if any(scope.kind == kind for scope in scopes)}
    kind = next(iter(kinds))
    if len(kinds) > 1:
        kind = await talk.ask("kind", _("Where does the role hold?"), Choice(kinds), label=_("Where"))
    places = [Place(scope) for scope in scopes if scope.kind == kind]
    if len(places) == 1:
        return places[0].scope
    return (await talk.ask(f"which-{kind}", _("Which one?"), Pick(places), label=_("Which one"))).scope


def caption(bot_name: str, word: str, role: str, scope: Scope) -> Lines:
    """Write the message to pass on; where the bot knows its own name, with a link to tap."""
    start = f"https://t.me/{bot_name}?start=invite-{word}" if bot_name else f"/start invite-{word}"
    return lines(
        _("🤝 Do you want to help? You are invited as: {role}, {place}", role=ROLES[role], place=scope.button),
        _("Tap the link, or let your phone's camera read the square.") if bot_name else _("Send me this line:"),
        Name(start),
        _("It works once, for {n} days.", n=DAYS),
    )


def means(role: str) -> Text | None:
    """Say what a role lets someone do."""
    return MEANS.get(role)


GONE = _("That invitation does not work any more. Ask for a new one.")
ENDS = {
    "expired": _("That invitation is too old. Ask for a new one."),
    "refused": _("That invitation is closed. Ask for a new one if you want to help."),
    "void": _("Who made this invitation may not give this role any more. Ask someone else for a new one."),
    "accepted": _("Someone else used that invitation already. Each one works once. Ask for your own."),
    "given": _("Someone else used that invitation already. Each one works once. Ask for your own."),
}


@flow(title=_("An invitation"), knows=("invitation",), loose=True)
async def invitation(talk: Talk) -> Done:
    """Open the link of an invitation: read what it means, say yes or no. Yes gives a code, and no role yet."""
    found = talk.facts.invitation
    if found is None:
        return Done(say=GONE)
    if found.me and found.state in ("accepted", "given"):
        return Done(say=await_role(found) if found.state == "accepted" else now_has(found))
    if found.state != "open":
        return Done(say=ENDS[found.state])
    if found.mine:
        return Done(say=_("You made this invitation. Send the link to the person you want to invite."))
    if found.has_role:
        return Done(say=lines(_("You have this role already:"), which(found)))
    says = Choice({"yes": _("✅ Yes, I will"), "no": _("No")})
    if await talk.ask("sure", asked(found), says) == "no":
        return Done(RefuseInvitation(found.id), say=_("That is fine. Nothing changes. You can go on as before."))
    return Done(AcceptInvitation(found.id), then=Go("invitation", found.id))


def asked(found: Invitation) -> Lines:
    """Ask someone to take a role, and say what it means."""
    return lines(
        _("🤝 You are invited to help."),
        which(found),
        means(found.scope.role),
        _("What you do with this role is written down, under a number."),
        BLANK,
        _("Do you want to do this?"),
    )


def which(found: Invitation) -> Text:
    """Say role and scope."""
    return _("{role}, {place}", role=found.role, place=found.scope.button)


def await_role(found: Invitation) -> Lines:
    """Give the code to read out to who invited."""
    return lines(
        _("Thank you! Your code is <b>{code}</b>", code=Name(found.code)),
        _("Tell this code to the person who invited you. Then you get the role. I write to you."),
        _("Did nobody you know invite you? Then tell the code to nobody."),
    )


def now_has(found: Invitation) -> Lines:
    """Tell someone that they have a role now."""
    return lines(
        _("✅ You have a new role."), which(found), means(found.scope.role), _("You find it in the menu: /menu")
    )


@flow(title=_("Someone said yes"), knows=("invitation",), loose=True)
async def invitation_accepted(talk: Talk) -> Done:
    """Ask who made an invitation whether the right person said yes; only then there is a role."""
    found = talk.facts.invitation
    if found is None or not found.mine:
        return Done(say=GONE)
    if found.state != "accepted":
        return Done(say=settled(found))
    says = Choice({"yes": _("✅ Yes, give the role"), "no": _("No, do not give it")})
    prompt = lines(
        _("🤝 Someone said yes to your invitation."),
        which(found),
        _("Call or meet the person you invited. Let them read their code to you."),
        _("Is it <b>{code}</b>?", code=Name(found.code)),
        _("If it is another code, or if you are not sure, tap No."),
    )
    give = await talk.ask("sure", prompt, says) == "yes"
    said = _("Done. They have the role now, and I tell them.") if give else _("Good. They do not get the role.")
    return Done(SettleInvitation(found.id, give), say=said)


def settled(found: Invitation) -> Text:
    """Tell who made an invitation how it ended."""
    said = {
        "open": _("Nobody has used this invitation yet."),
        "given": _("That role is given."),
        "refused": _("This invitation ended with a no. Nobody got the role."),
        "expired": _("That invitation is too old. Nobody got the role. You can make a new one."),
        "void": _("You may not give this role any more."),
    }
    return lines(said[found.state], which(found))


@flow(title=_("Your role"), knows=("invitation",), loose=True)
async def role_given(talk: Talk) -> Done:
    """Tell who said yes how it ended; the subject is the invitation."""
    found = talk.facts.invitation
    if found is None or not found.me:
        return Done(say=GONE)
    if found.state == "given":
        return Done(say=now_has(found))
    return Done(say=lines(_("You did not get this role:"), which(found), _("Ask the person who invited you why.")))


@flow(title=_("Your role"), loose=True)
async def role_taken(talk: Talk) -> Done:
    """Tell someone that a role of theirs ended; the subject is the role."""
    role = talk.subject.partition(":")[0]
    return Done(
        say=lines(
            _("You do not have this role any more: {role}", role=role_name(role)),
            _("For the rest nothing changes. Do you have a question? Tap /help"),
        )
    )


@flow(command="rollen", title=_("Roles"), knows=("roles", "holders"), loose=True)
async def role_list(talk: Talk) -> Done:
    """Show an admin who holds which role, by number, and open one."""
    if "admin" not in talk.facts.person.roles:
        return NO_ROLE
    pick = Skippable(Pick(talk.facts.holders), skip=_("◀️ Back"))
    prompt = lines(
        _("These are the roles. Each person is a number; one person can have more than one role."),
        _("Which role do you want to look at?"),
    )
    chosen = await talk.ask("which", prompt, pick, in_place=True)
    return Done(then=Go("role_of", chosen.id) if chosen else Go("organise"))


@flow(title=_("A role"), knows=("roles", "holders"), loose=True)
async def role_of(talk: Talk) -> Done:
    """Show one role that someone holds, and take it away after one clear question."""
    if "admin" not in talk.facts.person.roles:
        return NO_ROLE
    holder = next((holder for holder in talk.facts.holders if holder.id == talk.subject), None)
    if holder is None:
        return Done(say=_("That role is gone already."))
    talk.say(holds(holder))
    if holder.last:
        return Done(say=_("This is your own last role as admin. Another admin can take it away."))
    sure = YesNo(yes=_("🗑️ Take the role away"), no=_("No, leave it"))
    if not await talk.ask("sure", _("Do you want to take this role away?"), sure):
        return Done(say=_("Good. Everything stays as it was."), then=Go("role_list"))
    return Done(TakeRole(holder.id), say=_("Done. The role is gone, and I tell them."))


def holds(holder: Holder) -> Lines:
    """Say what someone holds, and since when."""
    return lines(
        holder.button,
        means(holder.scope.role),
        _("Since {day}", day=Day(holder.since, dated=True)) if holder.since else None,
    )
