"""Runs the whole portal on one machine: web, worker and scheduler under one supervisor. Started by bin/serve."""

from __future__ import annotations

import argparse
import fcntl
import http.client
import ipaddress
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from portal.secret_key import KeyNotUsable, made_key
from portal.supervisor import Program, Supervisor

REPOSITORY = Path(__file__).resolve().parent.parent
# With files as the doorbell there is one worker, which has nobody to gossip with, and dead ones' queues would fill.
ALONE = ["--without-gossip", "--without-mingle", "--without-heartbeat"]


class CannotServe(Exception):  # noqa: N818 - reads as the sentence that it carries
    """Something that the person who started this can put right; the message says how."""


def main(arguments: list[str]) -> int:
    """Prepare, serve until told to stop, and leave nothing behind."""
    options = parse(arguments)
    try:
        return serve(options)
    except CannotServe as problem:
        say(str(problem))
        return 1


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/serve", description="Set up and run Licence Desk on this machine.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="folder for database, files and keys (default: var/data)"
    )
    parser.add_argument("--no-demo", action="store_true", help="start empty, without the demo company and its people")
    parser.add_argument("--licences", type=Path, metavar="DIR", help="import the licence texts in this folder")
    return parser.parse_args(arguments)


def serve(options: argparse.Namespace) -> int:
    """Everything after the options are known."""
    local = is_loopback(options.host)
    production = os.environ.get("PRODUCTION", "").lower() not in {"", "0", "f", "false", "n", "no", "off"}
    demo = local and not options.no_demo and not production
    if options.licences and not options.licences.is_dir():
        raise CannotServe(f"--licences names {options.licences}, which is not a folder.")
    check_port(options.host, options.port)
    data = (options.data or Path(os.environ.get("DATA_DIR") or REPOSITORY / "var" / "data")).resolve()
    os.umask(0o077)  # the database, keys and files in there are for the portal alone
    data.mkdir(parents=True, exist_ok=True)
    with only_one(data):
        env = environment(options, data=data, demo=demo, local=local)
        if not local and not options.no_demo:
            say("Other machines can reach this address, so there are no demo accounts here (--no-demo is implied).")
        prepare = [sys.executable, "-m", "portal.prepare"]
        prepare += ["--licences", str(options.licences.resolve())] if options.licences else []
        prepare += ["--demo"] if demo else []
        if code := subprocess.run(prepare, env=env, cwd=REPOSITORY, check=False).returncode:  # noqa: S603
            return code
        supervisor = Supervisor(
            programs(options, redis=bool(env.get("REDIS_URL"))),
            env=env,
            cwd=REPOSITORY,
            say=say,
            each_turn=announce_when_up(options.host, options.port, env["PUBLIC_URL"], data, where_mail_goes(env, data)),
        )
        return supervisor.run()


def programs(options: argparse.Namespace, *, redis: bool) -> list[Program]:
    """What runs: three programs for ever and, where no texts were given, one that looks for them once.

    Each loads the whole portal; pages come first, because somebody waits for them.
    """
    python = sys.executable
    quiet = [python, "-W", "ignore:You're running the worker with superuser"]
    celery = ["-m", "celery", "-A", "portal", "--quiet"]
    bind = f"[{options.host}]:{options.port}" if ":" in options.host else f"{options.host}:{options.port}"
    found = [
        Program(
            name="web",
            command=[
                python,
                "-m",
                "gunicorn",
                "--config",
                "python:portal.gunicorn_conf",
                "--bind",
                bind,
                "portal.wsgi",
            ],
        ),
        Program(
            name="worker",
            delay=4.0,
            command=[
                *quiet,
                *celery,
                "worker",
                "--concurrency",
                "2",
                "--loglevel",
                "WARNING",
                *([] if redis else ALONE),
            ],
        ),
        Program(name="scheduler", delay=6.0, command=[python, *celery, "beat", "--pidfile=", "--loglevel", "WARNING"]),
    ]
    if not options.licences:
        found.append(
            Program(name="licence texts", delay=2.0, command=[python, "manage.py", "fetch_licence_texts"], once=True)
        )
    return found


def environment(options: argparse.Namespace, *, data: Path, demo: bool, local: bool) -> dict[str, str]:
    """The settings of every program. What is set already wins, so that one file of variables works everywhere."""
    host = f"[{options.host}]" if ":" in options.host else options.host
    every_address = host in {"0.0.0.0", "[::]"}  # noqa: S104 - compared, not bound
    named = socket.getfqdn() if every_address else host
    env = {
        "PUBLIC_URL": f"http://{named}:{options.port}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]" if local else ",".join(["127.0.0.1", "localhost", named]),
        **os.environ,
        "DATA_DIR": str(data),
        "DEMO": "true" if demo else "false",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONUNBUFFERED": "1",
    }
    if not env.get("SECRET_KEY"):
        try:
            env["SECRET_KEY"] = made_key(data)
        except KeyNotUsable as problem:
            raise CannotServe(str(problem)) from problem
    return env


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the data folder for this supervisor: SQLite and the doorbell folder expect one set of programs."""
    with (data / "serve.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotServe(
                f"Another bin/serve uses {data}: stop it, or choose another folder with --data."
            ) from None
        yield


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_port(host: str, port: int) -> None:
    """Find out before anything is started whether this address can be listened on."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError:
        raise CannotServe(f"Port {port} needs more rights than you have: choose one above 1023 with --port.") from None
    except socket.gaierror:
        raise CannotServe(f"--host {host} is not an address of this machine.") from None
    except (OSError, OverflowError) as error:
        raise CannotServe(
            f"Port {port} on {host} cannot be used ({error}). Choose another with --port, or stop what uses it."
        ) from None


def where_mail_goes(env: Mapping[str, str], data: Path) -> str:
    """For whoever looks for an invitation or a notice."""
    if server := env.get("EMAIL_HOST"):
        return f"Mail goes out through {server}."
    return f"Mail is not sent: each becomes a file in {data / 'mail'}  (EMAIL_HOST names a mail server)"


def announce_when_up(host: str, port: int, address: str, data: Path, mail: str) -> Callable[[], None]:
    """Print the address once, as soon as the portal answers there, and where its mail goes."""
    told = False

    def announce() -> None:
        nonlocal told
        if told:
            return
        reach = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
        asking = http.client.HTTPConnection(reach, port, timeout=1)
        try:
            asking.request("GET", "/healthz")
            if asking.getresponse().status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return
        except (OSError, http.client.HTTPException):
            return
        finally:
            asking.close()
        told = True
        say(mail)
        say(f"Licence Desk is ready: {address}/  (data in {data}; stop with Ctrl-C)")

    return announce


def say(line: str) -> None:
    """One line to whoever started this."""
    print(line, flush=True)  # noqa: T201 - this is a program that a person runs


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
