"""Databases of the bench's own: on the PostgreSQL that is there, or on one that it starts."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

from bench.processes import CannotRun, free_port, run, running, start, stop, wait_until

USUAL = "postgresql://postgres@127.0.0.1:5432/postgres"


def server_address(given: str | None) -> str | None:
    """The PostgreSQL server to work on: the one that is named, else the usual one where it answers."""
    address = given or os.environ.get("TEST_DATABASE_URL") or USUAL
    try:
        psycopg.connect(address, connect_timeout=3).close()
    except psycopg.Error as error:
        if given:
            raise CannotRun(f"--database-url does not answer: {str(error).strip().splitlines()[0]}") from None
        return None
    return address


@contextmanager
def database(server: str, name: str) -> Iterator[str]:
    """A new database on this server, dropped afterwards; its address."""
    full = f"licence_desk_bench_{name}_{os.getpid()}_{secrets.token_hex(3)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{full}"')
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{full}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{full}" WITH (FORCE)')


def postgres_binaries() -> Path | None:
    """Where Debian keeps the programs of PostgreSQL, the newest first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    return found[0].parent if found else None


class OwnPostgres:
    """A PostgreSQL that may be killed. As root it runs as the user postgres, because it refuses root."""

    def __init__(self, folder: Path) -> None:
        binaries = postgres_binaries()
        if binaries is None:
            raise CannotRun("PostgreSQL is not installed here: no initdb under /usr/lib/postgresql.")
        self.user = "postgres" if os.geteuid() == 0 else None
        self.binaries = binaries
        self.folder = folder / "postgres"
        self.folder.mkdir()
        self.port = free_port()
        self.log = folder / "postgres.log"
        if self.user:
            folder.chmod(0o755)
            shutil.chown(self.folder, self.user, self.user)
        command = [str(binaries / "initdb"), "-D", str(self.folder / "data"), "-U", "postgres", "-A", "trust"]
        run(["runuser", "-u", self.user, "--", *command] if self.user else command, env=os.environ)
        self.start()

    @property
    def address(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it on the data that is there, and wait for its answer."""
        settings = [f"port={self.port}", f"unix_socket_directories={self.folder}", "listen_addresses=127.0.0.1"]
        command = [str(self.binaries / "postgres"), "-D", str(self.folder / "data")]
        for setting in settings:
            command += ["-c", setting]
        self.process = start(command, env=os.environ, log=self.log, user=self.user)
        wait_until(self._answers, seconds=60, what="PostgreSQL", log=self.log)

    def kill(self) -> None:
        """SIGKILL to the postmaster, as the out-of-memory killer sends it; its back ends end themselves."""
        stop(self.process, signal.SIGKILL)

    def stop(self) -> None:
        stop(self.process, signal.SIGINT)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.address, connect_timeout=1).close()
        except psycopg.Error:
            return False
        return True


@contextmanager
def own_postgres(folder: Path) -> Iterator[OwnPostgres]:
    server = OwnPostgres(folder)
    try:
        yield server
    finally:
        server.stop()


def redis_program() -> str | None:
    return shutil.which("redis-server")


@contextmanager
def own_redis(port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis that remembers nothing when it dies."""
    program = redis_program()
    if program is None:
        raise CannotRun("Redis is not installed here.")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with running(command, env=os.environ, log=log) as process:
        wait_until(lambda: redis_answers(port), seconds=20, what="Redis", log=log)
        yield process


def redis_answers(port: int) -> bool:
    try:
        with redis.Redis(port=port, socket_connect_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
