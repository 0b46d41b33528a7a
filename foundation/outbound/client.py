"""Fetch an address that a person entered, without lending them the portal's place in the network (SSRF).

The name is resolved once, every address is checked, and the connection goes to a checked address: a name that answers
differently the second time gains nothing. Redirects stay on the host. Size and time are limited over the whole
exchange, so a server that drips bytes cannot hold a worker. No proxy, cookie or credential of the machine is used.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import httpcore
import httpx
from django.conf import settings

from foundation.outbound.addresses import Target, check_addresses, parse_networks, parse_target
from foundation.outbound.errors import OutboundFailed, OutboundRefused

MOST_REDIRECTS = 5
USER_AGENT = "licence-desk"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PIECE = 64 * 1024

Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. `headers` have lower-case names; of a repeated header the last one counts."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str  # the machine that answered

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def resolve_all(host: str, port: int) -> list[str]:
    """Ask the system for every address of a host."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OutboundFailed(f"{host} was not found. Check how it is written, or try again later.") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(
    url: str,
    *,
    max_bytes: int,
    timeout: float,
    headers: Mapping[str, str] | None = None,
    resolve: Resolve = resolve_all,
) -> Response:
    """GET an address; follow redirects on the same host only. Any status is returned: the caller judges it."""
    deadline = time.monotonic() + timeout
    target = parse_target(url)
    pinned = _Pinned(target.host, resolve, deadline)
    for _ in range(MOST_REDIRECTS + 1):
        response = _exchange(pinned, "GET", target, headers or {}, b"", max_bytes)
        if response.status not in _REDIRECTS or "location" not in response.headers:
            return response
        onward = parse_target(urljoin(response.url, response.headers["location"]))
        if onward.host != target.host:
            raise OutboundRefused(f"{target.host} sends on to {onward.host}. Enter the final address if you trust it.")
        if (target.scheme, onward.scheme) == ("https", "http"):
            raise OutboundRefused(f"{target.host} sends on from https to http. Enter an address that stays on https.")
        target = onward
    raise OutboundFailed(f"{target.host} sends on more than {MOST_REDIRECTS} times. Enter the final address.")


def post(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    max_bytes: int,
    timeout: float,
    resolve: Resolve = resolve_all,
) -> Response:
    """POST to an address; no redirect is followed, because a body is not for somebody else."""
    target = parse_target(url)
    pinned = _Pinned(target.host, resolve, time.monotonic() + timeout)
    return _exchange(pinned, "POST", target, headers, body, max_bytes)


def _exchange(
    pinned: _Pinned, method: str, target: Target, headers: Mapping[str, str], body: bytes, max_bytes: int
) -> Response:
    pinned.aim(target)
    sent = {
        "user-agent": USER_AGENT,
        "accept": "*/*",
        **{name.lower(): value for name, value in headers.items()},
        "host": target.authority,
        "accept-encoding": "identity",  # a few bytes that unpack to many would pass the size limit
        "connection": "close",
    }
    if body or method == "POST":
        sent["content-length"] = str(len(body))
    url = httpcore.URL(
        scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode()
    )
    shown = f"{target.scheme}://{target.authority}{target.path}"
    request = httpcore.Request(method, url, headers=list(sent.items()), content=body)
    try:
        with httpcore.ConnectionPool(ssl_context=_trust(), network_backend=pinned, http2=False, retries=0) as pool:
            answer = pool.handle_request(request)
            try:
                return _read(answer, shown, pinned, max_bytes)
            finally:
                answer.close()
    except httpcore.TimeoutException as error:
        raise OutboundFailed(f"{target.host} did not answer in time. Try again later.") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise OutboundFailed(f"{target.host} could not be reached ({_reason(error)}). Try again later.") from error


def _read(answer: httpcore.Response, url: str, pinned: _Pinned, max_bytes: int) -> Response:
    received = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
    if received.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        raise OutboundFailed(f"{pinned.host} packs its answer although it was asked not to. Try another address.")
    too_large = OutboundRefused(f"The answer of {pinned.host} is larger than {max_bytes} bytes. Nothing was kept.")
    length = received.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length) > max_bytes:
        raise too_large
    body = bytearray()
    stream = answer.stream
    assert isinstance(stream, Iterable)
    for piece in stream:
        body += piece
        if len(body) > max_bytes:
            raise too_large
    return Response(url, answer.status, received, bytes(body), pinned.connected_to)


class _Pinned(httpcore.NetworkBackend):
    """Connects to the checked addresses of one host, and to nothing else, until a deadline."""

    def __init__(self, host: str, resolve: Resolve, deadline: float) -> None:
        self.host = host
        self.deadline = deadline
        self.connected_to = ""
        self._allowed = parse_networks(settings.OUTBOUND_ALLOW)
        self._found: list[str] | None = None
        self._resolve = resolve
        self._addresses: list[str] = []
        self._system = httpcore.SyncBackend()

    def aim(self, target: Target) -> None:
        """Check the addresses for this target; the name itself is resolved once."""
        if target.host != self.host:
            raise OutboundRefused(f"This connection is for {self.host} only.")
        if self._found is None:
            self._found = self._resolve(target.host, target.port)
        self._addresses = check_addresses(target, self._found, self._allowed)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        if host != self.host:
            raise OutboundRefused(f"This connection is for {self.host} only.")
        problem: Exception = httpcore.ConnectError("no address")
        for address in self._addresses:
            try:
                stream = self._system.connect_tcp(address, port, _left(self.deadline))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            else:
                self.connected_to = address
                return _Hurried(stream, self.deadline)
        raise problem

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise OutboundRefused("Sockets of this machine are not fetched.")

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, _left(self.deadline)))


class _Hurried(httpcore.NetworkStream):
    """A stream whose every step ends at the deadline, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(min(max_bytes, _PIECE), _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Hurried(self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is over")
    return left


def _trust() -> ssl.SSLContext:
    """The certificates to trust: SSL_CERT_FILE or SSL_CERT_DIR where an operator set one, else the public ones."""
    return httpx.create_ssl_context()


def _reason(error: Exception) -> str:
    """A few words of the cause, without what the other side may have put in them."""
    return "its certificate is not trusted" if "CERTIFICATE" in str(error) else type(error).__name__
