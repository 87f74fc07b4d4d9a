"""Translate in place and on a page: the button, what is kept, what is refused, what goes wrong."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from microblog.db import Database
from microblog.domain import posts
from microblog.models import Post, Translation
from microblog.web import rates
from tests import make
from tests.beside import application_beside
from tests.cast import Cast
from tests.page import Page
from tests.parallel import at_once
from tests.snapshot import count
from tests.translating import KEY, Handler, TranslatingServer, translating_server
from tests.visitor import Visitor

GERMAN = "Guten Morgen @alice, es hat die ganze Nacht geregnet"
CAPITALS = "GUTEN MORGEN @alice, ES HAT DIE GANZE NACHT GEREGNET"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def service() -> Iterator[TranslatingServer]:
    with translating_server() as server:
        yield server


@pytest.fixture
def translating(app: Flask, service: TranslatingServer, tmp_path: Path) -> Iterator[Flask]:
    """Return the application with a translator."""
    settings = {"LIBRETRANSLATE_URL": service.url, "LIBRETRANSLATE_KEY": KEY}
    with application_beside(app, tmp_path, **settings) as beside:
        yield beside
        rates.reset(beside)


@pytest.fixture
def bob(translating: Flask, cast: Cast) -> Visitor:
    """Return Bob's browser."""
    return Visitor.signed_in(translating, cast.bob)


@pytest.fixture
def post_id(db: Database, cast: Cast) -> int:
    """Return a post of Alice, in German."""
    return make.post(db, cast.alice, GERMAN)


def path_of(post_id: int) -> str:
    return f"/posts/{post_id}/translation"


def buttons(page: Page) -> list[str]:
    return [p.one("button")["formaction"] for p in page.all("p", "post-translate")]


@pytest.mark.sqlite_only
def test_members_are_offered_what_is_not_in_their_language(
    translating: Flask, bob: Visitor, cast: Cast, db: Database, post_id: int
) -> None:
    make.post(db, cast.alice, "Good morning to everybody out there")
    make.post(db, cast.alice, "ok")
    for path in ("/explore", "/@alice", f"/@alice/{post_id}"):
        assert buttons(bob.page(path)) == [path_of(post_id)]
        assert buttons(Visitor(translating).page(path)) == []
    bob.post("/language", {"language": "de"})
    assert path_of(post_id) not in buttons(bob.page("/explore"))


@pytest.mark.sqlite_only
def test_without_a_translator_there_is_no_button_and_no_page(
    app: Flask, cast: Cast, post_id: int
) -> None:
    bob = Visitor.signed_in(app, cast.bob)
    assert buttons(bob.page("/explore")) == []
    assert bob.get(path_of(post_id)).status_code == 404
    assert bob.post(path_of(post_id)).status_code == 404


def test_in_place_the_answer_is_the_translation_alone(bob: Visitor, post_id: int) -> None:
    response = bob.post(path_of(post_id), headers=HTMX)
    assert response.status_code == 200
    answer = Page(response.text)
    text = answer.one("div", "post-text")
    assert (text.text, text["lang"], text["dir"]) == (CAPITALS, "en", "ltr")
    assert text.one("a")["href"] == "/@alice"
    assert "Translated from German by LibreTranslate." in answer.one("p", "translation-foot").text
    assert answer.all("html") == []


@pytest.mark.sqlite_only
def test_without_a_script_a_page_shows_both(bob: Visitor, post_id: int) -> None:
    page = Page(bob.post(path_of(post_id)).text)
    shown = [text.text for text in page.all("", "post-text")]
    assert shown == [CAPITALS, GERMAN]
    again = bob.page(path_of(post_id))
    assert [text.text for text in again.all("", "post-text")] == shown


def test_opening_the_page_sends_nothing_out(
    bob: Visitor, service: TranslatingServer, post_id: int
) -> None:
    page = bob.page(path_of(post_id))
    assert page.one("main").one("form")["action"] == path_of(post_id)
    assert service.asked == []


def test_readers_share_a_translation_and_each_language_has_its_own(
    translating: Flask,
    bob: Visitor,
    cast: Cast,
    db: Database,
    service: TranslatingServer,
    post_id: int,
) -> None:
    bob.post(path_of(post_id))
    carol = Visitor.signed_in(translating, cast.carol)
    assert CAPITALS in Page(carol.post(path_of(post_id), headers=HTMX).text).text
    assert len(service.asked) == 1
    carol.post("/language", {"language": "ar"})
    answer = Page(carol.post(path_of(post_id), headers=HTMX).text)
    assert answer.one("div", "post-text")["dir"] == "rtl"
    assert (len(service.asked), count(db, Translation)) == (2, 2)


def test_readers_who_ask_at_once_leave_one_translation(
    translating: Flask, cast: Cast, db: Database, post_id: int
) -> None:
    readers = [Visitor.signed_in(translating, one) for one in (cast.bob, cast.carol)]
    answers = at_once(*(lambda r=r: r.post(path_of(post_id), headers=HTMX) for r in readers))
    assert {answer.status_code for answer in answers} <= {200}
    assert count(db, Translation) == 1


def test_another_text_has_another_translation(
    bob: Visitor, db: Database, service: TranslatingServer, post_id: int
) -> None:
    bob.post(path_of(post_id))
    changed = update(Post).where(Post.id == post_id).values(html="<p>Gute Nacht</p>")
    db.write(lambda session: session.execute(changed))
    assert "GUTE NACHT" in bob.post(path_of(post_id), headers=HTMX).text
    with db.read() as session:
        assert session.scalars(select(Translation.html)).all() == ["<p>GUTE NACHT</p>"]


def test_a_translation_goes_with_its_post(
    translating: Flask, bob: Visitor, cast: Cast, db: Database, post_id: int
) -> None:
    bob.post(path_of(post_id))
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=post_id))
    assert bob.get(path_of(post_id)).status_code == 404
    assert bob.post(path_of(post_id)).status_code == 404
    db.write(lambda session: posts.clear_away(session, post_id))
    assert count(db, Translation) == 0


def test_a_text_deleted_while_it_was_translated_is_not_kept(
    bob: Visitor, cast: Cast, db: Database, service: TranslatingServer, post_id: int
) -> None:
    def delete(line: str) -> str:
        db.write(lambda session: posts.delete(session, by=cast.alice, post_id=post_id))
        return line

    service.words = delete
    bob.post(path_of(post_id))
    assert count(db, Translation) == 0


def test_only_public_posts_are_sent_out(
    bob: Visitor, db: Database, service: TranslatingServer, post_id: int
) -> None:
    hidden = update(Post).where(Post.id == post_id).values(visibility="followers")
    db.write(lambda session: session.execute(hidden))
    assert bob.post(path_of(post_id)).status_code in (403, 404)
    assert service.asked == []


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (429, "The translator has no room for more at the moment."),
        (403, "The translator does not know this server any more."),
        (500, "The translator does not answer."),
        (200, "The translator's answer made no sense, so here is the original."),
    ],
)
def test_what_goes_wrong_is_said_and_the_original_stays(
    bob: Visitor, db: Database, service: TranslatingServer, post_id: int, status: int, sentence: str
) -> None:
    def rude(handler: Handler) -> None:
        handler.answer(status, {"error": "no"})

    service.rude = rude
    in_place = bob.post(path_of(post_id), headers=HTMX)
    assert in_place.status_code == 200
    failed = Page(in_place.text).one("p", "post-translate")
    assert sentence in failed.text
    assert failed.one("button")["hx-post"] == path_of(post_id)
    whole = bob.post(path_of(post_id))
    assert (whole.status_code, whole.headers["Retry-After"]) == (503, "60")
    assert sentence in Page(whole.text).text
    assert GERMAN in Page(whole.text).text
    assert count(db, Translation) == 0


@pytest.mark.sqlite_only
def test_who_has_too_much_translated_waits_but_not_for_what_is_kept(
    app: Flask, service: TranslatingServer, cast: Cast, db: Database, tmp_path: Path
) -> None:
    settings = {"LIBRETRANSLATE_URL": service.url, "LIBRETRANSLATE_KEY": KEY}
    written = [make.post(db, cast.alice, f"{GERMAN} {number}") for number in range(61)]
    with application_beside(app, tmp_path, **settings) as beside:
        bob = Visitor.signed_in(beside, cast.bob)
        for post_id in written[:60]:
            assert bob.post(path_of(post_id), headers=HTMX).status_code == 200
        refused = bob.post(path_of(written[60]), headers=HTMX)
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert bob.post(path_of(written[0]), headers=HTMX).status_code == 200


@pytest.mark.sqlite_only
def test_only_two_wait_for_a_translator_and_everybody_reads_on(
    translating: Flask, bob: Visitor, cast: Cast, service: TranslatingServer, db: Database
) -> None:
    written = [make.post(db, cast.alice, f"{GERMAN} {number}") for number in range(2)]
    both_wait, is_over = threading.Barrier(3), threading.Event()

    def hang(handler: Handler) -> None:
        both_wait.wait(10)
        is_over.wait(10)
        handler.answer(500, {})

    service.rude = hang
    waiting = [
        threading.Thread(
            target=Visitor.signed_in(translating, cast.bob).post, args=(path_of(post_id),)
        )
        for post_id in written
    ]
    for thread in waiting:
        thread.start()
    both_wait.wait(10)
    third = bob.post(path_of(make.post(db, cast.alice, f"{GERMAN} 3")))
    assert third.status_code == 503
    assert int(third.headers["Retry-After"]) > 0
    assert bob.get("/").status_code == 200
    is_over.set()
    for thread in waiting:
        thread.join()


@pytest.mark.sqlite_only
def test_no_key_gets_to_the_browser_or_into_a_log(
    bob: Visitor, service: TranslatingServer, post_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    service.rude = lambda handler: handler.answer(500, {"error": KEY})
    answers = [bob.post(path_of(post_id)), bob.post(path_of(post_id), headers=HTMX)]
    answers.append(bob.get("/explore"))
    assert not any(KEY in answer.text for answer in answers)
    assert "/translation" in caplog.text
    assert KEY not in caplog.text
