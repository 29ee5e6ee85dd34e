"""Who can help nearby: services, the justice of the peace and the local consultation, by postcode."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from flows.messages import BLANK, Day, Lines, Name, Text, Told, _, lines
from flows.questions import Option, Page, Postcode, Reader, Skippable, in_rows
from flows.talk import Done, Go, Talk, flow

ANYWHERE = "*"  # for someone who gave no postcode
MORE = "+"  # ends the subject on the page of further services


@flow(title=_("Who can help near you"), loose=True)
async def nearby(talk: Talk) -> Done:
    """Show who is near the person's postcode, or the one they were asked (`heard`): a button for each, which turns to its
    page. The subject is a topic."""
    postcode = talk.heard or talk.facts.person.postcode
    topic = talk.subject.removesuffix(MORE)
    if not postcode:
        return Done(then=Go("nearby_where", topic))
    found = json.loads(await talk.look("near", "nearby", postcode.removeprefix(ANYWHERE)))
    shown = pages(talk, found)
    doors = [
        Option("where", _("📍 Other postcode")),
        Option("human", _("🙋 Ask a human")),
        Option("menu", _("☰ Menu")),
    ]
    if found["more"] and not talk.subject.endswith(MORE):
        doors.insert(0, Option("more", _("➕ More services")))
    reader = Reader(shown, in_rows(doors, 2), columns=1)
    door = await talk.ask("read", reader.text(()), reader, lasting=True)
    where = {
        "human": Go("ask_human", topic),
        "where": Go("nearby_where", topic),
        "more": Go("nearby", f"{topic}{MORE}", heard=talk.heard or None),
    }
    return Done(then=where.get(door, Go("menu")), stay=True)


@flow(title=_("Who can help near you"))
async def nearby_where(talk: Talk) -> Done:
    """Ask a postcode, for this only."""
    prompt = lines(
        _("What is your postcode? Then I can show who is near you."),
        _("I only use it to show you this."),
    )
    kind = Skippable(Postcode(), skip=_("Show it without postcode"))
    postcode = await talk.ask("postcode", prompt, kind)
    if postcode is not None and json.loads(await talk.look("near", "nearby", postcode))["unknown"]:
        talk.again("postcode", _("I do not know that postcode. Please look at the four numbers again."))
    return Done(then=Go("nearby", talk.subject, heard=postcode or ANYWHERE))


def pages(talk: Talk, found: dict[str, Any]) -> dict[str, Page]:
    """Give the first page, and one for each service, for the justice of the peace and for the municipality."""
    if found["elsewhere"]:
        first: Text = lines(Told(found["elsewhere"]["what"]), _("Tap a name.") if found["services"] else None)
    else:
        first = lines(_("<b>Who can help you</b>"), _("Tap a name."))
    shown = {"first": Page(_("◀️ Back"), first)}
    services = found["more"] if talk.subject.endswith(MORE) else found["services"]
    for n, service in enumerate(services):
        shown[f"s{n}"] = Page(Told(names(service)), lines(contact(ours(talk, service)), checked(found)))
    if talk.subject.endswith(MORE):
        return shown
    if found["justice"]:
        shown["justice"] = Page(_("⚖️ Justice of the peace"), justice(found))
    for n, entry in enumerate(found["city"]):
        shown[f"c{n}"] = Page(Told(names(entry)), lines(contact(entry), checked(found)))
    return shown


def names(service: dict[str, Any]) -> dict[str, str]:
    """Give the name of a service by language: its own where it has none in that language."""
    return {"nl": service["name"], **service.get("title", {})}


def ours(talk: Talk, service: dict[str, Any]) -> dict[str, Any]:
    """Give who runs the bot the phone number that the settings say: it is the newer one."""
    help = talk.facts.help
    return {**service, "phone": help.phone} if help.phone and service["name"] == help.organisation else service


def justice(found: dict[str, Any]) -> Lines:
    """Give address, phone and opening hours; where a city has several, the street decides."""
    courts = found["justice"]
    several = _("The street where you live decides which one. Call one and ask.") if len(courts) > 1 else None
    return lines(
        _("<b>Justice of the peace</b>"),
        _("A judge for renting and neighbours. Ask there what it costs before you begin."),
        several,
        *(court(one) for one in courts[:6]),
        _(
            "<i>Source: {source}, {day}. Check before you go.</i>",
            source=courts[0]["source"],
            day=day(courts[0]["checked"]),
        ),
    )


def court(one: dict[str, Any]) -> Lines:
    """Give one court."""
    return lines(
        BLANK,
        _("<b>{name}</b>", name=Name(one["name"])),
        Name(one["address"]),
        _("📞 {phone}", phone=Name(one["phone"])) if one["phone"] else None,
        _("🕘 {hours}", hours=Name(one["hours"])) if one["hours"] else None,
    )


def contact(entry: dict[str, Any]) -> Lines:
    """Give one service: its name, what it does, and how to reach it."""
    return lines(
        _("<b>{name}</b>", name=Told(names(entry))),
        Name(entry["name"]) if entry.get("title") else None,
        Told(entry["what"]),
        _("📞 {phone}", phone=Name(entry["phone"])) if entry["phone"] else None,
        _("✉️ {email}", email=Name(entry["email"])) if entry["email"] else None,
        _("🌐 {web}", web=Name(entry["web"])) if entry["web"] else None,
    )


def checked(found: dict[str, Any]) -> Lines:
    """Give the day on which the contacts were looked up."""
    return lines(
        BLANK, _("<i>Looked up on {day}. It may have changed: check before you go.</i>", day=day(found["checked"]))
    )


def day(iso: str) -> Day:
    """Read a date."""
    return Day(date.fromisoformat(iso), dated=True)
