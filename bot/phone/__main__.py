"""Run the local server as a process of its own: `python -m bot.phone --port 8081 --token 1:x --users 5`."""

import argparse
import asyncio
import time
from datetime import UTC, datetime

import uvicorn

from bot.phone.pace import Limits
from bot.phone.server import app, listen, server
from bot.phone.world import World

FIRST_USER = 6001


class MovableTime:
    """The wall clock, moved forward by as much as was asked for."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        """Return Unix seconds."""
        return time.time() + self.ahead

    async def move(self, moment: datetime) -> None:
        """Make `moment` (aware) the present."""
        self.ahead = moment.timestamp() - time.time()


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.phone", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default="424242:local")
    parser.add_argument("--users", type=int, default=5, help="how many phones, from id 6001 on")
    parser.add_argument("--started", action="store_true", help="as if everyone had written to the bot before")
    parser.add_argument("--language", default="nl")
    parser.add_argument("--rate", type=int, help="sends and edits in any second before a 429; without: no limit")
    parser.add_argument("--chat-rate", type=float, help="the same for one chat")
    parser.add_argument("--retry-after", type=int, default=3, help="seconds")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every call")
    return parser.parse_args()


async def run(args: argparse.Namespace) -> None:
    """Serve until interrupted; print the address when ready."""
    clock = MovableTime()
    limits = Limits(args.rate, args.chat_rate, retry_after=args.retry_after)
    world = World(args.token, clock.now, limits, latency=args.latency)
    for number in range(args.users):
        world.add_phone(FIRST_USER + number, f"Persoon {number + 1}", args.language, started=args.started)
    opened, base_url = listen(args.port)
    serving = server(app(world, move_clock=clock.move, clock_now=lambda: datetime.fromtimestamp(clock.now(), UTC)))
    print(base_url, flush=True)
    await serving.serve([opened])


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvicorn.Config("", loop="auto", log_config=None).get_loop_factory()) as runner:
        runner.run(run(options()))
