"""`vivas-bot demo`: everything in one process and on one port, with no token. The bot talks to the local server over HTTP."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.app import App, build, prepare, running
from bot.clock import BRUSSELS, Clock
from bot.config import Settings, load_settings
from bot.loadfile import LoadFile
from bot.loading import apply
from bot.neighbours import Neighbours, people
from bot.phone.pace import Limits
from bot.phone.server import app as phone_app
from bot.phone.server import listen, server
from bot.phone.world import World
from bot.store.db import Store
from bot.web.server import routes

AMINA, ELIF, JAN, LUC, GREET = 6001, 6002, 6003, 5001, 5002
PHONES = (
    (AMINA, "Amina", "ar"),
    (ELIF, "Elif", "tr"),
    (JAN, "Jan", "nl"),
    (LUC, "Luc (organisator)", "nl"),
    (GREET, "Greet (medewerker)", "nl"),
)


async def run_demo(port: int) -> None:
    """Run until a signal; print the address."""
    with tempfile.TemporaryDirectory(prefix="vivas-demo-") as folder:
        async with demo(Path(folder), port) as (address, _app, _world, task):
            Console().print(f"De demo draait: [bold]{address}[/]  (medewerkers: {address}/staff)  Ctrl-C stopt.")
            await task


@asynccontextmanager
async def demo(folder: Path, port: int = 0) -> AsyncIterator[tuple[str, App, World, asyncio.Task[None]]]:
    """Bring the demo up in a folder; give its address, the bot, the phones' world and the server's task."""
    clock = Clock()
    token = f"{secrets.randbelow(10**9) + 10**8}:{secrets.token_urlsafe(26)}"
    world = World(token, now=lambda: clock.now().timestamp(), limits=Limits(per_second=30))
    for user, name, language in PHONES:
        world.add_phone(user, name, language)
    neighbours = Neighbours(world)
    listener, address = listen(port)
    app = build(demo_settings(folder, address, token), clock)
    await prepare(app.settings)
    await fill(app.store, app, clock)
    site = phone_app(world, move_clock=app.scheduler.move_to, clock_now=clock.now)
    outer = Starlette(routes=[*routes(app), Mount("/", app=site)])
    web = server(outer)
    task = asyncio.create_task(web.serve([listener]))
    living = asyncio.create_task(neighbours.live())
    try:
        async with running(app):
            yield address, app, world, task
    finally:
        living.cancel()
        web.should_exit = True
        world.close()
        await task


def demo_settings(folder: Path, address: str, token: str) -> Settings:
    """Give settings for the demo; nothing of the environment is needed."""
    return load_settings(
        telegram_token=token,
        telegram_api=address,
        database=f"sqlite:///{folder}/demo.db",
        key=secrets.token_urlsafe(32),
        listen=address.removeprefix("http://"),
        webhook_url=None,
        contact_phone="03 000 30 15",
        admins=(),
    )


async def fill(store: Store, app: App, clock: Clock) -> None:
    """Fill the database with a small synthetic network, with dates from today on. One meeting has one place left."""
    await apply(store, app.turns.vault, clock, LoadFile.model_validate(network(clock.now().astimezone(BRUSSELS))))
    await store.write(lambda tx: tx.many(PHONED, [{"n": n, "now": clock.ms()} for n in range(1, 12)]))


PHONED = (
    "INSERT INTO registration (meeting, person, status, line, needs, language, since, code)"
    " VALUES ('veurne-energie', NULL, 'confirmed', :n, '[]', 'nl', :now, 'T' || :n)"
)


def network(now: datetime) -> dict[str, Any]:
    """Give a synthetic network in the shape of a `load` file. No name or number of it is real."""

    def at(days: int, hour: int) -> str:
        return f"{(now + timedelta(days=days)).date().isoformat()}T{hour:02d}:00"

    def meeting(
        id: str, kind: str, theme: dict[str, str], start: str, place: dict[str, Any], **more: Any
    ) -> dict[str, Any]:
        return {
            "id": id,
            "kind": kind,
            "theme": theme,
            "start": start,
            "place": place,
            "contact": "03 000 30 15",
            **more,
        }

    kaaiman = {"name": "De Kaaiman", "address": "Kaaiplaats 1, 8630 Veurne", "lat": 51.0725, "lon": 2.6623}
    schuur = {"name": "De Schuur", "address": "Marktplein 2, 8600 Diksmuide", "lat": 51.0328, "lon": 2.8641}
    lindenhof = {"name": "Lindenhof", "address": "Lindenlaan 3, 9000 Gent", "lat": 51.0543, "lon": 3.7174}
    hoek = {"name": "Wijkhuis De Hoek", "address": "Hoekstraat 4, 2060 Antwerpen"}
    energy = {
        "nl": "Wonen en energie",
        "fr": "Logement et énergie",
        "en": "Housing and energy",
        "tr": "Konut ve enerji",
        "ar": "السكن والطاقة",
    }
    repairs = {
        "nl": "Herstellingen: wie doet wat?",
        "fr": "Réparations : qui fait quoi ?",
        "ar": "الإصلاحات: من يفعل ماذا؟",
    }
    return {
        "landlords": [
            {"id": "ijzer", "name": "Woonmaatschappij De IJzer", "municipalities": ["Veurne", "Diksmuide"], "dwellings": 2400},
            {"id": "leie", "name": "Woonmaatschappij Leiestreek", "municipalities": ["Gent", "Deinze"], "dwellings": 5200},
        ],
        "groups": [
            {"id": "har-veurne", "name": "Huurdersadviesraad Veurne", "kind": "council", "landlord": "ijzer"},
            {"id": "huurders-gent", "name": "Huurdersgroep Gent", "kind": "local", "landlord": "leie"},
        ],
        "roles": [
            {"telegram": LUC, "role": "organiser", "scope": {"group": "har-veurne"}},
            {"telegram": GREET, "role": "staff", "scope": "all"},
        ],
        "people": people(),
        "meetings": [
            meeting(
                "veurne-energie", "regional", energy, at(9, 19), kaaiman,
                group="har-veurne", capacity=12, region="West-Vlaanderen",
                languages=["nl", "ar"], arranged=["interpreter", "step-free"],
            ),
            meeting("diksmuide-koffie", "table-talk", repairs, at(16, 10), schuur, group="har-veurne", capacity=8,
                    region="West-Vlaanderen", languages=["nl"], arranged=["meal"]),
            meeting("gent-congres", "congress", {"nl": "Dag van de sociale huurder", "en": "Social tenants' day"}, at(30, 10),
                    lindenhof, group="huurders-gent", capacity=200, region="Oost-Vlaanderen",
                    languages=["nl", "fr", "en", "tr", "ar"], arranged=["interpreter", "child-minding", "meal"]),
            meeting("antwerpen-buren", "residents", {"nl": "Samen in één blok"}, at(12, 14), hoek, region="Antwerpen",
                    languages=["nl"]),
        ],
    }  # fmt: skip
