"""Tell which addresses belong to the public internet.

The ranges are listed here because `ipaddress` answers differently from one Python to the next.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address

# Source: the IANA registry of special-purpose IPv4 addresses, with multicast and the reserved end.
_SPECIAL_V4 = tuple(
    IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
)
# All that is given out; so neither ::1, fc00::/7, fe80::/10, ff00::/8 nor what holds an IPv4
# address: ::ffff:0:0/96 (mapped), 64:ff9b::/96 and 64:ff9b:1::/48 (NAT64).
_GLOBAL_V6 = IPv6Network("2000::/3")
# Source: the IANA registry of special-purpose IPv6 addresses: protocols (Teredo among them, which
# holds an IPv4 address), documentation, 6to4 (which holds one too), documentation.
_SPECIAL_V6 = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


def is_public(address: str) -> bool:
    """Tell whether a numeric address is one that everybody on the internet reaches."""
    parsed = ip_address(address)
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _SPECIAL_V4)
    return parsed in _GLOBAL_V6 and not any(parsed in network for network in _SPECIAL_V6)
