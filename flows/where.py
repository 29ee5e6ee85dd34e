"""Ask where someone lives, as coarsely as meetings need: a postcode, perhaps the landlord and a block."""

from __future__ import annotations

import json

from flows.changes import SetPlace
from flows.facts import Landlord
from flows.messages import Name, _, lines
from flows.questions import Choice, Pick, Postcode, Skippable, Words
from flows.talk import Done, Go, Talk, flow

Place = tuple[str | None, str | None, str | None, str | None, str | None]


@flow(title=_("Where you live"), knows=("landlords",))
async def where(talk: Talk) -> Done:
    """Ask the place again; `new` in the welcome, `later` when a link brought the person here."""
    if talk.subject == "later":
        talk.say(_("One more question, if you like:"))
    place = await ask_where(talk)
    if talk.subject == "new":
        return Done(SetPlace(*place), then=Go("consents", "new"))
    if place[0] is None:
        return Done(SetPlace(*place), say=_("That is fine. I do not keep where you live."))
    return Done(SetPlace(*place), say=_("Thank you. I now know which meetings are near you."))


async def ask_where(talk: Talk) -> Place:
    """Give postcode, municipality, province, landlord and block; each may be None."""
    postcode = await talk.ask(
        "postcode",
        lines(_("What is your postcode?"), _("Then I can show meetings near you. I do not need your address.")),
        Skippable(Postcode(), skip=_("🗑️ Forget my postcode") if talk.facts.person.postcode else _("Skip this")),
        label=_("Postcode"),
    )
    if postcode is None:
        return (None, None, None, None, None)
    municipality, province = await ask_municipality(talk, postcode)
    landlord = await ask_landlord(talk, municipality)
    block = None
    if landlord:
        block = await talk.ask(
            "block",
            lines(
                _("Does your building have a name or a number, for example “block B2”?"),
                _("It helps to tell you only what is about your building."),
            ),
            Skippable(Words(max_length=40)),
            label=_("Building"),
        )
    return (postcode, municipality, province, landlord, block)


async def ask_municipality(talk: Talk, postcode: str) -> tuple[str, str]:
    """Resolve a postcode; where it belongs to two municipalities, ask which."""
    found: list[dict[str, str]] = json.loads(await talk.look("place", "postcode", postcode))
    if not found:
        talk.again(
            "postcode",
            _(
                "I do not know the postcode {postcode}. Please look at the four numbers again.",
                postcode=Name(postcode),
            ),
        )
    names = {place["id"]: Name(place["name"]) for place in found}
    chosen = found[0]["id"]
    if len(found) > 1:
        chosen = await talk.ask("municipality", _("Where is that?"), Choice(names), label=_("Municipality"))
    place = next(place for place in found if place["id"] == chosen)
    if place["region"] != "flanders":
        talk.say(
            lines(
                _("Other rules hold in Brussels and Wallonia. I know the rules of Flanders only."),
                _("You can still join meetings."),
            )
        )
    return place["name"], place["province"]


async def ask_landlord(talk: Talk, municipality: str) -> str | None:
    """Ask the landlord, where we know any in this municipality."""
    here: list[Landlord] = [known for known in talk.facts.landlords if municipality in known.municipalities]
    if not here:
        return None
    landlord = await talk.ask(
        "landlord",
        lines(_("Who do you rent from?"), _("You do not have to say. Your landlord never sees it.")),
        Skippable(Pick(here)),
        label=_("Landlord"),
    )
    return landlord.id if landlord else None
