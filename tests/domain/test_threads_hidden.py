"""Threads say nothing of what their reader may not see, and fold what the reader wants not to."""

import pytest
from sqlalchemy import select

from microblog.db import Database
from microblog.domain import administration, identity, posts, threads
from microblog.domain.errors import NotFound
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOLLOWERS, MENTIONED, QUIET
from microblog.models import Post
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.outline import GAP, GONE, open_thread, path_of, tree_of


def delete(db: Database, author: Viewer, post_id: int) -> None:
    db.write(lambda session: posts.delete(session, by=author, post_id=post_id))


def suspend(db: Database, cast: Cast, person: Viewer) -> None:
    db.write(lambda session: administration.suspend(session, by=cast.alice, account_id=person.id))


@pytest.fixture
def thread(db: Database, cast: Cast) -> list[int]:
    """Return a post of Alice, Bob's reply to it, Carol's to that, and Alice's to that."""
    first = make.post(db, cast.alice, "First")
    second = make.post(db, cast.bob, "Second", reply_to=first)
    third = make.post(db, cast.carol, "Third", reply_to=second)
    return [first, second, third, make.post(db, cast.alice, "Fourth", reply_to=third)]


def test_replies_for_some_are_there_for_them_alone(db: Database, cast: Cast) -> None:
    post = make.post(db, cast.alice)
    quiet = make.post(db, cast.bob, visibility=QUIET, reply_to=post)
    followers = make.post(db, cast.alice, visibility=FOLLOWERS, reply_to=quiet)
    mentioned = make.post(db, cast.alice, "@carol", visibility=MENTIONED, reply_to=quiet)
    below = make.post(db, cast.carol, "@alice", visibility=MENTIONED, reply_to=mentioned)

    def seen_by(viewer: Viewer | None) -> list[object]:
        return tree_of(open_thread(db, viewer, cast.alice, post).replies)

    assert seen_by(None) == [quiet]
    assert seen_by(cast.bob) == [(quiet, followers)]
    assert seen_by(cast.carol) == [(quiet, (mentioned, below))]
    assert seen_by(cast.alice) == [(quiet, followers, (mentioned, below))]


def test_what_answers_an_unseen_reply_is_not_there_and_not_counted(
    db: Database, cast: Cast
) -> None:
    post = make.post(db, cast.alice)
    reply = make.post(db, cast.bob, reply_to=post)
    unseen = [make.post(db, cast.bob, visibility=FOLLOWERS, reply_to=reply) for _ in range(6)]
    make.post(db, cast.bob, "Public, below what is not", reply_to=unseen[0])
    thread = open_thread(db, None, cast.alice, post)
    assert tree_of(thread.replies) == [reply]
    assert not thread.replies[0].place.is_answered
    assert tree_of(open_thread(db, cast.bob, cast.alice, post).replies)[0][-1] == "3 more"


def test_whether_a_conversation_goes_on_is_told_to_who_may_know(db: Database, cast: Cast) -> None:
    ids = [make.post(db, cast.alice)]
    for author in (cast.bob, cast.carol, cast.bob):
        ids.append(make.post(db, author, reply_to=ids[-1]))
    make.post(db, cast.alice, visibility=FOLLOWERS, reply_to=ids[-1])
    first, second, third, fourth = ids
    read = [
        tree_of(open_thread(db, viewer, cast.alice, first).replies)
        for viewer in (None, cast.carol, cast.bob)
    ]
    assert read == [
        [(second, (third, fourth))],
        [(second, (third, fourth))],
        [(second, (third, (fourth, "goes on")))],
    ]


def test_above_a_post_is_a_gap_for_what_is_not_for_its_reader(db: Database, cast: Cast) -> None:
    first = make.post(db, cast.alice)
    second = make.post(db, cast.alice, visibility=FOLLOWERS, reply_to=first)
    third = make.post(db, cast.bob, "@alice", visibility=MENTIONED, reply_to=second)
    last = make.post(db, cast.alice, reply_to=third)
    assert path_of(open_thread(db, None, cast.alice, last)) == [first, GAP]
    assert path_of(open_thread(db, cast.bob, cast.alice, last)) == [first, second, third]
    assert tree_of(open_thread(db, None, cast.alice, first).replies) == []


@pytest.mark.parametrize("blocks", ["by the reader", "by the author"])
def test_blocked_people_are_not_there(
    db: Database, cast: Cast, thread: list[int], blocks: str
) -> None:
    pair = (cast.carol, cast.bob) if blocks == "by the reader" else (cast.bob, cast.carol)
    make.block(db, *pair)
    first, _second, third, fourth = thread
    assert tree_of(open_thread(db, cast.carol, cast.alice, first).replies) == []
    assert path_of(open_thread(db, cast.carol, cast.alice, fourth)) == [first, GAP, third]
    assert path_of(open_thread(db, None, cast.alice, fourth)) == thread[:3]


def test_suspended_people_are_not_there(db: Database, cast: Cast, thread: list[int]) -> None:
    suspend(db, cast, cast.bob)
    first, _second, third, fourth = thread
    assert tree_of(open_thread(db, cast.alice, cast.alice, first).replies) == []
    assert path_of(open_thread(db, None, cast.alice, fourth)) == [first, GAP, third]


def test_muted_people_are_folded(db: Database, cast: Cast, thread: list[int]) -> None:
    make.mute(db, cast.carol, cast.bob)
    first, second, third, fourth = thread
    read = open_thread(db, cast.carol, cast.alice, first)
    assert tree_of(read.replies) == [(("muted", second), (third, fourth))]
    assert read.replies[0].place.username == "bob"
    assert path_of(open_thread(db, cast.carol, cast.carol, third)) == [first, ("muted", second)]
    assert tree_of(open_thread(db, cast.alice, cast.alice, first).replies) == [
        (second, (third, fourth))
    ]


def test_a_deleted_post_is_a_line_as_long_as_it_is_answered(
    db: Database, cast: Cast, thread: list[int], worker: Worker
) -> None:
    first, second, third, fourth = thread
    for _ in range(2):
        if second:
            delete(db, cast.bob, second)
            second = 0
        assert tree_of(open_thread(db, None, cast.alice, first).replies) == [
            (GONE, (third, fourth))
        ]
        assert path_of(open_thread(db, None, cast.carol, third)) == [first, GONE]
        worker.run_due()
    delete(db, cast.alice, fourth)
    delete(db, cast.carol, third)
    assert tree_of(open_thread(db, None, cast.alice, first).replies) == []
    worker.run_due()
    assert tree_of(open_thread(db, None, cast.alice, first).replies) == []
    with db.read() as session:
        assert session.scalars(select(Post.id)).all() == [first]


def test_a_deleted_reply_that_nobody_answered_leaves_nothing(
    db: Database, cast: Cast, worker: Worker
) -> None:
    post = make.post(db, cast.alice)
    reply = make.post(db, cast.bob, reply_to=post)
    delete(db, cast.bob, reply)
    for _ in range(2):
        assert tree_of(open_thread(db, None, cast.alice, post).replies) == []
        worker.run_due()


def test_of_what_was_deleted_only_its_readers_are_told(
    db: Database, cast: Cast, worker: Worker
) -> None:
    first = make.post(db, cast.alice)
    second = make.post(db, cast.alice, visibility=FOLLOWERS, reply_to=first)
    third = make.post(db, cast.bob, reply_to=second)
    delete(db, cast.alice, second)
    for _ in range(2):
        assert tree_of(open_thread(db, None, cast.alice, first).replies) == []
        assert path_of(open_thread(db, None, cast.bob, third)) == [first, GAP]
        # It was for some, and that it was is nobody's business even among them.
        assert tree_of(open_thread(db, cast.bob, cast.alice, first).series) == [(GAP, third)]
        assert path_of(open_thread(db, cast.bob, cast.bob, third)) == [first, GAP]
        worker.run_due()


def test_when_an_account_goes_the_way_up_begins_with_a_gap(
    db: Database, cast: Cast, thread: list[int], worker: Worker
) -> None:
    first, _second, third, fourth = thread
    db.write(lambda session: identity.begin_deletion(session, cast.bob, days=0))
    db.write(identity.start_due_deletions)
    for _ in range(2):
        assert path_of(open_thread(db, None, cast.alice, fourth))[-2:] == [GAP, third]
        assert tree_of(open_thread(db, None, cast.alice, first).replies) == []
        worker.run_due()
    assert path_of(open_thread(db, None, cast.alice, fourth)) == [GAP, third]


def test_an_empty_place_goes_with_the_account_of_the_last_who_answered(
    db: Database, cast: Cast, worker: Worker
) -> None:
    root = make.post(db, cast.alice)
    gone = make.post(db, cast.alice, reply_to=root)
    make.post(db, cast.carol, reply_to=make.post(db, cast.bob, reply_to=gone))
    own = make.post(db, cast.bob, reply_to=root)
    answer = make.post(db, cast.carol, reply_to=own)
    delete(db, cast.alice, gone)
    delete(db, cast.bob, own)
    worker.run_due()
    db.write(lambda session: identity.begin_deletion(session, cast.bob, days=0))
    db.write(identity.start_due_deletions)
    worker.run_due()
    with db.read() as session:
        left = set(session.scalars(select(Post.id).where(Post.account_id != cast.carol.id)))
    # The place of what was Bob's own is not kept for Carol's answer either.
    assert left == {root}
    assert path_of(open_thread(db, None, cast.carol, answer)) == [GAP]


def test_a_series_ends_with_the_last_part_that_its_reader_sees(
    db: Database, cast: Cast, worker: Worker
) -> None:
    ids = [make.post(db, cast.alice)]
    for visibility in (QUIET, QUIET, FOLLOWERS):
        ids.append(make.post(db, cast.alice, visibility=visibility, reply_to=ids[-1]))
    first, second, third, fourth = ids
    assert open_thread(db, None, cast.alice, first).part == (1, 3)
    assert open_thread(db, cast.bob, cast.alice, first).part == (1, 4)
    delete(db, cast.alice, second)
    read = open_thread(db, cast.bob, cast.alice, first)
    assert (tree_of(read.series), read.part) == ([GONE, third, fourth], (1, 4))
    delete(db, cast.alice, fourth)
    delete(db, cast.alice, third)
    worker.run_due()
    read = open_thread(db, cast.bob, cast.alice, first)
    assert (read.series, read.part) == ((), None)


def test_whom_a_post_names_is_told_as_far_as_its_reader_may_know(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice, "@carol @bob", visibility=MENTIONED)

    def named(viewer: Viewer | None) -> tuple[str, ...]:
        return threads.find(db, viewer, "alice", post_id).named

    with pytest.raises(NotFound):
        named(None)
    assert named(cast.bob) == ("bob", "carol")
    make.block(db, cast.carol, cast.bob)
    assert named(cast.bob) == ("bob",)
    suspend(db, cast, cast.carol)
    assert named(cast.alice) == ("bob",)


def test_an_answer_is_to_the_author_and_whom_they_named_but_not_to_oneself(
    db: Database, cast: Cast
) -> None:
    for post_id in (make.post(db, cast.alice, "@carol @bob"), make.post(db, cast.alice, "Hello")):
        focus = threads.find(db, cast.bob, "alice", post_id)
        with db.read() as session:
            begun = posts.begin_reply(session, by=cast.bob, post_id=post_id)
        assert [f"@{name}" for name in focus.taking_part(cast.bob)] == begun.text.split()
