"""How many statements each page may cost."""

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask

from microblog.db import Database
from microblog.domain import posts as kept
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.visitor import Visitor

WARM = 2  # Who asks, and what for.
COLD_CARDS = 1
SETTINGS = 1  # Of the server: once, until they change.
RAIL = 2  # Once in five minutes for each person, and for all visitors together.


pytestmark = pytest.mark.usefixtures("rail_stays")


@pytest.fixture
def posts(cast: Cast, db: Database, worker: Worker) -> list[int]:
    """Return some posts of Alice, whom Bob follows, as they are once everything is delivered."""
    ids = [make.post(db, cast.alice, f"{number} #tea") for number in range(21)]
    worker.run_due()
    return ids


@pytest.fixture
def statements(db: Database) -> Callable[[Visitor, str], int]:
    """Return a function that opens a page and counts the statements it takes."""

    def open_page(visitor: Visitor, path: str) -> int:
        assert visitor.get(path).status_code == 200
        return db.statements

    return open_page


@pytest.mark.parametrize(
    "path",
    ["/", "/explore", "/@alice", "/tags/tea", "/@alice/{id}", "/?before={id}", "/explore?after=0"],
)
def test_a_warm_page_takes_two_statements_signed_in(
    app: Flask,
    cast: Cast,
    posts: list[int],
    statements: Callable[[Visitor, str], int],
    path: str,
) -> None:
    bob = Visitor.signed_in(app, cast.bob)
    bob.get("/settings/profile")
    path = path.format(id=posts[15])
    assert statements(bob, path) == WARM + COLD_CARDS
    assert statements(bob, path) == WARM
    assert statements(bob, path) == WARM


def test_the_first_page_of_all_takes_six_statements_and_the_next_ones_two(
    app: Flask, cast: Cast, posts: list[int], statements: Callable[[Visitor, str], int]
) -> None:
    bob = Visitor.signed_in(app, cast.bob)
    assert statements(bob, "/") == WARM + SETTINGS + RAIL + COLD_CARDS == 6
    for path in ("/explore", "/@alice", "/tags/tea", "/"):
        assert statements(bob, path) == WARM


@pytest.mark.parametrize("path", ["/explore", "/@alice", "/tags/tea", "/@alice/{id}"])
def test_a_warm_page_takes_two_statements_for_a_visitor(
    visitor: Visitor, posts: list[int], statements: Callable[[Visitor, str], int], path: str
) -> None:
    path = path.format(id=posts[15])
    statements(visitor, path)
    assert statements(visitor, path) == WARM


THREAD = {
    "its first post": (0, 4),  # The direct replies, what is below them, below those; what it shows.
    "in the middle": (3, 5),  # And what is above.
    "its last post": (8, 2),
}


@pytest.mark.parametrize(("place", "around"), THREAD.values(), ids=THREAD)
def test_a_thread_takes_the_same_few_statements_however_large_it_is(
    app: Flask,
    cast: Cast,
    db: Database,
    statements: Callable[[Visitor, str], int],
    place: int,
    around: int,
) -> None:
    people = (cast.alice, cast.bob)
    thread = [make.post(db, cast.alice)]
    for number in range(1, 9):
        thread.append(make.post(db, people[number % 2], reply_to=thread[-1]))
    path = f"/@{people[place % 2].username}/{thread[place]}"
    carol = Visitor.signed_in(app, cast.carol)
    carol.get(path)
    assert statements(carol, path) == WARM + around
    for post_id in thread[:-1] * 3:
        make.post(db, cast.carol, reply_to=post_id)
    carol.get(path)
    assert statements(carol, path) == WARM + around


def test_a_series_takes_one_statement_more(
    visitor: Visitor, cast: Cast, db: Database, statements: Callable[[Visitor, str], int]
) -> None:
    post_id = first = make.post(db, cast.alice)
    for _ in range(30):
        post_id = make.post(db, cast.alice, reply_to=post_id)
    statements(visitor, f"/@alice/{first}")
    assert statements(visitor, f"/@alice/{first}") == WARM + 5


@pytest.mark.parametrize("path", ["/bookmarks", "/favourites"])
def test_what_one_keeps_takes_as_many_however_much_it_is(
    app: Flask,
    cast: Cast,
    db: Database,
    posts: list[int],
    statements: Callable[[Visitor, str], int],
    path: str,
) -> None:
    bob = Visitor.signed_in(app, cast.bob)
    bob.get("/settings/profile")
    verb = kept.bookmark if path == "/bookmarks" else kept.favourite
    for post_id in posts:
        db.write(partial(verb, by=cast.bob, post_id=post_id))
    assert statements(bob, path) == WARM + COLD_CARDS
    assert statements(bob, path) == WARM


def test_the_buttons_of_a_post_take_as_many_whatever_was_done_with_it(
    app: Flask, cast: Cast, db: Database, posts: list[int]
) -> None:
    bob = Visitor.signed_in(app, cast.bob)
    token = {"csrf_token": bob.token()}
    taken = []
    for verb in ("favourite", "unfavourite", "favourite", "unfavourite"):
        path = f"/posts/{posts[0]}/{verb}"
        bob.post_raw(path, data=token, headers={"HX-Request": "true"})
        taken.append(db.statements)
    assert taken == [9 + COLD_CARDS, 9, 9, 9]


def test_the_menu_of_a_post_takes_few(
    app: Flask, cast: Cast, posts: list[int], statements: Callable[[Visitor, str], int]
) -> None:
    bob = Visitor.signed_in(app, cast.bob)
    path = f"/posts/{posts[0]}/menu"
    statements(bob, path)
    assert statements(bob, path) == 4


def test_the_poll_takes_two_statements(
    app: Flask, cast: Cast, posts: list[int], statements: Callable[[Visitor, str], int]
) -> None:
    bob = Visitor.signed_in(app, cast.bob)
    assert statements(bob, "/updates?after=0") == 2
    assert statements(bob, f"/updates?after={posts[-1]}") == 2


def test_cards_are_read_once_for_everybody(
    app: Flask, cast: Cast, posts: list[int], statements: Callable[[Visitor, str], int]
) -> None:
    alice, bob = Visitor.signed_in(app, cast.alice), Visitor.signed_in(app, cast.bob)
    alice.get("/explore")
    assert statements(bob, "/") == WARM + RAIL
    assert statements(bob, "/") == WARM


def test_one_changed_post_costs_one_statement(
    app: Flask,
    cast: Cast,
    db: Database,
    posts: list[int],
    statements: Callable[[Visitor, str], int],
) -> None:
    alice = Visitor.signed_in(app, cast.alice)
    statements(alice, "/")
    make.post(db, cast.alice, "one more")
    assert statements(alice, "/") == WARM + COLD_CARDS
    assert statements(alice, "/") == WARM


def test_while_a_follow_is_brought_in_few_more_are_taken(
    app: Flask,
    cast: Cast,
    db: Database,
    posts: list[int],
    worker: Worker,
    statements: Callable[[Visitor, str], int],
) -> None:
    carol = Visitor.signed_in(app, cast.carol)
    make.follow(db, cast.carol, cast.alice)
    statements(carol, "/")
    assert statements(carol, "/") == WARM + 3
    worker.run_due()
    assert statements(carol, "/") == WARM


def test_the_forms_take_few(
    app: Flask, cast: Cast, statements: Callable[[Visitor, str], int]
) -> None:
    alice = Visitor.signed_in(app, cast.alice)
    for path in ("/settings/profile", "/settings/preferences"):
        statements(alice, path)
        assert statements(alice, path) == 2
    visitor = Visitor(app)
    for path in ("/auth/login", "/auth/register"):
        statements(visitor, path)
        assert statements(visitor, path) == 1
