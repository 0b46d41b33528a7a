"""The application that DJANGO_SETTINGS_MODULE names, with the number of SQL statements of each request in a header.

Only the counting run serves this; what is timed is served as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connection

_served = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Count every statement that goes through a cursor, savepoints included, BEGIN and COMMIT not."""
    count = 0

    def counted(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        nonlocal count
        count += 1
        return execute(sql, params, many, context)

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        return start_response(status, [*headers, ("X-SQL", str(count))], *rest)

    with connection.execute_wrapper(counted):
        return _served(environ, start)
