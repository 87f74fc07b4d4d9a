"""Drafts: what somebody has begun to write."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from microblog.db import Database
from microblog.domain import drafts, posts
from microblog.domain.drafts import MAX_DRAFTS, DraftView, Unfinished
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.viewer import Viewer
from microblog.models import Attachment, Post, SavedDraft
from tests import make
from tests.cast import Cast
from tests.parallel import at_once
from tests.snapshot import count, snapshot

BEGUN = Unfinished("key-of-a-form", "  Once upon\r\n a time ", "A tale", "followers", "en")


def test_what_was_typed_is_kept_as_it_was(cast: Cast, db: Database) -> None:
    draft_id = save(db, cast.bob, BEGUN)
    (found,) = listed(db, cast.bob)
    assert found.id == draft_id
    assert found.content == replace(BEGUN, text="  Once upon\n a time ")


@pytest.mark.parametrize("text", ["x" * 10_000, "a\0b\x1b\u202e", "#" * 600, "<b>", "😀" * 3000])
def test_however_odd_it_is(cast: Cast, db: Database, text: str) -> None:
    save(db, cast.bob, replace(BEGUN, text=text))
    assert listed(db, cast.bob)[0].content.text == text.replace("\0", "\ufffd")


def test_of_one_form_there_is_one_draft_as_it_is_now(cast: Cast, db: Database) -> None:
    first = save(db, cast.bob, BEGUN)
    assert save(db, cast.bob, replace(BEGUN, text="Now", warning="")) == first
    (found,) = listed(db, cast.bob)
    assert (found.content.text, found.content.warning) == ("Now", "")
    save(db, cast.bob, replace(BEGUN, key="key-of-another"))
    assert len(listed(db, cast.bob)) == 2


def test_an_emptied_form_is_no_draft(cast: Cast, db: Database) -> None:
    empty = replace(BEGUN, text=" \n ", warning=" ")
    assert save(db, cast.bob, empty) is None
    save(db, cast.bob, BEGUN)
    assert save(db, cast.bob, empty) is None
    assert count(db, SavedDraft) == 0


def test_a_form_saved_at_once_by_many_is_one_draft(cast: Cast, db: Database) -> None:
    acts = [lambda n=n: save(db, cast.bob, replace(BEGUN, text=str(n))) for n in range(6)]
    assert len(set(at_once(*acts))) == 1
    assert count(db, SavedDraft) == 1


def test_the_post_takes_the_place_of_its_draft(cast: Cast, db: Database) -> None:
    save(db, cast.bob, BEGUN)
    save(db, cast.carol, BEGUN)
    other = save(db, cast.bob, replace(BEGUN, key="key-of-another"))
    make.post(db, cast.bob, "Once upon a time", BEGUN.key)
    assert [draft.id for draft in listed(db, cast.bob)] == [other]
    assert len(listed(db, cast.carol)) == 1


def test_what_a_script_saves_late_comes_to_nothing(cast: Cast, db: Database) -> None:
    make.post(db, cast.bob, "Once upon a time", BEGUN.key)
    before = snapshot(db)
    assert save(db, cast.bob, BEGUN) is None
    assert snapshot(db) == before


def test_a_draft_keeps_what_it_answers_as_long_as_that_is_there(cast: Cast, db: Database) -> None:
    post_id = make.post(db, cast.alice, "Anybody?")
    answer = replace(BEGUN, reply_to_id=post_id)
    draft_id = save(db, cast.bob, answer)
    assert listed(db, cast.bob)[0].content.reply_to_id == post_id
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=post_id))
    assert save(db, cast.bob, answer) == draft_id
    assert listed(db, cast.bob)[0].content.reply_to_id is None


def test_a_draft_answers_nothing_that_its_writer_cannot_see(cast: Cast, db: Database) -> None:
    with db.read() as session:
        hidden = posts.compose(session, "For few", visibility="followers")
    post_id = db.write(lambda s: posts.publish(s, by=cast.carol, draft=hidden)).post_id
    for answered in (post_id, 1):
        save(db, cast.bob, replace(BEGUN, reply_to_id=answered))
        assert listed(db, cast.bob)[0].content.reply_to_id is None


def test_a_draft_outlives_what_it_answered(cast: Cast, db: Database) -> None:
    post_id = make.post(db, cast.alice)
    save(db, cast.bob, replace(BEGUN, reply_to_id=post_id))
    db.write(lambda session: session.delete(session.get_one(Post, post_id)))
    assert listed(db, cast.bob)[0].content.reply_to_id is None


def test_nobody_keeps_more_than_fifty(cast: Cast, db: Database) -> None:
    numbered = [replace(BEGUN, key=f"key-{number:05}") for number in range(MAX_DRAFTS + 1)]
    for content in numbered[:-1]:
        save(db, cast.bob, content)
    before = snapshot(db)
    with pytest.raises(Invalid) as refused:
        save(db, cast.bob, numbered[-1])
    assert (refused.value.field, refused.value.code) == ("text", "drafts_many")
    assert snapshot(db) == before
    # What is kept already can be changed, and others keep theirs.
    assert save(db, cast.bob, replace(numbered[0], text="Changed"))
    assert save(db, cast.carol, numbered[-1])
    keys = [draft.content.key for draft in listed(db, cast.bob)]
    assert keys == [content.key for content in reversed(numbered[:-1])]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"text": "x" * 10_001}, "text", "too_long"),
        ({"warning": "x" * 401}, "warning", "too_long"),
        ({"visibility": "nobody"}, "visibility", "visibility_unknown"),
        ({"language": "xx"}, "language", "language_unknown"),
        ({"key": "short"}, "text", "form_broken"),
    ],
)
@pytest.mark.sqlite_only
def test_what_no_composer_sends_is_refused(
    cast: Cast, db: Database, change: dict[str, str], field: str, code: str
) -> None:
    before = snapshot(db)
    with pytest.raises(Invalid) as refused:
        save(db, cast.bob, replace(BEGUN, **change))  # type: ignore[arg-type] # Texts all.
    assert (refused.value.field, refused.value.code) == (field, code)
    assert snapshot(db) == before


def test_a_draft_is_its_writers_alone(cast: Cast, db: Database) -> None:
    draft_id = save(db, cast.bob, BEGUN) or 0
    assert listed(db, cast.alice) == []
    before = snapshot(db)
    with db.read() as session, pytest.raises(NotFound):
        drafts.get_draft(session, by=cast.alice, draft_id=draft_id)
    with pytest.raises(NotFound):
        db.write(lambda session: drafts.discard(session, by=cast.alice, draft_id=draft_id))
    assert snapshot(db) == before


def test_a_deleted_draft_is_gone_and_twice_finds_nothing(cast: Cast, db: Database) -> None:
    draft_id = save(db, cast.bob, BEGUN) or 0
    db.write(lambda session: drafts.discard(session, by=cast.bob, draft_id=draft_id))
    with db.read() as session:
        assert session.scalars(select(SavedDraft)).all() == []
    with pytest.raises(NotFound):
        db.write(lambda session: drafts.discard(session, by=cast.bob, draft_id=draft_id))


def test_a_draft_keeps_its_pictures_and_what_is_said_of_them(cast: Cast, db: Database) -> None:
    one, two = make.picture(db, cast.bob, "A cat"), make.picture(db, cast.bob)
    others = make.picture(db, cast.carol)
    begun = replace(BEGUN, text="", warning="")
    drawn = replace(begun, attachment_ids=(two, others, one), descriptions={two: "A dog"})
    draft_id = save(db, cast.bob, drawn) or 0
    assert listed(db, cast.bob)[0].content.attachment_ids == (two, one)
    assert pictures_of(db, cast.bob, draft_id) == ["A dog", "A cat"]
    # One is taken out, and then the post takes the other.
    save(db, cast.bob, replace(drawn, attachment_ids=(one,)))
    with db.read() as session:
        assert drafts.get_draft(session, by=cast.bob, draft_id=draft_id).content == replace(
            begun, attachment_ids=(one,)
        )
        post = posts.compose(session, "", BEGUN.key, attachment_ids=(one,))
    db.write(lambda session: posts.publish(session, by=cast.bob, draft=post))
    assert count(db, SavedDraft) == 0
    assert pictures_of(db, cast.bob, draft_id) == []


def pictures_of(db: Database, by: Viewer, draft_id: int) -> list[str]:
    with db.read() as session:
        found = session.scalars(
            select(Attachment.description)
            .where(Attachment.account_id == by.id, Attachment.draft_id == draft_id)
            .order_by(Attachment.position)
        )
        return list(found)


def save(db: Database, by: Viewer, content: Unfinished) -> int | None:
    return db.write(lambda session: drafts.save(session, by=by, content=content))


def listed(db: Database, by: Viewer) -> list[DraftView]:
    with db.read() as session:
        return drafts.list_drafts(session, by=by)
