"""Links, mentions and hashtags are found where a reader sees them, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microblog.text.entities import MAX_TAG, MAX_URL, Hashtag, Link, Mention, canonical_tag, find

PIECES = st.lists(
    st.one_of(
        st.sampled_from(["http://", "HTTPS://", "a.b", "example.com", "xn--", ":80", "/x", "?q"]),
        st.sampled_from(["#", "@", "tag", "ü", "日本", "\u200d", "\u0301", "1", "_", "\\"]),
        st.sampled_from(["(", ")", "]", ".", ":", " ", "\n"]),
        st.text(st.characters(), max_size=3),
    )
)


def urls(text: str) -> list[str]:
    return [entity.url for entity in find(text) if isinstance(entity, Link)]


def usernames(text: str) -> list[str]:
    return [entity.username for entity in find(text) if isinstance(entity, Mention)]


def tags(text: str) -> list[str]:
    return [entity.name for entity in find(text) if isinstance(entity, Hashtag)]


def test_entities_come_in_order_with_their_places() -> None:
    assert find("@ada: http://a.example/x #Go") == [
        Mention(0, 4, "ada"),
        Link(6, 24, "http://a.example/x"),
        Hashtag(25, 28, "Go"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://example.com.", ["https://example.com"]),
        ("HTTPS://Example.COM/Path", ["https://example.com/Path"]),
        ("見てhttps://example.com", ["https://example.com"]),
        ("https://example.comを見て", ["https://example.com"]),
        ("http://example.com/日本。次", ["http://example.com/日本"]),
        ("http://example.com:8080/?q=1#part", ["http://example.com:8080/?q=1#part"]),
        ("http://example.com: it works", ["http://example.com"]),
        ("(http://a.example/b_(c))", ["http://a.example/b_(c)"]),
        ("[x](http://a.example/b), y", ["http://a.example/b"]),
        ("http://a.example/(b", ["http://a.example/(b"]),
        ("http://a.example/b(]c", ["http://a.example/b"]),
        ("**http://a.example/b?!**", ["http://a.example/b"]),
        ("http://a.example/x),(http://b.example/", ["http://a.example/x", "http://b.example/"]),
        ('<http://a.example/>"http://b.example/"', ["http://a.example/", "http://b.example/"]),
        ("http://192.0.2.7:80/", ["http://192.0.2.7:80/"]),
        ("http://my_blog.example.com", ["http://my_blog.example.com"]),
        ("http://bücher.example/ü", ["http://xn--bcher-kva.example/ü"]),
        ("http://пример.рф", ["http://xn--e1afmkfd.xn--p1ai"]),
        ("http://नमस्ते.भारत/", ["http://xn--h2bhs4b8d8a.xn--h2brj9c/"]),
        ("http://ｅｖｉｌ.com/", ["http://evil.com/"]),
        ("http://evil.example\\@good.example", ["http://evil.example"]),
    ],
)
def test_a_web_address_is_a_link(text: str, expected: list[str]) -> None:
    assert urls(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "//evil.example",
        "ftp://a.example/",
        "xhttp://a.example/",
        "https://good.example@evil.example/",
        "https://good.example:p@evil.example/",
        "http://localhost:5000/",
        "http://example/",
        "http://256.0.0.1/",
        "http://127.1/",
        "http://010.0.0.1/",
        "http://0x7f.0.0.1/",
        "http://[::1]/",
        "http://a..example/",
        "http://.example/",
        "http://xn--a.example/",
        "http://1.ب.com/",
        "http://a.example:65536/",
        "http://" + "a" * 64 + ".example/",
        "http://" + "a." * 127 + "example/",
        "http://" + "abcd." * 60 + "example/",
        "ht\ttp://a.example/",
    ],
)
def test_what_only_looks_like_an_address_is_no_link(text: str) -> None:
    assert urls(text) == []


def test_a_link_may_have_2048_characters_and_not_one_more() -> None:
    longest = "http://a.example/".ljust(MAX_URL, "x")
    assert urls(longest) == [longest]
    assert urls(f"{longest}x #tag @ada") == []
    assert find(f"{longest}x/@ada #tag") == [Hashtag(MAX_URL + 7, MAX_URL + 11, "tag")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@ada", ["ada"]),
        ("hello @Ada_1, (@bob)!", ["Ada_1", "bob"]),
        ("@" + "a" * 30, ["a" * 30]),
        ("@" + "a" * 31, []),
        ("foo@bar.com", []),
        ("@a@remote.example", []),
        ("/@ada @@ada", []),
        ("@adaé @ada\u0323", []),
        ("é@ada नमस्ते@ada", []),
        ("❤\ufe0f@ada", ["ada"]),
        ("https://good.example:x!@ada", []),
    ],
)
def test_a_mention_names_an_account_of_this_server(text: str, expected: list[str]) -> None:
    assert usernames(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#Go (#日本語) #naïve_2", ["Go", "日本語", "naïve_2"]),
        ("#1 #2026 #1\ufe0f\u20e3 #\ufe0f\u20e3", []),
        ("#1a #a-b", ["1a", "a"]),
        ("#हिन्दी #می\u200cخواهم", ["हिन्दी", "می\u200cخواهم"]),
        ("a#b é#b &#39; /#b &#x;", []),
        ("#" + "a" * MAX_TAG, ["a" * MAX_TAG]),
        ("#" + "a" * (MAX_TAG + 1), []),
        ("#\u3164 #{7*7} #\u0301a # #", []),
        ("http://a.example/x#part", []),
    ],
)
def test_a_hashtag_holds_letters_of_any_script(text: str, expected: list[str]) -> None:
    assert tags(text) == expected


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("GoLang", "golang"),
        ("ＧＯ", "go"),
        ("Straße", "strasse"),
        ("Cafe\u0301", "café"),
        ("می\u200cخواهم", "میخواهم"),
        ("a" * 200, "a" * MAX_TAG),
        ("\ufdfa" * MAX_TAG, canonical_tag("\ufdfa" * MAX_TAG)[:MAX_TAG]),
    ],
)
def test_spellings_of_a_tag_meet_in_one(name: str, canonical: str) -> None:
    assert canonical_tag(name) == canonical


@given(st.text(st.characters()))
def test_a_canonical_tag_is_its_own_canonical_tag(name: str) -> None:
    canonical = canonical_tag(name)
    assert canonical_tag(canonical) == canonical
    assert len(canonical) <= MAX_TAG


@given(PIECES.map("".join))
def test_entities_never_overlap_and_say_what_stands_there(text: str) -> None:
    end = 0
    for entity in find(text):
        assert end <= entity.start < entity.end <= len(text)
        end = entity.end
        typed = text[entity.start : entity.end]
        match entity:
            case Link(url=url):
                assert not set(typed) & set(' \n<>"\\\u202e\u200b')
                assert url.startswith(("http://", "https://"))
            case Mention(username=username):
                assert typed == f"@{username}"
            case Hashtag(name=name):
                assert typed == f"#{name}"
                assert canonical_tag(name)
