"""How often a person may give a wrong password when signing: five times in five minutes.

Every attempt takes one of five places in the cache, all of which the web processes share, and a right password gives
it back. A place frees itself five minutes after it was taken, so there is no lock that somebody else could hold shut
for long, and no counter to read and write in two steps.
"""

from __future__ import annotations

from django.core.cache import cache

PLACES = 5
SECONDS = 5 * 60


def _key(person_id: int, place: int | str) -> str:
    return f"signing-attempt:{person_id}:{place}"


def take_place(person_id: int) -> int | None:
    """Take a free place, or None when all are taken."""
    return next((place for place in range(PLACES) if cache.add(_key(person_id, place), 1, timeout=SECONDS)), None)


def give_back(person_id: int, place: int) -> None:
    """Free the place of a right password."""
    cache.delete(_key(person_id, place))


def is_first_refusal(person_id: int) -> bool:
    """True once per pause, so that a machine that keeps trying does not fill the log."""
    return cache.add(_key(person_id, "paused"), 1, timeout=SECONDS)
