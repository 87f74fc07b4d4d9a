"""Common passwords: what is tried first by those who guess. The list is vendored, see its LICENSE.

**Source** django/contrib/auth/common-passwords.txt.gz, in lower case, one a line.
"""

import gzip
from functools import cache
from pathlib import Path

_LIST = Path(__file__).parent / "vendor" / "django" / "common-passwords.txt.gz"


def is_common(password: str) -> bool:
    """Tell whether a password, in any case, is on the list."""
    line = password.lower()
    return "\n" not in line and f"\n{line}\n".encode() in _lines()


@cache
def _lines() -> bytes:
    # Kept as it is, 160 kB: a set of its lines would take ten times as much, and finding a line
    # takes a thousandth of what hashing the password takes.
    return b"\n" + gzip.decompress(_LIST.read_bytes()).strip() + b"\n"
