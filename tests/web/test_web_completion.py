"""Completion of names, as a script asks for it."""

import pytest
from flask import Flask

from microblog.db import Database
from tests import make
from tests.cast import Cast
from tests.visitor import Visitor

IN_BACKGROUND = {"Accept": "application/json"}


def test_people_and_tags_are_answered_as_json(app: Flask, cast: Cast, db: Database) -> None:
    make.post(db, cast.alice, "#tea")
    bob = Visitor.signed_in(app, cast.bob)
    found = bob.get("/complete?q=@al", headers=IN_BACKGROUND).json
    avatar = f"/identicons/{cast.alice.id}.svg"
    assert found == {"items": [{"text": "@alice", "name": "alice", "avatar": avatar}]}
    assert bob.get("/complete?q=%23te", headers=IN_BACKGROUND).json == {"items": [{"text": "#tea"}]}


@pytest.mark.parametrize("query", ["", "?q=", "?q=@", "?q=al", "?q=%23", "?q=@%00", "?q=@%FF"])
@pytest.mark.sqlite_only
def test_whatever_is_no_beginning_finds_nothing(app: Flask, cast: Cast, query: str) -> None:
    bob = Visitor.signed_in(app, cast.bob)
    response = bob.get(f"/complete{query}", headers=IN_BACKGROUND)
    assert (response.status_code, response.json) == (200, {"items": []})


@pytest.mark.sqlite_only
def test_a_visitor_is_told_nobody(visitor: Visitor, cast: Cast) -> None:
    response = visitor.get("/complete?q=@al", headers=IN_BACKGROUND)
    assert response.status_code in (303, 401)
    assert "alice" not in response.text
