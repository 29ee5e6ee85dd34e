"""`python -m tests.bench`: measure, and print each figure beside its baseline of the same run. Writes nothing here."""

from __future__ import annotations

import argparse
import asyncio
import os
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.bench import ballots, broadcasts, figures, search
from tests.bench.databases import KINDS
from tests.bench.figures import Broadcast, spread
from tests.bench.lab import percentile
from tests.bench.questions import ALL, DEV, Asked, Policy, dev, golden, policy, scores

NAMES = {
    "stock": "python-telegram-bot, bare echo, stock client, one by one",
    "transport": "python-telegram-bot, bare echo, our transport, uvloop, 256 at once",
    "ours": "vivas-bot, a full durable turn each (SQLite, FULL)",
}
PARTS = ("throughput", "latency", "broadcast", "plan", "polls", "start", "search")
LANGUAGES = ("nl", "fr", "en", "tr", "ar")
TOP1 = {"nl": 0.90, "fr": 0.88, "en": 0.88, "tr": 0.88, "ar": 0.88}  # on unseen questions
TOP3 = {ALL: 0.97, "lowliteracy": 0.93} | dict.fromkeys(LANGUAGES, 0.97)
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


async def show_plan(quick: bool) -> None:
    """Print how long the rows of a large broadcast take, and what replies suffer meanwhile."""
    runs, idle = (1, 3) if quick else (3, 10)
    table = Table(
        "rows planned", "seconds", "target", "met", "slowest reply without / during, ms", "stalled by, ms", "target", "met",
        title=f"{broadcasts.CROWD:,} rows, {broadcasts.RATE:.0f} messages a second answered meanwhile; medians",
    )  # fmt: skip
    for kind in KINDS:
        for name, order in (("as the bot does", "plan"), ("in one statement", "plan-at-once")):
            found = [await broadcasts.planning(kind, order, idle) for _run in range(runs)]
            seconds, stall = median(run.seconds for run in found), median(run.stall for run in found)
            slowest = [
                f"{median(max(ms) for ms in each):.0f}"
                for each in zip(*((r.idle, r.during) for r in found), strict=True)
            ]
            ours = order == "plan"
            asked = ("1", verdict(seconds < 1)) if ours else ("", "")
            still = ("50", verdict(stall <= 50)) if ours else ("", "")
            table.add_row(f"{kind}, {name}", f"{seconds:.2f}", *asked, " / ".join(slowest), f"{stall:.0f}", *still)
    out.print(table)
    count = 900 if quick else 5000
    added = await broadcasts.memory_of_sending(count)
    memory = Table("memory", "measured", "target", "met")
    memory.add_row(
        f"added while a poll goes to {count:,} as fast as it can, MB", f"{added:.0f}", "50", verdict(added <= 50)
    )
    out.print(memory)


async def show_polls() -> None:
    """Print how long the figures of a poll with very many answers take."""
    table = Table(
        "figures of a poll", "ms", "target", "met", title=f"{ballots.BALLOTS:,} ballots, medians of {ballots.RUNS} runs"
    )
    for kind in KINDS:
        found = await ballots.counting(kind)
        table.add_row(f"{kind}, result table", f"{found.table:.0f}", "300", verdict(found.table < 300))
        table.add_row(f"{kind}, progress", f"{found.progress:.0f}", "", "")
        table.add_row(f"{kind}, the bot's loop stood still for at most", f"{found.still:.0f}", "", "")
    out.print(table)


async def show_start(quick: bool) -> None:
    """Print how fast it starts and how much it holds."""
    runs = [await figures.start() for _run in range(1 if quick else 5)]
    table = Table("start of `vivas-bot run`", "median (least to most)", "target", "met")
    seconds, idle, worked = zip(*((run.seconds, run.idle, run.worked) for run in runs), strict=True)
    table.add_row("exec to the first question for updates, s", spread([*seconds], 2), "2", verdict(median(seconds) < 2))
    table.add_row("resident when ready, MB", spread([*idle]), "150", verdict(median(idle) < 150))
    table.add_row("resident after 300 newcomers, MB", spread([*worked]), "150", verdict(median(worked) < 150))
    out.print(table)


def show_search(quick: bool) -> None:
    """Print what the search of articles finds, decides and costs."""
    known = {"golden": golden(), "dev": dev()} if DEV.exists() else {"golden": golden()}
    both = search.Searches.load()
    for question in known["golden"][:3]:
        both.whole.ask(question.text + "?")  # the first ones pay for what is made once
    asked = {name: both.ask(questions) for name, questions in known.items()}
    for name, (whole, letters) in asked.items():
        out.print(found_table(name, whole, letters))
    show_policy({name: policy(whole) for name, (whole, _letters) in asked.items()})
    everything = [question for questions in known.values() for question in questions]
    table = Table(
        "thresholds", "answered", "of those right", "reached", "out of scope: answered", "referred",
        title=f"what decide() leads to: {' and '.join(known)}, one threshold changed at a time",
    )  # fmt: skip
    for name, values in search.thresholds():
        led = search.led_to(both.whole, everything, values)
        shares = (led.answered, led.right, led.reached, led.let_in, led.referred)
        table.add_row(name, *(f"{share:.1%}" for share in shares))
    out.print(table)
    show_cost([one.found.milliseconds for whole, _letters in asked.values() for one in whole], quick)


def found_table(name: str, whole: list[Asked], letters: list[Asked]) -> Table:
    """Give top-1 and top-3 by language and kind, beside those of letters alone."""
    table = Table(
        name, "questions", "top-1", "top-3", "letters alone", "target", "met", title=f"search, {name} questions"
    )
    ours, base = scores(whole), scores(letters)
    for group in sorted(ours, key=lambda group: (group != ALL, group not in LANGUAGES, group)):
        score, targets = ours[group], (TOP1.get(group, 0.0), TOP3.get(group, 0.0))
        target = " / ".join(f"{share:.0%}" if share else "-" for share in targets) if any(targets) else ""
        met = verdict(score.top1 >= targets[0] and score.top3 >= targets[1]) if target else ""
        alone = f"{base[group].top1:.1%} / {base[group].top3:.1%}"
        table.add_row(group, str(score.questions), f"{score.top1:.1%}", f"{score.top3:.1%}", alone, target, met)
    return table


def show_policy(found: dict[str, Policy]) -> None:
    """Print the decisions beside their targets."""
    table = Table("decisions", "questions", "measured", "target", "met")
    for name, led in found.items():
        table.add_row("answered at once", name, f"{led.answered:.1%}", "", "")
        table.add_row("of those right", name, f"{led.right:.1%}", "98 %", verdict(led.right >= 0.98))
        table.add_row("right article reached", name, f"{led.reached:.1%}", "", "")
        table.add_row("out of scope, answered", name, f"{led.let_in:.1%}", "2 %", verdict(led.let_in <= 0.02))
        table.add_row("out of scope, referred", name, f"{led.referred:.1%}", "80 %", verdict(led.referred >= 0.80))
    out.print(table)


def show_cost(milliseconds: list[float], quick: bool) -> None:
    """Print time and memory."""
    table = Table("search", "measured", "target", "met")
    p99, used = percentile(milliseconds, 0.99), search.memory()
    table.add_row("a question, p50 ms", f"{percentile(milliseconds, 0.5):.0f}", "", "")
    table.add_row("a question, p99 ms", f"{p99:.0f}", "250", verdict(p99 <= 250))
    table.add_row("a question, most ms", f"{max(milliseconds):.0f}", "", "")
    for when, now in (("loaded", used.loaded), ("asked every golden question", used.asked)):
        more = now - used.before
        table.add_row(f"memory added once {when}, MB", f"{more:.0f}", "150", verdict(more < 150))
    if not quick:
        built = search.build()
        table.add_row("build, s", f"{built.seconds:.0f}", "90", verdict(built.seconds < 90))
        table.add_row("built anew: the same bytes as the one in use", "", "", verdict(built.same))
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
            case "plan":
                await show_plan(asked.quick)
            case "polls":
                await show_polls()
            case "search":
                show_search(asked.quick)
            case _:
                await show_start(asked.quick)


if __name__ == "__main__":
    asyncio.run(main(options()))
