# ruff: noqa: S104 - 0.0.0.0 is an address to refuse here, not one to bind
from ipaddress import IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.outbound.addresses import Target, check_addresses, is_public, parse_networks, parse_target
from foundation.outbound.errors import OutboundRefused

PRIVATE = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.88.99.1", "168.63.129.16"),
    *("::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8"),
    *("::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1"),
    *("2001::1", "2001:0:7f00:1::", "2001:db8::1", "3fff::1", "5f00::1", "100::1", "4000::1"),
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e"]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused(address):
    assert not is_public(ip_address(address))
    with pytest.raises(OutboundRefused, match="not public"):
        check_addresses(parse_target("http://example.com/"), [address], ())


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_taken(address):
    assert check_addresses(parse_target("https://example.com/"), [address], ()) == [address]


@pytest.mark.parametrize("others", [["10.0.0.1", "8.8.8.8"], ["8.8.8.8", "10.0.0.1"], ["8.8.8.8", "::1"]])
def test_one_bad_address_spoils_a_name_whichever_comes_first(others):
    with pytest.raises(OutboundRefused, match="not public"):
        check_addresses(parse_target("https://example.com/"), others, ())


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_hides_in_an_ipv6_one(address):
    number = int(address)
    for hidden in (
        (0xFFFF << 32) | number,  # mapped
        number,  # compatible
        int(IPv6Address("64:ff9b::")) | number,
        int(IPv6Address("2002::")) | number << 80,
        int(IPv6Address("2001::")) | (number ^ 0xFFFFFFFF),
    ):
        assert not is_public(IPv6Address(hidden))


@given(st.ip_addresses())
def test_what_python_calls_private_is_never_public_here(address):
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert not is_public(address)


def test_a_network_that_an_operator_allows_may_be_reached_on_any_port():
    allowed = parse_networks(["10.1.0.0/16", " fd00:1::/64 "])
    target = parse_target("http://registry.example:5000/")
    assert check_addresses(target, ["10.1.2.3", "fd00:1::5", "::ffff:10.1.2.3"], allowed)
    with pytest.raises(OutboundRefused, match="Port 5000"):
        check_addresses(target, ["10.2.0.1"], allowed)
    with pytest.raises(OutboundRefused, match="Port 5000"):
        check_addresses(target, ["10.1.2.3", "8.8.8.8"], allowed)
    with pytest.raises(OutboundRefused, match="not public"):
        check_addresses(parse_target("http://registry.example/"), ["10.1.2.3", "10.2.0.1"], allowed)


@pytest.mark.parametrize("text", ["10.0.0.1/8", "everything", "", "10.0.0.0/33"])
def test_a_mistake_in_the_allowed_networks_is_refused(text):
    with pytest.raises(OutboundRefused, match="OUTBOUND_ALLOW"):
        parse_networks([text])


def test_a_name_without_addresses_is_refused():
    with pytest.raises(OutboundRefused, match="no address"):
        check_addresses(parse_target("https://example.com/"), [], ())


def test_an_address_with_an_interface_is_refused():
    with pytest.raises(OutboundRefused):
        check_addresses(parse_target("https://example.com/"), ["fe80::1%eth0"], ())


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "javascript:alert(1)",
        "example.com/page",
        "//example.com/",
        "",
        "https://",
        "http:///path",
        "http://rita@example.com/",
        "http://rita:pw@example.com/",
        "http://example.com\\@evil.example/",
        "http://exa mple.com/",
        "http://example.com/\r\nX: y",
        "http://example.com/\u202e",
        "http://ex%61mple.com/",
        "http://[fe80::1%25eth0]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://127.1/",
        "http://127.0.1/",
        "http://１２７.0.0.1/",
        "http://1.2.3.4.5/",
        "http://example.1/",
        "http://example.com:0/",
        "http://example.com:99999/",
        "http://example.com:x/",
        "http://[::1/",
        "https://example.com/" + "x" * 2000,
    ],
)
def test_what_could_be_read_in_two_ways_is_refused_with_a_sentence(url):
    with pytest.raises(OutboundRefused, match=r"^\w+ .+\.$"):
        parse_target(url)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://Example.COM", Target("https", "example.com", 443, "/")),
        ("http://example.com./a?b=c#d", Target("http", "example.com", 80, "/a?b=c")),
        ("https://münchen.example/ü", Target("https", "xn--mnchen-3ya.example", 443, "/%C3%BC")),
        ("http://127.0.0.1:8000/", Target("http", "127.0.0.1", 8000, "/")),
        ("http://[2606:4700::1111]/", Target("http", "2606:4700::1111", 80, "/")),
    ],
)
def test_an_address_is_read_as_it_goes_on_the_wire(url, target):
    assert parse_target(url) == target


def test_the_host_header_names_the_port_only_where_it_is_unusual():
    assert parse_target("https://example.com/").authority == "example.com"
    assert parse_target("https://example.com:8443/").authority == "example.com:8443"
    assert parse_target("http://[2606:4700::1111]:81/").authority == "[2606:4700::1111]:81"
