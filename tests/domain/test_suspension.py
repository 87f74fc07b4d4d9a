"""Suspending somebody hides them from everybody, and brings all of it back."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy.orm import Session

from microblog.db import Database
from microblog.domain import (
    accounts,
    administration,
    avatars,
    posts,
    relationships,
    rendering,
    sessions,
    suggestions,
    threads,
    timelines,
)
from microblog.domain.errors import Invalid, NotAllowed, NotFound
from microblog.domain.pages import Page
from microblog.domain.viewer import Viewer
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.reader import Reader


def suspend(db: Database, cast: Cast, person: Viewer) -> list[str]:
    return db.write(
        lambda session: administration.suspend(session, by=cast.alice, account_id=person.id)
    )


def restore(db: Database, cast: Cast, person: Viewer) -> list[str]:
    return db.write(
        lambda session: administration.restore(session, by=cast.alice, account_id=person.id)
    )


def found(act: Callable[[], Any]) -> list[Any]:
    """Return what an act finds; nothing where it says that there is none."""
    try:
        return list(act())
    except NotFound:
        return []


def places(db: Database, cast: Cast, post_id: int) -> dict[str, list[Any]]:
    """Return what others find of Carol and her post about tea, everywhere it could be found."""
    some = Page(20)
    with db.read() as session:

        def people(act: Callable[..., Any]) -> list[str]:
            listed = act(session, None, cast.bob.id, some).items
            return [each.account.username for each in listed if each.account.id == cast.carol.id]

        return {
            "home": list(timelines.home(db, Reader(db, cast.bob).viewer(), some).items),
            "what is new": [timelines.count_new(db, cast.bob, 0)],
            "explore": list(timelines.explore(db, None, some).items),
            "tag": list(timelines.tagged(db, None, "tea", some).items),
            "permalink": found(lambda: threads.find(db, None, "carol", post_id)),
            "profile": found(lambda: timelines.profile(db, None, "carol", some).posts.items),
            "profile of their own name": found(
                lambda: [accounts.get_by_username(session, "carol").username]
            ),
            "cards": [view.id for view in posts.list_posts(session, None, [post_id])],
            "followers": people(relationships.list_followers),
            "following": people(relationships.list_following),
            "suggestions": [
                each.account.username for each in suggestions.people_to_follow(session, None, 5)
            ],
            "links to them": ["/@carol" in rendering.render_text(session, "hi @carol").html],
        }


@pytest.fixture
def post_id(db: Database, cast: Cast, worker: Worker) -> int:
    """Return a post of Carol, whom Bob follows and who follows Bob."""
    make.follow(db, cast.bob, cast.carol)
    make.follow(db, cast.carol, cast.bob)
    worker.run_due()
    written = make.post(db, cast.carol, "All about #tea")
    worker.run_due()
    return written


def test_nothing_of_a_suspended_person_is_found_and_all_is_back_after(
    db: Database, cast: Cast, post_id: int
) -> None:
    before = places(db, cast, post_id)
    assert all(each not in ([], [0], [False]) for each in before.values()), before
    suspend(db, cast, cast.carol)
    hidden = places(db, cast, post_id)
    assert [name for name, each in hidden.items() if each not in ([], [0], [False])] == []
    restore(db, cast, cast.carol)
    assert places(db, cast, post_id) == before


@pytest.mark.parametrize("merged", ["pending", "older"])
def test_what_is_merged_at_read_is_hidden_too(db: Database, cast: Cast, merged: str) -> None:
    make.post(db, cast.carol)
    make.follow(db, cast.bob, cast.carol)
    bob = Reader(db, cast.bob).viewer()
    if merged == "older":
        bob = Viewer(bob.id, bob.username, timeline_floor=2**62)
    assert len(timelines.home(db, bob, Page(20)).items) == 1
    suspend(db, cast, cast.carol)
    assert not timelines.home(db, bob, Page(20)).items


def test_what_is_brought_while_its_author_is_suspended_is_there_after(
    db: Database, cast: Cast, worker: Worker
) -> None:
    make.post(db, cast.carol, "Older")
    make.follow(db, cast.bob, cast.carol)
    make.post(db, cast.carol, "Newer")
    suspend(db, cast, cast.carol)
    worker.run_due()
    assert Reader(db, cast.bob).posts() == []
    restore(db, cast, cast.carol)
    assert len(Reader(db, cast.bob).posts()) == 2


def test_a_suspended_person_is_logged_out_everywhere_and_cannot_be_followed(
    db: Database, cast: Cast
) -> None:
    token = db.write(lambda session: _start(session, cast.carol))
    suspend(db, cast, cast.carol)
    assert sessions.visit(db, token).viewer is None
    with pytest.raises(NotFound):
        make.follow(db, cast.bob, cast.carol)


def test_suspending_returns_the_picture_to_hide(db: Database, cast: Cast) -> None:
    assert suspend(db, cast, cast.carol) == []
    file = "ab/ab0123456789abcdef0123456789abcdef.webp"
    db.write(lambda session: _give_picture(session, cast.bob, file))
    assert suspend(db, cast, cast.bob) == restore(db, cast, cast.bob) == [file]


def test_twice_is_once(db: Database, cast: Cast) -> None:
    for act in (suspend, restore):
        act(db, cast, cast.carol)
        act(db, cast, cast.carol)
    assert log_of(db, cast, cast.carol) == ["restored", "suspended"]


def test_every_process_makes_its_pages_anew(db: Database, cast: Cast) -> None:
    versions = [sessions.visit(db, None).server_version]
    for act in (suspend, restore):
        act(db, cast, cast.carol)
        versions.append(sessions.visit(db, None).server_version)
    assert versions == [1, 2, 3]


def test_an_admin_cannot_suspend_themselves(db: Database, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        suspend(db, cast, cast.alice)
    assert refused.value.code == "suspend_self"


def test_nobody_else_suspends_anybody(db: Database, cast: Cast) -> None:
    for act in (administration.suspend, administration.restore):
        with pytest.raises(NotAllowed):
            db.write(partial(act, by=cast.bob, account_id=cast.carol.id))
    assert log_of(db, cast, cast.carol) == []


def test_there_must_be_somebody(db: Database, cast: Cast) -> None:
    nobody = Viewer(1, "nobody")
    for act in (suspend, restore):
        with pytest.raises(NotFound):
            act(db, cast, nobody)


def log_of(db: Database, cast: Cast, person: Viewer) -> list[str]:
    with db.read() as session:
        log = administration.list_log(session, by=cast.alice, account_id=person.id)
    assert {line.actor for line in log} <= {"alice"}
    return [line.entry.kind for line in log]


def _start(session: Session, person: Viewer) -> str:
    return sessions.start(session, person.id, address="", agent="", lifetime=timedelta(days=1))


def _give_picture(session: Session, person: Viewer, file: str) -> None:
    avatars.replace(session, person.id, file)
