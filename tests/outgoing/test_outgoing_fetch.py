"""A document is fetched, also by way of redirects, and no more is told than who asks."""

from pathlib import Path

import pytest

from microblog.outgoing import Fetched, OutgoingError
from tests.outgoing.internet import OtherServer, get, redirect_to
from tests.processes import free_port


def refusal(error: pytest.ExceptionInfo[OutgoingError]) -> tuple[str, int | None]:
    return error.value.code, error.value.status


def test_a_document_is_fetched(server: OtherServer) -> None:
    server.answers["/a"] = lambda h: h.answer(200, b"picture", Content_Type="image/png")
    assert get(server.url("/a?b=c#d")) == Fetched(200, "image/png", b"picture")
    assert server.paths() == ["/a?b=c"]


def test_an_answer_without_a_body_or_type_is_fetched(server: OtherServer) -> None:
    server.answers["/"] = lambda h: h.answer(204)
    assert get(server.url()) == Fetched(204, "", b"")


def test_a_request_says_who_asks_and_no_more(
    server: OtherServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("default login alice password secret")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.answers["/"] = lambda h: h.answer(200, Set_Cookie="id=1")
    get(server.url())
    get(server.url())
    for _, headers in server.requests:
        assert headers == {
            "Host": f"127.0.0.1:{server.port}",
            "Accept": "image/*",
            "Accept-Encoding": "gzip",
            "Connection": "close",
            "User-Agent": "Microblog",
        }


def test_no_proxy_of_the_environment_is_asked(
    server: OtherServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    server.answers["/"] = lambda h: h.answer(200, b"direct")
    assert get(server.url()).body == b"direct"


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500, 503, 300, 304, 301])
def test_any_status_but_success_is_an_error(server: OtherServer, status: int) -> None:
    server.answers["/"] = lambda h: h.answer(status)
    with pytest.raises(OutgoingError) as error:
        get(server.url())
    assert refusal(error) == ("status", status)


def test_a_closed_port_is_unreachable() -> None:
    with pytest.raises(OutgoingError, match="unreachable"):
        get(f"http://127.0.0.1:{free_port()}/")


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(server: OtherServer, status: int) -> None:
    server.answers["/a/b"] = lambda h: h.answer(status, Location="../c?d")
    server.answers["/c"] = lambda h: h.answer(200, b"here")
    assert get(server.url("/a/b")).body == b"here"
    assert server.paths() == ["/a/b", "/c?d"]


def test_three_redirects_are_followed_and_no_more(server: OtherServer) -> None:
    for step in range(5):
        server.answers[f"/{step}"] = redirect_to(f"/{step + 1}")
    server.answers["/5"] = lambda h: h.answer(200, b"here")
    assert get(server.url("/2")).body == b"here"
    server.requests.clear()
    with pytest.raises(OutgoingError) as error:
        get(server.url("/1"))
    assert refusal(error) == ("refused", None)
    assert server.paths() == ["/1", "/2", "/3", "/4"]


def test_a_loop_of_redirects_ends(server: OtherServer) -> None:
    server.answers["/"] = redirect_to("/")
    with pytest.raises(OutgoingError, match="refused"):
        get(server.url())


@pytest.mark.parametrize(
    "location",
    [
        *("file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "javascript:alert(1)"),
        *(
            "http://user:secret@127.0.0.1/",
            "http://127.0.0.1:0/",
            "http://127.0.0.1:99999/",
            "http://[::1",
        ),
        "//localhost",
    ],
)
def test_a_redirect_may_not_lead_astray(server: OtherServer, location: str) -> None:
    server.answers["/"] = redirect_to(location)
    with pytest.raises(OutgoingError, match="refused"):
        get(server.url())
    assert server.paths() == ["/"]


def test_a_host_the_operator_named_may_not_send_us_to_another_of_our_network(
    server: OtherServer,
) -> None:
    server.answers["/"] = redirect_to(server.url("/secret", host="127.0.0.2"))
    server.answers["/secret"] = lambda h: h.answer(200, b"secret")
    with pytest.raises(OutgoingError, match="refused"):
        get(server.url())
    assert server.paths() == ["/"]
