"""What may be written, and what becomes of it."""

import pytest

from microblog.db import Database
from microblog.domain import posts
from microblog.domain.errors import Invalid
from microblog.domain.posts import Draft
from tests.cast import Cast

FAMILY = "👨‍👩‍👧‍👦"
LONG_ADDRESS = f"https://example.org/{'a' * 200}"


def compose(db: Database, text: str, key: str | None = None) -> Draft:
    with db.read() as session:
        return posts.compose(session, text, key)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 500, id="letters"),
        pytest.param(FAMILY * 500, id="emoji of several code points"),
        pytest.param("e\u0301" * 500, id="letters with accents of their own"),
        pytest.param(f"{'a' * 476} {LONG_ADDRESS}", id="a link counts 23"),
        pytest.param("é\r\n" * 250, id="line ends count one"),
    ],
)
def test_500_characters_as_people_count_them_may_be_written(db: Database, text: str) -> None:
    assert compose(db, text).text


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("text", "excess"),
    [
        ("a" * 501, 1),
        (FAMILY * 510, 10),
        (f"{'a' * 477} {LONG_ADDRESS}", 1),
    ],
)
def test_a_longer_post_is_refused_and_says_by_how_much(
    db: Database, text: str, excess: int
) -> None:
    with pytest.raises(Invalid) as refused:
        compose(db, text)
    assert (refused.value.field, refused.value.code) == ("text", "post_long")
    assert refused.value.values == {"maximum": 500, "excess": excess}


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("", "post_empty", id="nothing"),
        pytest.param(" \n\t\r\n ", "post_empty", id="white space"),
        pytest.param("\u200b\u2060 \n", "post_empty", id="text-edge-05"),
        pytest.param("a\x00b", "characters", id="text-edge-01"),
        pytest.param("\ud800", "characters", id="text-edge-02"),
        pytest.param("a\u0301" * 50_000, "too_long", id="text-edge-04"),
        pytest.param("a" * 10_000_000, "too_long", id="ten megabytes"),
    ],
)
def test_what_cannot_be_read_is_refused(db: Database, text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        compose(db, text)
    assert (refused.value.field, refused.value.code) == ("text", code)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("key", ["", "short", "a" * 65, "spaces in it", "semi;colons", "ümlauts_"])
def test_a_form_with_a_broken_key_is_refused(db: Database, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        compose(db, "Hello", key)
    assert refused.value.code == "form_broken"


@pytest.mark.sqlite_only
@pytest.mark.parametrize("key", ["a" * 8, "A-z_0-9-", "k" * 64])
def test_a_form_with_a_whole_key_is_taken(db: Database, key: str) -> None:
    assert compose(db, "Hello", key).idempotency_key == key


def test_names_of_people_who_are_here_become_links(db: Database, cast: Cast) -> None:
    html = compose(db, "Hello @ALICE, @nobody and a@bob.example").html
    assert '<a class="mention" href="/@alice" dir="ltr">@ALICE</a>' in html
    assert html.count("<a ") == 1


@pytest.mark.sqlite_only
def test_no_more_than_fifty_people_are_called_by_name(db: Database, cast: Cast) -> None:
    strangers = " ".join(f"@nobody{number}" for number in range(50))
    assert "/@alice" not in compose(db, f"{strangers} @alice").html


def test_tags_are_gathered_once_under_their_canonical_names(db: Database) -> None:
    draft = compose(db, "#Cats and #CATS, #Straße and #strasse, #日本")
    assert draft.tags == ("cats", "strasse", "日本")
    assert draft.html.count('href="/tags/cats"') == 2


@pytest.mark.sqlite_only
def test_html_never_passes_and_line_breaks_stay(db: Database) -> None:
    draft = compose(db, "<script>alert(1)</script>\r\nnext")
    assert draft.text == "<script>alert(1)</script>\nnext"
    assert draft.html == "<p>&lt;script&gt;alert(1)&lt;/script&gt;<br>next</p>"
