"""Passwords: argon2id with OWASP's minimum parameters. Never call this inside a transaction."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from microblog.capacity import heavy_work

MIN_BYTES = 8
MAX_BYTES = 1024

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# What an unknown person's password is checked against, so that it takes as long as a known one's.
_NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA"
    "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)


def hash_password(password: str) -> str:
    """Return the hash to store. **Raises** NoCapacity while another one is computed."""
    with heavy_work():
        return _hasher.hash(password)


def verify_password(stored_hash: str | None, password: str) -> bool:
    """Tell whether the password fits; without a stored hash it takes as long and is False.

    **Raises** NoCapacity while another one is computed.
    """
    try:
        typed = password.encode()
    except UnicodeEncodeError:
        return False
    if len(typed) > MAX_BYTES:
        return False
    with heavy_work():
        try:
            return _hasher.verify(stored_hash or _NOBODY, typed) and stored_hash is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(stored_hash: str) -> bool:
    """Tell whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored_hash)
