"""Registrations that wait: an admin lets people in, or not."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from microblog.db import Database
from microblog.domain import accounts, administration, timelines
from microblog.domain.administration import WaitingRegistration
from microblog.domain.errors import Conflict, DomainError, NotAllowed, NotFound
from microblog.domain.pages import Page
from microblog.domain.viewer import Viewer
from microblog.models import OutboxEvent, SecurityEvent, User
from microblog.models.user import ACTIVE, WAITING
from tests import make
from tests.cast import Cast
from tests.parallel import at_once


@pytest.fixture
def dave(db: Database, cast: Cast) -> Viewer:
    """Return somebody who waits to be let in."""
    return waiting(db, "dave", "I keep bees.")


def waiting(db: Database, username: str, reason: str = "") -> Viewer:
    person = make.account(db, username)
    statement = update(User).where(User.account_id == person.id)
    db.write(lambda session: session.execute(statement.values(state=WAITING, reason=reason)))
    return person


def listed(db: Database, cast: Cast, page: Page | None = None) -> list[WaitingRegistration]:
    with db.read() as session:
        found = administration.list_waiting(session, by=cast.alice, page=page or Page(20))
    return list(found.items)


def decide(db: Database, act: Callable[..., str], by: Viewer, person: Viewer) -> str:
    return db.write(partial(act, by=by, account_id=person.id))


def mails(db: Database) -> list[tuple[str, str, int]]:
    statement = select(OutboxEvent).where(OutboxEvent.kind == "MailRequested")
    with db.read() as session:
        found = [json.loads(row.payload) for row in session.scalars(statement)]
    return [(mail["kind"], mail["to"], mail["account_id"]) for mail in found]


def logged(db: Database) -> list[tuple[str, str, int | None]]:
    with db.read() as session:
        rows = session.scalars(select(SecurityEvent).where(SecurityEvent.actor_id.is_not(None)))
        return [(row.kind, row.detail, row.account_id) for row in rows]


def test_who_waits_is_listed_with_their_reason(db: Database, cast: Cast, dave: Viewer) -> None:
    (found,) = listed(db, cast)
    assert (found.username, found.email, found.reason) == ("dave", "dave@ex.com", "I keep bees.")


def test_the_list_is_paged_by_key(db: Database, cast: Cast, dave: Viewer) -> None:
    erin = waiting(db, "erin")
    assert [each.username for each in listed(db, cast, Page(1))] == ["erin"]
    assert [each.username for each in listed(db, cast, Page(1, before=erin.id))] == ["dave"]


def test_who_is_let_in_is_active_and_told(db: Database, cast: Cast, dave: Viewer) -> None:
    assert decide(db, administration.accept, cast.alice, dave) == "dave"
    assert listed(db, cast) == []
    with db.read() as session:
        user = session.get_one(User, dave.id)
        assert (user.state, user.reason) == (ACTIVE, "")
    assert mails(db) == [("registration_accepted", "dave@ex.com", dave.id)]
    assert logged(db) == [("registration_accepted", "", dave.id)]


def test_who_is_refused_is_gone_and_told_and_the_name_is_free(
    db: Database, cast: Cast, dave: Viewer
) -> None:
    assert decide(db, administration.refuse, cast.alice, dave) == "dave"
    assert listed(db, cast) == []
    with db.read() as session:
        assert accounts.find_id_by_username(session, "dave") is None
        assert session.get(User, dave.id) is None
    assert mails(db) == [("registration_refused", "dave@ex.com", 0)]
    assert logged(db) == [("registration_refused", "dave", dave.id)]
    make.account(db, "dave")


def test_nobody_sees_or_follows_who_waits(db: Database, cast: Cast, dave: Viewer) -> None:
    with pytest.raises(NotFound):
        timelines.profile(db, cast.bob, "dave", Page(20))
    with db.read() as session, pytest.raises(NotFound):
        accounts.get_by_username(session, "dave")
    with pytest.raises(NotFound):
        make.follow(db, cast.bob, dave)
    decide(db, administration.accept, cast.alice, dave)
    assert timelines.profile(db, cast.bob, "dave", Page(20)).account.username == "dave"
    make.follow(db, cast.bob, dave)


@pytest.mark.parametrize("act", [administration.accept, administration.refuse])
def test_what_is_decided_is_not_decided_again(
    db: Database, cast: Cast, dave: Viewer, act: Callable[..., str]
) -> None:
    decide(db, administration.accept, cast.alice, dave)
    for person in (dave, cast.bob, Viewer(1, "nobody")):
        with pytest.raises(Conflict) as refused:
            decide(db, act, cast.alice, person)
        assert refused.value.code == "registration_decided"
    assert len(mails(db)) == 1


def test_of_two_decisions_at_once_one_counts(db: Database, cast: Cast, dave: Viewer) -> None:
    def try_to(act: Callable[..., Any]) -> bool:
        try:
            decide(db, act, cast.alice, dave)
        except DomainError:
            return False
        return True

    done = at_once(partial(try_to, administration.accept), partial(try_to, administration.refuse))
    assert sorted(done) == [False, True]
    assert len(mails(db)) == len(logged(db)) == 1


@pytest.mark.parametrize("act", [administration.accept, administration.refuse])
def test_a_member_decides_nothing(
    db: Database, cast: Cast, dave: Viewer, act: Callable[..., str]
) -> None:
    with pytest.raises(NotAllowed):
        decide(db, act, cast.bob, dave)
    assert len(listed(db, cast)) == 1
    assert mails(db) == []
