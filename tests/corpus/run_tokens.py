"""Cases about forged tokens: what is signed otherwise, for another purpose, or is no token."""

import base64
import hashlib
import hmac
import json
import math
from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

import jwt
from werkzeug.test import EnvironBuilder, run_wsgi_app

from microblog.domain import tokens
from microblog.domain.errors import Invalid
from tests.corpus.badinputs import expand
from tests.corpus.scene import Scene
from tests.links import link_of
from tests.snapshot import snapshot

NEW = "seven lazy otters"
HS256 = {"alg": "HS256"}


def jwt_forgery(scene: Scene) -> None:
    """Dress a link for Alice up as what a careless reader of tokens would take."""
    claims = claims_of_link(scene)
    header = scene.case.input["jwt"]["header"]
    assert_dead(scene, *forgeries(scene, header, claims))


def jwt_purpose(scene: Scene) -> None:
    """Bring what we have signed ourselves, for another purpose or with odd claims."""
    payload = scene.case.input["jwt"]["payload"]
    claims = claims_of_link(scene)
    key = key_of(scene)
    if isinstance(payload, list):
        odd = [value for given in payload for value in given.values()]
        odd += [math.inf, math.nan, -1, {}, {"$ne": 1}, ""]
        changed = [claims | {name: value} for name in claims for value in odd]
        alike = [*payload, *odd, *changed, {}, [claims], [payload]]
        assert_dead(scene, *(forge(HS256, encode(given), key) for given in alike))
        return
    # Bob's own, so that none of them makes the link for Alice void.
    bob = scene.cast.bob
    others = [link_of(scene.services, bob, p) for p in (tokens.CONFIRM, tokens.CHANGE_EMAIL)]
    browser = scene.browser()
    browser.get("/")
    signed = [link.rpartition("/")[2] for link in others]
    cookies = [str(browser.cookie(name)) for name in ("login", "session")]
    assert_dead(scene, *signed, *cookies, browser.token())
    for link, token in zip(others, signed, strict=True):
        assert scene.visitor().get(link).status_code == 200
        # Nor is what a link holds a login.
        thief = scene.visitor()
        for name in ("login", "session"):
            thief.set_cookie(name, token)
        assert not thief.is_logged_in


def jwt_size(scene: Scene) -> None:
    """Bring a token of two megabytes."""
    junk = expand(scene.case.input["append"])
    for token in (junk, f"{junk[:-44]}.{junk[:43]}", f"{junk[:9]}.{junk[:-53]}.{junk[:43]}"):
        # Made before the time is taken: it is the client that needs the most of it.
        asked = EnvironBuilder(f"/auth/reset/{token}").get_environ()
        body, status, _ = scene.assert_quick(partial(run_wsgi_app, scene.app, asked), 0.05)
        assert int(status.split()[0]) in scene.case.status
        assert b"does not work any more" in b"".join(body)
        with scene.db.read() as session:
            scene.assert_quick(partial(refuse, scene, session, token), 0.002)


def assert_dead(scene: Scene, *given: str) -> None:
    """Require that no token opens the form or sets a password, while Alice's true one does."""
    before = snapshot(scene.db)
    visitor = scene.visitor()
    form = {"csrf_token": visitor.token(), "password": NEW, "password_again": NEW}
    for token in given:
        path = f"/auth/reset/{quote(token, safe='')}"
        scene.assert_answered(visitor.get(path))
        scene.assert_answered(visitor.post_raw(path, data=form))
    assert snapshot(scene.db) == before
    assert visitor.log_in("alice").status_code == 303


def claims_of_link(scene: Scene) -> dict[str, Any]:
    """Return what a link for Alice says; signed as we sign it here, it would be true."""
    token = link_of(scene.services, scene.cast.alice, tokens.RESET).rpartition("/")[2]
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    own = forge(HS256, encode(claims), key_of(scene))
    assert scene.visitor().get(f"/auth/reset/{own}").status_code == 200
    return claims


def forgeries(scene: Scene, header: dict[str, Any], claims: dict[str, Any]) -> Iterator[str]:
    """Make tokens under a header in each way to write the claims and to sign them, or not to."""
    public = scene.services.config.public_url.encode()
    plain = encode(claims)
    for shown, signed in ((None, None), (plain, plain), (None, plain), (b"", None), (b"", plain)):
        for key in (key_of(scene), public, b""):
            yield forge(header, plain, key, shown=shown, signed=signed)
    unsigned = forge(header, plain, b"").rpartition(".")[0]
    yield from (f"{unsigned}.", unsigned, f"{unsigned}.{'A' * 43}")


def forge(
    header: dict[str, Any],
    payload: bytes,
    key: bytes,
    *,
    shown: bytes | None = None,
    signed: bytes | None = None,
) -> str:
    """Return a token; what it shows and what is signed is the encoded payload, or is given."""
    head, body = url_safe(encode(header)), url_safe(payload)
    signature = hmac.digest(key, head + b"." + (body if signed is None else signed), "sha256")
    parts = (head, body if shown is None else shown, url_safe(signature))
    return b".".join(parts).decode()


def refuse(scene: Scene, session: Any, token: str) -> None:
    """Look a token up that is none."""
    try:
        tokens.look_up(session, token, (tokens.RESET,), scene.services.folder.secret_key)
    except Invalid:
        return
    raise AssertionError("It was taken.")


def key_of(scene: Scene) -> bytes:
    """Return what tokens of this server are signed with."""
    secret_key = scene.services.folder.secret_key.encode()
    return hmac.new(secret_key, b"account tokens", hashlib.sha256).digest()


def encode(value: Any) -> bytes:
    """Return a value as JSON, as Python writes and reads it."""
    return json.dumps(value).encode()


def url_safe(value: bytes) -> bytes:
    """Return bytes as a part of a token."""
    return base64.urlsafe_b64encode(value).rstrip(b"=")


RUNNERS = {"jwt-forgery": jwt_forgery, "jwt-purpose": jwt_purpose, "jwt-size": jwt_size}
