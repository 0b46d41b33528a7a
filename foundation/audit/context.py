"""The request in hand, so that every event knows where it came from without passing it through every action."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What the log keeps of a request. Address and user agent are personal: hashed as commitments, stored apart."""

    request_id: str
    address: str = ""
    user_agent: str = ""


_current: ContextVar[RequestContext | None] = ContextVar("audit_request_context", default=None)


def current_request() -> RequestContext | None:
    """Return the request being served, or None in a job, a command or a test."""
    return _current.get()


@contextmanager
def serving(request: RequestContext) -> Iterator[None]:
    """Make `request` the current one inside the block. The portal's middleware wraps every request in it."""
    token = _current.set(request)
    try:
        yield
    finally:
        _current.reset(token)
