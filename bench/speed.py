"""Times the portal's pages and actions against the floor, in turn, on the same server and in the same run."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.client import Ask, Timings, headers_of, loop
from bench.figures import Budget, milliseconds, percentile, ratio, table
from bench.processes import WORKERS, CannotRun, Web, gunicorn, run

CSRF = "b" * 32  # a cookie and a header of the same value are what Django asks for
PORTAL = ("--config", "python:portal.gunicorn_conf", "--max-requests", "0", "portal.wsgi")
FLOOR = ("--workers", str(WORKERS), "--worker-class", "sync", "--preload", "bench.floor.wsgi")
COUNTING = ("--workers", str(WORKERS), "--worker-class", "sync", "bench.counting")
Asks = Iterator[Ask]


@dataclass(frozen=True)
class Scale:
    """How much is measured: the full form, or the small one that CI runs."""

    products: int
    alone: int  # requests over one connection
    crowd: int  # requests over eight
    rounds: int  # turns of floor and portal over one connection
    seconds: float  # the longest that one stretch may take
    signatures: int  # sign-offs over one connection, and again over eight
    passwords: int
    packs: int
    appending: float  # seconds of appending to the log, with one writer and again with eight


FULL = Scale(10_000, 90, 120, 3, 10.0, 60, 8, 8, 8.0)
SMALL = Scale(1_000, 30, 40, 3, 4.0, 20, 4, 2, 1.5)


@dataclass(frozen=True)
class Page:
    """Something that people or pipelines do, the part of the floor it is held against, and its budget."""

    name: str
    asks: Asks
    floor: str
    budget: Budget | None = None
    fewer: int | None = None  # this many requests, where each uses something up
    crowd: bool = True
    note: str = ""


@dataclass
class Measured:
    """One page, or one view of the floor."""

    alone: Timings = field(default_factory=Timings)
    crowd: Timings = field(default_factory=Timings)
    floor: Timings = field(default_factory=Timings)  # the floor over one connection, in turn with this page
    cpu: float = 0.0  # seconds of the workers over all requests
    sql: int = 0
    size: int = 0

    @property
    def p50(self) -> float:
        return percentile(self.alone.milliseconds, 0.5)

    @property
    def p95(self) -> float:
        return percentile(self.alone.milliseconds, 0.95)

    @property
    def cpu_each(self) -> float:
        """Milliseconds of CPU per request."""
        return self.cpu * 1000 / max(1, len(self.alone.milliseconds) + len(self.crowd.milliseconds))

    @property
    def wrong(self) -> list[str]:
        return self.alone.wrong + self.crowd.wrong + self.floor.wrong

    @property
    def times_the_floor(self) -> float:
        return ratio(self.p50, percentile(self.floor.milliseconds, 0.5))


@dataclass
class Pair:
    """Floor and portal, both being served."""

    floor: Web
    portal: Web
    floor_asks: dict[str, Asks]
    scale: Scale


def floor_asks(session: str, products: int) -> dict[str, Asks]:
    """The views of the floor, each with as many different rows as there are."""
    cookie = {"Cookie": f"sessionid={session}; csrftoken={CSRF}"}
    form = cookie | {"X-CSRFToken": CSRF, "Content-Type": "application/x-www-form-urlencoded"}
    keys = [number * 7919 % products + 1 for number in range(products)]
    pages = [number % (products // 25) + 1 for number in range(200)]

    def over(values: Sequence[int], ask: Callable[[int], Ask]) -> Asks:
        return (ask(value) for value in itertools.cycle(values))

    return {
        "primary key as JSON": over(keys, lambda key: Ask(f"/json/{key}/")),
        "primary key as JSON, signed in": over(keys, lambda key: Ask(f"/mine/json/{key}/", headers=cookie)),
        "list of 25, template": over(pages, lambda page: Ask(f"/list/?page={page}")),
        "list of 25, template, signed in": over(pages, lambda page: Ask(f"/mine/list/?page={page}", headers=cookie)),
        LONG: over(keys, lambda key: Ask(f"/mine/long/{key}/", headers=cookie)),
        "create and log row, signed in": over(
            keys, lambda key: Ask("/mine/create/", "POST", f"name=New+{key}&team={key % 20 + 1}".encode(), form, 302)
        ),
        "state change and log row, signed in": over(
            keys, lambda key: Ask(f"/mine/state/{key}/", "POST", b"", form, 302)
        ),
        "one page as PDF, signed in": over(keys, lambda key: Ask(f"/mine/pdf/{key}/", headers=cookie)),
    }


KEY, LIST, LONG, CHANGE, PDF = (
    "primary key as JSON, signed in",
    "list of 25, template, signed in",
    "page of 70 KB, template, signed in",
    "state change and log row, signed in",
    "one page as PDF, signed in",
)


@contextmanager
def both(portal_env: dict[str, str], floor_env: dict[str, str], folder: Path, scale: Scale) -> Iterator[Pair]:
    """Fill the floor, then serve it and the portal."""
    session = run([sys.executable, "-W", "error", "-m", "bench.floor.fill"], env=floor_env).split()[-1]
    with ExitStack() as stack:
        floor = stack.enter_context(gunicorn(*FLOOR, env=floor_env, log=folder / "floor.log"))
        portal = stack.enter_context(gunicorn(*PORTAL, env=portal_env, log=folder / "portal.log"))
        yield Pair(floor, portal, floor_asks(session, scale.products), scale)


def take(asks: Asks, number: int) -> list[Ask]:
    return list(itertools.islice(asks, number))


def warm(web: Web, asks: Asks, number: int = 8) -> None:
    """Let every worker load what it needs, and every thread its connection."""
    loop(web.port, take(asks, number), connections=4, seconds=30)


def measure_floor(pair: Pair) -> dict[str, Measured]:
    """Every view of the floor by itself."""
    found = {}
    scale = pair.scale
    for name, asks in pair.floor_asks.items():
        heavy = name == PDF
        warm(pair.floor, asks)
        measured = Measured()
        before = pair.floor.cpu_seconds()
        alone, crowd = (scale.alone // 6, scale.crowd // 6) if heavy else (scale.alone, scale.crowd)
        measured.alone = loop(pair.floor.port, take(asks, alone), connections=1, seconds=scale.seconds)
        measured.crowd = loop(pair.floor.port, take(asks, crowd), connections=8, seconds=scale.seconds)
        measured.cpu = pair.floor.cpu_seconds() - before
        measured.floor = measured.alone
        found[name] = measured
        refuse_wrong(f"floor, {name}", measured)
    return found


def measure(page: Page, pair: Pair) -> Measured:
    """Floor and portal in turn over one connection, then the portal over eight."""
    scale = pair.scale
    floor = pair.floor_asks[page.floor]
    alone = page.fewer or scale.alone
    if page.fewer is None:
        warm(pair.portal, page.asks)
    measured = Measured()
    for _ in range(scale.rounds):
        measured.floor.add(loop(pair.floor.port, take(floor, alone // scale.rounds), connections=1, seconds=10))
        before = pair.portal.cpu_seconds()
        stretch = take(page.asks, alone // scale.rounds)
        measured.alone.add(loop(pair.portal.port, stretch, connections=1, seconds=scale.seconds))
        measured.cpu += pair.portal.cpu_seconds() - before
    if page.crowd:
        before = pair.portal.cpu_seconds()
        asks = take(page.asks, page.fewer or scale.crowd)
        measured.crowd = loop(pair.portal.port, asks, connections=8, seconds=scale.seconds)
        measured.cpu += pair.portal.cpu_seconds() - before
    refuse_wrong(page.name, measured)
    return measured


def refuse_wrong(name: str, measured: Measured) -> None:
    """A wrong answer is quick, so a run with one shows nothing."""
    if measured.wrong:
        raise CannotRun(f"{name}: {len(measured.wrong)} wrong answers, the first: {measured.wrong[0]}")


def count_sql(env: dict[str, str], asks: dict[str, Ask], folder: Path) -> dict[str, tuple[int, int]]:
    """Statements and bytes of one request each, asked of a server that counts."""
    found = {}
    with gunicorn(*COUNTING, env=env, log=folder / "counting.log") as web:
        for name, ask in asks.items():
            headers_of(web.port, ask) if ask.method == "GET" else None  # the first request of a worker loads more
            status, headers, size = headers_of(web.port, ask)
            if status != ask.expect:
                raise CannotRun(f"{name}, counting: {status} instead of {ask.expect} for {ask.path}")
            found[name] = (int(headers["X-SQL"]), size)
    return found


def floor_table(found: dict[str, Measured]) -> str:
    """The floor as performance.md writes it."""
    head = ["floor", "p50 ms", "p95 ms", "req/s, 1", "req/s, 8", "CPU ms", "SQL"]
    return table(head, [[name, *_numbers(measured)] for name, measured in found.items()])


def page_table(found: dict[Page, Measured]) -> str:
    """Every page with its ratio and whether the budget is met."""
    head = ["portal", "p50 ms", "p95 ms", "req/s, 1", "req/s, 8", "CPU ms", "SQL", "KB", "× floor", "budget"]
    rows = []
    for page, measured in found.items():
        verdict = page.budget.verdict(measured.times_the_floor) if page.budget else "none set"
        rows.append(
            [page.name, *_numbers(measured), f"{measured.size / 1024:.0f}", f"{measured.times_the_floor:.2f}", verdict]
        )
    return table(head, rows)


def _numbers(measured: Measured) -> list[str]:
    crowd = f"{measured.crowd.per_second:,.0f}" if measured.crowd.milliseconds else "-"
    return [
        milliseconds(measured.p50),
        milliseconds(measured.p95),
        f"{measured.alone.per_second:,.0f}",
        crowd,
        f"{measured.cpu_each:.1f}",
        str(measured.sql),
    ]


def memory_line(pair: Pair, floor_before_pdf: tuple[float, float]) -> str:
    """Memory of the largest worker of each, after all pages."""
    (floor_rss, floor_pss), (rss, pss) = floor_before_pdf, pair.portal.memory()
    verdict = Budget(1.5).verdict(ratio(rss, floor_rss))
    return (
        f"Memory of a worker: portal {rss:.0f} MB resident ({pss:.0f} MB by its share of shared pages),"
        f" floor {floor_rss:.0f} MB ({floor_pss:.0f} MB) without WeasyPrint:"
        f" {ratio(rss, floor_rss):.2f} times resident, {ratio(pss, floor_pss):.2f} by share; budget {verdict}."
    )


def machine() -> str:
    """What it ran on."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, load {load:.1f} at the start, Python {sys.version.split()[0]}"
