"""Runs the tests on every back end of this machine and says which ones those were. Started by bin/test."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

REPOSITORY = Path(__file__).resolve().parent.parent
USUAL_DATABASE = "postgresql://postgres@127.0.0.1:5432/postgres"
USUAL_REDIS = "redis://127.0.0.1:6379"
REDIS_NUMBERS = range(9, 16)  # parallel runs take one each
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAIN_JOURNEY = "tests/browser/test_main_journey.py"
NO_TESTS = 5  # pytest's exit code when nothing was selected


@dataclass(frozen=True)
class Services:
    """PostgreSQL and Redis, and the file that keeps another run off the same Redis database."""

    database_url: str
    redis_url: str
    held: object


@dataclass
class Result:
    """One run of pytest: what it ran on, and how it ended."""

    name: str
    code: int


def main(arguments: list[str]) -> int:
    """Run what can be run; 0 when all of it passed and nothing that was required is missing."""
    services, no_services = find_services()
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    results: list[Result] = []
    missing: list[str] = []

    results.append(run("SQLite", ["-m", "not browser", *arguments], None))
    if services:
        results.append(run("PostgreSQL and Redis", ["-m", "not browser", *arguments], services))
    else:
        missing.append(f"PostgreSQL and Redis ({no_services})")
    if chromium:
        on = "PostgreSQL and Redis" if services else "SQLite"
        browser = {"CHROMIUM": chromium}
        results.append(run(f"Chromium on {on}", ["-m", "browser", *arguments], services, **browser))
        if services and not arguments and (REPOSITORY / MAIN_JOURNEY).exists():
            results.append(
                run("Chromium on SQLite, the main journey", ["-m", "browser", MAIN_JOURNEY], None, **browser)
            )
    else:
        missing.append("Chromium (none of " + ", ".join(CHROMIUMS) + " is installed)")

    return report(results, missing, narrowed=bool(arguments), required=required(services, chromium))


def run(name: str, arguments: list[str], services: Services | None, **more: str) -> Result:
    """One run of pytest with a data folder and a test database of its own."""
    say(f"\n== {name}")
    with tempfile.TemporaryDirectory(prefix="licence-desk-test-") as folder:
        environment = {**os.environ, "DATA_DIR": folder, **more}
        for variable in ("DATABASE_URL", "REDIS_URL", "PRODUCTION", "DEMO", "DEBUG", "SECRET_KEY", "KEY_SECRET"):
            environment.pop(variable, None)
        database = f"licence_desk_{os.getpid()}_{secrets.token_hex(3)}"
        if services:
            environment["DATABASE_URL"] = urlunsplit(urlsplit(services.database_url)._replace(path=f"/{database}"))
            environment["REDIS_URL"] = services.redis_url
        try:
            code = subprocess.run(  # noqa: S603 - our own tests
                [sys.executable, "-m", "pytest", *arguments], env=environment, cwd=REPOSITORY
            ).returncode
        finally:
            if services:
                drop(services.database_url, f"test_{database}")
    return Result(name, code)


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


def drop(database_url: str, name: str) -> None:
    """Remove the test database of a run that was cut short; after a whole run there is nothing left to remove."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


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
            say(f"  {'passed' if result.code == 0 else f'FAILED ({result.code})'}  {result.name}")
    for name in missing:
        say(f"  did not run  {name}")
    for name in required:
        say(f"  REQUIRED and absent: {name}")
    harmless = {0, NO_TESTS} if narrowed else {0}
    ran = any(result.code != NO_TESTS for result in results)
    return 0 if ran and not required and all(result.code in harmless for result in results) else 1


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this is a program that a person runs


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
