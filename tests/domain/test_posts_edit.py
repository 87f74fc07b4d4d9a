"""Editing: what readers see, what is counted, and how it was before."""

from collections.abc import Mapping, Sequence
from functools import partial

import pytest
from sqlalchemy import func, select

from microblog.db import Base, Database
from microblog.domain import accounts, counters, posts, timelines
from microblog.domain.errors import Invalid, NotAllowed, NotFound
from microblog.domain.pages import Page
from microblog.domain.posts import PostView, Version
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOLLOWERS, MENTIONED, PUBLIC, QUIET
from microblog.models import Boost, OutboxEvent, Pin, Post, PostEdit
from microblog.text.differences import ADDED, REMOVED, SAME
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.parallel import at_once
from tests.reader import Reader


def edit(
    db: Database,
    by: Viewer,
    post_id: int,
    text: str = "Hello",
    visibility: str = PUBLIC,
    warning: str = "",
    pictures: Sequence[int] = (),
    descriptions: Mapping[int, str] | None = None,
) -> bool:
    """Let a person change a post; tell whether that changed anything."""
    with db.read() as session:
        draft = posts.compose(
            session,
            text,
            warning=warning,
            visibility=visibility,
            attachment_ids=pictures,
            descriptions=descriptions,
        )
    return db.write(lambda session: posts.edit(session, by=by, post_id=post_id, draft=draft))


def test_an_edited_post_is_what_was_written_last(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice, "Hello #tea @bob")
    assert edit(db, cast.alice, post_id, "Good evening #cats @carol", warning="Animals")
    seen = view(db, None, post_id)
    assert (seen.text, seen.warning) == ("Good evening #cats @carol", "Animals")
    assert '/@carol"' in seen.html
    assert seen.edited_at is not None
    assert seen.version == 2
    assert tagged(db, "tea") == []
    assert tagged(db, "cats") == [post_id]
    assert announced(db)[-1] == f'PostEdited {{"post_id": {post_id}, "reaches_more": false}}'


def test_no_change_is_no_edit(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice, "Hello #tea")
    before = announced(db)
    assert not edit(db, cast.alice, post_id, "Hello #tea  \r\n")
    seen = view(db, None, post_id)
    assert (seen.edited_at, seen.version) == (None, 1)
    assert rows(db, PostEdit) == 0
    assert announced(db) == before


def test_the_same_edit_sent_ten_times_at_once_is_one(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice, "Hello")
    assert sum(at_once(*[partial(edit, db, cast.alice, post_id, "Goodbye")] * 10)) == 1
    assert rows(db, PostEdit) == 1
    assert view(db, None, post_id).version == 2


def test_nobody_edits_what_others_wrote(db: Database, cast: Cast) -> None:
    seen, hidden = make.post(db, cast.alice), make.post(db, cast.alice, visibility=FOLLOWERS)
    for by, post_id, refusal in (
        (cast.bob, seen, NotAllowed),
        (cast.bob, hidden, NotAllowed),
        (cast.carol, hidden, NotFound),
        (cast.alice, 1, NotFound),
    ):
        with pytest.raises(refusal):
            edit(db, by, post_id, "Taken over")
    make.block(db, cast.alice, cast.carol)
    with pytest.raises(NotFound):
        edit(db, cast.carol, seen, "Taken over")
    assert rows(db, PostEdit) == 0


def test_a_deleted_post_is_not_edited(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice)
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=post_id))
    with pytest.raises(NotFound):
        edit(db, cast.alice, post_id, "Back again")


def test_a_narrower_post_is_hidden_at_once_wherever_it_was(
    db: Database, cast: Cast, worker: Worker
) -> None:
    make.follow(db, cast.carol, cast.bob)
    post_id = make.post(db, cast.alice, "#tea")
    db.write(lambda session: posts.boost(session, by=cast.bob, post_id=post_id))
    worker.run_due()
    assert Reader(db, cast.carol).posts() == [post_id]
    assert edit(db, cast.alice, post_id, "#tea", FOLLOWERS)
    for reader in (cast.carol, None):
        with pytest.raises(NotFound):
            timelines.entry_of(db, reader, post_id)
        assert profile_of(db, reader, "alice") == []
        assert profile_of(db, reader, "bob") == []
        assert [e.post_id for e in timelines.explore(db, reader, Page(9)).items] == []
    assert Reader(db, cast.carol).posts() == []
    assert tagged(db, "tea") == []
    assert Reader(db, cast.bob).posts() == [post_id]
    assert counted(db, "alice") == 0
    # Whoever it is for sees no mark of an edit: its words are the same.
    assert view(db, cast.bob, post_id).edited_at is None


def test_what_may_not_be_carried_on_any_more_is_no_longer_boosted(
    db: Database, cast: Cast, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("microblog.domain.posts.editing.CHUNK", 2)
    post_id = make.post(db, cast.alice, "Hello @bob")
    people = [make.account(db, f"person{number}") for number in range(3)]
    for person in (cast.alice, cast.bob, cast.carol, *people):
        db.write(partial(posts.boost, by=person, post_id=post_id))
    edit(db, cast.alice, post_id, "Hello @bob", QUIET)
    worker.run_due()
    assert (rows(db, Boost), boosted(db, cast.bob, post_id)) == (6, 6)
    edit(db, cast.alice, post_id, "Hello @bob", FOLLOWERS)
    worker.run_due()
    assert (rows(db, Boost), boosted(db, cast.bob, post_id)) == (1, 1)
    edit(db, cast.alice, post_id, "Hello @bob", MENTIONED)
    worker.run_due()
    assert (rows(db, Boost), boosted(db, cast.bob, post_id)) == (0, 0)


def test_what_is_for_more_people_than_before_reaches_them(
    db: Database, cast: Cast, worker: Worker
) -> None:
    post_id = make.post(db, cast.alice, "Hello @carol #tea", visibility=MENTIONED)
    worker.run_due()
    bob = Reader(db, cast.bob)
    assert bob.posts() == []
    assert counted(db, "alice") == 0
    assert edit(db, cast.alice, post_id, "Hello @carol #tea", PUBLIC)
    worker.run_due()
    assert bob.posts() == [post_id]
    assert tagged(db, "tea") == [post_id]
    assert counted(db, "alice") == 1
    edit(db, cast.alice, post_id, "Hello all #tea", PUBLIC)
    worker.run_due()
    assert bob.posts() == [post_id]


def test_answers_are_counted_as_far_as_everybody_may_read_them(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice)
    answer = make.post(db, cast.bob, "Yes", reply_to=post_id)
    for visibility, expected in ((FOLLOWERS, 0), (FOLLOWERS, 0), (QUIET, 1), (PUBLIC, 1)):
        edit(db, cast.bob, answer, "Yes", visibility)
        assert timelines.entry_of(db, None, post_id).replies_count == expected
        assert counted(db, "bob") == expected
    assert db.write(lambda session: counters.recount(session, 0)) == (None, [])


def test_what_is_for_mentioned_people_only_is_not_pinned_any_more(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice, "@bob")
    db.write(lambda session: posts.pin(session, by=cast.alice, post_id=post_id))
    edit(db, cast.alice, post_id, "@bob", FOLLOWERS)
    assert rows(db, Pin) == 1
    edit(db, cast.alice, post_id, "@bob", MENTIONED)
    assert rows(db, Pin) == 0


def test_the_history_tells_what_changed_the_newest_first(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice, "I like green tea.", warning="Drinks")
    edit(db, cast.alice, post_id, "I like black tea.", warning="Drinks")
    edit(db, cast.alice, post_id, "I like black tea.")
    last, second, first = history(db, None, post_id)
    assert first.text == [(SAME, "I like green tea.")]
    assert second.text == [
        (SAME, "I like"),
        (REMOVED, " green"),
        (ADDED, " black"),
        (SAME, " tea."),
    ]
    assert second.warning == [(SAME, "Drinks")]
    assert last.warning == [(REMOVED, "Drinks")]
    assert first.written_at < second.written_at < last.written_at
    assert view(db, None, post_id).edited_at == last.written_at


def test_pictures_and_what_is_said_about_them_are_edited_too(db: Database, cast: Cast) -> None:
    cat, dog = make.picture(db, cast.alice, "A cat"), make.picture(db, cast.alice, "A dog")
    post_id = make.picture_post(db, cast.alice, cat, dog, text="Hello")
    assert not edit(db, cast.alice, post_id, pictures=(cat, dog))
    assert edit(db, cast.alice, post_id, pictures=(cat, dog), descriptions={cat: "A grey cat"})
    assert edit(db, cast.alice, post_id, pictures=(cat,))
    last, second, first = history(db, None, post_id)
    assert first.descriptions == [[(SAME, "A cat")], [(SAME, "A dog")]]
    assert second.descriptions == [
        [(SAME, "A"), (ADDED, " grey"), (SAME, " cat")],
        [(SAME, "A dog")],
    ]
    assert last.descriptions == [[(SAME, "A grey cat")], [(REMOVED, "A dog")]]
    assert view(db, None, post_id).edited_at == last.written_at


def test_a_picture_that_is_gone_changes_nothing(db: Database, cast: Cast) -> None:
    post_id, of_bob = make.post(db, cast.alice), make.picture(db, cast.bob)
    with pytest.raises(Invalid):
        edit(db, cast.alice, post_id, "Another text", pictures=(of_bob,))
    assert view(db, None, post_id).text == "Hello"


def test_fifty_versions_are_kept_the_first_among_them(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("microblog.domain.posts.history.MOST_VERSIONS", 4)
    post_id = make.post(db, cast.alice, "0")
    for number in range(1, 8):
        edit(db, cast.alice, post_id, str(number))
    written = [
        "".join(p.text for p in v.text if p.kind != REMOVED) for v in history(db, None, post_id)
    ]
    assert written == ["7", "6", "5", "0"]


def test_the_history_is_for_those_who_see_the_post(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice, "One", visibility=FOLLOWERS)
    edit(db, cast.alice, post_id, "Two", FOLLOWERS)
    assert len(history(db, cast.bob, post_id)) == 2
    for reader in (None, cast.carol):
        with pytest.raises(NotFound):
            history(db, reader, post_id)


def test_who_reads_a_post_reads_no_version_that_was_not_for_them(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice, "Between us, @bob", visibility=MENTIONED)
    edit(db, cast.alice, post_id, "For all to read", PUBLIC)
    edit(db, cast.alice, post_id, "For all to read!", PUBLIC)
    for reader in (cast.alice, cast.bob):
        assert len(history(db, reader, post_id)) == 3
    _, first = history(db, cast.carol, post_id)
    assert first.text == [(SAME, "For all to read")]
    assert "Between" not in str(history(db, None, post_id))


def test_whom_a_post_is_for_now_does_not_read_what_it_said_to_others(
    db: Database, cast: Cast
) -> None:
    between = make.post(db, cast.alice, "Between us, @bob", visibility=MENTIONED)
    edit(db, cast.alice, between, "Between us, @carol", MENTIONED)
    to_followers = make.post(db, cast.alice, "For followers", visibility=FOLLOWERS)
    edit(db, cast.alice, to_followers, "For followers, and @carol", FOLLOWERS)
    for post_id in (between, to_followers):
        assert len(history(db, cast.alice, post_id)) == 2
        assert len(history(db, cast.carol, post_id)) == 1
    assert len(history(db, cast.bob, to_followers)) == 2


def test_the_versions_go_with_the_post(db: Database, cast: Cast, worker: Worker) -> None:
    post_id = make.post(db, cast.alice, "One")
    edit(db, cast.alice, post_id, "Two")
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=post_id))
    worker.run_due()
    assert (rows(db, PostEdit), rows(db, Post)) == (0, 0)


def view(db: Database, viewer: Viewer | None, post_id: int) -> PostView:
    with db.read() as session:
        return posts.get_view(session, viewer, post_id)


def history(db: Database, viewer: Viewer | None, post_id: int) -> list[Version]:
    with db.read() as session:
        return list(posts.get_history(session, viewer, post_id).versions)


def tagged(db: Database, tag: str) -> list[int]:
    return [entry.post_id for entry in timelines.tagged(db, None, tag, Page(20)).items]


def profile_of(db: Database, viewer: Viewer | None, username: str) -> list[int]:
    found = timelines.profile(db, viewer, username, Page(20)).posts.items
    return [entry.post_id for entry in found]


def counted(db: Database, username: str) -> int:
    with db.read() as session:
        return accounts.get_by_username(session, username).posts_count


def boosted(db: Database, viewer: Viewer, post_id: int) -> int:
    return timelines.entry_of(db, viewer, post_id).boosts_count


def announced(db: Database) -> list[str]:
    with db.read() as session:
        found = session.execute(
            select(OutboxEvent.kind, OutboxEvent.payload).order_by(OutboxEvent.id)
        )
        return [f"{kind} {payload}" for kind, payload in found]


def rows(db: Database, table: type[Base]) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
