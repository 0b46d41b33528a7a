"""Runs the tests on every back end of this machine and says which ones those were. Started by bin/test."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

import psycopg
import redis
from _runs import REPOSITORY, Result, Run, Services, at_once, one, say

USUAL_DATABASE = "postgresql://postgres@127.0.0.1:5432/postgres"
USUAL_REDIS = "redis://127.0.0.1:6379"
REDIS_NUMBERS = range(9, 16)  # parallel runs take one each
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAIN_JOURNEY = "tests/browser/test_main_journey.py"
NO_TESTS = 5  # pytest's exit code when nothing was selected
ASKS_BACK = {"--pdb", "--trace", "--capture=no", "-s"}  # of pytest: what needs the terminal to itself
INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Run what can be run; 0 when all of it passed and nothing that was required is missing."""
    services, no_services = find_services()
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    results: list[Result] = []
    missing: list[str] = []

    suites = [Run("SQLite", ["-m", "not browser", *arguments])]
    if services:
        suites.append(Run("PostgreSQL and Redis", ["-m", "not browser", *arguments], services))
    else:
        missing.append(f"PostgreSQL and Redis ({no_services})")
    results += at_once(*suites) if len(suites) == 2 and may_run_at_once(arguments) else map(one, suites)
    if chromium:
        on = "PostgreSQL and Redis" if services else "SQLite"
        browser = {"CHROMIUM": chromium}
        results.append(one(Run(f"Chromium on {on}", ["-m", "browser", *arguments], services, browser)))
        if services and not arguments and (REPOSITORY / MAIN_JOURNEY).exists():
            results.append(
                one(Run("Chromium on SQLite, the main journey", ["-m", "browser", MAIN_JOURNEY], more=browser))
            )
    else:
        missing.append("Chromium (none of " + ", ".join(CHROMIUMS) + " is installed)")

    return report(results, missing, narrowed=bool(arguments), required=required(services, chromium))


def may_run_at_once(arguments: list[str]) -> bool:
    """With two processors, unless pytest is to ask whoever sits at the terminal. TEST_AT_ONCE=0 forbids it."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors > 1 and os.environ.get("TEST_AT_ONCE") != "0" and not ASKS_BACK.intersection(arguments)


def find_services() -> tuple[Services | None, str]:
    """The services that answer, or why there are none."""
    database_url = os.environ.get("TEST_DATABASE_URL") or USUAL_DATABASE
    try:
        psycopg.connect(database_url, connect_timeout=3).close()
    except psycopg.Error as error:
        return None, f"PostgreSQL: {str(error).strip().splitlines()[0]}"
    candidates = [os.environ["TEST_REDIS_URL"]] if os.environ.get("TEST_REDIS_URL") else usual_redis_urls()
    for url in candidates:
        try:
            with redis.Redis.from_url(url, socket_connect_timeout=3) as client:
                client.ping()
        except redis.RedisError as error:
            return None, f"Redis: {error}"
        if held := hold(url):
            return Services(database_url, url, held), ""
    return None, "Redis: other test runs hold " + ", ".join(candidates)


def usual_redis_urls() -> list[str]:
    return [f"{USUAL_REDIS}/{number}" for number in REDIS_NUMBERS]


def hold(url: str) -> object | None:
    """Keep other runs on this machine off this Redis database until this process ends; None when one is on it."""
    name = "".join(letter if letter.isalnum() else "-" for letter in url)
    file = (Path(tempfile.gettempdir()) / f"licence-desk-{name}.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def required(services: Services | None, chromium: str | None) -> list[str]:
    """What had to be here and is not."""
    wanted = [("REQUIRE_SERVICES", services, "PostgreSQL and Redis"), ("REQUIRE_BROWSER", chromium, "Chromium")]
    return [name for variable, found, name in wanted if os.environ.get(variable) and not found]


def report(results: list[Result], missing: list[str], *, narrowed: bool, required: list[str]) -> int:
    """Say what ran where; the exit code of it all."""
    say("\n== What ran")
    for result in results:
        if result.code == NO_TESTS and narrowed:
            say(f"  nothing selected  {result.name}")
        else:
            ended = "passed" if result.code == 0 else f"FAILED ({result.code})"
            minutes, seconds = divmod(round(result.seconds), 60)
            say(f"  {ended}  {result.name}  {minutes} min {seconds:02} s")
    for name in missing:
        say(f"  did not run  {name}")
    for name in required:
        say(f"  REQUIRED and absent: {name}")
    harmless = {0, NO_TESTS} if narrowed else {0}
    ran = any(result.code != NO_TESTS for result in results)
    return 0 if ran and not required and all(result.code in harmless for result in results) else 1


def asked_to_stop(number: int, _frame: FrameType | None) -> None:
    """SIGTERM and a closed terminal end the runs as Ctrl-C does."""
    raise KeyboardInterrupt(number)


if __name__ == "__main__":
    # A shell starts what runs in its background with SIGINT ignored, and so would be everything started here.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, asked_to_stop)
    signal.signal(signal.SIGHUP, asked_to_stop)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("\n== Stopped; nothing of it runs any more.")
        sys.exit(INTERRUPTED)
