"""The part of the bench that needs PostgreSQL: seed, speed, log, packs, growth. Prints its tables as it goes."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bench.figures import Budget, milliseconds, percentile, table
from bench.impact import impact
from bench.processes import CannotRun
from bench.speed import (
    PDF,
    Measured,
    Page,
    Pair,
    Scale,
    both,
    count_sql,
    floor_table,
    measure,
    measure_floor,
    memory_line,
    page_table,
    take,
)

if TYPE_CHECKING:
    from bench.seed import Company

GROWN = 100_000
MOST_FOR_A_REDLINE = 50.0  # milliseconds
PARTS = ("speed", "log", "packs", "impact")


def measure_all(
    env: dict[str, str], floor_env: dict[str, str], folder: Path, scale: Scale, only: str, growth: bool
) -> None:
    """Seed, then measure what was asked for. Django must see the environment before it is imported."""
    os.environ.update(env)
    import django

    django.setup()
    from bench import seed
    from portal.prepare import collect_static_files

    wanted: Callable[[str], bool] = lambda part: only in {"", part} or (only not in PARTS and part == "speed")  # noqa: E731
    packs = scale.packs if wanted("packs") else 0
    company = seed.fill(scale.products, packs=packs)
    collect_static_files()
    with both(env, floor_env, folder, scale) as pair:
        if wanted("speed"):
            speed(company, pair, env, floor_env, folder, "" if only in PARTS else only)
        if wanted("packs"):
            build_packs(pair)
        if wanted("log"):
            log(scale)
        if wanted("impact"):
            impact(env, folder)
        if growth:
            grow(company, pair)


def speed(
    company: Company, pair: Pair, env: dict[str, str], floor_env: dict[str, str], folder: Path, only: str
) -> None:
    """Floor, pages, sign-offs, memory."""
    from bench.portal_pages import pages, sign_offs

    chosen = [page for page in pages(company, pair.scale) if only in page.name]
    floor = measure_floor(pair) if not only else {}
    floor_memory = pair.floor.memory()
    found: dict[Page, Measured] = {}
    for page in chosen:
        found[page] = measure(page, pair)
    signing = sign_offs(company, pair.scale) if any(only in name for name in ("sign-off", "password")) else []
    first = {page.name: take(page.asks, 1)[0] for page in signing[:1]}
    for page in signing:
        found[page] = measure(page, pair)
    asks = {page.name: take(page.asks, 1)[0] for page in chosen} | first
    for name, (sql, size) in count_sql(env, asks, folder).items():
        for page, measured in found.items():
            if page.name == name:
                measured.sql, measured.size = sql, size
    floor_asks = {name: take(pair.floor_asks[name], 1)[0] for name in floor}
    for name, (sql, size) in (count_sql(floor_env, floor_asks, folder) if floor else {}).items():
        floor[name].sql, floor[name].size = sql, size
    if floor:
        print(floor_table(floor), end="\n\n", flush=True)
    print(page_table(found), end="\n\n", flush=True)
    if not only:
        print(memory_line(pair, floor_memory), end="\n\n", flush=True)
        print(redline_line(), end="\n\n", flush=True)


def redline_line() -> str:
    """The redline of a whole agreement: matched anew, words and all, in a process that did it before."""
    from bench.texts import agreement
    from licences.clauses import split
    from licences.redline import compare, redline

    old, new = (split(agreement("Otter", edition).encode(), "agreement") for edition in (1, 2))
    took = []
    for _again in range(12):
        redline.cache_clear()
        began = time.perf_counter()
        spans = sum(len(pair.spans) for pair in compare(old, new))
        took.append((time.perf_counter() - began) * 1000)
    p50 = percentile(took[2:], 0.5)
    verdict = "met" if p50 < MOST_FOR_A_REDLINE else "NOT MET"
    return f"Redline of an agreement of {len(new)} clauses, {spans} spans: {p50:.1f} ms (budget 50: {verdict})."


def build_packs(pair: Pair) -> None:
    """The job handler, run here, against one page of the floor's as PDF."""
    from bench.client import loop
    from evidence.actions import BUILD
    from foundation.audit.models import Event
    from foundation.jobs.actions import Outcome, run
    from foundation.jobs.models import Job
    from reviews.models import Review

    records = Review.objects.filter(component__product__name__startswith="Record ").order_by("pk")
    jobs = Job.objects.filter(kind=BUILD, ref__in=[review.reference for review in records]).order_by("pk")
    took = []
    for job in jobs:
        began = time.perf_counter()
        if run(job.pk) is not Outcome.DONE:
            job.refresh_from_db()
            raise CannotRun(f"{job.dedupe}: {job.last_error}")
        took.append((time.perf_counter() - began) * 1000)
    floor = loop(pair.floor.port, take(pair.floor_asks[PDF], 20), connections=1, seconds=20)
    page = percentile(floor.milliseconds[1:], 0.5)
    p50 = percentile(took, 0.5)
    row = [
        str(len(took)),
        milliseconds(p50),
        milliseconds(max(took)),
        f"{page:.0f}",
        f"{p50 / page:.1f}",
        f"{Event.objects.count():,}",
    ]
    print(
        table(["evidence packs", "p50 ms", "max ms", "floor's page ms", "× floor", "events in the log"], [row]),
        end="\n\n",
        flush=True,
    )


def log(scale: Scale) -> None:
    """Appends per second, and how long the whole log takes to verify."""
    from foundation.audit.models import Event
    from foundation.audit.verify import verify_chain

    rows = [_append(writers, scale.appending) for writers in (1, 8)]
    print(table(["log, writers", "appends/s", "p50 ms", "p99 ms", "max ms"], rows), end="\n\n")
    number = Event.objects.count()
    began = time.perf_counter()
    verification = verify_chain()
    took = time.perf_counter() - began
    if not verification.ok:
        raise CannotRun(f"The log does not verify after all this: {verification.sentence}")
    print(f"Verifying {number:,} events took {took:.1f} s ({number / took:,.0f} events/s).", end="\n\n", flush=True)


def _append(writers: int, seconds: float) -> list[str]:
    """Threads of this process, each with a connection of its own, appending as actions do."""
    from django.db import connection, transaction

    from foundation.audit.actors import Actor
    from foundation.audit.kinds import Kind
    from foundation.audit.recorder import record

    took: list[float] = []
    deadline = time.perf_counter() + seconds

    def write() -> None:
        mine = []
        try:
            while time.perf_counter() < deadline:
                began = time.perf_counter()
                with transaction.atomic():
                    record(
                        Kind.PERSON_PROVED_PRESENCE,
                        actor=Actor.person("USR-00001", "Rita Reviewer"),
                        subject="USR-00001",
                        related=["REV-00001", "PRD-00001"],
                        facts={"method": "totp", "statement_digest": "0" * 64},
                    )
                mine.append((time.perf_counter() - began) * 1000)
        finally:
            connection.close()
            took.extend(mine)

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = [milliseconds(percentile(took, 0.5)), milliseconds(percentile(took, 0.99)), milliseconds(max(took))]
    return [str(writers), f"{len(took) / seconds:,.0f}", *times]


def grow(company: Company, pair: Pair) -> None:
    """The same list and gate with ten times the products: each held against the floor, whose size stays."""
    from bench import clone, seed
    from bench.portal_pages import pages
    from deployments.models import Product

    names = ("product list", "review list", "gate")
    before = {
        page.name: measure(page, pair).times_the_floor for page in pages(company, pair.scale) if page.name in names
    }
    templates = list(Product.objects.order_by("pk")[: len(seed.NAMES) + 2])
    clone.to_number(templates, GROWN, company.teams)
    seed.tidy()
    rows = []
    for page in pages(company, pair.scale):
        if page.name in names:
            after = measure(page, pair).times_the_floor
            growth = after / before[page.name]
            rows.append(
                [page.name, f"{before[page.name]:.2f}", f"{after:.2f}", f"{growth:.2f}", Budget(1.2).verdict(growth)]
            )
    head = [f"{pair.scale.products:,} to {GROWN:,} products", "× floor before", "after", "growth", "budget"]
    print(table(head, rows), end="\n\n", flush=True)
