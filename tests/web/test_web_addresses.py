"""Whose address a request counts for: the peer's, and behind trusted proxies the visitor's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from microblog.config import Config, ConfigError
from microblog.web.addresses import client_address, network_of, origin
from tests.beside import application_beside

pytestmark = pytest.mark.sqlite_only

PROXY = "10.1.2.3"
VISITOR = "192.0.2.1"
TRUSTED = ("10.0.0.0/8", "2001:db8:9::/48", "::1")


def address_of(app: Flask, peer: str, **headers: str) -> str:
    """Return whose address a request is taken to come from."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    environ = {"REMOTE_ADDR": peer}
    with app.test_request_context("/", environ_overrides=environ, headers=named):
        return client_address()


@pytest.fixture
def behind_proxies(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """Return an application that trusts a few proxies."""
    with application_beside(app, tmp_path, TRUSTED_PROXIES=TRUSTED) as beside:
        yield beside


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Forwarded_For": VISITOR},
        {"X_Forwarded_For": f"{VISITOR}, {PROXY}"},
        {"X_Forwarded_For": "127.0.0.1"},
        {"X_Forwarded_For": "garbage"},
        {"X_Real_IP": VISITOR},
        {"True_Client_IP": VISITOR},
        {"CF_Connecting_IP": VISITOR},
        {"Forwarded": f"for={VISITOR}"},
        {"Client_IP": VISITOR, "Via": "1.1 proxy"},
    ],
)
def test_nobody_is_believed_who_is_no_trusted_proxy(
    app: Flask, behind_proxies: Flask, headers: dict[str, str]
) -> None:
    assert address_of(app, PROXY, **headers) == PROXY
    assert address_of(app, "127.0.0.1", **headers) == "127.0.0.1"
    assert address_of(behind_proxies, "198.51.100.7", **headers) == "198.51.100.7"


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (VISITOR, VISITOR),
        # What the visitor sent along stands further left.
        (f"203.0.113.9, {VISITOR}", VISITOR),
        (f"10.9.9.9, {VISITOR}", VISITOR),
        # A chain of proxies.
        (f"203.0.113.9, {VISITOR}, 10.7.7.7", VISITOR),
        (f"{VISITOR},2001:db8:9::1,10.7.7.7", VISITOR),
        # All of it is ours: the one furthest away.
        ("10.5.5.5, 10.6.6.6", "10.5.5.5"),
        ("2001:DB8:1::1", "2001:db8:1::1"),
        (f"::ffff:{VISITOR}", VISITOR),
        (f"{VISITOR}:4711", VISITOR),
        ("[2001:db8:1::1]:4711", "2001:db8:1::1"),
        ("fe80::1%eth0", "fe80::1"),
        # Whoever says nothing that can be read is not passed on by anybody.
        ("", PROXY),
        ("garbage", PROXY),
        (f"{VISITOR}, garbage", PROXY),
        (f"{VISITOR}, ", PROXY),
        ("unknown", PROXY),
        ("' OR 1=1 --", PROXY),
        ("192.0.2.1.5", PROXY),
        ("[", PROXY),
        (",,,", PROXY),
        ("\xff\xfe", PROXY),
    ],
)
def test_a_trusted_proxy_is_believed_as_far_as_trusted_ones_wrote_it(
    behind_proxies: Flask, forwarded: str, address: str
) -> None:
    assert address_of(behind_proxies, PROXY, X_Forwarded_For=forwarded) == address


def test_other_headers_of_a_trusted_proxy_say_nothing(behind_proxies: Flask) -> None:
    for name in ("X_Real_IP", "Forwarded", "True_Client_IP", "X_Client_IP"):
        assert address_of(behind_proxies, PROXY, **{name: VISITOR}) == PROXY


def test_a_proxy_is_trusted_by_either_way_to_write_its_address(behind_proxies: Flask) -> None:
    assert address_of(behind_proxies, f"::ffff:{PROXY}", X_Forwarded_For=VISITOR) == VISITOR
    assert address_of(behind_proxies, "0:0:0:0:0:0:0:1", X_Forwarded_For=VISITOR) == VISITOR
    assert address_of(behind_proxies, "::2", X_Forwarded_For=VISITOR) == "::2"


def test_a_long_header_is_read_no_further_than_needed(behind_proxies: Flask) -> None:
    forwarded = "9.9.9.9, " * 5_000 + VISITOR
    assert address_of(behind_proxies, PROXY, X_Forwarded_For=forwarded) == VISITOR


@pytest.mark.parametrize("peer", ["", "unix:", "garbage"])
def test_a_peer_without_an_address_has_none(behind_proxies: Flask, peer: str) -> None:
    assert address_of(behind_proxies, peer, X_Forwarded_For=VISITOR) == ""


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("garbage", ""),
    ],
)
def test_a_household_counts_as_one(address: str, network: str) -> None:
    assert network_of(address) == network


def test_the_origin_is_the_address_and_the_browser(behind_proxies: Flask) -> None:
    headers = {"X-Forwarded-For": VISITOR, "User-Agent": "Firefox"}
    environ = {"REMOTE_ADDR": PROXY}
    with behind_proxies.test_request_context("/", environ_overrides=environ, headers=headers):
        assert (origin().address, origin().agent) == (VISITOR, "Firefox")


@pytest.mark.parametrize("network", ["10.0.0.1/8", "10.0.0.0/33", "proxy.example", "10.", "*"])
def test_a_network_that_is_none_stops_the_start(tmp_path: Path, network: str) -> None:
    with pytest.raises(ConfigError, match="TRUSTED_PROXIES"):
        Config.load({"TRUSTED_PROXIES": f"127.0.0.1,{network}"}, tmp_path)


@pytest.mark.parametrize(
    "address", ["localhost:6379", "http://localhost", "redis:///0", "redis://a:b"]
)
def test_an_address_of_redis_that_is_none_stops_the_start(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigError, match="REDIS_URL"):
        Config.load({"REDIS_URL": address}, tmp_path)


def test_networks_and_single_proxies_are_taken(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"TRUSTED_PROXIES": " 10.0.0.0/8, ::1 ,2001:db8::/32"}
    assert Config.load(settings, tmp_path).TRUSTED_PROXIES == ("10.0.0.0/8", "::1", "2001:db8::/32")
