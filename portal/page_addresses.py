"""Which page stands behind an address: forms are sent to addresses that are no pages, and people come back to pages."""

from __future__ import annotations

import inspect
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve


def page_at(address: str) -> str:
    """This address of ours, or the nearest one above it that can be opened, where it only takes what a form sends."""
    path = urlsplit(address).path or "/"
    view = _view_at(path)
    if view is None or answers_get(view):
        return address
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        view = _view_at(path)
        if view is not None and answers_get(view):
            return path
    return "/"


def answers_get(view: Any) -> bool:
    """Whether a view can be opened. Django's decorators keep the methods that they let through beside the function."""
    while inspect.isfunction(view):
        methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if methods is not None and "GET" not in methods:
            return False
        view = getattr(view, "__wrapped__", None)
    return True


def _view_at(path: str) -> Any:
    try:
        return resolve(path).func
    except Resolver404:
        return None
