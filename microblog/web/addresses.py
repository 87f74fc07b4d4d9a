"""Where a request comes from: the address of a person, also behind reverse proxies."""

import ipaddress
from collections.abc import Sequence
from functools import lru_cache

from flask import request

from microblog.domain.security_log import Origin
from microblog.web.context import services

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# What a household is given; within it, a new address costs nothing.
_IPV6_BITS = 64


def client_address() -> str:
    """Return the address of whoever makes the request; "" when it cannot be told.

    X-Forwarded-For is read from its right end and only as far as the networks of TRUSTED_PROXIES
    wrote it: what stands further left was sent along by the visitor. No other header is believed.
    """
    address = _parsed(request.remote_addr or "")
    trusted = _networks(services().config.TRUSTED_PROXIES)
    hops = request.headers.get("X-Forwarded-For", "").split(",") if trusted else []
    while hops and address is not None and _is_in(address, trusted):
        before = _parsed(_without_port(hops.pop().strip()))
        if before is None:
            break
        address = before
    return str(address or "")


def network_of(address: str) -> str:
    """Return what limits count by: a whole IPv4 address, the /64 of an IPv6 one, or ""."""
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, _IPV6_BITS), strict=False))
    return str(parsed or "")


def origin() -> Origin:
    """Return the address and the browser of the request, for the log of an account."""
    return Origin(client_address(), request.user_agent.string)


def _parsed(text: str) -> Address | None:
    """Return an address as everybody writes it; an IPv4 one inside IPv6 is the IPv4 one."""
    try:
        # The zone of a link-local address names an interface of this machine.
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or address
    return address


def _without_port(text: str) -> str:
    """Return "192.0.2.1" of "192.0.2.1:4711" and "2001:db8::1" of "[2001:db8::1]:4711"."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


@lru_cache(maxsize=10)
def _networks(texts: tuple[str, ...]) -> list[Network]:
    return [ipaddress.ip_network(text) for text in texts]


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
