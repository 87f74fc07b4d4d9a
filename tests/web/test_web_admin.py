"""The pages of administration: nothing for anybody but admins, everything for them."""

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from microblog.db import Database
from microblog.domain import administration, avatars
from microblog.domain.events import MailRequested
from microblog.domain.outbox import announce
from microblog.domain.viewer import Viewer
from microblog.mail import Mail
from microblog.models import OutboxEvent, SecurityEvent, User
from microblog.models.user import WAITING
from microblog.services import Services
from microblog.worker import queue
from tests import make
from tests.cast import Cast
from tests.page import Page
from tests.routes import Route, routes
from tests.snapshot import snapshot
from tests.visitor import Visitor


@pytest.fixture
def dave(db: Database, cast: Cast) -> Viewer:
    """Return somebody who waits to be let in."""
    person = make.account(db, "dave")
    waits = update(User).where(User.account_id == person.id)
    db.write(lambda session: session.execute(waits.values(state=WAITING, reason="<b>Bees</b>")))
    return person


def give_up(db: Database) -> int:
    """Have a mail that the worker has given up on."""
    db.write(lambda session: announce(session, MailRequested("password_changed", "bob@ex.com")))
    with db.read() as session:
        job_id = session.scalars(select(OutboxEvent.id).order_by(OutboxEvent.id.desc())).first()
    assert job_id is not None
    for _ in range(queue.MAX_ATTEMPTS):
        db.write(lambda session: queue.postpone(session, job_id, "OSError: <refused>"))
    return job_id


def flashes_after(browser: Visitor, response: TestResponse) -> list[str]:
    assert response.status_code == 303
    return browser.page(response.location).flashes


def offers(page: Page) -> list[str]:
    """Return where the forms of a page lead."""
    return [form["action"] for form in page.one("main").all("form") if "action" in form.attributes]


def admin_routes(app: Flask, cast: Cast, job_id: int) -> list[Route]:
    values = {"username": "bob", "post_id": 1, "id_": 1, "token": "x", "folder": "ab"}
    values |= {"draft_id": 1, "conversation_id": 1}
    found = routes(app, **values, account_id=cast.bob.id, job_id=job_id, name="one.eml")
    return [route for route in found if route.path.startswith("/admin")]


def test_there_is_nothing_for_anybody_but_admins(app: Flask, cast: Cast, db: Database) -> None:
    found = admin_routes(app, cast, give_up(db))
    assert len([route for route in found if route.method == "POST"]) >= 10
    for browser in (Visitor.signed_in(app, cast.bob), Visitor(app)):
        form = {"csrf_token": browser.token(), "name": "Taken over"}
        before = snapshot(db)
        for route in found:
            data = form if route.method == "POST" else None
            for headers in ({}, {"HX-Request": "true"}):
                answer = browser.open(route.path, method=route.method, data=data, headers=headers)
                assert answer.status_code == 404, route
                assert "ex.com" not in answer.text
        assert snapshot(db) == before


def test_only_admins_are_shown_the_way_there(app: Flask, alice: Visitor, cast: Cast) -> None:
    assert "/admin" in alice.page("/").links
    assert "/admin" not in Visitor.signed_in(app, cast.bob).page("/").links
    assert "/admin" not in Visitor(app).page("/explore").links


def test_who_is_no_admin_any_more_is_turned_away_at_once(
    app: Flask, alice: Visitor, cast: Cast, db: Database
) -> None:
    db.write(lambda s: administration.promote(s, by=cast.alice, account_id=cast.bob.id))
    bob = Visitor.signed_in(app, cast.bob)
    assert bob.get("/admin").status_code == 200
    alice.post(f"/admin/accounts/{cast.bob.id}/demote")
    assert bob.get("/admin").status_code == 404


def test_nothing_is_changed_by_opening_a_page(
    app: Flask, alice: Visitor, cast: Cast, db: Database
) -> None:
    found = admin_routes(app, cast, give_up(db))
    before = snapshot(db)
    for route in found:
        expected = (200, 404) if route.method == "GET" else (405, 200)
        assert alice.get(route.path).status_code in expected, route
    assert snapshot(db) == before


def test_the_overview_says_what_waits(
    alice: Visitor, cast: Cast, db: Database, dave: Viewer
) -> None:
    give_up(db)
    found = [wait.text for wait in alice.page("/admin").all("a", "wait")]
    assert found[0] == "1would like to be let in"
    assert found[1] == "1given up"
    assert alice.page("/admin").people[0] == "@dave"


def test_more_than_a_few_are_not_counted(alice: Visitor, cast: Cast, db: Database) -> None:
    for _ in range(21):
        give_up(db)
    assert alice.page("/admin").all("b", "wait-count")[0].text == "20+"


def test_people_are_looked_for(alice: Visitor, cast: Cast, dave: Viewer) -> None:
    assert alice.page("/admin/accounts").people == ["@dave", "@carol", "@bob", "@alice"]
    found = alice.page("/admin/accounts?q=@CAR&state=active")
    assert found.people == ["@carol"]
    assert found.one("input", id="search")["value"] == "@CAR"
    assert found.one("option", value="active").attributes.keys() >= {"selected"}
    assert alice.page("/admin/accounts?state=waiting").people == ["@dave"]
    nobody = alice.page("/admin/accounts?q=%00")
    assert nobody.people == []
    assert nobody.one("h2", "empty-heading").text == "Nobody is found"


def test_the_next_page_is_of_the_same_search(alice: Visitor, cast: Cast, db: Database) -> None:
    for number in range(21):
        make.account(db, f"fan{number}")
    first = alice.page("/admin/accounts?q=fan&state=active")
    (older,) = [link for link in first.links if "before=" in link]
    rest = alice.page(older)
    assert len(first.people) == 20
    assert rest.people == ["@fan0"]
    (newer,) = [link for link in rest.links if "after=" in link]
    assert alice.page(newer).people == first.people


@pytest.mark.parametrize("query", ["sort=token", "q=a&filter[role]=admin", "state=password_hash"])
def test_people_are_sorted_and_found_by_nothing_else(alice: Visitor, query: str) -> None:
    assert alice.get(f"/admin/accounts?{query}").status_code == 400


def test_a_person_is_suspended_with_their_picture_and_brought_back(
    app: Flask, alice: Visitor, cast: Cast, db: Database, services: Services
) -> None:
    file = services.storage.put(b"A picture.", ".webp")
    db.write(lambda session: avatars.replace(session, cast.bob.id, file))
    post_id = make.post(db, cast.bob, "Here I am")
    bob, visitor = Visitor.signed_in(app, cast.bob), Visitor(app)
    places = ["/@bob", f"/@bob/{post_id}", "/@bob/followers", "/@bob/following", f"/media/{file}"]
    path = f"/admin/accounts/{cast.bob.id}"
    done = alice.post(f"{path}/suspend")
    assert flashes_after(alice, done) == ["The account is suspended."]
    for browser in (alice, visitor):
        for place in places:
            assert browser.get(place).status_code == 404, place
        assert browser.page("/explore").posts == []
    assert not bob.is_logged_in
    assert bob.log_in("bob").status_code == 403
    page = alice.page(path)
    assert offers(page) == [f"{path}/restore"]
    assert "Suspended by an admin" in page.one("main").text
    assert flashes_after(alice, alice.post(f"{path}/restore")) == ["The account is back."]
    for place in places:
        with visitor.get(place) as answer:
            assert answer.status_code == 200, place
    assert visitor.page("/explore").posts == ["Here I am"]
    assert bob.log_in("bob").status_code == 303


def test_suggestions_forget_a_suspended_person_at_once(
    app: Flask, alice: Visitor, cast: Cast, db: Database
) -> None:
    make.post(db, cast.carol)
    bob = Visitor.signed_in(app, cast.bob)
    assert "/@carol" in bob.page("/").links
    alice.post(f"/admin/accounts/{cast.carol.id}/suspend")
    assert "/@carol" not in bob.page("/").links


def test_an_admin_is_told_why_a_page_is_gone(app: Flask, alice: Visitor, cast: Cast) -> None:
    path = f"/admin/accounts/{cast.carol.id}"
    alice.post(f"{path}/suspend")
    bob = Visitor.signed_in(app, cast.bob)
    for place in ("/@carol", "/@carol/followers", "/@Carol/1"):
        assert path in Page(alice.get(place).text).links
        assert path not in Page(bob.get(place).text).links
    assert path not in Page(alice.get("/@nobody").text).links


def test_nobody_suspends_themselves(alice: Visitor, cast: Cast) -> None:
    path = f"/admin/accounts/{cast.alice.id}"
    assert f"{path}/suspend" not in offers(alice.page(path))
    assert flashes_after(alice, alice.post(f"{path}/suspend")) == ["You cannot suspend yourself."]
    assert alice.is_logged_in


def test_roles_are_given_and_taken_and_the_last_admin_stays(
    alice: Visitor, cast: Cast, db: Database
) -> None:
    bob, own = (f"/admin/accounts/{person.id}" for person in (cast.bob, cast.alice))
    last = ["You are the last admin: make somebody else one first."]
    assert flashes_after(alice, alice.post(f"{own}/demote")) == last
    assert flashes_after(alice, alice.post(f"{bob}/promote")) == ["This person is an admin now."]
    assert flashes_after(alice, alice.post(f"{own}/demote")) == ["You are no admin any more."]
    assert alice.get("/admin").status_code == 404


def test_a_second_factor_is_reset(alice: Visitor, cast: Cast, db: Database) -> None:
    path = f"/admin/accounts/{cast.bob.id}"
    assert f"{path}/reset-second-factor" not in offers(alice.page(path))
    with_one = update(User).where(User.account_id == cast.bob.id).values(totp_secret="A" * 32)
    db.write(lambda session: session.execute(with_one))
    page = alice.page(path)
    assert f"{path}/reset-second-factor" in offers(page)
    assert "AAAA" not in page.raw_text
    alice.post(f"{path}/reset-second-factor")
    assert f"{path}/reset-second-factor" not in offers(alice.page(path))


def test_an_act_is_recorded_with_where_it_came_from(
    alice: Visitor, cast: Cast, db: Database
) -> None:
    alice.post(f"/admin/accounts/{cast.bob.id}/suspend", headers={"User-Agent": "Lynx"})
    with db.read() as session:
        (entry,) = session.scalars(select(SecurityEvent).where(SecurityEvent.kind == "suspended"))
    assert (entry.account_id, entry.actor_id) == (cast.bob.id, cast.alice.id)
    assert (entry.address_prefix, entry.agent) == ("127.0.0.0/24", "Lynx")


def test_a_registration_is_decided(alice: Visitor, cast: Cast, db: Database, dave: Viewer) -> None:
    erin = make.account(db, "erin")
    waits = update(User).where(User.account_id == erin.id).values(state=WAITING)
    db.write(lambda session: session.execute(waits))
    page = alice.page("/admin/registrations")
    assert [quote.text for quote in page.all("blockquote")] == ["<b>Bees</b>"]
    accepted = alice.post(f"/admin/registrations/{dave.id}/accept")
    assert flashes_after(alice, accepted) == ["@dave can log in now, and is told by mail."]
    refused = alice.post(f"/admin/registrations/{erin.id}/refuse")
    assert flashes_after(alice, refused) == ["@erin is refused, and is told by mail."]
    again = alice.post(f"/admin/registrations/{erin.id}/refuse")
    decided = ["This registration has been decided in the meantime."]
    assert flashes_after(alice, again) == decided
    assert alice.get("/@dave").status_code == 200
    assert alice.get("/@erin").status_code == 404
    assert alice.page("/admin/registrations").one("h2", "empty-heading").text


def test_jobs_are_tried_again_and_dropped(alice: Visitor, cast: Cast, db: Database) -> None:
    first, second = give_up(db), give_up(db)
    page = alice.page("/admin/jobs")
    assert [code.text for code in page.one("main").all("code")] == ["OSError: <refused>"] * 2
    assert "bob@ex.com" in page.one("main").text
    assert flashes_after(alice, alice.post(f"/admin/jobs/{first}/retry")) == ["It is tried again."]
    assert f"/admin/jobs/{first}/drop" in offers(alice.page("/admin/mail"))
    assert flashes_after(alice, alice.post(f"/admin/jobs/{second}/drop")) == ["It is dropped."]
    assert offers(alice.page("/admin/jobs")) == []
    assert alice.post(f"/admin/jobs/{second}/drop").status_code == 404
    assert "A parked job was dropped" in alice.page("/admin/settings").one("main").text


def test_kept_mails_are_read(alice: Visitor, cast: Cast, services: Services) -> None:
    mail = Mail("Reset <your> password", "Open this:\nhttps://ex.com/<a>", "")
    services.mailer.send("bob@ex.com", mail, "<kept@ex.com>")
    assert "/admin/mail/kept.eml" in alice.page("/admin/mail").links
    page = alice.page("/admin/mail/kept.eml")
    assert page.one("h1").text == "Reset <your> password"
    assert page.one("div", "letter").text == "Open this: https://ex.com/<a>"
    for name in ("other.eml", "..%2fsecret_key", "kept.eml%00", ".eml", "kept"):
        assert alice.get(f"/admin/mail/{name}").status_code == 404


@pytest.mark.parametrize("path", ["/admin/accounts", "/admin/registrations", "/admin/jobs"])
def test_a_page_beyond_the_end_leads_to_the_newest(alice: Visitor, path: str) -> None:
    page = alice.page(f"{path}?before=1")
    assert page.one("h2", "empty-heading").text == "Nothing on this page any more"
    assert path in page.links


@pytest.mark.usefixtures("rail_stays")
def test_no_list_takes_more_statements_the_longer_it_is(
    alice: Visitor, cast: Cast, db: Database, dave: Viewer
) -> None:
    paths = ["/admin/accounts", "/admin/registrations", "/admin/jobs", "/admin/mail"]

    def cost() -> list[int]:
        taken = []
        for path in paths:
            alice.page(path)
            taken.append(db.statements)
        return taken

    cost()
    few = cost()
    for number in range(5):
        make.account(db, f"fan{number}")
        give_up(db)
    assert cost() == few == [2, 2, 2, 2]
