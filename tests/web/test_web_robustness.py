"""Whatever is asked or sent, the answer is a page or a refusal, and never a failure of ours."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_from_bytes

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microblog.db import Database
from microblog.services import Services
from tests.cast import Cast
from tests.multipart import CONTENT_TYPE, Upload, encode
from tests.visitor import Visitor

# Each example asks the application of this test, on the database of this test, once more.
many = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

NUMBERS = [
    *("0", "-1", "1", "9223372036854775807", "9223372036854775808", "99999999999999999999"),
    *("1e20", "1e400", "NaN", "0x10", "1_000", "٣", "9" * 5000, "+5", " 5", "5.0"),
]
HOSTILE = [
    *(
        "",
        "\0",
        "a\0b",
        "\r\nSet-Cookie: a=b",
        "\x1b[2J",
        "\u202e",
        "\ufffd",
        "\U0010ffff",
        "\u0378",
    ),
    *(
        "' OR '1'='1",
        "1;DROP TABLE posts",
        "%",
        "_",
        "\\",
        "{{7*7}}",
        "%(name)s",
        "%s",
        "{0}",
        "$1",
    ),
    *(
        "../../etc/passwd",
        "..\\",
        "<script>",
        "x" * 3000,
        "é" * 2000,
        "e" + "\u0301" * 2000,
        "İ",
        "ß",
    ),
    *("@" * 500, "#" * 500, "http://" * 300, "a@" * 500, "👩‍👩‍👧" * 300, "🇩" * 999),
]
texts = st.sampled_from(NUMBERS + HOSTILE) | st.text(max_size=50)
# As they travel: encoded, also such that are no UTF-8 (lone surrogates, cut characters).
encoded = texts.map(lambda text: quote(text, safe="")) | st.binary(max_size=20).map(
    quote_from_bytes
)
encoded |= st.sampled_from(
    ["%ED%A0%80", "%C3", "%FF%FE", "%", "%zz", "%u0041", "%00", "%2e%2e", "+"]
)
names = encoded | st.sampled_from(["alice", "ALICE", "%61lice", "alice%20", "alice/", "a%2Fb"])
FIELDS = [
    *("text", "key", "identifier", "username", "email", "password", "password_again", "name"),
    *("display_name", "about", "locale", "time_zone", "theme", "remember_me", "hides_last_seen"),
    *("to", "message", "after"),
    *("use_gravatar", "remove_avatar", "description", "code", "avatar", "next", "csrf_token", "\0"),
]
FORMS = [
    *("/posts", "/auth/login", "/auth/register", "/settings/profile", "/settings/preferences"),
    *("/@alice/follow", "/@nobody/unfollow", "/posts/1/delete", "/setup", "/auth/logout"),
    *("/messages", "/messages/1", "/messages/1/read", "/messages/1/leave"),
]
HEADERS = [
    *("Referer", "Origin", "User-Agent", "Accept", "Accept-Language", "Range", "If-None-Match"),
    *(
        "If-Modified-Since",
        "If-Range",
        "Accept-Encoding",
        "HX-Request",
        "X-Forwarded-For",
        "Cookie",
    ),
    *("Sec-Fetch-Site", "Forwarded", "Content-Encoding", "Expect", "X-HTTP-Method-Override"),
]


@many
@given(
    names,
    names,
    st.sampled_from(
        [
            *("/@{0}", "/@{0}/{1}", "/@{0}/followers", "/@{0}/following", "/user/{0}", "/tags/{0}"),
            *("/media/{0}/{1}", "/identicons/{0}.svg", "/assets/{0}", "/posts/{0}/delete", "/{0}"),
            *("/auth/{0}", "/settings/{0}", "/{0}/{1}", "//{0}", "/@{0}/{1}/{0}", "/;{0}"),
            *("/messages/{0}", "/messages/{0}/{1}", "/send_message/{0}"),
        ]
    ),
)
def test_any_path(app: Flask, cast: Cast, first: str, second: str, pattern: str) -> None:
    ask(app, cast, lambda browser: browser.get(pattern.format(first, second)))


@many
@given(
    st.sampled_from(["/", "/explore", "/@alice", "/tags/tea", "/@alice/followers", "/updates"]),
    st.lists(
        st.tuples(st.sampled_from(["before", "after", "page", "next", "limit", "%00"]), encoded),
        max_size=4,
    ),
)
def test_any_query(app: Flask, cast: Cast, path: str, query: list[tuple[str, str]]) -> None:
    url = f"{path}?" + "&".join("=".join(pair) for pair in query)
    ask(app, cast, lambda browser: browser.get(url))


@many
@given(st.sampled_from(FORMS), st.dictionaries(st.sampled_from(FIELDS), texts, max_size=6))
def test_any_form(
    app: Flask, cast: Cast, services: Services, path: str, form: dict[str, str]
) -> None:
    ask(app, cast, lambda browser: browser.post(path, form))


@many
@given(st.sampled_from(FORMS), st.lists(st.tuples(encoded, encoded), max_size=6), st.binary())
def test_any_body(
    app: Flask, cast: Cast, path: str, fields: list[tuple[str, str]], tail: bytes
) -> None:
    def send(browser: Visitor) -> Any:
        body = f"csrf_token={quote(browser.token())}&text=" + "&".join(map("=".join, fields))
        return browser.post_raw(
            path, data=body.encode() + tail, content_type="application/x-www-form-urlencoded"
        )

    ask(app, cast, send)


@pytest.mark.sqlite_only
@many
@given(
    st.sampled_from(FORMS),
    st.binary(max_size=300),
    st.binary(max_size=30).filter(lambda name: b"\n" not in name),
    st.sampled_from(["avatar", "text", "csrf_token", "a\r\nb", '"']),
)
def test_any_upload(
    app: Flask, cast: Cast, path: str, data: bytes, filename: bytes, name: str
) -> None:
    def send(browser: Visitor) -> Any:
        upload = Upload(data, filename=filename, content_type=filename[:5])
        body = encode({"csrf_token": browser.token(), "text": "x"}, {name: upload})
        return browser.post_raw(path, data=body, content_type=CONTENT_TYPE)

    ask(app, cast, send)


@pytest.mark.sqlite_only
@many
@given(
    st.sampled_from(["/explore", "/", "/@alice", "/auth/login", "/nothing", "/favicon.ico"]),
    st.dictionaries(
        st.sampled_from(HEADERS),
        st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=60)
        | st.sampled_from(
            ["x" * 5000, "\xff\xfe", "http://[", "bytes=0-", "q=1e999", "*;q=x", '"']
        ),
        max_size=5,
    ),
)
def test_any_headers(app: Flask, cast: Cast, path: str, headers: dict[str, str]) -> None:
    ask(app, cast, lambda browser: browser.get(path, headers=headers))


@pytest.mark.sqlite_only
def test_ten_megabytes_in_any_field_are_too_much(app: Flask, cast: Cast, db: Database) -> None:
    browser = Visitor.signed_in(app, cast.alice)
    token = browser.token()
    for path in FORMS:
        answer = browser.post_raw(path, data={"csrf_token": token, "text": "x" * 10_000_000})
        assert answer.status_code == 413
    for field in ("text", "display_name", "identifier"):
        body = encode({"csrf_token": token, field: "x" * 1_000_000}, {})
        answer = browser.post_raw("/settings/profile", data=body, content_type=CONTENT_TYPE)
        assert answer.status_code == 413


def ask(app: Flask, cast: Cast, act: Callable[[Visitor], Any]) -> None:
    """Let a member and a visitor do it; a failure of ours is none but a deliberate one."""
    for browser in (Visitor.signed_in(app, cast.alice), Visitor(app)):
        with act(browser) as answer:
            assert answer.status_code < 500 or "Retry-After" in answer.headers
