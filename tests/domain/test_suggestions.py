"""Whom to follow: people who write, the most followed first."""

from microblog.db import Database
from microblog.domain import posts, suggestions
from microblog.domain.viewer import Viewer
from tests import make
from tests.cast import Cast


def suggested(db: Database, viewer: Viewer | None, limit: int = 10) -> list[str]:
    with db.read() as session:
        people = suggestions.people_to_follow(session, viewer, limit)
    return [person.account.username for person in people]


def test_people_who_write_are_suggested_and_the_most_followed_first(
    db: Database, cast: Cast
) -> None:
    make.post(db, cast.carol)
    make.post(db, cast.alice)
    assert suggested(db, None) == ["alice", "carol"]
    assert suggested(db, None, limit=1) == ["alice"]


def test_nobody_is_suggested_to_themselves_or_whom_they_follow(db: Database, cast: Cast) -> None:
    for person in (cast.alice, cast.bob, cast.carol):
        make.post(db, person)
    assert suggested(db, cast.bob) == ["carol"]
    assert suggested(db, cast.alice) == ["bob", "carol"]


def test_somebody_whose_posts_are_all_deleted_is_not_suggested(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.carol)
    db.write(lambda session: posts.delete(session, by=cast.carol, post_id=post_id))
    assert suggested(db, None) == []
