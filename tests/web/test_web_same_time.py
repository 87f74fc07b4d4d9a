"""The time of an answer tells nobody who has an account: measured, one try after the other."""

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from microblog.db import Database
from tests import make
from tests.beside import application_beside
from tests.cast import PASSWORD, Cast
from tests.visitor import Visitor

TRIES = 60  # Of each.
SAME_SECONDS = 0.005
# A busy machine may be in the way of one measurement, but not of three.
MEASUREMENTS = 3
# Nothing listens there: that is for the worker to find out.
MAIL = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": 1}

Form = dict[str, str]

pytestmark = pytest.mark.sqlite_only

names = (f"newcomer_{number}" for number in itertools.count())


def login(identifier: str) -> Form:
    return {"identifier": identifier, "password": "not the password"}


def reset(identifier: str) -> Form:
    return {"identifier": identifier}


def registration(email: str) -> Form:
    # What makes an account is a new address; the name is a new one in both cases.
    name = next(names)
    passwords = {"password": PASSWORD, "password_again": PASSWORD}
    return {"username": name, "email": email or f"{name}@ex.com", **passwords}


@pytest.fixture
def where_mail_works(app: Flask, cast: Cast, tmp_path: Path) -> Iterator[Flask]:
    """Return an application that has a mail server."""
    with application_beside(app, tmp_path, **MAIL) as beside:
        yield beside


@pytest.mark.parametrize(
    ("path", "form", "known", "unknown"),
    [
        ("/auth/login", login, "bob", "nobody"),
        ("/auth/reset", reset, "bob@ex.com", "nobody@ex.com"),
        ("/auth/register", registration, "bob@ex.com", ""),
    ],
    ids=["login", "reset", "registration"],
)
def test_whom_we_know_and_whom_we_do_not_are_answered_after_the_same_time(
    where_mail_works: Flask,
    db: Database,
    path: str,
    form: Callable[[str], Form],
    known: str,
    unknown: str,
) -> None:
    visitor = Visitor(where_mail_works)
    token = {"csrf_token": visitor.token()}
    differences = []
    for _ in range(MEASUREMENTS):
        seconds: dict[str, list[float]] = {known: [], unknown: []}
        for person in (known, unknown) * TRIES:
            # Who is counted too often would be answered without any work.
            make.attempts_forgotten(db)
            data = token | form(person)
            began = time.perf_counter()
            response = visitor.post_raw(path, data=data)
            seconds[person].append(time.perf_counter() - began)
            assert response.status_code in (303, 401)
            response.close()
        # Whatever else the machine does makes an answer later, and never sooner.
        quick = {who: statistics.quantiles(seconds[who], n=4)[0] for who in seconds}
        difference = quick[known] - quick[unknown]
        if abs(difference) < SAME_SECONDS:
            return
        differences.append(f"{1000 * difference:+.1f} ms")
    raise AssertionError(differences)
