"""Publishing: the post, what counts it, and the form that is sent twice."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.db import Database
from microblog.domain import accounts, counters, posts, timelines
from microblog.domain.pages import Page
from microblog.domain.posts import Published
from microblog.domain.viewer import Viewer
from microblog.models import OutboxEvent, Post, Tag
from tests import make
from tests.cast import Cast
from tests.parallel import at_once

KEY = "a-key-of-one-form"


def publish(db: Database, by: Viewer, text: str, key: str | None = None) -> Published:
    with db.read() as session:
        draft = posts.compose(session, text, key)
    return db.write(lambda session: posts.publish(session, by=by, draft=draft))


def test_a_person_may_publish_a_post(db: Database, cast: Cast) -> None:
    published = publish(db, cast.carol, "Hello *world* 👋")
    assert published.is_new
    with db.read() as session:
        (view,) = posts.list_posts(session, None, [published.post_id])
        assert view.text == "Hello *world* 👋"
        assert view.html == "<p>Hello *world* 👋</p>"
        assert view.author.username == "carol"
        assert view.created_at == ids.time_of(view.id)
        assert accounts.get_by_username(session, "carol").posts_count == 1


def test_an_author_finds_the_post_at_home_before_any_worker_came_by(
    db: Database, cast: Cast
) -> None:
    post_id = make.post(db, cast.carol)
    (entry,) = timelines.home(db, cast.carol, Page(20)).items
    assert (entry.post_id, entry.author_id) == (post_id, cast.carol.id)
    assert not timelines.home(db, cast.bob, Page(20)).items


def test_a_new_post_is_announced(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.carol)
    with db.read() as session:
        event = session.scalars(select(OutboxEvent).order_by(OutboxEvent.id.desc())).first()
    assert event is not None
    assert (event.kind, event.payload) == ("PostPublished", f'{{"post_id": {post_id}}}')


def test_a_post_that_is_rolled_back_announces_nothing(db: Database, cast: Cast) -> None:
    before = count_rows(db)
    with db.read() as session:
        draft = posts.compose(session, "Hello #world", KEY)

    class SecondThoughts(Exception):
        pass

    def publish_and_fail(session: Session) -> None:
        posts.publish(session, by=cast.carol, draft=draft)
        raise SecondThoughts

    with pytest.raises(SecondThoughts):
        db.write(publish_and_fail)
    assert count_rows(db) == before


def test_a_post_is_found_under_each_of_its_tags(db: Database, cast: Cast) -> None:
    first = make.post(db, cast.alice, "#Cats and #dogs")
    second = make.post(db, cast.bob, "#cats alone")
    assert tagged(db, "cats") == [second, first]
    assert tagged(db, "dogs") == [first]
    assert tagged(db, "birds") == []


def test_two_new_posts_may_bring_the_same_new_tags_at_once(db: Database, cast: Cast) -> None:
    texts = ["#one #two #three #four", "#four #three #two #one"] * 4
    authors = [cast.alice, cast.bob] * 4
    at_once(*(partial(publish, db, *pair) for pair in zip(authors, texts, strict=True)))
    assert len(tagged(db, "one")) == len(tagged(db, "four")) == 8
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Tag)) == 4


def test_a_form_sent_twice_leads_to_the_first_post(db: Database, cast: Cast) -> None:
    first = publish(db, cast.carol, "Hello", KEY)
    again = publish(db, cast.carol, "Hello, edited on the way back", KEY)
    assert again == (first.post_id, False)
    assert count_rows(db) == {"posts": 1, "announced": 1}


def test_a_form_sent_again_after_the_post_was_deleted_does_not_bring_it_back(
    db: Database, cast: Cast
) -> None:
    first = publish(db, cast.carol, "Hello", KEY)
    db.write(lambda session: posts.delete(session, by=cast.carol, post_id=first.post_id))
    assert publish(db, cast.carol, "Hello", KEY) == (first.post_id, False)


def test_the_same_key_of_another_person_is_another_form(db: Database, cast: Cast) -> None:
    assert publish(db, cast.carol, "Hello", KEY).is_new
    assert publish(db, cast.bob, "Hello", KEY).is_new


def test_a_form_sent_twenty_times_at_once_is_one_post(db: Database, cast: Cast) -> None:
    published = at_once(*[partial(publish, db, cast.carol, "Hello #tag", KEY)] * 20)
    assert len({one.post_id for one in published}) == 1
    assert sum(one.is_new for one in published) == 1
    assert count_rows(db) == {"posts": 1, "announced": 1}
    assert_counters_are_right(db)


def test_one_person_may_publish_twenty_posts_at_once(db: Database, cast: Cast) -> None:
    at_once(*(partial(publish, db, cast.carol, f"Number {number}") for number in range(20)))
    assert count_rows(db) == {"posts": 20, "announced": 20}
    assert_counters_are_right(db)


def test_a_key_is_forgotten_after_a_day_and_not_before(db: Database, cast: Cast) -> None:
    written_long_ago(db, cast.carol, KEY, hours=25)
    young = written_long_ago(db, cast.bob, KEY, hours=23)
    assert db.write(posts.forget_old_keys) is False
    assert publish(db, cast.carol, "The same form", KEY).is_new
    assert publish(db, cast.bob, "The same form", KEY) == (young, False)


def test_many_old_keys_are_forgotten_in_chunks(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("microblog.domain.posts.deleting.CHUNK", 2)
    for number in range(3):
        written_long_ago(db, cast.carol, f"key-number-{number}", hours=30 + number)
    assert db.write(posts.forget_old_keys) is True
    assert db.write(posts.forget_old_keys) is False
    with db.read() as session:
        assert session.scalars(select(Post).where(Post.idempotency_key.is_not(None))).all() == []


def written_long_ago(db: Database, by: Viewer, key: str, *, hours: int) -> int:
    """Make a post with the id it would have got that long ago."""
    post_id = ids.at(clock.now() - timedelta(hours=hours))
    post = Post(
        id=post_id,
        account_id=by.id,
        text="Old",
        html="<p>Old</p>",
        idempotency_key=key,
        created_at=ids.time_of(post_id),
    )
    db.write(lambda session: session.add(post))
    return post_id


def tagged(db: Database, name: str) -> list[int]:
    return [entry.post_id for entry in timelines.tagged(db, None, name, Page(20)).items]


def count_rows(db: Database) -> dict[str, int]:
    announced = select(func.count()).where(OutboxEvent.kind == "PostPublished")
    with db.read() as session:
        return {
            "posts": session.scalar(select(func.count()).select_from(Post)) or 0,
            "announced": session.scalar(announced) or 0,
        }


def assert_counters_are_right(db: Database) -> None:
    assert db.write(lambda session: counters.recount(session, 0)) == (None, [])
