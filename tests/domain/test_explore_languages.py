"""Explore in the languages that somebody reads: the same order, one statement, bounded."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from microblog.db import Database
from microblog.domain import accounts, posts, timelines
from microblog.domain.errors import Invalid
from microblog.domain.pages import Page, Slice
from microblog.domain.timelines import Entry
from microblog.domain.viewer import Viewer
from microblog.models import User
from tests.cast import Cast
from tests.reader import read_down, read_up

Reading = Callable[[Page], Slice[Entry]]
TEXTS = {"en": "Good morning to all of you", "de": "Guten Morgen euch allen", "ja": "おはよう"}


def write(db: Database, by: Viewer, language: str | None) -> int:
    with db.read() as session:
        draft = posts.compose(session, TEXTS[language] if language else "ok")
    assert draft.language == language
    return db.write(lambda session: posts.publish(session, by=by, draft=draft)).post_id


def reading(db: Database, reader: Viewer, languages: str) -> Reading:
    chooser = replace(reader, post_languages=languages)
    return lambda page: timelines.explore(db, chooser, page)


def test_posts_in_other_languages_are_left_out(db: Database, cast: Cast) -> None:
    order = ["en", "de", None, "ja", "de", "en", None, "de", "ja"]
    written = [(write(db, cast.alice, language), language) for language in order]
    for chosen in ("en", "de,ja", "en,ja,fr", "fr"):
        expected = [
            post_id
            for post_id, language in reversed(written)
            if language is None or language in chosen
        ]
        read = reading(db, cast.bob, chosen)
        assert [entry.post_id for entry in read_down(read, 2)] == expected
        assert [entry.post_id for entry in read_up(read, 2)] == expected


def test_without_a_choice_and_for_visitors_everything_is_there(db: Database, cast: Cast) -> None:
    written = [write(db, cast.alice, language) for language in ("en", "de", None)]
    for viewer in (None, cast.bob):
        items = timelines.explore(db, viewer, Page(20)).items
        assert sorted(entry.post_id for entry in items) == written


@pytest.mark.parametrize("page", [Page(20), Page(20, after=1)], ids=["older", "newer"])
def test_however_many_languages_a_page_takes_one_statement(
    db: Database, cast: Cast, page: Page
) -> None:
    write(db, cast.alice, "en")
    for chosen in ("en", "ar,de,en,es,fr,it,ja,ko,nl,pl,pt,zh"):
        db.reset_statements()
        assert len(reading(db, cast.bob, chosen)(page).items) == 1
        assert db.statements == 1


def test_the_choice_is_kept_in_order_and_each_once(db: Database, cast: Cast) -> None:
    choose(db, cast.bob, ["ja", "de", "ja"])
    with db.read() as session:
        assert session.get_one(User, cast.bob.id).post_languages == "de,ja"


@pytest.mark.parametrize(
    ("languages", "code"),
    [
        (["xx"], "language_unknown"),
        (["de,ja"], "language_unknown"),
        (["de", ""], "language_unknown"),
        (
            ["ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa"],
            "languages_many",
        ),
    ],
)
def test_what_is_no_choice_is_refused(
    db: Database, cast: Cast, languages: list[str], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        choose(db, cast.bob, languages)
    assert (refused.value.field, refused.value.code) == ("post_languages", code)


def choose(db: Database, by: Viewer, languages: list[str]) -> None:
    db.write(
        lambda session: accounts.edit_preferences(
            session,
            by=by,
            locale=None,
            time_zone=None,
            theme="auto",
            post_languages=languages,
            shows_last_seen=True,
        )
    )
