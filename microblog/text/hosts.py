"""Tell which host names a link may have, and how to show them without deceiving."""

import ipaddress
import unicodedata

import idna

from microblog.text.pattern import unicode_pattern

MAX_HOST = 253

_SCRIPTS = (
    # Phonetic letters belong to Latin and imitate its ordinary ones, or a slash.
    r"\p{Latin}--[\u01c0-\u01c3\u0250-\u02af\u1d00-\u1dbf\ua720-\ua7ff]",
    # Japanese is written in three scripts at once; the length mark belongs to two of them.
    r"\p{Han}\p{Hiragana}\p{Katakana}\u30fc",
    *(r"\p{Arabic}", r"\p{Armenian}", r"\p{Bengali}", r"\p{Cyrillic}", r"\p{Devanagari}"),
    *(r"\p{Ethiopic}", r"\p{Georgian}", r"\p{Greek}", r"\p{Gujarati}", r"\p{Gurmukhi}"),
    *(r"\p{Hangul}", r"\p{Hebrew}", r"\p{Kannada}", r"\p{Khmer}", r"\p{Lao}", r"\p{Malayalam}"),
    *(r"\p{Myanmar}", r"\p{Oriya}", r"\p{Sinhala}", r"\p{Tamil}", r"\p{Telugu}", r"\p{Thai}"),
)
_ONE_SCRIPT = unicode_pattern("|".join(rf"[[{s}][0-9.\-\p{{Inherited}}]]+" for s in _SCRIPTS))


def ascii_host(host: str) -> str | None:
    """Spell a host as name servers know it, or answer None when it cannot be one.

    **Source** IDNA 2008 (RFC 5891) after the mapping of UTS 46, as browsers do it.
    """
    if len(host) > MAX_HOST:
        return None
    if host.replace(".", "").isdecimal():
        return host if _is_address(host) else None
    host = host.lower()
    if host.isascii() and "xn--" not in host:
        return host
    try:
        return _encode(host)
    except idna.IDNAError:
        return None


def shown_host(host: str) -> str:
    """Spell an ASCII host in its own letters when they are of one script, so that twins show."""
    if "xn--" not in host:
        return host
    native = idna.decode(host)
    return native if _ONE_SCRIPT.fullmatch(native) else host


def _is_address(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def _encode(host: str) -> str:
    encoded = idna.encode(host, uts46=True).decode("ascii")
    native = idna.decode(encoded)
    if any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in native):
        # One label from right to left binds all of them (RFC 5893), which encode() does not check.
        for label in native.split("."):
            idna.check_bidi(label, check_ltr=True)
    return encoded
