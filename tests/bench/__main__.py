"""`python -m tests.bench`: measure, and print each figure beside its baseline of the same run. Writes nothing here."""

from __future__ import annotations

import argparse
import asyncio
import os
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.bench import figures
from tests.bench.figures import Broadcast, spread
from tests.bench.lab import percentile

NAMES = {
    "stock": "python-telegram-bot, bare echo, stock client, one by one",
    "transport": "python-telegram-bot, bare echo, our transport, uvloop, 256 at once",
    "ours": "vivas-bot, a full durable turn each (SQLite, FULL)",
}
PARTS = ("throughput", "latency", "broadcast", "start")
out = Console(width=None if os.environ.get("COLUMNS") else 130, highlight=False)


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about a minute: fewer and shorter runs")
    parser.add_argument("--full", action="store_true", help="broadcasts of 5,000, as the issue asks: some 20 minutes")
    parser.add_argument("--only", choices=PARTS)
    return parser.parse_args()


def verdict(good: bool) -> str:
    """Say whether a target is met."""
    return "[green]yes[/]" if good else "[red]no[/]"


async def show_throughput(quick: bool) -> None:
    """Print updates a second, and the ratios."""
    each, runs = (1, 1) if quick else (3, 5)
    found = await figures.throughput(1000, each, runs)
    table = Table("throughput", "updates a second: median (least to most)", title=f"{each},000 updates of 1,000 chats")
    for kind, values in found.items():
        table.add_row(NAMES[kind], spread(values))
    out.print(table)
    ratios = Table("ratio, median of runs side by side", "measured", "target", "met")
    for kind, target in (("stock", 1.5), ("transport", 0.5)):
        share = [ours / base for ours, base in zip(found["ours"], found[kind], strict=True)]
        ratios.add_row(f"vivas-bot / {NAMES[kind]}", spread(share, 2), f"{target}", verdict(median(share) >= target))
    out.print(ratios)


async def show_latency(quick: bool) -> None:
    """Print milliseconds at 20 updates a second."""
    found = await figures.latency(rate=20, seconds=4 if quick else 20)
    table = Table("latency at 20 updates a second", "p50 ms", "p99 ms", "most ms", "target p99", "met")
    for kind, values in found.items():
        p99 = percentile(values, 0.99)
        target = ("25 ms", verdict(p99 <= 25)) if kind == "ours" else ("", "")
        table.add_row(NAMES[kind], f"{percentile(values, 0.5):.1f}", f"{p99:.1f}", f"{max(values):.1f}", *target)
    out.print(table)


async def show_broadcast(quick: bool, full: bool) -> None:
    """Print how a broadcast and replies share the pace."""
    count, runs = (5000, 5) if full else (240, 1) if quick else (900, 5)
    tapped = [await figures.broadcast(count, 5 if quick else 15, tap_rate=5) for _run in range(runs)]
    alone = await figures.broadcast(count, 0, tap_rate=0)
    table = Table(
        "broadcast", "run", "all sends, % of 30/s", "429", "idle p50 / p99 ms", "during p50 / p99 ms", "p99 ratio",
        title=f"{count:,} messages against a server that enforces 30 in any second",
    )  # fmt: skip
    for number, run in enumerate(tapped, 1):
        table.add_row("5 taps a second", str(number), *cells(run))
    table.add_row("nobody taps", "1", *cells(alone))
    out.print(table)
    targets = Table("median of the runs", "measured", "target", "met")
    share, ratio = median(run.share for run in tapped), median(run.ratio for run in tapped)
    refused = sum(run.refused for run in [*tapped, alone])
    targets.add_row("all sends with people tapping", f"{share:.1%}", "90 %", verdict(share >= 0.90))
    targets.add_row("all sends with nobody tapping", f"{alone.share:.1%}", "94 %", verdict(alone.share >= 0.94))
    targets.add_row("429s caused", str(refused), "0", verdict(refused == 0))
    targets.add_row("replies, p99 during / idle", f"{ratio:.2f}", "1.5", verdict(ratio <= 1.5))
    out.print(targets)


def cells(run: Broadcast) -> tuple[str, ...]:
    """Write one run as cells."""
    if not run.idle:
        return f"{run.share:.1%}", str(run.refused), "", "", ""
    pairs = [f"{percentile(ms, 0.5):.1f} / {percentile(ms, 0.99):.1f}" for ms in (run.idle, run.during)]
    return f"{run.share:.1%}", str(run.refused), *pairs, f"{run.ratio:.2f}"


async def show_start(quick: bool) -> None:
    """Print how fast it starts and how much it holds."""
    runs = [await figures.start() for _run in range(1 if quick else 5)]
    table = Table("start of `vivas-bot run`", "median (least to most)", "target", "met")
    seconds, idle, worked = zip(*((run.seconds, run.idle, run.worked) for run in runs), strict=True)
    table.add_row("exec to the first question for updates, s", spread([*seconds], 2), "2", verdict(median(seconds) < 2))
    table.add_row("resident when ready, MB", spread([*idle]), "150", verdict(median(idle) < 150))
    table.add_row("resident after 300 newcomers, MB", spread([*worked]), "150", verdict(median(worked) < 150))
    out.print(table)


async def main(asked: argparse.Namespace) -> None:
    """Measure what was asked for, one part after the other."""
    out.print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before the start")
    for part in PARTS if asked.only is None else (asked.only,):
        match part:
            case "throughput":
                await show_throughput(asked.quick)
            case "latency":
                await show_latency(asked.quick)
            case "broadcast":
                await show_broadcast(asked.quick, asked.full)
            case _:
                await show_start(asked.quick)


if __name__ == "__main__":
    asyncio.run(main(options()))
