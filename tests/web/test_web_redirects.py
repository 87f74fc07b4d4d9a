"""Redirects stay on this server, whatever a request asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microblog.web.redirects import local_path
from tests.browser import host_reached

HOME = "microblog.example"
BASES = [f"http://{HOME}/auth/login", f"https://{HOME}/auth/login"]
PARTS = [
    *("/", "//", "\\", "\t", "\n", "\r", "\0", " ", "@", ":", "?", "#", "%2f", "%5c", "%0a", ".."),
    *(
        "http:",
        "https:",
        "javascript:",
        "evil.example",
        HOME,
        "a",
        "é",
        "\u3000",
        "\ufeff",
        "[",
        "]",
    ),
    *(";", "&next=", "//evil.example", "/\\evil.example", "http://evil.example"),
]


@pytest.mark.parametrize(
    ("location", "base", "host"),
    [
        ("/a", BASES[0], HOME),
        ("a", BASES[0], HOME),
        ("//evil.com", BASES[0], "evil.com"),
        ("///evil.com", BASES[0], "evil.com"),
        ("/\\evil.com", BASES[0], "evil.com"),
        ("\\\\evil.com", BASES[0], "evil.com"),
        ("/\t/evil.com", BASES[0], "evil.com"),
        (" //evil.com", BASES[0], "evil.com"),
        ("https:evil.com", BASES[0], "evil.com"),
        ("https:evil.com", BASES[1], HOME),
        ("https:///evil.com", BASES[1], "evil.com"),
        ("https:/\\evil.com", BASES[1], "evil.com"),
        ("http:evil.com", BASES[1], "evil.com"),
        (f"https://{HOME}@evil.com/", BASES[1], "evil.com"),
        (f"https://{HOME}:80@evil.com:8000/", BASES[1], "evil.com"),
        (f"//{HOME}:80/", BASES[1], HOME),
        ("javascript:alert(1)", BASES[0], ""),
        ("HTTPS://EVIL.com", BASES[0], "evil.com"),
    ],
)
def test_a_browser_is_followed_as_the_standard_says(location: str, base: str, host: str) -> None:
    assert host_reached(location, base) == host


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/", "/"),
        ("/@alice?before=5&after=%26", "/@alice?before=5&after=%26"),
        ("/tags/%E8%8C%B6", "/tags/%E8%8C%B6"),
        ("/a#b", "/a"),
        ("/@alice/12", "/@alice/12"),
        ("", None),
        (None, None),
        ("explore", None),
        ("?a=b", None),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("/x\r\nSet-Cookie: a=b", None),
        ("/%0d%0aSet-Cookie: a=b", None),
        ("/../x", None),
        ("/a/..", None),
        ("/%2F%2Fevil.example", None),
        ("/%5cevil.example", None),
        ("/a b", None),
        ("https:evil.example", None),
    ],
)
def test_only_a_path_of_this_server_is_followed(target: str | None, path: str | None) -> None:
    assert local_path(target) == path


@given(st.lists(st.sampled_from(PARTS), max_size=8).map("".join) | st.text())
def test_no_target_leads_to_another_server(target: str) -> None:
    path = local_path(target)
    if path is not None:
        assert path.startswith("/")
        assert {host_reached(path, base) for base in BASES} == {HOME}
        assert local_path(path) == path
