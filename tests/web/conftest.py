"""Browsers of people whom tests call by name."""

import pytest
from flask import Flask

from microblog.db import Database
from tests import make
from tests.cast import Cast
from tests.visitor import Visitor


@pytest.fixture
def alice(app: Flask, cast: Cast) -> Visitor:
    """Return the browser of Alice, who runs the server."""
    return Visitor.signed_in(app, cast.alice)


@pytest.fixture
def bob(app: Flask, cast: Cast) -> Visitor:
    """Return the browser of Bob, who follows Alice."""
    return Visitor.signed_in(app, cast.bob)


@pytest.fixture
def carol(app: Flask, cast: Cast) -> Visitor:
    """Return the browser of Carol, a stranger to everybody."""
    return Visitor.signed_in(app, cast.carol)


@pytest.fixture
def talk(db: Database, cast: Cast) -> int:
    """Return the conversation that Alice has begun with Bob."""
    return make.message(db, cast.alice, cast.bob, text="Hello Bob").conversation_id
