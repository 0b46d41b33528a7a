"""Which pages the side navigation offers to whom. A page that this installation does not have is left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.roles import LEGAL_ROLES, ROLES_THAT_SEE_THE_COMPANY, Role

ANYBODY: frozenset[str] = frozenset()  # every signed-in person
READS_THE_LOG = LEGAL_ROLES | {Role.ADMINISTRATOR.value, Role.AUDITOR.value}
ADMINISTERS = frozenset({Role.ADMINISTRATOR.value})


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: the name of its URL, its icon, its words, and the roles for the whole company that see it."""

    url_name: str
    icon: str
    label: str | Promise
    roles: frozenset[str] = ANYBODY


@dataclass(frozen=True, slots=True)
class Item:
    """One entry as the page draws it."""

    url: str
    icon: str
    label: str | Promise
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with its entries."""

    title: str | Promise
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Navigation:
    """All that the side navigation of a page depends on."""

    roles: frozenset[str]
    here: str  # the address of the entry that is the present page
    unread: int

    @property
    def groups(self) -> list[Group]:
        """Its groups, as the page draws them."""
        return navigation_for(self.roles, self.here, {"notifications:inbox": self.unread})


PLACES: tuple[tuple[str | Promise, tuple[Place, ...]], ...] = (
    (
        _("Work"),
        (
            Place("portal:home", "clipboard-check", _("My work")),
            Place("reviews:list", "list-checks", _("Reviews")),
            Place("reviews:conditions", "calendar-clock", _("Conditions due")),
            Place("deployments:stop-duty-list", "circle-stop", _("Stop duties")),
            Place("notifications:inbox", "bell", _("Notices")),
        ),
    ),
    (
        _("Registry"),
        (
            Place("portal:portfolio", "layout-grid", _("Portfolio")),
            Place("deployments:product-list", "boxes", _("Products")),
            Place("licences:version-list", "scroll-text", _("Licences")),
            Place("deployments:entity-list", "building-2", _("Legal entities"), ROLES_THAT_SEE_THE_COMPANY),
            Place("gate:ask", "rocket", _("Ask the gate")),
        ),
    ),
    (
        _("Evidence"),
        (
            Place("evidence:records", "file-check", _("Records")),
            Place("portal:audit-log", "history", _("Audit log"), READS_THE_LOG),
        ),
    ),
    (
        _("Administration"),
        (
            Place("accounts:people", "users", _("People"), ADMINISTERS),
            Place("accounts:tokens", "key-round", _("Machine tokens"), ADMINISTERS),
            Place("portal:jobs", "cog", _("Jobs"), ADMINISTERS),
        ),
    ),
)


def address_of(url_name: str) -> str:
    """The address of a page, or nothing when this installation has no such page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=16)
def _addresses(_urlconf: str | None, _prefix: str) -> dict[str, str]:
    """The address of every place. They change with the URL configuration and its prefix, and with nothing else."""
    return {place.url_name: address_of(place.url_name) for _title, places in PLACES for place in places}


def _offered(roles: frozenset[str]) -> list[tuple[str | Promise, list[tuple[Place, str]]]]:
    """The places that these roles see, with their addresses."""
    addresses = _addresses(get_urlconf(), get_script_prefix())
    return [
        (
            title,
            [
                (place, addresses[place.url_name])
                for place in places
                if addresses[place.url_name] and (not place.roles or place.roles & roles)
            ],
        )
        for title, places in PLACES
    ]


def present_place(roles: frozenset[str], path: str) -> str:
    """The longest address on offer that the path lies under; the front page only matches itself."""
    addresses = [url for _title, places in _offered(roles) for _place, url in places]
    under = [url for url in addresses if path == url or (url != "/" and path.startswith(url))]
    return max(under, key=len, default="")


def navigation_for(roles: frozenset[str], path: str, counts: dict[str, int] | None = None) -> list[Group]:
    """The groups that these roles see, with the entry of the present page marked."""
    here = present_place(roles, path)
    counts = counts or {}
    return [
        Group(
            title,
            [
                Item(
                    url=url,
                    icon=place.icon,
                    label=place.label,
                    current=url == here,
                    count=counts.get(place.url_name) or None,
                )
                for place, url in places
            ],
        )
        for title, places in _offered(roles)
        if places
    ]
