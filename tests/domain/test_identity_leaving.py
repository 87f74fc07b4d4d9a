"""Leaving begins with a time of grace, in which one may stay after all."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import update

from microblog import clock
from microblog.db import Database
from microblog.domain import accounts, identity, security_log
from microblog.domain.errors import Invalid
from microblog.domain.viewer import ADMIN, Viewer
from microblog.models import Account, User
from tests import make
from tests.announced import last_mail, mails
from tests.cast import Cast
from tests.domain.departure import begin, cancel, logged, start_due
from tests.parallel import at_once
from tests.reader import Reader


def delete_at(db: Database, person: Viewer) -> datetime | None:
    with db.read() as session:
        return session.get_one(User, person.id).delete_at


def test_who_leaves_is_told_when(db: Database, cast: Cast) -> None:
    before = clock.now()
    when = begin(db, cast.bob)
    assert before + timedelta(days=7) <= when <= clock.now() + timedelta(days=7)
    assert delete_at(db, cast.bob) == when
    mail = last_mail(db)
    assert (mail.kind, mail.to, mail.account_id) == ("deletion_begun", "bob@ex.com", cast.bob.id)
    assert datetime.fromisoformat(mail.values["when"]) == when
    assert logged(db, cast.bob) == [security_log.DELETION_BEGUN]


def test_until_then_nothing_is_hidden(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.bob)
    browser = Reader(db, cast.bob)
    begin(db, cast.bob)
    assert start_due(db) == []
    assert browser.posts() == [post_id]
    with db.read() as session:
        assert identity.standing(session, cast.bob.id) == "active"
        assert accounts.get_by_username(session, "bob").id == cast.bob.id


def test_leaving_twice_is_leaving_once(db: Database, cast: Cast) -> None:
    when = begin(db, cast.bob)
    assert begin(db, cast.bob, days=30) == when
    assert mails(db) == [("deletion_begun", "bob@ex.com")]
    assert logged(db, cast.bob) == [security_log.DELETION_BEGUN]


def test_who_leaves_may_stay_after_all(db: Database, cast: Cast) -> None:
    begin(db, cast.bob, days=0)
    assert cancel(db, cast.bob) is True
    assert delete_at(db, cast.bob) is None
    assert start_due(db) == []
    assert cancel(db, cast.bob) is False
    assert logged(db, cast.bob) == [security_log.DELETION_CANCELLED, security_log.DELETION_BEGUN]


def test_the_last_admin_cannot_leave(db: Database, cast: Cast) -> None:
    assert refusal(db, cast.alice) == ("account", "last_admin")
    assert delete_at(db, cast.alice) is None
    assert mails(db) == []


def test_an_admin_may_leave_while_another_one_stays(db: Database, cast: Cast) -> None:
    other = make.account(db, "ada", role=ADMIN)
    begin(db, cast.alice)
    assert refusal(db, other) == ("account", "last_admin")
    cancel(db, cast.alice)
    begin(db, other)


@pytest.mark.parametrize("values", [{"suspended_at": clock.now()}, {}])
def test_an_admin_who_cannot_act_does_not_count(
    db: Database, cast: Cast, values: dict[str, datetime]
) -> None:
    other = make.account(db, "ada", role=ADMIN)
    changes = (
        update(Account).where(Account.id == other.id).values(suspended_at=clock.now())
        if values
        else update(User).where(User.account_id == other.id).values(role="member")
    )
    db.write(lambda session: session.execute(changes))
    assert refusal(db, cast.alice) == ("account", "last_admin")


def test_of_two_admins_who_leave_at_once_one_stays(db: Database, cast: Cast) -> None:
    other = make.account(db, "ada", role=ADMIN)

    def leave(person: Viewer) -> str:
        try:
            begin(db, person)
        except Invalid as refused:
            return refused.code
        return "leaves"

    outcomes = at_once(partial(leave, cast.alice), partial(leave, other))
    assert sorted(outcomes) == ["last_admin", "leaves"]


def refusal(db: Database, person: Viewer) -> tuple[str, str]:
    with pytest.raises(Invalid) as refused:
        begin(db, person)
    return refused.value.field, refused.value.code
