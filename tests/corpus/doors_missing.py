"""Cases that are not run, because the door they knock at does not exist yet.

Each door says by what sign it is seen to have appeared: from then on its cases must be run.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

from flask import Flask

from microblog.db import Base
from microblog.domain.posts import Draft
from microblog.mail.rendering import KINDS

# What mails there are; each tells its reader of an account, of the server, and of no post.
_MAILS_OF_ACCOUNTS = {
    *("reset_password", "password_changed", "confirm_email", "change_email", "email_changed"),
    *("address_in_use", "registration_waiting", "registration_accepted", "registration_refused"),
    *("deletion_begun", "account_deleted", "second_factor_on", "second_factor_off"),
    "error_report",
}


@dataclass(frozen=True)
class Door:
    """Why its cases are not run, and how to tell that it is there."""

    reason: str
    is_there: Callable[[Flask], bool]


def _address(*parts: str) -> Callable[[Flask], bool]:
    def is_there(app: Flask) -> bool:
        return any(part in rule.rule for rule in app.url_map.iter_rules() for part in parts)

    return is_there


def _column(*names: str) -> Callable[[Flask], bool]:
    def is_there(_app: Flask) -> bool:
        tables = Base.metadata.tables.values()
        found = {column.name for table in tables for column in table.columns}
        return any(name in column for name in names for column in found)

    return is_there


def _draft_holds(*names: str) -> Callable[[Flask], bool]:
    return lambda _app: bool({field.name for field in fields(Draft)} & set(names))


def _mail_tells_of_posts(_app: Flask) -> bool:
    return not KINDS <= _MAILS_OF_ACCOUNTS


MAIL_OF_POSTS = Door("no mail tells of posts yet", _mail_tells_of_posts)
CHALLENGE = Door("no sign-in by a challenge in a mail", _address("challenge"))
API = Door("no API yet", _address("/api/"))
STREAMING = Door("no streaming yet", _address("stream"))
FEDERATION = Door("no federation yet", _address("inbox", "outbox", ".well-known"))
EXPORT = Door("no export yet", _address("export", "archive"))
LOCKED = Door("no locked accounts yet", _column("locked", "is_accepted", "requested"))
BOOSTS = Door("no boosts yet", _address("boost", "reblog"))
VISIBILITY = Door("every post is public yet", _draft_holds("visibility"))
POST_MEDIA = Door("posts hold no pictures yet", _draft_holds("media", "media_ids", "images"))
SEARCH = Door("no search yet", _address("search"))
EMBEDDING = Door("no embedding yet", _address("embed"))
POLLS = Door("no polls yet", _address("polls", "vote"))
TRENDS = Door("no trends yet", _address("trends"))
NOTIFICATIONS = Door("no notifications yet", _address("notifications"))

_CASES: dict[Door, str] = {
    MAIL_OF_POSTS: "mail-metadata-01 visibility-leak-17",
    CHALLENGE: "inactive-login-01",
    API: """
        account-enumeration-04 csrf-10 visibility-leak-01 visibility-leak-02 visibility-leak-04
        visibility-leak-05 visibility-leak-07 visibility-leak-08 visibility-leak-19
        owner-check-02 owner-check-04
        bad-number-or-nul-08 bad-number-or-nul-10 bad-number-or-nul-11 bad-number-or-nul-13
        bad-number-or-nul-14 bad-number-or-nul-16 bad-number-or-nul-20 json-encoding-01
        json-shape-01 json-shape-02 json-shape-04 json-shape-05 json-shape-07 json-shape-08
        json-shape-10 json-shape-11
    """,
    STREAMING: "revoked-token-01 visibility-leak-16",
    FEDERATION: "visibility-leak-13 blurhash-01",
    EXPORT: "csrf-05 csrf-08 owner-check-01 visibility-leak-22",
    LOCKED: "locked-follow-01",
    BOOSTS: "reblog-bypass-01 suspended-boost-01",
    VISIBILITY: "visibility-leak-11",
    POST_MEDIA: "visibility-leak-20",
    SEARCH: "visibility-leak-10 bad-number-or-nul-07",
    EMBEDDING: "visibility-leak-14",
    POLLS: "visibility-leak-23 poll-integrity-01",
    TRENDS: "visibility-leak-25",
    NOTIFICATIONS: "bad-number-or-nul-19",
}

DOORS_MISSING: dict[str, Door] = {
    id_: door for door, listed in _CASES.items() for id_ in listed.split()
}
