"""Which addresses the portal may reach when a person enters one. Pure: no resolver and no socket."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

import httpx

from foundation.outbound.errors import OutboundRefused

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

PORTS = {"http": 80, "https": 443}
LONGEST_URL = 2000

# Refused beyond what Python calls not global, because its lists differ between releases, or because an address of a
# reachable range carries another address inside.
_REFUSED_NETWORKS: tuple[Network, ...] = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # IETF protocol assignments (RFC 6890), metadata of one cloud
        "192.88.99.0/24",  # 6to4 relays (RFC 7526)
        "168.63.129.16/32",  # the metadata and DNS service of one cloud, on a public address
        "64:ff9b::/96",  # NAT64 (RFC 6052) carries an IPv4 address
        "64:ff9b:1::/48",  # NAT64 for local use (RFC 8215)
        "2001::/23",  # IETF protocol assignments, with Teredo (RFC 4380), which carries an IPv4 address
        "2002::/16",  # 6to4 (RFC 3056) carries an IPv4 address
        "2001:db8::/32",  # documentation (RFC 3849)
        "3fff::/20",  # documentation (RFC 9637)
        "5f00::/16",  # segment routing (RFC 9602)
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that is assigned for it (RFC 4291)
_ENDS_IN_NUMBER = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\.?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a checked URL points: its parts as they go on the wire."""

    scheme: str
    host: str  # ASCII, lower case, without a final dot
    port: int
    path: str  # with the query

    @property
    def is_usual_port(self) -> bool:
        return self.port == PORTS[self.scheme]

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.is_usual_port else f"{name}:{self.port}"


def parse_target(url: str) -> Target:
    """Read a URL strictly: what two parsers could read differently is refused."""
    if len(url) > LONGEST_URL:
        raise OutboundRefused(f"The address is longer than {LONGEST_URL} characters. Use a shorter one.")
    if any(character.isspace() or not character.isprintable() or character == "\\" for character in url):
        raise OutboundRefused("The address has a space or another character that does not belong in one. Remove it.")
    try:
        parsed = httpx.URL(url)
        host = parsed.raw_host.decode("ascii").lower().strip("[]").removesuffix(".")
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise OutboundRefused("This is not an address. It looks like https://example.com/page.") from error
    if parsed.scheme not in PORTS:
        raise OutboundRefused("Only addresses that start with https:// or http:// are fetched.")
    if parsed.userinfo:
        raise OutboundRefused("The address has a name or password before the host. Remove it.")
    if not host:
        raise OutboundRefused("The address has no host. It looks like https://example.com/page.")
    if "%" in host:
        raise OutboundRefused("The address names a network interface. Use one without it.")
    if _ENDS_IN_NUMBER.search(host) and ":" not in host and _literal(host) is None:
        raise OutboundRefused("The host is a number in an unusual form. Use the name of the host.")
    port = PORTS[parsed.scheme] if parsed.port is None else parsed.port
    if not 0 < port < 65536:
        raise OutboundRefused("The address has a port that does not exist. Leave the port out.")
    return Target(parsed.scheme, host, port, parsed.raw_path.decode("ascii") or "/")


def check_written(url: str, allowed: Collection[Network]) -> Target:
    """What can be said of an address before anybody is asked: how it is written, and where a plain number points."""
    target = parse_target(url)
    if _literal(target.host) is not None:
        check_addresses(target, [target.host], allowed)
    return target


def parse_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read OUTBOUND_ALLOW; a mistake in it is refused rather than read as something else."""
    networks = []
    for text in texts:
        try:
            networks.append(ip_network(text.strip()))
        except ValueError as error:
            raise OutboundRefused(
                f"OUTBOUND_ALLOW has {text!r}, which is no network. Write it like 10.1.0.0/16."
            ) from error
    return tuple(networks)


def check_addresses(target: Target, addresses: Collection[str], allowed: Collection[Network]) -> list[str]:
    """Return the addresses to connect to, or refuse: one bad address spoils the name, whichever comes first."""
    if not addresses:
        raise OutboundRefused(f"{target.host} has no address. Check how it is written.")
    parsed = [_parse(text) for text in addresses]
    all_allowed = all(_in_any(address, allowed) for address in parsed)
    if not all_allowed and not target.is_usual_port:
        raise OutboundRefused(f"Port {target.port} is not fetched. Use an address with the usual port.")
    for address in parsed:
        if not _in_any(address, allowed) and not is_public(address):
            raise OutboundRefused(
                f"{target.host} is at an address that is not public, so the portal does not go there. An operator can"
                " allow its network with OUTBOUND_ALLOW."
            )
    return [str(address) for address in parsed]


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, and to no machine of ours or of a cloud's inside."""
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or address not in _GLOBAL_UNICAST):
        return False
    if any(address.version == network.version and address in network for network in _REFUSED_NETWORKS):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _in_any(address: Address, networks: Collection[Network]) -> bool:
    # An IPv4 address that hides in an IPv6 one counts as what it is.
    plain = address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
    return any(plain.version == network.version and plain in network for network in networks)


def _parse(text: str) -> Address:
    try:
        return ip_address(text)
    except ValueError as error:
        raise OutboundRefused(f"{text!r} is not an address that the portal connects to.") from error


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
