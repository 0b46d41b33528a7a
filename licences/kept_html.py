"""HTML that follows from digests and a few values alone, drawn once per process and kept up to so many bytes.

What is kept may be shown to anybody who may see the values that it is made of: it holds no CSRF token, asks no clock
and knows no person. The key holds everything that it depends on, so it cannot be stale.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from threading import Lock
from typing import Any

from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language


class KeptHtml:
    """The HTML used last, up to a number of bytes."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._kept: OrderedDict[bytes, SafeString] = OrderedDict()
        self._lock = Lock()

    def draw(self, template: str, *key: object, context: Callable[[], dict[str, Any]]) -> SafeString:
        """The template with this context, which must follow from the key."""
        return self.keep(template, *key, draw=lambda: render_to_string(template, context()))

    def keep(self, *key: object, draw: Callable[[], SafeString]) -> SafeString:
        """What `draw` makes of the values in the key: plain ones, written out in full. Language and address prefix
        belong to every key.
        """
        name = blake2b(repr((get_language(), get_script_prefix(), key)).encode(), digest_size=32).digest()
        with self._lock:
            html = self._kept.get(name)
            if html is not None:
                self._kept.move_to_end(name)
                return html
        html = draw()
        with self._lock:
            self._forget(name)
            self._kept[name] = html
            self.bytes += _size(html)
            while self.bytes > self.most_bytes:
                self._forget(next(iter(self._kept)))
        return html

    def _forget(self, name: bytes) -> None:
        html = self._kept.pop(name, None)
        if html is not None:
            self.bytes -= _size(html)


def _size(html: str) -> int:
    """Characters outside Latin-1 make Python keep a text with two bytes for each."""
    return html.__sizeof__()


KEPT = KeptHtml(8 * 1024 * 1024)
