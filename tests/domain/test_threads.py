"""Threads: the way up to the first post, and the tree of what answers one."""

from functools import partial

import pytest

from microblog.db import Database
from microblog.domain import posts, threads
from microblog.domain.errors import NotFound
from microblog.domain.threads import COUNTED, DIRECT_REPLIES
from microblog.domain.timelines import Entry
from microblog.domain.viewer import Viewer
from microblog.ids import MAX_ID
from tests import make
from tests.cast import Cast
from tests.outline import open_thread, path_of, tree_of


def replies(db: Database, author: Viewer, post_id: int, count: int) -> list[int]:
    """Let a person answer a post several times; return the answers, the oldest first."""
    return [make.post(db, author, f"Reply {number}", reply_to=post_id) for number in range(count)]


def chain(db: Database, people: list[Viewer], length: int) -> list[int]:
    """Let people answer each other in turns; return the posts from the first on."""
    ids: list[int] = []
    for number in range(length):
        author = people[number % len(people)]
        ids.append(make.post(db, author, f"{number}", reply_to=ids[-1] if ids else None))
    return ids


def test_a_post_has_one_page_under_its_authors_name_in_any_case(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice)
    focus = threads.find(db, None, "ALICE", post_id)
    assert focus.entry == Entry(post_id, post_id, 1, cast.alice.id, 1)
    assert (focus.username, focus.has_replies, focus.reply_to_id) == ("alice", False, None)


@pytest.mark.parametrize("post_id", [0, 1, MAX_ID])
def test_there_is_no_page_for_what_is_no_post(db: Database, cast: Cast, post_id: int) -> None:
    with pytest.raises(NotFound):
        threads.find(db, None, "alice", post_id)


def test_a_post_is_not_found_under_another_name(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice)
    with pytest.raises(NotFound):
        threads.find(db, None, "bob", post_id)


def test_a_post_by_itself_has_nothing_around_it(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice)
    assert open_thread(db, None, cast.alice, post_id) == threads.Thread()


def test_above_a_post_is_the_way_to_the_first_one(db: Database, cast: Cast) -> None:
    first, second, third, fourth = chain(db, [cast.alice, cast.bob], 4)
    make.post(db, cast.carol, "Aside", reply_to=first)
    thread = open_thread(db, None, cast.bob, fourth)
    assert path_of(thread) == [first, second, third]
    assert (thread.root, thread.earlier, thread.replies) == (None, None, ())


def test_below_a_post_are_its_replies_as_a_tree(db: Database, cast: Cast) -> None:
    post = make.post(db, cast.alice)
    one, two = replies(db, cast.bob, post, 2)
    deep = make.post(db, cast.carol, reply_to=one)
    deeper = make.post(db, cast.bob, reply_to=deep)
    thread = open_thread(db, None, cast.alice, post)
    assert tree_of(thread.replies) == [(one, (deep, deeper)), two]
    assert (thread.path, thread.after) == ((), None)


def test_a_tree_is_three_levels_deep_and_says_where_it_goes_on(db: Database, cast: Cast) -> None:
    ids = chain(db, [cast.alice, cast.bob], 6)
    thread = open_thread(db, None, cast.alice, ids[0])
    assert tree_of(thread.replies) == [(ids[1], (ids[2], (ids[3], "goes on")))]
    assert tree_of(open_thread(db, None, cast.alice, ids[2]).replies) == [
        (ids[3], (ids[4], ids[5])),
    ]


def test_below_each_reply_are_a_few_and_how_many_more_there_are(db: Database, cast: Cast) -> None:
    post = make.post(db, cast.alice)
    (reply,) = replies(db, cast.bob, post, 1)
    below = replies(db, cast.carol, reply, 5)
    deeper = replies(db, cast.bob, below[0], 4)
    thread = open_thread(db, None, cast.alice, post)
    assert tree_of(thread.replies) == [
        (reply, (below[0], *deeper[:2], "2 more"), *below[1:3], "2 more")
    ]


def test_what_is_left_out_is_counted_no_further_than_it_is_said(db: Database, cast: Cast) -> None:
    post = make.post(db, cast.alice)
    (reply,) = replies(db, cast.bob, post, 1)
    below = replies(db, cast.carol, reply, 3 + COUNTED + 2)
    thread = open_thread(db, None, cast.alice, post)
    assert tree_of(thread.replies) == [(reply, *below[:3], f"{COUNTED} more")]


@pytest.mark.parametrize("count", [DIRECT_REPLIES - 1, DIRECT_REPLIES, DIRECT_REPLIES + 1, 45])
def test_direct_replies_come_in_pages_the_oldest_first(
    db: Database, cast: Cast, count: int
) -> None:
    post = make.post(db, cast.alice)
    expected = replies(db, cast.bob, post, count)
    found: list[int] = []
    after: int | None = 0
    while after is not None:
        thread = open_thread(db, None, cast.alice, post, after)
        assert 0 < len(thread.replies) <= DIRECT_REPLIES
        found += tree_of(thread.replies)
        after = thread.after
    assert found == expected


def test_of_many_replies_the_first_below_each_is_looked_at_before_the_second(
    db: Database, cast: Cast
) -> None:
    post = make.post(db, cast.alice)
    direct = replies(db, cast.bob, post, DIRECT_REPLIES)
    first, second = [], []
    for reply in direct:
        one, two = replies(db, cast.carol, reply, 2)
        first.append((one, *replies(db, cast.bob, one, 1)))
        replies(db, cast.bob, two, 1)
        second.append((two, "goes on"))
    thread = open_thread(db, None, cast.alice, post)
    assert tree_of(thread.replies) == list(zip(direct, first, second, strict=True))


def test_the_author_going_on_stands_first_and_one_after_the_other(db: Database, cast: Cast) -> None:
    first = make.post(db, cast.alice)
    other = make.post(db, cast.bob, reply_to=first)
    second = make.post(db, cast.alice, reply_to=first)
    third = make.post(db, cast.alice, reply_to=second)
    on_second = make.post(db, cast.bob, reply_to=second)
    on_third = make.post(db, cast.bob, reply_to=third)
    thread = open_thread(db, None, cast.alice, first)
    assert tree_of(thread.series) == [(second, "1 more"), (third, on_third)]
    assert tree_of(thread.replies) == [other]
    assert thread.part == (1, 3)
    assert [branch.place.part for branch in thread.series] == [(2, 3), (3, 3)]
    assert tree_of(open_thread(db, None, cast.alice, second).replies) == [on_second]


def test_going_on_twice_from_one_post_shows_both(db: Database, cast: Cast) -> None:
    post = make.post(db, cast.alice)
    one, two = replies(db, cast.alice, post, 2)
    thread = open_thread(db, None, cast.alice, post)
    assert (tree_of(thread.series), tree_of(thread.replies)) == ([one], [two])


def test_a_part_that_comes_late_stands_first_and_only_once(db: Database, cast: Cast) -> None:
    post = make.post(db, cast.alice)
    others = replies(db, cast.bob, post, DIRECT_REPLIES)
    own = make.post(db, cast.alice, reply_to=post)
    more = replies(db, cast.bob, post, 1)
    thread = open_thread(db, None, cast.alice, post)
    assert (tree_of(thread.series), tree_of(thread.replies)) == ([own], others)
    thread = open_thread(db, None, cast.alice, post, thread.after or 0)
    assert (tree_of(thread.series), tree_of(thread.replies)) == ([], more)


def test_somebody_going_on_with_their_reply_comes_before_other_replies_to_it(
    db: Database, cast: Cast
) -> None:
    post = make.post(db, cast.alice)
    (reply,) = replies(db, cast.bob, post, 1)
    (other,) = replies(db, cast.carol, reply, 1)
    (own,) = replies(db, cast.bob, reply, 1)
    thread = open_thread(db, None, cast.alice, post)
    assert tree_of(thread.replies) == [(reply, own, other)]
    assert thread.replies[0].place.part == (1, 2)
    assert thread.replies[0].replies[0].place.part == (2, 2)
    assert thread.part is None


def test_a_long_series_goes_on_below_its_last_part(db: Database, cast: Cast) -> None:
    ids = chain(db, [cast.alice], 30)
    thread = open_thread(db, None, cast.alice, ids[0])
    shown = [branch.place.entry.post_id for branch in thread.series]
    assert shown == ids[1:21]
    assert tree_of(thread.series[-1:]) == [(ids[20], (ids[21], (ids[22], "goes on")))]
    assert {branch.place.part for branch in thread.series} == {(n, 30) for n in range(2, 22)}


def test_above_a_post_far_down_are_the_first_one_and_the_nearest(db: Database, cast: Cast) -> None:
    ids = chain(db, [cast.alice, cast.bob], 40)
    thread = open_thread(db, None, cast.bob, ids[39])
    assert path_of(thread) == ids[9:39]
    assert thread.root is not None
    assert thread.earlier is not None
    assert thread.root.entry.post_id == ids[0]
    assert thread.earlier.entry.post_id == ids[9]
    nearly = open_thread(db, None, cast.alice, ids[30])
    assert (path_of(nearly), nearly.root, nearly.earlier) == (ids[:30], None, None)


def test_a_place_carries_what_its_reader_did(db: Database, cast: Cast) -> None:
    ids = chain(db, [cast.alice, cast.bob], 3)
    for post_id in (ids[0], ids[2]):
        db.write(partial(posts.favourite, by=cast.carol, post_id=post_id))
    thread = open_thread(db, cast.carol, cast.bob, ids[1])
    assert thread.path[0] is not None
    entries = [thread.path[0].entry, thread.replies[0].place.entry]
    assert [(entry.marks, entry.favourites_count) for entry in entries] == [(1, 1), (1, 1)]
    assert [entry.replies_count for entry in entries] == [1, 0]
