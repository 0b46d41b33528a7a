"""`python -m bench`: measure speed, scale and behaviour under failure. Budgets are printed, never asserted."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench import on_postgres
from bench.databases import database, own_postgres, own_redis, postgres_binaries, redis_program, server_address
from bench.processes import REPOSITORY, WORKERS, CannotRun, free_port
from bench.speed import FULL, SMALL, Scale, machine

CLEARED = ("DATABASE_URL", "REDIS_URL", "PRODUCTION", "DEMO", "DEBUG", "KEY_SECRET", "OUTBOUND_ALLOW", "GATE_MODE")


def main(arguments: list[str]) -> int:
    """0 when everything that was asked for ran, whatever the figures are."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # unwind, so that no database or process is left
    options = parse(arguments)
    scale = SMALL if options.small else FULL
    print(f"Licence Desk bench, {'small' if options.small else 'full'} form: {machine()}", end="\n\n", flush=True)
    failed = []
    if options.only != "chaos" and (problem := on_postgresql(options, scale)):
        failed.append(problem)
    if options.only in {"", "chaos"}:
        failed += chaos(small=options.small)
    for problem in failed:
        print(f"Did not run: {problem}", file=sys.stderr)
    return 1 if failed else 0


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument(
        "--small", action="store_true", help="the short form that CI runs: 1,000 products, few requests"
    )
    parser.add_argument(
        "--only",
        default="",
        metavar="NAME",
        help="only this part (speed, log, packs, impact, chaos) or only pages with this in their name, like gate",
    )
    parser.add_argument("--full-growth", action="store_true", help="also grow to 100,000 products and measure again")
    parser.add_argument(
        "--database-url",
        metavar="URL",
        help="PostgreSQL server to make databases on (default: TEST_DATABASE_URL or local)",
    )
    return parser.parse_args(arguments)


def on_postgresql(options: argparse.Namespace, scale: Scale) -> str:
    """Everything that is measured on PostgreSQL; what kept it from running, if anything."""
    try:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="licence-desk-bench-")))
            server = server_address(options.database_url)
            if server is None:
                if postgres_binaries() is None:
                    return "speed, log and packs: no PostgreSQL answers, and none is installed to start one."
                server = stack.enter_context(own_postgres(folder)).address
            env = environment(folder, stack.enter_context(database(server, "portal")))
            if redis_program():
                port = free_port()
                stack.enter_context(own_redis(port, folder / "redis.log"))
                env["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
            floor_url = stack.enter_context(database(server, "floor"))
            floor_env = os.environ | {
                "DATABASE_URL": floor_url,
                "DJANGO_SETTINGS_MODULE": "bench.floor.settings",
                "BENCH_PRODUCTS": str(scale.products),
            }
            # Connections of this process must be gone before the databases are dropped.
            stack.callback(close_connections)
            on_postgres.measure_all(env, floor_env, folder, scale, options.only, options.full_growth)
    except CannotRun as problem:
        return str(problem)
    return ""


def environment(folder: Path, database_url: str) -> dict[str, str]:
    """The settings of a portal of the bench's own: nothing of the caller's portal leaks in."""
    kept = {name: value for name, value in os.environ.items() if name not in CLEARED}
    return kept | {
        "DATABASE_URL": database_url,
        "REDIS_URL": "",
        "DATA_DIR": str(folder / "data"),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "WEB_WORKERS": str(WORKERS),
        "LOG_LEVEL": "WARNING",
    }


def close_connections() -> None:
    from django.db import connections

    connections.close_all()


def chaos(*, small: bool) -> list[str]:
    """Each back end in a process of its own, because Django reads its settings once."""
    failed = []
    for backend in ("sqlite",) if small else ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory(prefix="licence-desk-chaos-") as name:
            folder = Path(name)
            env = environment(folder, f"sqlite:///{folder / 'chaos.sqlite3'}")
            command = [sys.executable, "-m", "bench.chaos", backend, str(folder), "--seconds", "12" if small else "30"]
            if subprocess.run(command, env=env, cwd=REPOSITORY, check=False).returncode:
                failed.append(f"chaos on {backend}; what it said is above.")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
