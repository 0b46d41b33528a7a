# ruff: noqa: S104 - 0.0.0.0 is an address to refuse here, not one to bind
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from foundation.outbound.client import fetch, post, resolve_all
from foundation.outbound.errors import OutboundFailed, OutboundRefused

Answer = Callable[[BaseHTTPRequestHandler], None]
LIMITS: dict[str, Any] = {"max_bytes": 1000, "timeout": 5.0}


def plain(handler: BaseHTTPRequestHandler, body: bytes = b"hello", status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"content_length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    answers: dict[str, Answer]
    seen: list[tuple[str, str, dict[str, str], bytes]]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gives up is what some tests are about."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.seen.append((self.command, self.path, dict(self.headers.items()), body))
        self.server.answers.get(self.path, plain)(self)

    do_GET = do_POST = answer  # noqa: N815 - the names that http.server calls

    def log_message(self, format: str, *args: object) -> None:
        """Keep the output of the tests clean."""


@contextmanager
def running(context: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.answers, server.seen = {}, []
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def server(settings) -> Iterator[Server]:
    settings.OUTBOUND_ALLOW = ["127.0.0.0/8"]
    with running() as server:
        yield server


def url_of(server: Server, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
    return f"{scheme}://{host}:{server.server_address[1]}{path}"


def local(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def test_it_returns_what_the_server_answers(server):
    server.answers["/terms"] = lambda handler: plain(handler, b"text", 200, Content_Type="Text/Plain; charset=utf-8")
    response = fetch(url_of(server, "/terms"), **LIMITS)
    assert (response.status, response.body, response.media_type) == (200, b"text", "text/plain")
    assert (response.url, response.address) == (url_of(server, "/terms"), "127.0.0.1")


def test_an_error_status_is_returned_for_the_caller_to_judge(server):
    server.answers["/"] = lambda handler: plain(handler, b"gone", 410)
    assert fetch(url_of(server), **LIMITS).status == 410


def test_the_request_names_the_host_asks_for_plain_bytes_and_carries_nothing_of_ours(server, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("default login rita password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    fetch(url_of(server, "/x?y=1", "licences.test"), resolve=local, headers={"If-None-Match": "abc"}, **LIMITS)
    ((method, path, headers, body),) = server.seen
    assert (method, path, body) == ("GET", "/x?y=1", b"")
    assert {name.lower(): value for name, value in headers.items()} == {
        "host": f"licences.test:{server.server_address[1]}",
        "user-agent": "licence-desk",
        "accept": "*/*",
        "accept-encoding": "identity",
        "connection": "close",
        "if-none-match": "abc",
    }


def test_no_proxy_of_the_environment_is_used(server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetch(url_of(server), **LIMITS).body == b"hello"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1", "0.0.0.0"])
def test_without_permission_nothing_inside_is_reached(settings, host):
    settings.OUTBOUND_ALLOW = []
    with running() as server, pytest.raises(OutboundRefused, match=r"not public|Port"):
        fetch(url_of(server, host=host), **LIMITS)
    assert server.seen == []
    with pytest.raises(OutboundRefused, match="not public"):
        fetch(f"http://{host}/", **LIMITS)


def test_the_name_is_resolved_once_so_a_second_answer_gains_nothing(server, settings):
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    server.answers["/"] = lambda handler: plain(handler, b"", 302, Location="/next")
    response = fetch(url_of(server, host="rebinding.test"), resolve=rebinding, **LIMITS)
    assert (response.body, response.address, asked) == (b"hello", "127.0.0.1", ["rebinding.test"])


def test_the_next_address_is_tried_when_the_first_does_not_answer(server):
    response = fetch(url_of(server, host="two.test"), resolve=lambda host, port: ["127.0.0.2", "127.0.0.1"], **LIMITS)
    assert response.address == "127.0.0.1"


def test_a_redirect_on_the_same_host_is_followed(server):
    server.answers["/old"] = lambda handler: plain(handler, b"", 301, Location="/new?x=1")
    response = fetch(url_of(server, "/old"), **LIMITS)
    assert (response.url, response.body) == (url_of(server, "/new?x=1"), b"hello")


@pytest.mark.parametrize(
    "location",
    ["http://other.test/", "//other.test/", "http://127.0.0.2/", "http://[::1]/", "http://127.0.0.1.other.test/"],
)
def test_a_redirect_to_another_host_is_refused(server, location):
    server.answers["/"] = lambda handler: plain(handler, b"", 302, Location=location)
    with pytest.raises(OutboundRefused, match="sends on to"):
        fetch(url_of(server), **LIMITS)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "gopher://127.0.0.1/", "http://rita@127.0.0.1/", "http://127.1/"]
)
def test_a_redirect_to_what_could_not_be_entered_is_refused(server, location):
    server.answers["/"] = lambda handler: plain(handler, b"", 302, Location=location)
    with pytest.raises(OutboundRefused):
        fetch(url_of(server), **LIMITS)


def test_a_circle_of_redirects_ends(server):
    server.answers["/"] = lambda handler: plain(handler, b"", 302, Location="/")
    with pytest.raises(OutboundFailed, match="more than 5 times"):
        fetch(url_of(server), **LIMITS)
    assert len(server.seen) == 6


def test_an_answer_of_exactly_the_limit_is_kept_and_one_byte_more_is_not(server):
    server.answers["/fits"] = lambda handler: plain(handler, b"x" * 1000)
    server.answers["/more"] = lambda handler: plain(handler, b"x" * 1001)
    assert len(fetch(url_of(server, "/fits"), **LIMITS).body) == 1000
    with pytest.raises(OutboundRefused, match="larger than 1000 bytes"):
        fetch(url_of(server, "/more"), **LIMITS)


def test_an_endless_answer_without_a_length_is_cut_off(server):
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 10_000)

    server.answers["/"] = endless
    with pytest.raises(OutboundRefused, match="larger than 1000 bytes"):
        fetch(url_of(server), **LIMITS)


def test_a_packed_answer_is_refused_rather_than_unpacked(server):
    server.answers["/"] = lambda handler: plain(handler, b"\x1f\x8b", Content_Encoding="gzip")
    with pytest.raises(OutboundFailed, match="packs its answer"):
        fetch(url_of(server), **LIMITS)


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_server_that_drips_bytes_is_left_at_the_deadline(server, part):
    stop = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if part == "body" else b"X: "))
        while not stop.wait(0.05):
            handler.wfile.write(b"y")
            handler.wfile.flush()

    server.answers["/"] = drip
    started = time.monotonic()
    with pytest.raises(OutboundFailed, match="did not answer in time"):
        fetch(url_of(server), max_bytes=1000, timeout=0.6)
    assert time.monotonic() - started < 3
    stop.set()


def test_a_machine_that_refuses_is_a_failure_that_may_pass(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.0/8"]
    with socket.socket() as taken:  # bound and not listening: nothing else can take the port
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(OutboundFailed, match="could not be reached"):
            fetch(f"http://127.0.0.1:{taken.getsockname()[1]}/", **LIMITS)


def test_what_is_no_http_is_a_failure(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.0/8"]
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"SSH-2.0-OpenSSH\r\n")

        thread = threading.Thread(target=speak)
        thread.start()
        with pytest.raises(OutboundFailed, match="could not be reached"):
            fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/", **LIMITS)
        thread.join()


def test_a_name_that_nobody_has_is_a_failure_with_advice():
    with pytest.raises(OutboundFailed, match=r"nobody\.invalid was not found"):
        resolve_all("nobody.invalid", 443)


def test_a_post_sends_its_body_and_follows_no_redirect(server):
    server.answers["/"] = lambda handler: plain(handler, b"", 307, Location="/other")
    response = post(url_of(server), b'{"a":1}', headers={"Content-Type": "application/json"}, **LIMITS)
    assert response.status == 307
    ((method, _, headers, body),) = server.seen
    assert (method, body, headers["content-type"]) == ("POST", b'{"a":1}', "application/json")


@pytest.fixture
def secure_server(settings, tmp_path, monkeypatch) -> Iterator[Server]:
    """A server with a certificate for licences.test, which the operator has chosen to trust."""
    settings.OUTBOUND_ALLOW = ["127.0.0.0/8"]
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "licences.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("licences.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with running(context) as server:
        yield server


def test_the_certificate_is_checked_for_the_name_although_the_connection_goes_to_the_address(secure_server):
    response = fetch(url_of(secure_server, host="licences.test", scheme="https"), resolve=local, **LIMITS)
    assert (response.body, response.address) == (b"hello", "127.0.0.1")


def test_a_certificate_for_another_name_is_refused(secure_server):
    with pytest.raises(OutboundFailed, match="certificate is not trusted"):
        fetch(url_of(secure_server, host="evil.test", scheme="https"), resolve=local, **LIMITS)
    assert secure_server.seen == []


def test_a_certificate_that_nobody_trusts_is_refused(secure_server, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(OutboundFailed, match="certificate is not trusted"):
        fetch(url_of(secure_server, host="licences.test", scheme="https"), resolve=local, **LIMITS)


def test_a_redirect_from_https_to_http_is_refused(secure_server):
    secure_server.answers["/"] = lambda handler: plain(handler, b"", 302, Location="http://licences.test/")
    with pytest.raises(OutboundRefused, match="from https to http"):
        fetch(url_of(secure_server, host="licences.test", scheme="https"), resolve=local, **LIMITS)
