"""The links in mails: each works once, for a short time, and for one purpose."""

import base64
import json
from datetime import timedelta
from functools import partial
from typing import Any

import jwt
import pytest
from sqlalchemy import func, select, update

from microblog import clock, ids
from microblog.db import Database
from microblog.domain import tokens
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.tokens import CHANGE_EMAIL, CONFIRM, RESET, TokenView
from microblog.domain.viewer import Viewer
from microblog.models import AccountToken
from tests.cast import Cast
from tests.parallel import at_once

SECRET = "a secret key that is long enough for a server"
LIFETIME = timedelta(minutes=10)


def issue(
    db: Database,
    person: Viewer,
    purpose: str = RESET,
    email: str | None = None,
    lifetime: timedelta = LIFETIME,
) -> int:
    return db.write(lambda session: tokens.issue(session, person.id, purpose, lifetime, email))


def sign(db: Database, token_id: int) -> str | None:
    with db.read() as session:
        return tokens.sign(session, token_id, SECRET)


def link(db: Database, person: Viewer, purpose: str = RESET, email: str | None = None) -> str:
    token = sign(db, issue(db, person, purpose, email))
    assert token is not None
    return token


def redeem(db: Database, token: str, *purposes: str, secret_key: str = SECRET) -> TokenView:
    return db.write(lambda session: tokens.redeem(session, token, purposes or (RESET,), secret_key))


def is_dead(db: Database, token: str, *purposes: str, secret_key: str = SECRET) -> bool:
    """Tell whether a link neither shows nor does anything."""
    refusals = []
    for use in (tokens.look_up, tokens.redeem):
        try:
            act = partial(use, token=token, purposes=purposes or (RESET,), secret_key=secret_key)
            db.write(act)
        except Invalid as refused:
            refusals.append((refused.field, refused.code))
    return refusals == [("token", "link_dead")] * 2


def count_rows(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(AccountToken)) or 0


def test_a_link_works_once(db: Database, cast: Cast) -> None:
    token = link(db, cast.bob, CHANGE_EMAIL, "new@ex.com")
    assert redeem(db, token, CONFIRM, CHANGE_EMAIL) == TokenView(
        cast.bob.id, CHANGE_EMAIL, "new@ex.com"
    )
    assert is_dead(db, token, CHANGE_EMAIL)
    assert count_rows(db) == 0


def test_looking_a_link_up_has_no_effect(db: Database, cast: Cast) -> None:
    token = link(db, cast.bob)
    for _ in range(3):
        with db.read() as session:
            found = tokens.look_up(session, token, (RESET,), SECRET)
        assert found == TokenView(cast.bob.id, RESET, None)
    assert redeem(db, token) == found


def test_a_new_link_voids_the_old_one_of_its_purpose_and_person(db: Database, cast: Cast) -> None:
    old, other_purpose = link(db, cast.bob), link(db, cast.bob, CONFIRM)
    other_person = link(db, cast.carol)
    new = link(db, cast.bob)
    assert is_dead(db, old)
    assert redeem(db, new).account_id == cast.bob.id
    assert redeem(db, other_purpose, CONFIRM).account_id == cast.bob.id
    assert redeem(db, other_person).account_id == cast.carol.id


def test_links_are_voided_by_their_purposes(db: Database, cast: Cast) -> None:
    voided = [link(db, cast.bob), link(db, cast.bob, CHANGE_EMAIL)]
    kept, of_another = link(db, cast.bob, CONFIRM), link(db, cast.carol)
    db.write(lambda session: tokens.void(session, cast.bob.id, RESET, CHANGE_EMAIL))
    assert all(is_dead(db, token, RESET, CHANGE_EMAIL) for token in voided)
    assert redeem(db, kept, CONFIRM).purpose == CONFIRM
    assert redeem(db, of_another).account_id == cast.carol.id


def test_of_ten_who_follow_one_link_at_once_one_gets_in(db: Database, cast: Cast) -> None:
    token = link(db, cast.bob)

    def follow() -> bool:
        try:
            redeem(db, token)
        except Invalid:
            return False
        return True

    assert sum(at_once(*[follow] * 10)) == 1


def test_of_links_asked_for_at_once_one_works(db: Database, cast: Cast) -> None:
    issued = at_once(*[partial(issue, db, cast.bob)] * 6)
    assert count_rows(db) == 1
    assert sum(sign(db, token_id) is not None for token_id in issued) == 1


def test_nobody_gets_no_token(db: Database, cast: Cast) -> None:
    with pytest.raises(NotFound):
        db.write(lambda session: tokens.issue(session, 1, RESET, LIFETIME))


def test_a_link_for_another_purpose_does_not_work(db: Database, cast: Cast) -> None:
    token = link(db, cast.bob, CONFIRM)
    assert is_dead(db, token, RESET)
    assert is_dead(db, token, RESET, CHANGE_EMAIL)
    assert redeem(db, token, CONFIRM).purpose == CONFIRM


def test_a_link_is_dead_when_its_time_is_over(db: Database, cast: Cast) -> None:
    token_id = issue(db, cast.bob)
    token = sign(db, token_id)
    assert token is not None
    set_expiry(db, token_id, timedelta(seconds=-1))
    assert is_dead(db, token)
    assert sign(db, token_id) is None


def test_a_link_says_itself_when_its_time_is_over(db: Database, cast: Cast) -> None:
    token_id = issue(db, cast.bob, lifetime=timedelta(seconds=-5))
    token = forge({"jti": str(token_id), "purpose": RESET, "exp": in_seconds(-2)})
    set_expiry(db, token_id, timedelta(days=1))
    assert is_dead(db, token)


def test_a_used_link_is_not_signed_again(db: Database, cast: Cast) -> None:
    token_id = issue(db, cast.bob)
    token = sign(db, token_id)
    assert token is not None
    redeem(db, token)
    assert sign(db, token_id) is None


def test_a_link_tells_nobody_whose_it_is(db: Database, cast: Cast) -> None:
    token = link(db, cast.bob, CHANGE_EMAIL, "new@ex.com")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims.keys() == {"jti", "purpose", "exp"}
    assert str(cast.bob.id) not in json.dumps(claims)
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}


def test_a_link_of_another_server_does_not_work(db: Database, cast: Cast) -> None:
    token = link(db, cast.bob)
    assert is_dead(db, token, secret_key="the secret key of another server altogether")


@pytest.mark.filterwarnings("ignore:The HMAC key is 32 bytes long")
def test_a_forged_link_does_not_work(db: Database, cast: Cast) -> None:
    token_id = issue(db, cast.bob)
    claims = {"jti": str(token_id), "purpose": RESET, "exp": in_seconds(60)}
    head, body, signature = link(db, cast.carol).split(".")
    forged = [
        jwt.encode(claims, SECRET, "HS256"),
        jwt.encode(claims, SECRET.encode() * 2, "HS256"),
        jwt.encode(claims, None, "none"),
        jwt.encode(claims, None, "none") + signature,
        forge(claims, algorithm="HS512"),
        ".".join((head, encoded(json.dumps(claims).encode()), signature)),
        ".".join((encoded(b'{"alg":"none"}'), body, signature)),
        ".".join((encoded(b'{"alg":"HS256","crit":["b64"],"b64":false}'), body, signature)),
        ".".join((head, body, signature[:-1] + ("A" if signature[-1] != "A" else "Q"))),
    ]
    assert all(is_dead(db, token) for token in forged)


def test_a_signed_link_that_lacks_something_does_not_work(db: Database, cast: Cast) -> None:
    token_id = issue(db, cast.bob)
    whole = {"jti": str(token_id), "purpose": RESET, "exp": in_seconds(60)}
    lacking = [{name: whole[name] for name in whole if name != left_out} for left_out in whole]
    strange = [
        whole | {"jti": token_id},
        whole | {"jti": str(ids.new())},
        whole | {"jti": "-1"},
        whole | {"jti": "9" * 30},
        whole | {"jti": ""},
        whole | {"purpose": None},
        whole | {"purpose": [RESET]},
        whole | {"purpose": CONFIRM},
        whole | {"exp": "tomorrow"},
        whole | {"nbf": in_seconds(60)},
    ]
    for claims in lacking + strange:
        assert is_dead(db, forge(claims), RESET, CONFIRM), claims
    assert redeem(db, forge(whole)).account_id == cast.bob.id


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "a" * 999,
        "a" * 10_000_000,
        "\x00",
        "\ud800",
        "é.é." + "é" * 43,
        "a.b." + "c" * 43,
        "a.b." + "c" * 43 + "\n",
        "../../etc/passwd",
        "' OR 1=1 --",
        "e30.e30." + "A" * 43,
        "bnVsbA.bnVsbA." + "A" * 43,
        # JSON as deep as fits: [[[[...
        base64.urlsafe_b64encode(b"[" * 690).decode().rstrip("=") + ".W10." + "A" * 43,
    ],
    ids=range(16),
)
def test_what_is_no_link_is_dead(db: Database, cast: Cast, token: str) -> None:
    issue(db, cast.bob)
    assert is_dead(db, token, RESET)
    assert count_rows(db) == 1


def test_expired_tokens_are_swept(db: Database, cast: Cast) -> None:
    for person, purpose in ((cast.bob, RESET), (cast.carol, CONFIRM)):
        set_expiry(db, issue(db, person, purpose), timedelta(0))
    token = link(db, cast.alice)
    assert db.write(tokens.sweep) is False
    assert count_rows(db) == 1
    assert redeem(db, token).account_id == cast.alice.id


def set_expiry(db: Database, token_id: int, from_now: timedelta) -> None:
    moment = clock.now() + from_now
    change = update(AccountToken).where(AccountToken.id == token_id).values(expires_at=moment)
    db.write(lambda session: session.execute(change))


def in_seconds(seconds: int) -> int:
    return int(clock.now().timestamp()) + seconds


def forge(claims: dict[str, Any], algorithm: str = "HS256") -> str:
    """Sign what the server itself would never say, with the key that it has."""
    return jwt.encode(claims, tokens._key(SECRET), algorithm)


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")
