"""Cases about what people write, and how it is shown to others."""

import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

import microblog
from microblog.domain.viewer import MEMBER
from microblog.models import Account, Post, Server, User
from microblog.text.clean import clean
from microblog.text.count import MAX_CODE_POINTS
from microblog.text.entities import find
from microblog.text.render import render
from tests.cast import PASSWORD
from tests.corpus.badinputs import expand
from tests.corpus.scene import Scene
from tests.pace import pace
from tests.page import Element, Page
from tests.snapshot import snapshot
from tests.visitor import Visitor

TEMPLATES = Path(microblog.__file__).parent / "web" / "templates"
HARMLESS = "harmless words"
# Pages on which people find what they typed themselves, as it was, to mend it.
TYPED_AGAIN = ("mistake", "sign-in", "registration")
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
ACCOUNT = {"email": "zoe@ex.com", "password": PASSWORD, "password_again": PASSWORD}
DOOR_SECONDS = 0.2  # A page of a form is rendered too.
PARSE_SECONDS = 0.05
PARSED_LENGTH = 100_000


def link_scheme(scene: Scene) -> None:
    """Write the address wherever links are made, and look at every link that came of it."""
    value = next(v for name, v in scene.case.input["form"].items() if name.endswith("[value]"))
    alice = scene.browser()
    texts = (value, f"see {value} there", f"[x]({value})", f'<a href="{value}">x</a>')
    for text in texts:
        about = alice.post("/settings/profile", {"about": text, "display_name": value[:50]})
        post = alice.post("/posts", {"text": text})
        for response in (about, post):
            scene.assert_answered(response, is_form=True)
    for path in ("/@alice", "/explore", "/", "/settings/profile"):
        for link in alice.page(path).all("a"):
            assert_honest(link)


def assert_honest(link: Element) -> None:
    """Require that a link leads by http where its text says."""
    parts = urlsplit(link["href"])
    if not parts.scheme and not parts.netloc:
        assert link["href"].startswith(("/", "#"))
        assert not link["href"].startswith(("//", "/\\"))
        return
    assert parts.scheme in ("http", "https")
    assert "@" not in parts.netloc
    assert parts.hostname
    assert parts.hostname in link.text


def stored_xss(scene: Scene) -> None:
    """Write the same pages with harmless words and with the value: their markup is the same."""
    value = scene.case.value
    harmless = dict(pages_full_of(scene, HARMLESS))
    hostile = dict(pages_full_of(scene, value))
    assert list(harmless) == list(hostile)
    ours = {element for page in harmless.values() for element in page.shape()}
    for name, page in hostile.items():
        assert set(page.shape()) <= ours, (name, set(page.shape()) - ours)
        # Beside it stand people to follow, who are looked for anew every few minutes.
        assert column_of(page).shape() == column_of(harmless[name]).shape(), name
        if name in TYPED_AGAIN:
            continue
        assert not BIDI.search(page.raw_text), name
        for element in page.all():
            assert not any(BIDI.search(text) for text in element.attributes.values()), name
    shown = visible(value)
    assert visible(hostile["/explore"].posts[0]) == shown
    assert visible(hostile["/@zoe"].one("div", "profile-about").text) == shown


def column_of(page: Page) -> Element:
    """Return the middle of a page; a fragment is nothing else."""
    return next(iter(page.all("main")), page)


def visible(text: str) -> str:
    """Return what can be seen of a text, as one line."""
    return " ".join(BIDI.sub("", text).replace("\u200b", "").split())


def pages_full_of(scene: Scene, text: str) -> Iterator[tuple[str, Page]]:
    """Set up a server, write the text into every field there is, and open every page of it."""
    first = scene.start_over()
    server = {"name": text, "description": text, "username": "zoe", **ACCOUNT}
    or_harmless(scene, first, "/setup", server, "name")
    or_harmless(
        scene, first, "/settings/profile", {"display_name": text, "about": text}, "display_name"
    )
    # In a language of its own choice, the markup would be another one for each text.
    scene.assert_answered(first.post("/posts", {"text": text, "language": "en"}), is_form=True)
    with scene.db.read() as session:
        post_id = session.scalars(select(Post.id)).one()
    other = scene.visitor()
    other.post("/auth/register", ACCOUNT | {"username": "yan", "email": "yan@ex.com"})
    other.post("/@zoe/follow")
    pages = [
        *("/", "/explore", "/@zoe", f"/@zoe/{post_id}", "/@zoe/followers", "/@yan/following"),
        *("/settings/profile", "/settings/preferences", f"/posts/{post_id}/delete", "/nothing"),
    ]
    for path in pages:
        for reader in (first, other, scene.visitor()):
            name = path.replace(str(post_id), "ID")
            yield name, Page(reader.get(path).text)
    yield "answer", Page(other.post("/@zoe/unfollow", headers={"HX-Request": "true"}).text)
    yield "mistake", Page(other.post("/posts", {"text": text, "key": text}).text)
    yield "sign-in", Page(scene.visitor().log_in(text, "wrong").text)
    form = {"username": text or "-", "email": text, "password": text, "password_again": "-"}
    yield "registration", Page(scene.visitor().post("/auth/register", form).text)


def or_harmless(
    scene: Scene, visitor: Visitor, path: str, form: dict[str, str], limited: str
) -> None:
    """Send a form; when a value is refused at its field, with harmless words in that one."""
    response = visitor.post(path, form)
    if response.status_code == 422:
        assert list(Page(response.text).field_errors) == [limited]
        response = visitor.post(path, form | {limited: HARMLESS})
    scene.assert_answered(response, is_form=True)


def css_injection(scene: Scene) -> None:
    """Write an address that breaks out of a style, and find no style it could be in."""
    url = scene.case.input["url"]
    alice = scene.browser()
    for response in (
        alice.post("/settings/profile", {"display_name": url, "about": url}),
        alice.post("/posts", {"text": url}),
    ):
        scene.assert_answered(response, is_form=True)
    for path in ("/", "/explore", "/@alice", "/settings/profile"):
        page = alice.page(path)
        assert not page.all("style")
        for element in page.all():
            assert "style" not in element.attributes
            assert element.attributes.get("src", "/").startswith("/")


def attr_injection(scene: Scene) -> None:
    """Send fields whose names are attributes; no template makes attributes of names."""
    alice = scene.browser()
    paths = ("/posts", "/settings/profile", "/settings/preferences")
    for path in paths:
        mistaken = {"text": "", "about": "x" * 600, "theme": "pink"}
        expected = Page(alice.post(path, mistaken).text).shape()
        hostile = mistaken | dict.fromkeys(scene.case.input["keys"], "x")
        response = alice.post(path, hostile)
        assert response.status_code == 422
        assert Page(response.text).shape() == expected
        shown = alice.get("/explore", query_string=hostile)
        scene.assert_answered(shown)
        assert "onclick" not in shown.text
    assert not [path for path in TEMPLATES.rglob("*.html") if "xmlattr" in path.read_text()]


def mass_assignment(scene: Scene) -> None:
    """Send every field of a row along with each form, and find the rows as they were."""
    extra = {name: str(value) for name, value in scene.case.input["json"].items()}
    extra |= {"account_id": "1", "version": "99", "handle": "x", "followers_count": "99"}
    alice = scene.browser(scene.cast.bob)
    forms = {
        "/settings/profile": {"display_name": "Bob", "about": ""},
        "/settings/preferences": {"locale": "", "time_zone": "", "theme": "auto"},
        "/posts": {"text": "Hello"},
    }
    before = rows_of(scene, "bob")
    for path, form in forms.items():
        scene.assert_answered(alice.post(path, extra | form), is_form=True)
    assert rows_of(scene, "bob") == before
    form = ACCOUNT | {"username": "zoe"}
    scene.assert_answered(scene.visitor().post("/auth/register", extra | form), is_form=True)
    _, email, role, password, created_at, followers = rows_of(scene, "zoe")
    assert (email, role, followers) == ("zoe@ex.com", MEMBER, 0)
    assert str(password).startswith("$argon2id$")
    assert created_at.year > 2000
    with scene.db.read() as session:
        post = session.scalars(select(Post)).one()
    assert (post.account_id, post.visibility) == (scene.cast.bob.id, "public")


def rows_of(scene: Scene, handle: str) -> Any:
    """Return what no form may change of a person."""
    with scene.db.read() as session:
        return session.execute(
            select(
                Account.id,
                User.email,
                User.role,
                User.password_hash,
                Account.created_at,
                Account.followers_count,
            )
            .join(User.account)
            .where(Account.handle == handle)
        ).one()


def text_edge(scene: Scene) -> None:
    """Write the text into every field: it is refused there, or shown as it is stored."""
    value = scene.case.value
    # Also what the label means, as a form can carry it: bytes that are no UTF-8.
    raw = b"%ED%A0%80x" if "surrogate" in scene.case.input["label"] else None
    for field, send in fields(scene).items():
        before = snapshot(scene.db)
        response = scene.assert_quick(partial(send, value), DOOR_SECONDS)
        scene.assert_answered(response, is_form=True)
        if response.status_code == 422:
            assert snapshot(scene.db) == before
            assert list(Page(response.text).field_errors) == [field]
    assert_shown_as_stored(scene)
    if raw:
        alice = scene.browser()
        for path, name in (("/posts", b"text"), ("/settings/profile", b"about")):
            response = alice.post_raw(
                path,
                data=b"csrf_token=" + alice.token().encode() + b"&" + name + b"=" + raw,
                content_type="application/x-www-form-urlencoded",
            )
            scene.assert_answered(response, is_form=True)
        assert_shown_as_stored(scene)


def fields(scene: Scene) -> dict[str, Callable[[str], Any]]:
    """Return how to write into each field that keeps a text."""
    alice = scene.browser()
    register = ACCOUNT | {"username": "zoe"}
    return {
        "text": lambda text: alice.post("/posts", {"text": text}),
        "about": lambda text: alice.post("/settings/profile", {"about": text}),
        "display_name": lambda text: alice.post("/settings/profile", {"display_name": text}),
        "username": lambda text: scene.visitor().post(
            "/auth/register", register | {"username": text}
        ),
        "email": lambda text: scene.visitor().post("/auth/register", register | {"email": text}),
    }


def assert_shown_as_stored(scene: Scene) -> None:
    """Compare what the pages show with what the database holds."""
    alice = scene.browser()
    form = alice.page("/settings/profile")
    with scene.db.read() as session:
        account = session.get_one(Account, scene.cast.alice.id)
        posts = session.scalars(
            select(Post).where(Post.account_id == account.id).order_by(Post.id.desc())
        ).all()
    assert form.one("input", name="display_name")["value"] == account.display_name
    about = form.one("textarea", name="about").raw_text
    assert about.strip("\r\n ") == account.about, (about, account.about)
    shown = alice.page("/@alice")
    assert shown.one("h1").raw_text.strip("\n ") == account.name
    assert shown.posts == [" ".join(post.text.split()) for post in posts]


def length_limits(scene: Scene) -> None:
    """Fill each field to its limit, one beyond, and ten times over."""
    alice = scene.browser()
    numbers = iter(range(100))

    def profile(name: str) -> Callable[[str], Any]:
        return lambda text: alice.post("/settings/profile", {name: text})

    def register(name: str) -> Callable[[str], Any]:
        def send(text: str) -> Any:
            number = next(numbers)
            form = ACCOUNT | {"username": f"zoe{number}", "email": f"zoe{number}@ex.com"}
            repeated = {"password_again": text} if name == "password" else {}
            return scene.visitor().post("/auth/register", form | {name: text} | repeated)

        return send

    def key(text: str) -> Any:
        return alice.post("/posts", {"text": "x", "key": text})

    limits: list[tuple[int, Callable[[str], Any], Callable[[int], str]]] = [
        (500, lambda text: alice.post("/posts", {"text": text}), "x".__mul__),
        (500, profile("about"), "é".__mul__),
        (50, profile("display_name"), "x".__mul__),
        (64, key, "k".__mul__),
        (30, register("username"), "u".__mul__),
        (1024, register("password"), "p".__mul__),
        (254, register("email"), mail_address),
    ]
    for maximum, send, made_of in limits:
        for length, is_taken in ((maximum, True), (maximum + 1, False), (maximum * 10, False)):
            before = snapshot(scene.db)
            response = send(made_of(length))
            scene.assert_answered(response, is_form=True)
            assert (response.status_code == 303) is is_taken, (maximum, length)
            assert is_taken or snapshot(scene.db) == before
    setup_limits(scene)


def setup_limits(scene: Scene) -> None:
    """Do the same with what the first visitor types."""
    for field, maximum in (("name", 50), ("description", 300)):
        for length, is_taken in ((maximum * 10, False), (maximum + 1, False), (maximum, True)):
            first = scene.start_over()
            form = {"name": "Here", "username": "zoe", **ACCOUNT, field: "x" * length}
            response = first.post("/setup", form)
            scene.assert_answered(response, is_form=True)
            assert (response.status_code == 303) is is_taken
            with scene.db.read() as session:
                assert (session.get(Server, 1) is not None) is is_taken


def mail_address(length: int) -> str:
    """Return an address of that many characters, in labels of a length that is allowed."""
    local, rest = "z" * 60, length - 61
    labels = "x." * ((rest - 60) // 2)
    return f"{local}@{labels}{'y' * (rest - len(labels) - 4)}.com"


def redos(scene: Scene) -> None:
    """Send the text to every parser; the time it takes grows with its length and no faster."""
    value = scene.case.value
    for send in fields(scene).values():
        response = scene.assert_quick(partial(send, value), DOOR_SECONDS)
        scene.assert_answered(response, is_form=True)
    repeated = expand({"$repeat": [scene.case.input["value"]["$repeat"][0], 60_000]})
    whole, half = repeated[:PARSED_LENGTH], repeated[: PARSED_LENGTH // 2]
    if scene.measures:

        def show(text: str) -> object:
            return render(text, {}, str)

        limit_seconds = PARSE_SECONDS * pace()
        assert seconds(find, whole) < limit_seconds
        assert seconds(clean, whole) < limit_seconds
        # Longer texts are refused before they are made into HTML.
        assert seconds(show, whole[:MAX_CODE_POINTS]) < limit_seconds
        for parse in (find, clean, show):
            assert seconds(parse, whole) < 2.5 * seconds(parse, half) + 0.002


def seconds(parse: Callable[[str], object], text: str) -> float:
    """Return how long a parser takes, in the best of several tries."""
    took = []
    for _ in range(5):
        began = time.thread_time()
        parse(text)
        took.append(time.thread_time() - began)
    return min(took)


RUNNERS = {
    "link-scheme": link_scheme,
    "stored-xss": stored_xss,
    "css-injection": css_injection,
    "attr-injection": attr_injection,
    "mass-assignment": mass_assignment,
    "text-edge": text_edge,
    "length-limits": length_limits,
    "redos": redos,
}
