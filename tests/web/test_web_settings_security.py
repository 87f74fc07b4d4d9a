"""Where one is logged in, and what happened to one's account."""

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.db import Database
from microblog.domain import security_log, sessions
from microblog.domain.security_log import Origin
from microblog.domain.viewer import Viewer
from microblog.models import LoginSession, User
from microblog.web import activity, networks
from tests.cast import Cast
from tests.page import Element, Page
from tests.snapshot import snapshot
from tests.visitor import Visitor

PATH = "/settings/security"
END_OTHERS = f"{PATH}/sessions/end-others"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
IDLE_LIFE = timedelta(days=30)
HTML = "<script>alert(1)</script>"


def test_a_person_sees_their_sessions_in_words(
    app: Flask, bob: Visitor, cast: Cast, db: Database
) -> None:
    be_at(db, Visitor.signed_in(app, cast.bob), PHONE, "2001:db8:1::/48")
    be_at(db, bob, FIREFOX, "192.168.7.0/24")
    Visitor.signed_in(app, cast.carol)
    here, there = listed(bob.page(PATH), "sessions")
    assert here.one("p", "place-name").text == "Firefox on Linux this one"
    assert "Local network 192.168.7.*" in here.text
    assert here.all("button") == []
    assert there.one("p", "place-name").text == "Firefox on Android"
    assert "Network 2001:db8:1:*" in there.text
    assert there.one("button")["aria-label"] == "End: Firefox on Android"
    assert len(there.all("time")) == 2


def test_a_person_may_end_a_session(app: Flask, bob: Visitor, cast: Cast, db: Database) -> None:
    other = Visitor.signed_in(app, cast.bob)
    path = listed(bob.page(PATH), "sessions")[1].one("button")["formaction"]
    response = bob.post(path)
    assert (response.status_code, response.location) == (303, PATH)
    page = bob.page(PATH)
    assert page.flashes == ["Logged out there."]
    assert len(listed(page, "sessions")) == 1
    assert (bob.is_logged_in, other.is_logged_in) == (True, False)
    bob.post(path)
    assert bob.page(PATH).flashes == ["That one was logged out already."]


def test_a_person_may_end_all_other_sessions(app: Flask, bob: Visitor, cast: Cast) -> None:
    others = [Visitor.signed_in(app, cast.bob) for _ in range(3)]
    alice = Visitor.signed_in(app, cast.alice)
    assert END_OTHERS in [
        button.attributes.get("formaction") for button in bob.page(PATH).all("button")
    ]
    assert bob.post(END_OTHERS).location == PATH
    page = bob.page(PATH)
    assert page.flashes == ["You are logged out everywhere but here."]
    assert [button["formaction"] for button in page.all("button", formaction=END_OTHERS)] == []
    assert [other.is_logged_in for other in others] == [False] * 3
    assert (bob.is_logged_in, alice.is_logged_in) == (True, True)
    assert "Logged out everywhere else" in listed(page, "activity")[0].text


def test_a_stranger_cannot_end_a_session(
    app: Flask, bob: Visitor, cast: Cast, db: Database
) -> None:
    before = snapshot(db)
    alice = Visitor.signed_in(app, cast.alice)
    with db.read() as session:
        (bobs,) = sessions.list_sessions(session, cast.bob.id, 0, idle_life=IDLE_LIFE)
    alice.post(f"{PATH}/sessions/{bobs.id}/end")
    assert bob.is_logged_in
    assert snapshot(db)["security_events"] == before["security_events"]


@pytest.mark.parametrize("id_", ["0", "x", "-1", "9" * 19, "9" * 30, "1%00"])
@pytest.mark.sqlite_only
def test_what_is_no_session_ends_nothing(bob: Visitor, db: Database, id_: str) -> None:
    before = snapshot(db)
    assert bob.post(f"{PATH}/sessions/{id_}/end").status_code in (303, 404)
    assert snapshot(db) == before
    assert bob.is_logged_in


@pytest.mark.parametrize("path", [END_OTHERS, f"{PATH}/sessions/1/end"])
@pytest.mark.sqlite_only
def test_a_forged_form_ends_nothing(
    app: Flask, bob: Visitor, cast: Cast, db: Database, path: str
) -> None:
    other = Visitor.signed_in(app, cast.bob)
    assert bob.post_raw(path).status_code == 400
    assert bob.get(path).status_code == 405
    assert other.is_logged_in


def test_who_was_not_here_for_long_has_to_log_in_again(bob: Visitor, db: Database) -> None:
    for days, is_logged_in in ((29, True), (31, False)):
        unused = update(LoginSession).values(last_used_at=clock.now() - timedelta(days=days))
        db.write(partial(Session.execute, statement=unused))
        assert bob.is_logged_in is is_logged_in


def test_a_person_sees_what_happened_the_newest_first(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    record(db, cast.bob, "signed_in", Origin("192.0.2.7", FIREFOX))
    record(db, cast.bob, "sign_in_failed", Origin("127.0.0.1", "curl/8"))
    record(db, cast.bob, "second_factor_reset", actor_id=cast.alice.id)
    record(db, cast.carol, "password_reset")
    entries = listed(bob.page(PATH), "activity")
    words = [entry.one("p", "place-name").text for entry in entries]
    assert words == ["Second factor reset by an admin", "A login failed", "Logged in"]
    places = [[text.text for text in entry.all("p", "place-text")] for entry in entries]
    assert places == [
        [],
        ["Unknown device · On the server itself"],
        ["Firefox on Linux · Network 192.0.2.*"],
    ]
    assert all(entry.one("time") for entry in entries)


def test_only_the_last_fifty_things_are_listed(bob: Visitor, cast: Cast, db: Database) -> None:
    for number in range(52):
        record(db, cast.bob, "email_changed", detail=f"bob{number}@ex.com")
    entries = listed(bob.page(PATH), "activity")
    assert len(entries) == 50
    assert "bob51@ex.com" in entries[0].text
    assert "bob2@ex.com" in entries[-1].text


def test_who_has_done_nothing_yet_is_told_what_will_be_here(bob: Visitor) -> None:
    activity_part = bob.page(PATH).one("section", **{"aria-labelledby": "activity"})
    assert activity_part.all("li") == []
    assert "will be listed here" in activity_part.text


def test_the_second_factor_is_shown_and_led_to(bob: Visitor, cast: Cast, db: Database) -> None:
    part = bob.page(PATH).one("section", **{"aria-labelledby": "second-factor"})
    assert part.one("a")["href"] == "/settings/second-factor"
    assert "Off." in part.text
    secret = update(User).where(User.account_id == cast.bob.id).values(totp_secret="A" * 32)
    db.write(lambda session: session.execute(secret))
    part = bob.page(PATH).one("section", **{"aria-labelledby": "second-factor"})
    assert part.one("a")["href"] == "/settings/second-factor"
    assert "On:" in part.text


@pytest.mark.sqlite_only
def test_what_a_browser_says_of_itself_is_never_markup(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    shape = bob.page(PATH).one("section", **{"aria-labelledby": "sessions"}).shape()
    be_at(db, bob, f"Mozilla/5.0 ({HTML}) {HTML}", HTML)
    record(db, cast.bob, "signed_out_others", Origin(HTML, HTML), detail=HTML)
    record(db, cast.bob, "email_changed", Origin(HTML, HTML), detail=HTML)
    record(db, cast.bob, HTML[:40])
    page = bob.page(PATH)
    assert page.one("section", **{"aria-labelledby": "sessions"}).shape() == shape
    assert HTML not in bob.get(PATH).text


@pytest.mark.sqlite_only
def test_everything_that_is_logged_has_words(app: Flask) -> None:
    kinds = {value for name, value in vars(security_log).items() if is_kind(name, value)}
    assert len(kinds) > 20
    with app.test_request_context():
        for kind in kinds:
            entry = security_log.LogEntry(1, kind, 1, None, "", "", "", ids.time_of(1))
            assert activity.entry_words(entry) != kind
            assert activity.entry_words(entry)[0].isupper()


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("prefix", "kind", "pattern"),
    [
        ("203.0.113.0/24", "internet", "203.0.113.*"),
        ("2001:db8:1::/48", "internet", "2001:db8:1:*"),
        ("10.1.2.0/24", "local", "10.1.2.*"),
        ("172.31.0.0/24", "local", "172.31.0.*"),
        ("192.168.0.0/24", "local", "192.168.0.*"),
        ("fe80::/48", "local", "fe80:*"),
        ("fd12:3456:789a::/48", "local", "fd12:3456:789a:*"),
        ("127.0.0.0/24", "server", ""),
        ("::/48", "server", ""),
        ("", "unknown", ""),
        ("nowhere", "unknown", ""),
    ],
)
def test_a_network_is_told_as_far_as_it_is_known(prefix: str, kind: str, pattern: str) -> None:
    assert networks.describe(prefix) == (kind, pattern)


def is_kind(name: str, value: object) -> bool:
    return name.isupper() and isinstance(value, str) and not name.startswith("_")


def listed(page: Page, part: str) -> list[Element]:
    """Return the lines of a list of the page."""
    return page.one("section", **{"aria-labelledby": part}).all("li", "place")


def be_at(db: Database, visitor: Visitor, agent: str, prefix: str) -> None:
    """Let a browser be another one, elsewhere."""
    token = visitor.cookie("login")
    assert token is not None
    session_id = sessions.visit(db, token).session_id
    changed = update(LoginSession).where(LoginSession.id == session_id)
    db.write(lambda session: session.execute(changed.values(agent=agent, address_prefix=prefix)))


def record(
    db: Database,
    person: Viewer,
    kind: str,
    origin: Origin | None = None,
    actor_id: int | None = None,
    detail: str = "",
) -> None:
    db.write(
        lambda session: security_log.record(
            session, kind, person.id, actor_id=actor_id, detail=detail, origin=origin
        )
    )
