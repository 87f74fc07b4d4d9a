"""When the time of grace is over, everything that was somebody's goes."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from microblog.db import Base, Database
from microblog.domain import accounts, counters, identity, posts, security_log, sessions, tokens
from microblog.domain.accounts import Registration
from microblog.domain.errors import Invalid
from microblog.domain.events import AccountDeleted, FilesReleased
from microblog.domain.identity import deletion
from microblog.domain.posts import leaving
from microblog.domain.viewer import Viewer
from microblog.models import (
    Account,
    AccountToken,
    Follow,
    LoginSession,
    Post,
    PostTag,
    RecoveryCode,
    ReservedHandle,
    SecurityEvent,
    TimelineEntry,
    User,
)
from tests import make
from tests.announced import announced, mails
from tests.cast import Cast
from tests.domain.departure import ORIGIN, begin, cancel, logged, start_due
from tests.parallel import at_once
from tests.reader import Reader


def delete_wholly(db: Database, person: Viewer) -> int:
    """Do every round; return how many there were."""
    cursor: int | None = None
    rounds = 0
    while cursor is not None or not rounds:
        cursor = db.write(partial(identity.delete_account, account_id=person.id, cursor=cursor))
        rounds += 1
        assert rounds < 500
        assert wrong_counters(db) == []
    return rounds


def wrong_counters(db: Database) -> list[counters.Correction]:
    """Count everything anew, as `microblog recount` does."""
    of_people = db.write(lambda session: counters.recount(session, 0))[1]
    return of_people + db.write(lambda session: counters.recount_posts(session, 0))[1]


def count(db: Database, table: type[Base]) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def counts(db: Database, person: Viewer) -> tuple[int, int, int]:
    with db.read() as session:
        account = session.get_one(Account, person.id)
    return account.posts_count, account.followers_count, account.following_count


def test_when_the_time_is_over_there_is_no_way_back(db: Database, cast: Cast) -> None:
    browser = db.write(
        lambda session: sessions.start(
            session, cast.bob.id, address="", agent="", lifetime=timedelta(days=1)
        )
    )
    begin(db, cast.bob, days=0)
    begin(db, cast.carol, days=1)
    assert start_due(db) == [AccountDeleted(cast.bob.id)]
    assert start_due(db) == [AccountDeleted(cast.bob.id)]
    assert sessions.visit(db, browser).viewer is None
    assert cancel(db, cast.bob) is False
    assert mails(db)[-1] == ("account_deleted", "bob@ex.com")
    with db.read() as session:
        assert identity.standing(session, cast.bob.id) == "suspended"


def test_everything_that_was_theirs_goes(db: Database, cast: Cast) -> None:
    furnish(db, cast)
    begin(db, cast.bob, days=0)
    start_due(db)
    delete_wholly(db, cast.bob)
    assert remains(db, cast.bob) == {}
    assert announced(db, FilesReleased) == [FilesReleased(["bob.webp"])]
    assert counts(db, cast.alice) == (1, 1, 0)
    assert counts(db, cast.carol) == (1, 0, 1)
    left = [only_post(db, person) for person in (cast.carol, cast.alice)]
    assert Reader(db, cast.carol).posts() == left


def test_what_others_have_stays(db: Database, cast: Cast) -> None:
    furnish(db, cast)
    begin(db, cast.bob, days=0)
    start_due(db)
    delete_wholly(db, cast.bob)
    assert (count(db, Account), count(db, User)) == (2, 2)
    assert (count(db, Post), count(db, PostTag), count(db, Follow)) == (2, 1, 1)


def test_a_follow_that_was_not_backfilled_is_waited_for_no_more(db: Database, cast: Cast) -> None:
    make.follow(db, cast.carol, cast.bob)
    assert Reader(db, cast.carol).viewer().has_pending_follows
    begin(db, cast.bob, days=0)
    start_due(db)
    delete_wholly(db, cast.bob)
    assert not Reader(db, cast.carol).viewer().has_pending_follows


def test_much_goes_in_many_small_parts_and_counters_are_right_after_each(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in ("_CHUNK", "_FOLLOWS_CHUNK"):
        monkeypatch.setattr(deletion, size, 2)
    monkeypatch.setattr(leaving, "POSTS_CHUNK", 2)
    monkeypatch.setattr(posts.deleting, "CHUNK", 2)
    others = [make.account(db, f"friend{number}") for number in range(5)]
    for other in others:
        make.follow(db, other, cast.bob)
        make.follow(db, cast.bob, other)
        make.post(db, other)
    written = make.posts_of(db, cast.bob, 5)
    deliver(db, written, others)
    with db.read() as session:
        draft = posts.compose(session, "Gone already #tag")
    gone = db.write(lambda session: posts.publish(session, by=cast.bob, draft=draft)).post_id
    db.write(lambda session: posts.delete(session, by=cast.bob, post_id=gone))
    begin(db, cast.bob, days=0)
    start_due(db)
    assert delete_wholly(db, cast.bob) > 10
    assert remains(db, cast.bob) == {}
    assert {counts(db, other) for other in others} == {(1, 0, 0)}


def test_a_part_that_is_done_twice_is_done_once(db: Database, cast: Cast) -> None:
    furnish(db, cast)
    begin(db, cast.bob, days=0)
    start_due(db)
    delete_wholly(db, cast.bob)
    assert delete_wholly(db, cast.bob) == 1
    assert len(announced(db, FilesReleased)) == 1


def test_while_it_goes_others_may_begin_and_end_following(db: Database, cast: Cast) -> None:
    """Whoever is faster: no counter is wrong afterwards."""
    others = [make.account(db, f"friend{number}") for number in range(4)]
    for other in others:
        make.follow(db, other, cast.bob)
    acts = [partial(make.unfollow, db, other, cast.bob) for other in others]
    at_once(partial(delete_without_counting, db, cast.bob), *acts)
    assert wrong_counters(db) == []
    assert remains(db, cast.bob) == {}


def test_the_name_stays_reserved(db: Database, cast: Cast) -> None:
    begin(db, cast.bob, days=0)
    start_due(db)
    assert register(db, "Bob") == "username_taken"
    delete_wholly(db, cast.bob)
    assert register(db, "BOB") == "username_taken"
    with db.read() as session:
        assert session.scalars(select(ReservedHandle.handle)).all() == ["bob"]


def test_the_address_is_free_again(db: Database, cast: Cast) -> None:
    begin(db, cast.bob, days=0)
    start_due(db)
    delete_wholly(db, cast.bob)
    assert register(db, "bob2", "bob@ex.com") == "made"


def test_what_admins_did_with_the_account_is_still_to_be_read(db: Database, cast: Cast) -> None:
    suspended = partial(
        security_log.record,
        kind=security_log.SUSPENDED,
        account_id=cast.bob.id,
        actor_id=cast.alice.id,
    )
    db.write(suspended)
    begin(db, cast.bob, days=0)
    start_due(db)
    delete_wholly(db, cast.bob)
    assert logged(db, cast.bob) == [security_log.SUSPENDED]


def register(db: Database, username: str, email: str = "new@ex.com") -> str:
    registration = Registration(username, email, "a hash")
    try:
        db.write(lambda session: accounts.register(session, registration))
    except Invalid as refused:
        return refused.code
    return "made"


def furnish(db: Database, cast: Cast) -> None:
    """Give Bob all that somebody can have, and the others something of their own."""
    make.follow(db, cast.carol, cast.bob)
    make.follow(db, cast.bob, cast.carol)
    make.follow(db, cast.carol, cast.alice)
    make.post(db, cast.alice, "Hello #tag")
    make.post(db, cast.carol)
    deliver(db, [make.post(db, cast.bob, "Hello #tag")], [cast.carol])

    def act(session: Session) -> None:
        session.get_one(Account, cast.bob.id).avatar = "bob.webp"
        session.add(RecoveryCode(id=1, account_id=cast.bob.id, code_hash=b"x" * 32))
        tokens.issue(session, cast.bob.id, tokens.RESET, timedelta(days=1))
        security_log.record(session, security_log.SIGNED_IN, cast.bob.id, origin=ORIGIN)

    db.write(act)


def deliver(db: Database, post_ids: list[int], readers: list[Viewer]) -> None:
    """Bring posts to timelines, as the worker does."""
    entries = [
        TimelineEntry(account_id=reader.id, id=post_id, post_id=post_id)
        for reader in readers
        for post_id in post_ids
    ]
    db.write(lambda session: session.add_all(entries))


def delete_without_counting(db: Database, person: Viewer) -> None:
    cursor: int | None = None
    for _ in range(100):
        cursor = db.write(partial(identity.delete_account, account_id=person.id, cursor=cursor))
        if cursor is None:
            return


def only_post(db: Database, person: Viewer) -> int:
    with db.read() as session:
        return session.scalars(select(Post.id).where(Post.account_id == person.id)).one()


def remains(db: Database, person: Viewer) -> dict[str, int]:
    """Count what is left of a person, by table."""
    of_them = {
        Account: Account.id == person.id,
        User: User.account_id == person.id,
        Post: Post.account_id == person.id,
        TimelineEntry: TimelineEntry.account_id == person.id,
        Follow: (Follow.follower_id == person.id) | (Follow.followed_id == person.id),
        LoginSession: LoginSession.account_id == person.id,
        AccountToken: AccountToken.account_id == person.id,
        RecoveryCode: RecoveryCode.account_id == person.id,
        SecurityEvent: SecurityEvent.account_id == person.id,
    }
    with db.read() as session:
        found = {
            table.__tablename__: session.scalar(
                select(func.count()).select_from(table).where(condition)
            )
            or 0
            for table, condition in of_them.items()
        }
    return {table: number for table, number in found.items() if number}
