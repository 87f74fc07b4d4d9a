"""Cases about the links of mails and the second step of a login: used twice, late, by others."""

from sqlalchemy import update
from werkzeug.test import TestResponse

from microblog.domain import tokens
from microblog.models import LoginSession, User
from microblog.worker import Worker
from tests.authenticator import Authenticator
from tests.cast import PASSWORD
from tests.corpus.scene import Scene
from tests.links import link_of, link_of_next_mail
from tests.page import Page
from tests.snapshot import count, snapshot
from tests.visitor import Visitor

FIRST, SECOND = "seven lazy otters", "eight busy beavers"
CODE = "/auth/login/code"


def reset_reuse(scene: Scene) -> None:
    """Set a password by a link, and another one by the same."""
    visitor = scene.visitor()
    link = ask_for_link(scene, visitor)
    assert set_password(visitor, link, FIRST).status_code == 303
    scene.assert_answered(set_password(visitor, link, SECOND))
    assert visitor.log_in("bob", SECOND).status_code == 401
    assert visitor.log_in("bob", FIRST).status_code == 303


def reset_stale(scene: Scene) -> None:
    """Use a link after its owner has changed what it was made for."""
    visitor, bob = scene.visitor(), scene.browser(scene.cast.bob)
    link = ask_for_link(scene, visitor)
    password = PASSWORD
    if any("change password" in step for step in scene.case.input["steps"]):
        password = FIRST
        form = {"current_password": PASSWORD, "password": FIRST, "password_again": FIRST}
        assert bob.post("/settings/account/password", form).status_code == 303
    else:
        form = {"current_password": PASSWORD, "email": "new@ex.com"}
        assert bob.post("/settings/account/email", form).status_code == 303
        assert bob.post(link_of_next_mail(scene.services, Worker(scene.services))).location
    before = snapshot(scene.db)
    scene.assert_answered(visitor.get(link))
    scene.assert_answered(set_password(visitor, link, SECOND))
    assert snapshot(scene.db) == before
    assert visitor.log_in("bob", password).status_code == 303
    with scene.db.read() as session:
        address = session.get_one(User, scene.cast.bob.id).email
    assert address == ("bob@ex.com" if password == FIRST else "new@ex.com")


def reset_sessions(scene: Scene) -> None:
    """Reset a password: whoever was signed in with the old one is so no more."""
    there = scene.visitor()
    there.log_in("bob", remember_me="y")
    others = [there, scene.browser(scene.cast.bob)]
    for other in others:
        assert other.get("/updates?after=0").status_code == 200
    visitor = scene.visitor()
    assert set_password(visitor, ask_for_link(scene, visitor), FIRST).status_code == 303
    for other in others:
        scene.assert_answered(other.get("/settings/profile"))
        scene.assert_answered(other.get("/updates?after=0", headers={"HX-Request": "true"}))
    assert count(scene.db, LoginSession) == 0


def reset_referer(scene: Scene) -> None:
    """Open a link: nobody else learns where it led, and no cache keeps the page."""
    response = scene.visitor().get(ask_for_link(scene, scene.visitor()))
    scene.assert_answered(response)
    assert response.headers.getlist("Referrer-Policy") == ["no-referrer"]
    assert "no-store" in response.headers["Cache-Control"]
    page = Page(response.text)
    loaded = [link["href"] for link in page.all("link")]
    loaded += [element["src"] for name in ("script", "img") for element in page.all(name)]
    assert loaded
    assert [address for address in loaded if address[:1] != "/" or address[:2] == "//"] == []


def mail_link_prefetch(scene: Scene) -> None:
    """Open every link of a mail as a mail scanner does, before its owner uses it."""
    unconfirmed = update(User).where(User.account_id == scene.cast.carol.id)
    scene.db.write(lambda session: session.execute(unconfirmed.values(email_confirmed_at=None)))
    links = {
        link_of(scene.services, scene.cast.alice, tokens.RESET): FIRST,
        link_of(scene.services, scene.cast.bob, tokens.CHANGE_EMAIL, "new@ex.com"): "",
        link_of(scene.services, scene.cast.carol, tokens.CONFIRM): "",
    }
    before = snapshot(scene.db)
    scanner = scene.visitor()
    for link in links:
        for method in ("GET", "HEAD", "GET"):
            headers = scene.case.input["headers"]
            scene.assert_answered(scanner.open(link, method=method, headers=headers))
        (form,) = [form for form in scanner.page(link).all("form") if form["action"] == link]
        assert form["method"] == "post"
        assert len(form.all("button")) + len(form.all("input", type="submit")) == 1
    assert snapshot(scene.db) == before
    for link, password in links.items():
        assert set_password(scene.visitor(), link, password).status_code == 303


def mfa_bypass(scene: Scene) -> None:
    """Send a right code for somebody without their password: at first, or as somebody else."""
    bob, mallory = scene.cast.bob, scene.cast.carol
    phone, own_phone = (Authenticator.of(scene.db, person) for person in (bob, mallory))
    names = {"attempt_user_id": bob.id, "account_id": bob.id, "identifier": "bob"}
    code = phone.code(later=1)
    form = {**names, "code": code, "otp": code}
    stranger, halfway = scene.visitor(), scene.visitor()
    assert stranger.post(CODE, form).location == "/auth/login"
    scene.assert_answered(stranger.post(CODE, form, headers={"HX-Request": "true"}))
    assert halfway.log_in("carol").location == CODE
    scene.assert_answered(halfway.post(CODE, form))
    scene.assert_answered(halfway.post(f"{CODE}?account_id={bob.id}", form))
    for visitor in (stranger, halfway):
        assert visitor.cookie("login") is None
        assert not visitor.is_logged_in
    assert count(scene.db, LoginSession) == 0
    # With a code of one's own one is oneself, whoever else one names.
    assert halfway.post(CODE, {**names, "code": own_phone.code(later=1)}).status_code == 303
    assert "/@carol" in halfway.page("/").links


def ask_for_link(scene: Scene, visitor: Visitor) -> str:
    """Forget Bob's password; return where the mail leads."""
    assert visitor.post("/auth/reset", {"identifier": "bob"}).status_code == 303
    return link_of_next_mail(scene.services, Worker(scene.services))


def set_password(visitor: Visitor, link: str, password: str) -> TestResponse:
    """Send the form that a link leads to."""
    return visitor.post(link, {"password": password, "password_again": password})


RUNNERS = {
    "reset-reuse": reset_reuse,
    "reset-stale": reset_stale,
    "reset-sessions": reset_sessions,
    "reset-referer": reset_referer,
    "mail-link-prefetch": mail_link_prefetch,
    "mfa-bypass": mfa_bypass,
}
