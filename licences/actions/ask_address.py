"""Ask an address for a licence text, and judge what answers before anything is imported. Whoever asks uses this.

Nothing here writes: what becomes of an answer is for the action that asked.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from foundation.outbound import client
from foundation.outbound.errors import OutboundError, OutboundFailed
from licences.actions.import_text import LARGEST_TEXT

SECONDS = 20.0
HTML = frozenset({"text/html", "application/xhtml+xml"})
_BEGINS_A_PAGE = (b"<!doctype html", b"<html")

Get = Callable[[str], client.Response]


class NoAnswer(Exception):  # noqa: N818 - reads as a sentence where it is caught
    """The address gave nothing to look at. The message says why; `unreachable` that trying again later may help."""

    def __init__(self, problem: str, *, unreachable: bool = False) -> None:
        super().__init__(problem)
        self.unreachable = unreachable


def get(address: str) -> client.Response:
    """GET one address, through the client that reaches public machines only."""
    return client.fetch(address, max_bytes=LARGEST_TEXT, timeout=SECONDS)


class Asker:
    """One round of asking. A host that did not answer is not asked again in it: it would only take as long again."""

    def __init__(self, get: Get = get) -> None:
        self._get = get
        self._silent: dict[str, str] = {}

    def ask(self, address: str) -> client.Response:
        """What stands at the address, a text or a page; NoAnswer where nothing does."""
        host = urlsplit(address).netloc
        if host in self._silent:
            raise NoAnswer(self._silent[host], unreachable=True)
        try:
            answer = self._get(address)
        except OutboundFailed as error:
            self._silent[host] = str(error)
            raise NoAnswer(str(error), unreachable=True) from error
        except OutboundError as error:
            raise NoAnswer(str(error)) from error
        if answer.status != 200:
            said = {"host": host, "status": answer.status}
            raise NoAnswer(_("%(host)s answered with status %(status)s. Check the address.") % said)
        return answer

    def ask_for_file(self, address: str) -> bytes:
        """The bytes of a text; a web page is none, since what it prints is not what was published byte for byte."""
        answer = self.ask(address)
        if is_page(answer):
            raise NoAnswer(
                _("A web page stands there, not a text. Give the address of the plain text or Markdown file itself.")
            )
        return answer.body


def is_page(answer: client.Response) -> bool:
    """Whether a browser would show it as a page, whatever the server calls it."""
    return answer.media_type in HTML or answer.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(
        _BEGINS_A_PAGE
    )
