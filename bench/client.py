"""A plain loop over keep-alive connections: send, read all, note the time. Bounded in number and in seconds."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ask:
    """One request, and the status that a right answer has."""

    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    expect: int = 200


@dataclass
class Timings:
    """What a loop saw."""

    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.milliseconds) / self.seconds if self.seconds else 0.0

    def add(self, other: Timings) -> None:
        """Take in another stretch of the same loop."""
        self.milliseconds += other.milliseconds
        self.seconds += other.seconds
        self.wrong += other.wrong


def loop(port: int, asks: Sequence[Ask], *, connections: int, seconds: float) -> Timings:
    """Send every request once over so many connections, or as many as fit into the seconds."""
    waiting = iter(asks)
    turn = threading.Lock()
    timings = Timings()
    deadline = time.perf_counter() + seconds

    def work() -> None:
        mine = Timings()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            while time.perf_counter() < deadline and (ask := _next(waiting, turn)) is not None:
                took, wrong = send(connection, ask)
                mine.milliseconds.append(took)
                if wrong:
                    mine.wrong.append(wrong)
        except (OSError, http.client.HTTPException) as error:
            mine.wrong.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()
        with turn:
            timings.add(mine)

    began = time.perf_counter()
    workers = [threading.Thread(target=work, daemon=True) for _ in range(connections)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    timings.seconds = time.perf_counter() - began
    return timings


def _next(waiting: Iterator[Ask], turn: threading.Lock) -> Ask | None:
    with turn:
        return next(waiting, None)


def send(connection: http.client.HTTPConnection, ask: Ask) -> tuple[float, str]:
    """The time of one request in milliseconds, and what was wrong with its answer, if anything."""
    began = time.perf_counter()
    connection.request(ask.method, ask.path, body=ask.body, headers=dict(ask.headers))
    answer = connection.getresponse()
    body = answer.read()
    took = (time.perf_counter() - began) * 1000
    if answer.status != ask.expect:
        said = body[:300].decode("utf-8", "replace").replace("\n", " ")
        return took, f"{ask.method} {ask.path}: {answer.status} instead of {ask.expect}: {said}"
    return took, ""


def headers_of(port: int, ask: Ask) -> tuple[int, Mapping[str, str], int]:
    """One request on a connection of its own: status, headers, and how many bytes came back."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(ask.method, ask.path, body=ask.body, headers=dict(ask.headers))
        answer = connection.getresponse()
        size = len(answer.read())
        return answer.status, dict(answer.getheaders()), size
    finally:
        connection.close()
