"""What a name may become while it is typed."""

import pytest
from sqlalchemy import update

from microblog import clock
from microblog.db import Database
from microblog.domain import completion, posts
from microblog.domain.viewer import Viewer
from microblog.models import Account, Block, User
from microblog.models.user import WAITING
from tests import make
from tests.cast import Cast


def test_people_are_found_by_how_their_handle_begins(cast: Cast, db: Database) -> None:
    for name in ("cara", "Car_los", "carl", "cab", "scar"):
        make.account(db, name)
    assert people(db, cast.bob, "car") == ["Car_los", "cara", "carl", "carol"]
    assert people(db, cast.bob, "CAR_") == ["Car_los"]
    assert people(db, cast.bob, "carx") == []


def test_those_one_follows_come_first_and_by_their_display_names_too(
    cast: Cast, db: Database
) -> None:
    anna = make.account(db, "zelda")
    rename(db, anna, "Élodie Ångström")
    make.account(db, "elodie")
    assert people(db, cast.bob, "élo") == []
    make.follow(db, cast.bob, anna)
    for typed in ("élo", "ÉLO", "ång", "zel"):
        assert people(db, cast.bob, typed) == ["zelda"]
    make.account(db, "zeb")
    assert people(db, cast.bob, "ze") == ["zelda", "zeb"]


def test_who_is_called_so_comes_before_who_begins_so(cast: Cast, db: Database) -> None:
    for name in ("ann", "anna", "annabel"):
        make.follow(db, cast.bob, make.account(db, name))
    assert people(db, cast.bob, "ann")[0] == "ann"
    assert people(db, cast.carol, "ann") == ["ann", "anna", "annabel"]


def test_nobody_is_offered_who_is_hidden_or_blocked(cast: Cast, db: Database) -> None:
    gone, new = make.account(db, "gone"), make.account(db, "new")
    make.follow(db, cast.bob, gone)
    db.write(
        lambda s: s.execute(
            update(Account).where(Account.id == gone.id).values(suspended_at=clock.now())
        )
    )
    db.write(
        lambda s: s.execute(update(User).where(User.account_id == new.id).values(state=WAITING))
    )
    make.follow(db, cast.bob, cast.carol)
    block(db, cast.carol, cast.bob)
    for typed in ("gone", "new", "carol"):
        assert people(db, cast.bob, typed) == []
    assert people(db, cast.carol, "bob") == []
    assert people(db, cast.alice, "carol") == ["carol"]
    # One knows oneself.
    assert people(db, cast.alice, "alice") == []


@pytest.mark.parametrize("typed", ["", "%", "_%", "a%", "a\0", "x" * 31, "@", "\\", "\ud800"])
def test_odd_beginnings_find_nobody(cast: Cast, db: Database, typed: str) -> None:
    assert people(db, cast.bob, typed) == []


def test_no_more_than_eight_are_offered(cast: Cast, db: Database) -> None:
    for number in range(6):
        make.follow(db, cast.bob, make.account(db, f"tom_{number}"))
        make.account(db, f"tim_{number}")
    assert len(people(db, cast.bob, "t")) == 8
    assert all(name.startswith("tom") for name in people(db, cast.bob, "t")[:6])


def test_tags_are_found_the_last_used_first(cast: Cast, db: Database) -> None:
    for text in ("#tea", "#teapot #tea", "#Team", "#coffee", "#tea"):
        make.post(db, cast.alice, text)
    assert tags(db, cast.bob, "te") == ["tea", "team", "teapot"]
    assert tags(db, cast.bob, "TEAP") == ["teapot"]
    for odd in ("", "%", "_", "x", "\0", "x" * 200):
        assert tags(db, cast.bob, odd) == []


def test_tags_of_posts_that_one_does_not_see_are_not_offered(cast: Cast, db: Database) -> None:
    post_id = make.post(db, cast.alice, "#tea")
    make.post(db, cast.carol, "#teapot")
    block(db, cast.carol, cast.bob)
    assert tags(db, cast.bob, "te") == ["tea"]
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=post_id))
    assert tags(db, cast.bob, "te") == []


def people(db: Database, by: Viewer, typed: str) -> list[str]:
    with db.read() as session:
        found = completion.complete_person(session, by=by, typed=typed)
        return [face.username for face in found]


def tags(db: Database, by: Viewer, typed: str) -> list[str]:
    with db.read() as session:
        return completion.complete_tag(session, by=by, typed=typed)


def block(db: Database, blocker: Viewer, blocked: Viewer) -> None:
    row = Block(blocker_id=blocker.id, blocked_id=blocked.id, id=1)
    db.write(lambda session: session.add(row))


def rename(db: Database, person: Viewer, name: str) -> None:
    own = update(Account).where(Account.id == person.id)
    db.write(lambda session: session.execute(own.values(display_name=name)))
