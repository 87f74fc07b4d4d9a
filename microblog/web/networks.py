"""Where somebody was, as far as the network that we keep of an address tells."""

import ipaddress
from typing import Literal, NamedTuple

_LOCALHOST_IPV6 = "::/48"  # What ::1 is in.
# Of homes and offices: the same everywhere.
_LOCAL = [
    ipaddress.ip_network(prefix)
    for prefix in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        *("fc00::/7", "fe80::/10"),
    )
]


class Network(NamedTuple):
    """A network: what kind it is, and the beginning of its addresses, as in 192.0.2.*."""

    kind: Literal["unknown", "server", "local", "internet"]
    pattern: str = ""


def describe(prefix: str) -> Network:
    """Tell what is known of a network such as 192.0.2.0/24 or 2001:db8:1::/48."""
    try:
        network = ipaddress.ip_network(prefix)
    except ValueError:
        return Network("unknown")
    address = network.network_address
    if address.is_loopback or prefix == _LOCALHOST_IPV6:
        return Network("server")
    kind: Literal["local", "internet"] = "internet"
    if any(address in local for local in _LOCAL):
        kind = "local"
    return Network(kind, _pattern(address))


def _pattern(first: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    if first.version == 4:
        return str(first).rpartition(".")[0] + ".*"
    return str(first).rstrip(":") + ":*"
