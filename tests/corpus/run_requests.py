"""Cases about requests as such: forged, odd, too large, repeated, failing."""

import ast
import io
import re
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import select

import microblog
from microblog.files.images import MAX_UPLOAD_BYTES
from microblog.models import Account, Follow, LoginSession, OutboxEvent, Post
from microblog.web.security import MAX_BODY_BYTES
from tests import make
from tests.beside import application_beside
from tests.cast import PASSWORD
from tests.corpus.scene import Scene, send_body
from tests.files import samples
from tests.logfile import log_file
from tests.multipart import BOUNDARY, CONTENT_TYPE, Upload
from tests.page import Page
from tests.parallel import at_once
from tests.snapshot import count, snapshot
from tests.visitor import Visitor

CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
STEP_BYTES = 64 * 1024
NEW = "seven lazy otters"
PACKAGE = Path(microblog.__file__).parent


class Flow(io.RawIOBase):
    """A body that is made while it is read, and counts how much of it was."""

    def __init__(self, start: bytes, size_bytes: int) -> None:
        self._start = start
        self._size_bytes = size_bytes
        self._position = 0
        self.read_bytes = 0

    def readinto(self, buffer: Any) -> int:
        """Put the next bytes into a buffer, and return how many."""
        wanted = max(0, min(len(buffer), self._size_bytes - self._position))
        begun = self._start[self._position : self._position + wanted]
        buffer[:wanted] = begun + b"a" * (wanted - len(begun))
        self._position += wanted
        self.read_bytes = self._position
        return wanted

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to the end and back, as the client does to learn the length."""
        self._position = self._size_bytes if whence == io.SEEK_END else offset
        return self._position

    def tell(self) -> int:
        """Return where reading is."""
        return self._position


def csrf(scene: Scene) -> None:
    """Send what another site's page would send for Alice."""
    post_id = make.post(scene.db, scene.cast.alice)
    ours = {
        "/follow/bob": "/@bob/follow",
        "/post/1/delete": f"/posts/{post_id}/delete",
        "/settings/password": "/settings/account/password",
    }
    path = ours.get(scene.case.path, scene.case.path)
    alice = scene.browser()
    # The last one is all that a change of the password asks for.
    token, new = {"csrf_token": alice.token()}, {"password": NEW, "password_again": NEW}
    forms: list[dict[str, str]] = [{}, token, token | new | {"current_password": PASSWORD}]
    before = snapshot(scene.db)
    for form in forms:
        response = alice.open(
            path,
            method=scene.case.input["method"],
            data=form if scene.case.input["method"] == "POST" else None,
            headers=scene.case.input["headers"],
        )
        scene.assert_answered(response)
    assert snapshot(scene.db) == before
    assert alice.is_logged_in


def cache_leak(scene: Scene) -> None:
    """Ask as Alice and then as anybody through a cache that both share."""
    make.post(scene.db, scene.cast.alice)
    alice, stranger = scene.browser(), scene.visitor()
    cached: dict[str, Any] = {}
    for path in ("/explore", "/@alice", "/@alice/followers", "/auth/login", "/favicon.ico"):
        for browser in (alice, stranger):
            response = cached.get(path) or browser.get(path)
            if path != "/auth/login" or browser is stranger:
                scene.assert_answered(response)
            control = response.headers["Cache-Control"]
            if "private" not in control and "no-store" not in control:
                assert "Set-Cookie" not in response.headers
                cached[path] = response
                continue
            assert control == "private, no-store"
            assert {"Cookie", "Authorization"} <= set(response.headers["Vary"].split(", "))
        # What the stranger got is theirs, and not what Alice had.
        assert b"/auth/logout" not in response.data
    assert set(cached) == {"/favicon.ico"}


def csp_304(scene: Scene) -> None:
    """Ask again for what a browser has: what it keeps must run under the policy of then."""
    post_id = make.post(scene.db, scene.cast.alice)
    visitor = scene.visitor()
    page = visitor.get(f"/@alice/{post_id}")
    assert "ETag" not in page.headers
    assert page.headers["Cache-Control"] == "private, no-store"
    assets = [link["href"] for link in Page(page.text).all("link", rel="stylesheet")]
    for path in [*assets, f"/identicons/{scene.cast.alice.id}.svg"]:
        first = visitor.get(path)
        again = visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})
        scene.assert_answered(again)
        assert first.headers["Content-Security-Policy"] == again.headers["Content-Security-Policy"]
    assert "nonce" not in page.headers["Content-Security-Policy"] + page.text


def bad_number_or_nul(scene: Scene) -> None:
    """Ask for the address with the odd number, also under the names that our pages use."""
    make.post(scene.db, scene.cast.alice)
    alice = scene.browser()
    scene.assert_answered(alice.get(scene.case.path))
    path, _, query = scene.case.path.partition("?")
    for name in ("before", "after"):
        for page in (path, "/explore", "/@alice", "/tags/tea", "/@alice/followers", "/updates"):
            value = query.partition("=")[2]
            scene.assert_answered(alice.get(f"{page}?{name}={value}"))
    odd = path.rpartition("/")[2]
    for pattern in (
        "/@{}",
        "/@{}/1",
        "/@alice/{}",
        "/tags/{}",
        "/@{}/followers",
        "/posts/{}/delete",
    ):
        response = alice.get(pattern.format(odd or "0"))
        assert response.status_code in (*scene.case.status, 301)


def exposure(scene: Scene) -> None:
    """Ask for what no server should hand out."""
    visitor = scene.visitor()
    path = scene.case.path
    if path.startswith("/?"):
        # The home page is an address of ours, so the same is asked of one that is none.
        assert visitor.get(path).location == visitor.get("/").location == "/explore"
        path = "/nothing" + path[1:]
    response = visitor.get(path)
    scene.assert_answered(response)
    assert Page(response.text).one("h1").text == "There is nothing here"
    for secret in (scene.services.folder.secret_key, "SQLite format", "import ", "EVALEX"):
        assert secret not in response.text


def trace_method(scene: Scene) -> None:
    """Ask for an echo."""
    response = scene.visitor().open(
        scene.case.path, method=scene.case.input["method"], headers={"X-Echo": "hear me"}
    )
    scene.assert_answered(response)
    assert "hear me" not in response.text + str(response.headers)


def error_leak(scene: Scene) -> None:
    """Have a view fail, and the database be away; read what is told of it."""
    media = scene.services.folder.media
    aside = media.rename(media.with_name("aside"))
    media.write_text("This is no folder.")
    try:
        upload = Upload(samples.tiny_png())
        failed = scene.browser().upload("/settings/profile", {}, avatar=upload)
    finally:
        media.unlink()
        aside.rename(media)
    urls = {
        "sqlite": "sqlite:////nonexistent/folder/microblog.db",
        "postgresql": "postgresql://nobody:hidden-password@127.0.0.1:1/nothing",
        "mysql": "mysql://nobody:hidden-password@127.0.0.1:1/nothing",
    }
    url = urls[scene.db.dialect_name]
    with application_beside(scene.app, scene.folder, DATABASE_URL=url) as away:
        answers = [failed, Visitor(away).get("/")]
        answers.append(Visitor(away).get("/", headers={"Accept": "application/json"}))
    assert [answer.status_code for answer in answers] == [500, 503, 503]
    for answer in answers:
        scene.assert_answered(answer)
        assert answer.headers["X-Request-Id"] in answer.text
        for secret in (
            "Traceback",
            "SELECT",
            "hidden-password",
            "127.0.0.1",
            ".py",
            str(scene.folder),
            "/media",
        ):
            assert secret not in answer.text, secret
    assert answers[-1].mimetype == "application/json"


def log_injection(scene: Scene) -> None:
    """Try to write a line of one's own into the log."""
    headers = {**scene.case.input["headers"], "Referer": "http://localhost/\x1b[31m"}
    name = "x\r\n127.0.0.1 - admin logged in"
    with log_file(scene.folder) as log:
        scene.assert_answered(scene.visitor().get(scene.case.path, headers=headers))
        scene.visitor().log_in(name)
        scene.browser().get(f"/@{quote(name)}")
    text = log.read_text(encoding="utf-8")
    assert not CONTROLS.search(text)
    assert all(re.match(r"\d{4}-\d\d-\d\d", line) for line in text.splitlines())
    assert not [line for line in text.splitlines() if line.startswith("127.0.0.1")]


def log_secrets(scene: Scene) -> None:
    """Do all that people do, and look for what they typed and hold in the log."""
    secrets = {PASSWORD, "wrong-password", "a private thought", "dave@ex.com", "Basic c2VjcmV0"}
    with log_file(scene.folder) as log:
        visitor = scene.visitor()
        visitor.get("/explore", headers={"Authorization": "Basic c2VjcmV0"})
        visitor.log_in("alice", "wrong-password")
        visitor.log_in("alice")
        visitor.post("/posts", {"text": "a private thought", "key": "key-of-this-form"})
        visitor.post("/posts", {"text": "a private thought" * 99})
        visitor.upload("/settings/profile", {"about": "a private thought"}, avatar=Upload(b"x"))
        visitor.get("/?secret=a private thought")
        secrets |= {str(visitor.cookie(name)) for name in ("login", "session")} | {visitor.token()}
        visitor.post("/auth/logout")
        form = {"username": "dave", "email": "dave@ex.com", "password": PASSWORD}
        visitor.post("/auth/register", form | {"password_again": PASSWORD})
        secrets |= {str(visitor.cookie(name)) for name in ("login", "session")}
    text = log.read_text(encoding="utf-8")
    assert len(text.splitlines()) > 10
    assert [secret for secret in secrets if secret in text] == []


def sql_injection(scene: Scene) -> None:
    """Put pieces of SQL wherever a value goes in, and find every row as it was."""
    make.post(scene.db, scene.cast.alice, "#tea")
    alice = scene.browser()
    before = snapshot(scene.db)
    for value in scene.case.input["values"]:
        pages = ["/", "/explore", "/@alice", "/tags/tea", "/@alice/followers", "/updates"]
        query = dict.fromkeys(("before", "after", "sort", "order", "limit", "page"), value)
        answers = [alice.get(page, query_string=query) for page in pages]
        quoted = quote(value, safe="")
        for pattern in ("/@{}", "/@{}/1", "/@alice/{}", "/tags/{}", "/user/{}", "/posts/{}/delete"):
            answers.append(alice.get(pattern.format(quoted)))
        answers.append(scene.visitor().get("/auth/login", query_string={"next": value}))
        for answer in answers:
            assert answer.status_code in (*scene.case.status, 301, 303)
        assert scene.visitor().log_in(value, value).status_code == 401
        scene.assert_answered(alice.post(f"/@{quoted}/follow"))
        scene.assert_answered(alice.post("/posts", {"text": "x", "key": f"{value}"[:7]}))
    assert snapshot(scene.db) == before
    assert_no_statement_is_glued_together()


def assert_no_statement_is_glued_together() -> None:
    """Require that text() and exec_driver_sql() get fixed strings and nothing else."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                glued = isinstance(node.args[0], ast.JoinedStr | ast.BinOp | ast.Call)
                assert not (name in ("exec_driver_sql", "text") and glued), (path, node.lineno)


def idempotency(scene: Scene) -> None:
    """Send one form, and one follow, many times at the same moment."""
    times = int(scene.case.input["parallel"])
    carol = scene.cast.carol
    browsers = [scene.browser(carol) for _ in range(times)]
    tokens = [{"csrf_token": browser.token()} for browser in browsers]
    pairs = list(zip(browsers, tokens, strict=True))
    events = count(scene.db, OutboxEvent)
    form = {"text": "once", "key": "the-only-key"}
    posted = at_once(*(lambda b=b, t=t: b.post_raw("/posts", data=t | form) for b, t in pairs))
    followed = at_once(*(lambda b=b, t=t: b.post_raw("/@alice/follow", data=t) for b, t in pairs))
    for answer in (*posted, *followed):
        scene.assert_answered(answer, is_form=True)
    with scene.db.read() as session:
        post_id = session.scalars(select(Post.id)).one()
        account = session.get_one(Account, carol.id)
        follows = session.scalars(select(Follow).where(Follow.follower_id == carol.id)).all()
    assert {answer.location for answer in posted} == {"/", f"/@carol/{post_id}"}
    assert (account.posts_count, account.following_count, len(follows)) == (1, 1, 1)
    assert count(scene.db, OutboxEvent) == events + 2


def multipart_dos(scene: Scene) -> None:
    """Send very many parts, or one whose end is hard to find."""
    alice = scene.browser()
    token = alice.token()
    if "$parts" in scene.case.input["multipart"]:
        part = b'--%b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' % BOUNDARY
        body = part * int(scene.case.input["multipart"]["$parts"])
        assert len(body) < MAX_UPLOAD_BYTES
        response = scene.assert_quick(lambda: send_body(alice, "/settings/profile", body), 1)
        scene.assert_answered(response)
        return
    head = (
        b'--%b\r\nContent-Disposition: form-data; name="avatar"; filename="a"\r\n\r\n\r' % BOUNDARY
    )

    def send_flow(size_bytes: int) -> Any:
        flow = Flow(head, size_bytes)
        headers = {"X-CSRFToken": token, "Content-Length": str(size_bytes)}
        with warnings.catch_warnings():
            # Werkzeug leaves what it has of a form without an end to be collected.
            warnings.simplefilter("ignore", ResourceWarning)
            return alice.post_raw(
                "/settings/profile", input_stream=flow, content_type=CONTENT_TYPE, headers=headers
            )

    scene.assert_answered(scene.assert_quick(lambda: send_flow(100_000_000), 1))
    # Within the limit of a body the end is looked for, and quickly.
    assert scene.assert_quick(lambda: send_flow(MAX_UPLOAD_BYTES), 1).status_code < 500
    assert count(scene.db, LoginSession) == 1


def body_limit(scene: Scene) -> None:
    """Send a body of which nobody says how long it is."""
    alice = scene.browser()
    token = alice.token()
    text, times = scene.case.input["raw"]["$repeat"]
    before = snapshot(scene.db)
    for content_type in (CONTENT_TYPE, "application/x-www-form-urlencoded"):
        flow = Flow(
            b"--%b\r\n" % BOUNDARY if content_type == CONTENT_TYPE else b"", len(text) * times
        )
        response = alice.post_raw(
            "/settings/profile",
            input_stream=flow,
            content_type=content_type,
            headers={**scene.case.input["headers"], "X-CSRFToken": token},
            environ_overrides={"wsgi.input_terminated": True},
        )
        scene.assert_answered(response)
        assert flow.read_bytes <= MAX_BODY_BYTES + STEP_BYTES
    assert snapshot(scene.db) == before


RUNNERS = {
    "csrf": csrf,
    "cache-leak": cache_leak,
    "csp-304": csp_304,
    "bad-number-or-nul": bad_number_or_nul,
    "exposure": exposure,
    "trace-method": trace_method,
    "error-leak": error_leak,
    "log-injection": log_injection,
    "log-secrets": log_secrets,
    "sql-injection": sql_injection,
    "idempotency": idempotency,
    "multipart-dos": multipart_dos,
    "body-limit": body_limit,
}
