"""Pictures: kept for whoever uploaded them, attached to one post, and gone with it."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.db import Database
from microblog.domain import drafts, identity, media, posts
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.events import FilesReleased
from microblog.domain.media import MAX_WAITING
from microblog.domain.viewer import Viewer
from microblog.models import Account, Attachment, Post, SavedDraft
from tests import make
from tests.announced import announced
from tests.cast import Cast
from tests.parallel import at_once
from tests.snapshot import count, snapshot


def pictures_of(db: Database, post_id: int) -> list[tuple[int, str]]:
    with db.read() as session:
        (view,) = posts.list_posts(session, None, [post_id])
    return [(picture.id, picture.description) for picture in view.pictures]


def files_of(db: Database, *attachment_ids: int) -> list[str]:
    with db.read() as session:
        rows = session.execute(
            select(Attachment.file, Attachment.preview)
            .where(Attachment.id.in_(attachment_ids))
            .order_by(Attachment.id)
        )
        return [name for names in rows for name in names]


def released(db: Database) -> list[str]:
    return [file for event in announced(db, FilesReleased) for file in event.files]


def replace(db: Database, by: Viewer, post_id: int, *wanted: int, **said: dict[int, str]) -> bool:
    return db.write(
        lambda session: media.replace(session, post_id, by=by, attachment_ids=wanted, **said)
    )


def test_pictures_are_in_their_post_in_the_order_they_were_given(db: Database, cast: Cast) -> None:
    first, second = make.picture(db, cast.alice, "One"), make.picture(db, cast.alice, "Two")
    post_id = make.picture_post(db, cast.alice, second, first, second)
    assert pictures_of(db, post_id) == [(second, "Two"), (first, "One")]
    with db.read() as session:
        (view,) = posts.list_posts(session, None, [post_id])
        row = session.get_one(Attachment, first)
    assert [picture.id for picture in view.pictures] == [second, first]
    shown = view.pictures[1]
    assert (shown.file, shown.preview) == (row.file, row.preview)
    assert (shown.width, shown.height, shown.preview_width, shown.preview_height) == (4, 2, 2, 1)


def test_a_post_of_pictures_needs_no_text_but_one_of_nothing_does(db: Database, cast: Cast) -> None:
    post_id = make.picture_post(db, cast.alice, make.picture(db, cast.alice))
    with db.read() as session:
        (view,) = posts.list_posts(session, None, [post_id])
        assert (view.text, view.html) == ("", "")
        with pytest.raises(Invalid) as refused:
            posts.compose(session, " ", attachment_ids=())
    assert refused.value.code == "post_empty"


def test_there_are_at_most_four(db: Database, cast: Cast) -> None:
    wanted = [make.picture(db, cast.alice) for _ in range(5)]
    assert len(pictures_of(db, make.picture_post(db, cast.alice, *wanted[:4]))) == 4
    with pytest.raises(Invalid) as refused:
        make.picture_post(db, cast.alice, *wanted)
    assert (refused.value.field, refused.value.code) == ("pictures", "pictures_many")


def test_only_ones_own_pictures_that_are_free_can_be_attached(db: Database, cast: Cast) -> None:
    used, gone = make.picture(db, cast.alice), make.picture(db, cast.alice)
    make.picture_post(db, cast.alice, used)
    db.write(lambda session: media.remove(session, by=cast.alice, attachment_id=gone))
    free, of_bob = make.picture(db, cast.alice), make.picture(db, cast.bob)
    before = snapshot(db)
    for other in (used, gone, of_bob, 0, 2**63 - 1):
        with pytest.raises(Invalid) as refused:
            make.picture_post(db, cast.alice, free, other, text="Hello")
        assert (refused.value.field, refused.value.code) == ("pictures", "picture_gone")
    assert snapshot(db) == before


def test_of_two_posts_with_the_same_picture_at_once_one_gets_it(db: Database, cast: Cast) -> None:
    picture = make.picture(db, cast.alice)

    def publish() -> int | None:
        try:
            return make.picture_post(db, cast.alice, picture)
        except Invalid:
            return None

    made = [post_id for post_id in at_once(*[publish] * 4) if post_id is not None]
    assert len(made) == count(db, Post) == 1
    assert pictures_of(db, made[0]) == [(picture, "")]


def test_the_same_form_sent_again_is_the_same_post(db: Database, cast: Cast) -> None:
    wanted = [make.picture(db, cast.alice)]
    with db.read() as session:
        draft = posts.compose(session, "", "some-form", attachment_ids=wanted)
    act = partial(posts.publish, by=cast.alice, draft=draft)
    first, second = db.write(act), db.write(act)
    assert (first.post_id, second.is_new) == (second.post_id, False)


def test_what_is_shown_can_be_said_when_it_is_uploaded_and_anew_with_the_post(
    db: Database, cast: Cast
) -> None:
    tea, cake = make.picture(db, cast.alice, "Tea"), make.picture(db, cast.alice, "Cake")
    with db.read() as session:
        draft = posts.compose(
            session, "", attachment_ids=[tea, cake], descriptions={tea: "  Green\r\ntea ", 7: "x"}
        )
    post_id = db.write(partial(posts.publish, by=cast.alice, draft=draft)).post_id
    assert pictures_of(db, post_id) == [(tea, "Green\ntea"), (cake, "Cake")]


@pytest.mark.parametrize(
    ("text", "code"),
    [("x" * 1501, "too_long"), ("x" * 100_000, "too_long"), ("a\0b", "characters")],
)
def test_what_cannot_be_taken_as_a_description_is_refused(
    db: Database, cast: Cast, text: str, code: str
) -> None:
    picture = make.picture(db, cast.alice)
    before = snapshot(db)
    with db.read() as session, pytest.raises(Invalid) as refused:
        posts.compose(session, "", attachment_ids=[picture], descriptions={picture: text})
    assert (refused.value.field, refused.value.code) == (f"description-{picture}", code)
    with pytest.raises(Invalid):
        db.write(partial(media.describe, by=cast.alice, attachment_id=picture, description=text))
    assert snapshot(db) == before


def test_a_description_of_fifteen_hundred_characters_fits(db: Database, cast: Cast) -> None:
    text = "👩‍👩‍👧‍👦" * 1400 + "e\u0301" * 100
    picture = make.picture(db, cast.alice, text[:7])
    act = partial(media.describe, by=cast.alice, attachment_id=picture, description="م" * 1500)
    db.write(act)
    with db.read() as session:
        assert session.get_one(Attachment, picture).description == "م" * 1500


def test_only_the_owner_describes_and_removes_a_picture_and_only_a_free_one(
    db: Database, cast: Cast
) -> None:
    free, used = make.picture(db, cast.alice), make.picture(db, cast.alice)
    make.picture_post(db, cast.alice, used)
    before = snapshot(db)
    for by, picture in ((cast.bob, free), (cast.alice, used), (cast.alice, 1)):
        with pytest.raises(NotFound):
            db.write(partial(media.describe, by=by, attachment_id=picture, description="Mine"))
        assert not db.write(partial(media.remove, by=by, attachment_id=picture))
    assert snapshot(db) == before


def test_a_removed_picture_is_gone_with_its_files_and_twice_is_once(
    db: Database, cast: Cast
) -> None:
    picture = make.picture(db, cast.alice)
    files = files_of(db, picture)
    act = partial(media.remove, by=cast.alice, attachment_id=picture)
    assert [db.write(act), db.write(act)] == [True, False]
    assert released(db) == files
    assert count(db, Attachment) == 0


def test_of_many_that_wait_the_oldest_go(db: Database, cast: Cast) -> None:
    kept = make.picture(db, cast.alice)
    make.picture_post(db, cast.alice, kept)
    first = make.picture(db, cast.alice)
    files = files_of(db, first)
    others = [make.picture(db, cast.alice) for _ in range(MAX_WAITING)]
    with db.read() as session:
        assert set(session.scalars(select(Attachment.id))) == {kept, *others}
    assert released(db) == files


def test_many_uploads_at_once_are_bounded_too(db: Database, cast: Cast) -> None:
    for _ in range(MAX_WAITING):
        make.picture(db, cast.alice)
    at_once(*[partial(make.picture, db, cast.alice)] * 4)
    assert count(db, Attachment) == MAX_WAITING


def test_what_is_never_used_is_forgotten_after_a_day(db: Database, cast: Cast) -> None:
    old, of_post, of_draft = (make.picture(db, cast.alice) for _ in range(3))
    post_id = make.picture_post(db, cast.alice, of_post)
    draft_id = save_draft(db, cast.alice, of_draft)
    long_ago = ids.at(clock.now() - timedelta(hours=25))
    for place, picture in enumerate((old, of_post, of_draft)):
        moved = update(Attachment).where(Attachment.id == picture).values(id=long_ago + place)
        db.write(partial(Session.execute, statement=moved))
    fresh = make.picture(db, cast.alice)
    files = files_of(db, long_ago)
    assert [db.write(media.forget_waiting), db.write(media.forget_waiting)] == [True, False]
    with db.read() as session:
        left = dict(session.execute(select(Attachment.id, Attachment.post_id)).all())
        assert session.get_one(Attachment, long_ago + 2).draft_id == draft_id
    assert left == {long_ago + 1: post_id, long_ago + 2: None, fresh: None}
    assert released(db) == files


def test_pictures_are_kept_with_a_draft_and_free_when_it_goes(db: Database, cast: Cast) -> None:
    first, second, third = (make.picture(db, cast.alice) for _ in range(3))
    of_bob = make.picture(db, cast.bob)
    draft_id = save_draft(db, cast.alice, first, second)
    act = partial(
        media.keep_with_draft,
        draft_id=draft_id,
        by=cast.alice,
        attachment_ids=[third, of_bob, 1, first],
        descriptions={third: "Three"},
    )
    db.write(act)
    with db.read() as session:
        kept = drafts.get_draft(session, by=cast.alice, draft_id=draft_id)
        assert kept.content.attachment_ids == (third, first)
        assert session.get_one(Attachment, third).description == "Three"
        asked = [first, of_bob, third]
        own = media.list_own(session, by=cast.alice, attachment_ids=asked)
        assert [one.id for one in own] == [first, third]
    post_id = make.picture_post(db, cast.alice, first)
    assert pictures_of(db, post_id) == [(first, "")]
    db.write(lambda session: session.delete(session.get_one(SavedDraft, draft_id)))
    with db.read() as session:
        assert session.get_one(Attachment, third).draft_id is None


def test_deleting_a_post_releases_its_files_once(db: Database, cast: Cast) -> None:
    wanted = [make.picture(db, cast.alice) for _ in range(2)]
    files, post_id = files_of(db, *wanted), make.picture_post(db, cast.alice, *wanted)
    kept = make.picture(db, cast.alice)
    make.picture_post(db, cast.alice, kept)
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=post_id))
    for _ in range(2):
        db.write(lambda session: posts.clear_away(session, post_id))
    assert released(db) == files
    with db.read() as session:
        assert session.scalars(select(Attachment.id)).all() == [kept]


def test_the_pictures_of_a_post_can_be_changed(db: Database, cast: Cast) -> None:
    first, second = (make.picture(db, cast.alice) for _ in range(2))
    post_id = make.picture_post(db, cast.alice, first, second)
    files = files_of(db, first)
    third = make.picture(db, cast.alice)
    assert not replace(db, cast.alice, post_id, first, second)
    assert replace(db, cast.alice, post_id, second, first)
    assert replace(db, cast.alice, post_id, second, first, descriptions={first: "One"})
    assert pictures_of(db, post_id) == [(second, ""), (first, "One")]
    with db.read() as session:
        wanted = [third, first]
        free = media.list_own(session, by=cast.alice, attachment_ids=wanted)
        own = media.list_own(session, by=cast.alice, attachment_ids=wanted, post_id=post_id)
    assert ([one.id for one in free], [one.id for one in own]) == ([third], [third, first])
    assert released(db) == []
    assert replace(db, cast.alice, post_id, third, second)
    assert pictures_of(db, post_id) == [(third, ""), (second, "")]
    assert released(db) == files
    of_bob = make.picture(db, cast.bob)
    with pytest.raises(Invalid):
        replace(db, cast.alice, post_id, of_bob)
    assert replace(db, cast.alice, post_id)
    assert pictures_of(db, post_id) == []


def test_a_deleted_account_releases_all_its_files(db: Database, cast: Cast) -> None:
    used, free = make.picture(db, cast.bob), make.picture(db, cast.bob)
    of_alice = make.picture(db, cast.alice)
    files = files_of(db, used, free)
    make.picture_post(db, cast.bob, used)
    delete_account(db, cast.bob)
    assert sorted(released(db)) == sorted(files)
    with db.read() as session:
        assert session.scalars(select(Attachment.id)).all() == [of_alice]


def test_files_that_are_somebodys_are_known(db: Database, cast: Cast) -> None:
    files = files_of(db, make.picture(db, cast.alice))

    def give(session: Session) -> None:
        bob = session.get_one(Account, cast.bob.id)
        bob.avatar, bob.header = "bob.webp", "wide.webp"

    db.write(give)
    with db.read() as session:
        asked = [*files, "bob.webp", "BOB.webp", "wide.webp", "x.webp"]
        assert media.known_files(session, asked) == {*files, "bob.webp", "wide.webp"}
        assert media.known_files(session, []) == set()


def test_posts_and_all_their_pictures_take_one_statement(db: Database, cast: Cast) -> None:
    wanted = [make.picture(db, cast.alice) for _ in range(4)]
    written = [
        make.picture_post(db, cast.alice, *wanted),
        make.post(db, cast.alice),
        make.picture_post(db, cast.alice, make.picture(db, cast.alice)),
    ]
    db.reset_statements()
    with db.read() as session:
        found = posts.list_posts(session, cast.bob, written)
    assert db.statements == 1
    assert sorted((view.id, len(view.pictures)) for view in found) == list(
        zip(written, (4, 0, 1), strict=True)
    )


def save_draft(db: Database, owner: Viewer, *attachment_ids: int) -> int:
    draft_id = ids.new()

    def save(session: Session) -> None:
        kept = {"key": "some-form", "text": "", "updated_at": clock.now()}
        session.add(SavedDraft(id=draft_id, account_id=owner.id, **kept))
        session.flush()
        media.keep_with_draft(session, draft_id, by=owner, attachment_ids=attachment_ids)

    db.write(save)
    return draft_id


def delete_account(db: Database, person: Viewer) -> None:
    db.write(partial(identity.begin_deletion, by=person, days=0))
    db.write(identity.start_due_deletions)
    cursor: int | None = 0
    while cursor is not None:
        cursor = db.write(partial(identity.delete_account, account_id=person.id, cursor=cursor))
