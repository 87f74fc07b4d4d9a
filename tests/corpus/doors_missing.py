"""Cases that are not run, because the door they knock at does not exist yet.

Each door says by what sign it is seen to have appeared: from then on its cases must be run.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask


@dataclass(frozen=True)
class Door:
    """Why its cases are not run, and how to tell that it is there."""

    reason: str
    is_there: Callable[[Flask], bool]


def _address(*parts: str) -> Callable[[Flask], bool]:
    def is_there(app: Flask) -> bool:
        return any(part in rule.rule for rule in app.url_map.iter_rules() for part in parts)

    return is_there


CHALLENGE = Door("no sign-in by a challenge in a mail", _address("challenge"))
API = Door("no API yet", _address("/api/"))
STREAMING = Door("no streaming yet", _address("stream"))
FEDERATION = Door("no federation yet", _address("inbox", "outbox", ".well-known"))
EXPORT = Door("no export yet", _address("export", "archive"))
SEARCH = Door("no search yet", _address("search"))
EMBEDDING = Door("no embedding yet", _address("embed"))
POLLS = Door("no polls yet", _address("polls", "vote"))
TRENDS = Door("no trends yet", _address("trends"))

_CASES: dict[Door, str] = {
    CHALLENGE: "inactive-login-01",
    API: """
        account-enumeration-04 csrf-10 visibility-leak-19 owner-check-02 owner-check-04
        bad-number-or-nul-08 bad-number-or-nul-10 bad-number-or-nul-11 bad-number-or-nul-13
        bad-number-or-nul-14 bad-number-or-nul-16 bad-number-or-nul-20 json-encoding-01
        json-shape-01 json-shape-02 json-shape-04 json-shape-05 json-shape-07 json-shape-08
        json-shape-10 json-shape-11
    """,
    STREAMING: "revoked-token-01 visibility-leak-16",
    FEDERATION: "visibility-leak-13 blurhash-01",
    EXPORT: "csrf-05 csrf-08 owner-check-01 visibility-leak-22",
    SEARCH: "visibility-leak-10 bad-number-or-nul-07",
    EMBEDDING: "visibility-leak-14",
    POLLS: "visibility-leak-23 poll-integrity-01",
    TRENDS: "visibility-leak-25",
}

DOORS_MISSING: dict[str, Door] = {
    id_: door for door, listed in _CASES.items() for id_ in listed.split()
}
