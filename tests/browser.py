"""Where a browser goes when it is redirected.

**Source** The URL Standard of the WHATWG, "basic URL parser", as far as it decides the host.
"""

import re
from urllib.parse import urlsplit

_SPECIAL = {"http", "https", "ws", "wss", "ftp"}
_EDGES = "".join(map(chr, range(0x21)))
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


def host_reached(location: str, base: str) -> str:
    """Return the host that a Location leads to from a page at `base`, "" where there is none."""
    text = re.sub(r"[\t\n\r]", "", location.strip(_EDGES))
    home = urlsplit(base)
    scheme, rest = home.scheme, text
    found = _SCHEME.match(text)
    if found:
        scheme, rest = found[1].lower(), text[found.end() :]
        if scheme not in _SPECIAL:
            return ""
        if scheme == home.scheme and not re.match(r"[/\\]{2}", rest):
            # Such as "https:page" on a page of https: an address on the same server.
            return home.hostname or ""
    elif not re.match(r"[/\\]{2}", rest):
        return home.hostname or ""
    authority = re.split(r"[/\\?#]", rest.lstrip("/\\"), maxsplit=1)[0]
    host = authority.rpartition("@")[2]
    return re.sub(r":\d*$", "", host).lower()
