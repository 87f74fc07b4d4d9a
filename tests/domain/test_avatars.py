"""Avatars: whose picture is which file."""

import hashlib
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from microblog.db import Database
from microblog.domain import accounts, avatars, outbox
from microblog.domain.events import Event, FilesReleased, GravatarRequested
from microblog.models import OutboxEvent
from tests.cast import Cast


def replace(db: Database, account_id: int, file: str | None) -> None:
    db.write(lambda session: avatars.replace(session, account_id, file))


def avatar(db: Database, username: str) -> tuple[str | None, int]:
    with db.read() as session:
        view = accounts.get_by_username(session, username)
    return view.avatar, view.version


def announced(db: Database) -> list[Event]:
    with db.read() as session:
        rows = session.scalars(select(OutboxEvent).order_by(OutboxEvent.id))
        return [event for event in map(outbox.parse, rows) if "Follow" not in type(event).__name__]


def test_a_first_avatar_replaces_nothing(db: Database, cast: Cast) -> None:
    replace(db, cast.bob.id, "one.webp")
    assert avatar(db, "bob") == ("one.webp", 2)
    assert announced(db) == []


def test_a_replaced_avatar_is_announced(db: Database, cast: Cast) -> None:
    replace(db, cast.bob.id, "one.webp")
    replace(db, cast.bob.id, "two.webp")
    assert avatar(db, "bob") == ("two.webp", 3)
    assert announced(db) == [FilesReleased(["one.webp"])]


def test_the_same_avatar_twice_is_once(db: Database, cast: Cast) -> None:
    replace(db, cast.bob.id, "one.webp")
    replace(db, cast.bob.id, "one.webp")
    assert avatar(db, "bob") == ("one.webp", 2)
    assert announced(db) == []


def test_a_person_may_go_back_to_their_identicon(db: Database, cast: Cast) -> None:
    replace(db, cast.bob.id, "one.webp")
    replace(db, cast.bob.id, None)
    assert avatar(db, "bob") == (None, 3)
    assert announced(db) == [FilesReleased(["one.webp"])]


def test_nobody_has_no_avatar(db: Database, cast: Cast) -> None:
    with pytest.raises(NoResultFound):
        replace(db, 1, "one.webp")


def test_a_person_may_ask_for_their_gravatar(db: Database, cast: Cast) -> None:
    db.write(lambda session: avatars.request_gravatar(session, by=cast.bob))
    assert announced(db) == [GravatarRequested(cast.bob.id)]


def test_gravatar_knows_a_person_by_the_hash_of_their_address(db: Database, cast: Cast) -> None:
    with db.read() as session:
        found = avatars.find_gravatar_hash(session, cast.bob.id)
        assert found == hashlib.sha256(b"bob@ex.com").hexdigest()
        assert avatars.find_gravatar_hash(session, 1) is None


def test_a_header_is_replaced_and_removed_without_touching_the_face(
    db: Database, cast: Cast
) -> None:
    for file in ("one.webp", "one.webp", "two.webp", None):
        db.write(partial(avatars.replace_header, account_id=cast.bob.id, file=file))
    assert announced(db) == [FilesReleased(["one.webp"]), FilesReleased(["two.webp"])]
    # Cards do not show it.
    assert avatar(db, "bob") == (None, 1)
