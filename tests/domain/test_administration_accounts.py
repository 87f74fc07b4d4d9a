"""What admins see of accounts, and the roles they give."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update

from microblog.db import Database
from microblog.domain import administration, second_factor
from microblog.domain.administration import ManagedAccount
from microblog.domain.errors import DomainError, Invalid, NotAllowed, NotFound
from microblog.domain.pages import Page
from microblog.domain.viewer import ADMIN, MEMBER, Viewer
from microblog.models import OutboxEvent, User
from microblog.models.user import WAITING
from tests import make
from tests.cast import Cast
from tests.parallel import at_once

Act = Callable[..., Any]


def listed(db: Database, cast: Cast, **options: Any) -> list[str]:
    with db.read() as session:
        found = administration.list_accounts(
            session, by=cast.alice, **{"page": Page(20), **options}
        )
    return [account.username for account in found.items]


def get(db: Database, cast: Cast, person: Viewer) -> ManagedAccount:
    with db.read() as session:
        return administration.get_account(session, by=cast.alice, account_id=person.id)


def do(db: Database, act: Act, by: Viewer, person: Viewer) -> None:
    db.write(partial(act, by=by, account_id=person.id))


def refusal(db: Database, act: Act, by: Viewer, person: Viewer) -> str:
    with pytest.raises(Invalid) as refused:
        do(db, act, by, person)
    return refused.value.code


def set_user(db: Database, person: Viewer, **values: Any) -> None:
    statement = update(User).where(User.account_id == person.id).values(**values)
    db.write(lambda session: session.execute(statement))


def test_everybody_is_listed_and_who_came_last_comes_first(db: Database, cast: Cast) -> None:
    assert listed(db, cast) == ["carol", "bob", "alice"]


def test_the_list_is_paged_by_key(db: Database, cast: Cast) -> None:
    with db.read() as session:
        by = cast.alice
        first = administration.list_accounts(session, by=by, page=Page(2))
        assert first.older is not None
        rest = administration.list_accounts(session, by=by, page=Page(2, before=first.older))
        back = administration.list_accounts(session, by=by, page=Page(2, after=cast.alice.id))
    assert [account.username for account in first.items] == ["carol", "bob"]
    assert [account.username for account in rest.items] == ["alice"]
    assert back.items == first.items
    assert (first.newer, rest.older) == (None, None)


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("car", ["carol"]),
        ("CAR", ["carol"]),
        (" @carol ", ["carol"]),
        ("carol@ex.c", ["carol"]),
        ("arol", []),
        ("ex.com", []),
        ("%", []),
        ("c_rol", []),
        ("\\", []),
        ("a\x00", []),
        ("\ud800", []),
        ("x" * 10_000, []),
        ("", ["carol", "bob", "alice"]),
    ],
)
def test_people_are_found_by_how_a_name_or_an_address_begins(
    db: Database, cast: Cast, search: str, expected: list[str]
) -> None:
    assert listed(db, cast, search=search) == expected


def test_an_address_is_found_whose_owner_has_another_name(db: Database, cast: Cast) -> None:
    set_user(db, cast.bob, email="robert@ex.com")
    assert listed(db, cast, search="rob") == ["bob"]


def test_the_list_is_narrowed_down_by_state(db: Database, cast: Cast) -> None:
    dave = make.account(db, "dave")
    set_user(db, dave, state=WAITING)
    do(db, administration.suspend, cast.alice, cast.carol)
    assert listed(db, cast, state="active") == ["bob", "alice"]
    assert listed(db, cast, state="waiting") == ["dave"]
    assert listed(db, cast, state="suspended") == ["carol"]
    assert listed(db, cast, state="admins") == ["alice"]
    assert listed(db, cast, state="suspended", search="b") == []


def test_an_account_is_shown_with_its_login(db: Database, cast: Cast) -> None:
    set_user(db, cast.bob, totp_secret="a" * 32)
    bob = get(db, cast, cast.bob)
    assert (bob.email, bob.role, bob.state) == ("bob@ex.com", MEMBER, "active")
    assert bob.has_second_factor
    assert get(db, cast, cast.alice).followers_count == 1
    with pytest.raises(NotFound):
        get(db, cast, Viewer(1, "nobody"))


def test_what_an_account_holds_that_is_secret_is_not_shown(db: Database, cast: Cast) -> None:
    set_user(db, cast.bob, totp_secret="JBSWY3DPEHPK3PXP")
    assert "argon2" not in repr(get(db, cast, cast.bob))
    assert "JBSWY3DPEHPK3PXP" not in repr(get(db, cast, cast.bob))


def test_only_admins_see_any_of_it(db: Database, cast: Cast) -> None:
    reads: list[Act] = [
        partial(administration.list_accounts, page=Page(20)),
        partial(administration.get_account, account_id=cast.carol.id),
        partial(administration.list_log, account_id=cast.carol.id),
        partial(administration.find_hidden, username="carol"),
        partial(administration.list_waiting, page=Page(20)),
        partial(administration.list_parked, page=Page(20)),
        partial(administration.list_waiting_mails, page=Page(20)),
        partial(administration.get_job, job_id=1),
    ]
    for read in reads:
        with db.read() as session, pytest.raises(NotAllowed):
            read(session, by=cast.bob)


def test_an_admin_makes_an_admin_and_a_member_again(db: Database, cast: Cast) -> None:
    do(db, administration.promote, cast.alice, cast.bob)
    assert get(db, cast, cast.bob).role == ADMIN
    do(db, administration.promote, cast.alice, cast.bob)
    do(db, administration.demote, cast.alice, cast.bob)
    assert get(db, cast, cast.bob).role == MEMBER
    with db.read() as session:
        log = administration.list_log(session, by=cast.alice, account_id=cast.bob.id)
    found = [(line.entry.kind, line.entry.detail, line.actor) for line in log]
    assert found == [("role_changed", "member", "alice"), ("role_changed", "admin", "alice")]


def test_a_member_gives_no_role_whatever_they_say_they_are(db: Database, cast: Cast) -> None:
    bob_who_was_admin = Viewer(cast.bob.id, "bob", role=ADMIN)
    for by in (cast.bob, bob_who_was_admin):
        for act in (administration.promote, administration.demote):
            with pytest.raises(NotAllowed):
                do(db, act, by, cast.carol)
    assert get(db, cast, cast.carol).role == MEMBER


def test_who_cannot_log_in_becomes_no_admin(db: Database, cast: Cast) -> None:
    do(db, administration.suspend, cast.alice, cast.carol)
    set_user(db, cast.bob, state=WAITING)
    for person in (cast.bob, cast.carol):
        assert refusal(db, administration.promote, cast.alice, person) == "promote_inactive"


def test_the_last_admin_stays(db: Database, cast: Cast) -> None:
    assert refusal(db, administration.demote, cast.alice, cast.alice) == "last_admin"
    do(db, administration.promote, cast.alice, cast.bob)
    do(db, administration.suspend, cast.alice, cast.bob)
    assert refusal(db, administration.demote, cast.alice, cast.alice) == "last_admin"
    do(db, administration.restore, cast.alice, cast.bob)
    do(db, administration.demote, cast.alice, cast.alice)
    assert not _is_active_admin(db, cast, "alice")
    assert _is_active_admin(db, cast, "bob")


@pytest.mark.parametrize("act", [administration.demote, administration.suspend])
def test_two_admins_do_not_rid_the_server_of_each_other(db: Database, cast: Cast, act: Act) -> None:
    do(db, administration.promote, cast.alice, cast.bob)
    bob = Viewer(cast.bob.id, "bob", role=ADMIN)

    def try_to(by: Viewer, person: Viewer) -> bool:
        try:
            do(db, act, by, person)
        except DomainError:
            return False
        return True

    done = at_once(partial(try_to, cast.alice, bob), partial(try_to, bob, cast.alice))
    assert sorted(done) == [False, True]
    active = [name for name in ("alice", "bob") if _is_active_admin(db, cast, name)]
    assert len(active) == 1


def test_an_admin_resets_the_second_factor_of_somebody_who_is_told(
    db: Database, cast: Cast
) -> None:
    set_user(db, cast.bob, totp_secret="a" * 32)
    do(db, administration.reset_second_factor, cast.alice, cast.bob)
    with db.read() as session:
        assert not second_factor.is_on(session, cast.bob.id)
        (mail,) = session.query(OutboxEvent).where(OutboxEvent.kind == "MailRequested")
        log = administration.list_log(session, by=cast.alice, account_id=cast.bob.id)
    assert "bob@ex.com" in mail.payload
    assert [(line.entry.kind, line.actor) for line in log] == [("second_factor_reset", "alice")]


def test_their_own_second_factor_no_admin_resets(db: Database, cast: Cast) -> None:
    set_user(db, cast.alice, totp_secret="a" * 32)
    code = refusal(db, administration.reset_second_factor, cast.alice, cast.alice)
    assert code == "reset_own_factor"
    with pytest.raises(NotAllowed):
        do(db, administration.reset_second_factor, cast.bob, cast.alice)
    with db.read() as session:
        assert second_factor.is_on(session, cast.alice.id)


def test_a_hidden_person_is_found_by_name_for_admins(db: Database, cast: Cast) -> None:
    def hidden(username: str) -> int | None:
        with db.read() as session:
            return administration.find_hidden(session, by=cast.alice, username=username)

    assert hidden("carol") is None
    do(db, administration.suspend, cast.alice, cast.carol)
    assert hidden("Carol") == cast.carol.id
    assert hidden("nobody") is None


def _is_active_admin(db: Database, cast: Cast, username: str) -> bool:
    account = get(db, cast, getattr(cast, username))
    return account.role == ADMIN and account.state == "active"
