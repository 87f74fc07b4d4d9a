"""Deleting a post to write it anew."""

import pytest
from sqlalchemy import select

from microblog.db import Database
from microblog.domain import accounts, drafts, posts
from microblog.domain.errors import Invalid, NotAllowed, NotFound
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOLLOWERS
from microblog.models import Attachment, SavedDraft
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.parallel import at_once
from tests.snapshot import count, snapshot


def redraft(db: Database, by: Viewer, post_id: int) -> int:
    return db.write(lambda session: drafts.redraft(session, by=by, post_id=post_id))


def test_what_the_post_said_is_in_the_draft(db: Database, cast: Cast, worker: Worker) -> None:
    first = make.post(db, cast.bob)
    post_id = make.post(
        db, cast.alice, "Green tea", warning="Drinks", visibility=FOLLOWERS, reply_to=first
    )
    draft_id = redraft(db, cast.alice, post_id)
    with db.read() as session:
        content = drafts.get_draft(session, by=cast.alice, draft_id=draft_id).content
        assert posts.list_posts(session, cast.alice, [post_id]) == []
        assert accounts.get_by_username(session, "alice").posts_count == 0
    assert (content.text, content.warning) == ("Green tea", "Drinks")
    assert (content.visibility, content.reply_to_id) == (FOLLOWERS, first)


def test_its_pictures_go_with_the_draft(db: Database, cast: Cast, worker: Worker) -> None:
    picture = make.picture(db, cast.alice, "A cup")
    post_id = make.picture_post(db, cast.alice, picture, text="Green tea")
    draft_id = redraft(db, cast.alice, post_id)
    worker.run_due()
    with db.read() as session:
        kept = session.execute(select(Attachment.id, Attachment.post_id, Attachment.draft_id)).all()
    assert kept == [(picture, None, draft_id)]


def test_nobody_redrafts_what_others_wrote_and_nobody_anything_twice(
    db: Database, cast: Cast
) -> None:
    post_id, hidden = make.post(db, cast.alice), make.post(db, cast.alice, visibility=FOLLOWERS)
    for by, id_, refusal in ((cast.bob, post_id, NotAllowed), (cast.carol, hidden, NotFound)):
        with pytest.raises(refusal):
            redraft(db, by, id_)
    redraft(db, cast.alice, post_id)
    with pytest.raises(NotFound):
        redraft(db, cast.alice, post_id)
    assert count(db, SavedDraft) == 1


def test_ten_clicks_at_once_make_one_draft(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice)

    def click() -> bool:
        try:
            return bool(redraft(db, cast.alice, post_id))
        except NotFound:
            return False

    assert sum(at_once(*[click] * 10)) == 1
    assert count(db, SavedDraft) == 1


def test_with_as_many_drafts_as_there_may_be_nothing_is_deleted(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("microblog.domain.drafts.MAX_DRAFTS", 1)
    first, second = make.posts_of(db, cast.alice, 2)
    redraft(db, cast.alice, first)
    before = snapshot(db)
    with pytest.raises(Invalid) as refused:
        redraft(db, cast.alice, second)
    assert refused.value.code == "drafts_many"
    assert snapshot(db) == before
