"""Source text becomes HTML that says the same, and that cannot do anything else."""

from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from microblog.text.clean import LINE_END, UNREADABLE
from microblog.text.entities import Link, find
from microblog.text.render import GATE, compose, render

MENTIONS = {"ada": "/@Ada", "quote": '/@"><b>', "bob": "https://other.example/@bob?a=1&b=2"}
ALLOWED = {
    ("p",),
    ("br",),
    ("a", "class=link", "href", "rel=nofollow noopener ugc", "target=_blank", "dir=ltr"),
    ("a", "class=mention", "href", "dir=ltr"),
    ("a", "class=hashtag", "rel=tag", "href", "dir=auto"),
}
PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["<", ">", "&", '"', "'", "\xa0", "&amp;", "<b>", "</p>", "<!--", "<script>"]
        ),
        st.sampled_from(["@ada", "@bob", "@quote", "@stranger", "#Tag", "#日本", "(", ")", "/<"]),
        st.sampled_from(
            ["http://", "a.example", "ü.example", "xn--bcher-kva.de", "أ.com", "ب", "."]
        ),
        st.sampled_from(["/x?a=1&b", "1", "\n", " \n", "\r", "\u2028"]),
        st.text(st.characters(), max_size=4),
    )
)


def tag_path(name: str) -> str:
    return f"/tags/{quote(name)}"


def html(text: str) -> str:
    return render(text, MENTIONS, tag_path)


class Reader(HTMLParser):
    """Collects the elements and the text; a link's text is its whole address."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.text = ""
        self._in_link = False
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        shape = (name if name == "href" else f"{name}={value}" for name, value in attrs)
        self.elements.append((tag, *shape))
        if ("class", "link") in attrs:
            self._in_link = True
            self.text += dict(attrs)["href"] or ""

    def handle_endtag(self, tag: str) -> None:
        self._in_link = self._in_link and tag != "a"

    def handle_data(self, data: str) -> None:
        self.text += "" if self._in_link else data


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \n ", ""),
        ("one\ntwo\n\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("one\n \ntwo", "<p>one</p><p>two</p>"),
        ('1 < 2 & "3"\xa0>', '<p>1 &lt; 2 &amp; "3"&nbsp;&gt;</p>'),
        ("&lt;b&gt;", "<p>&amp;lt;b&amp;gt;</p>"),
        ("@Ada!", '<p><a class="mention" href="/@Ada" dir="ltr">@Ada</a>!</p>'),
        ("@stranger", "<p>@stranger</p>"),
        (
            "#Été",
            '<p><a class="hashtag" rel="tag" href="/tags/%C3%A9t%C3%A9" dir="auto">#Été</a></p>',
        ),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
        ("{{7*7}} ${7*7} #{7*7}", "<p>{{7*7}} ${7*7} #{7*7}</p>"),
        ("a\x00b\ud800", "<p>a\ufffdb\ufffd</p>"),
    ],
)
def test_text_is_rendered(text: str, expected: str) -> None:
    assert html(text) == expected


@pytest.mark.parametrize(
    ("typed", "href", "shown"),
    [
        ("https://www.example.com/", "https://www.example.com/", "example.com"),
        ("https://www.com/", "https://www.com/", "www.com"),
        ("http://a.example:8080/x", "http://a.example:8080/x", "a.example:8080/x"),
        ("http://a.example/?a=1&b'", "http://a.example/?a=1&amp;b", "a.example/?a=1&amp;b"),
        ("http://bücher.example/ü", "http://xn--bcher-kva.example/ü", "bücher.example/ü"),
        ("http://аррӏе.com", "http://xn--80ak6aa92e.com", "xn--80ak6aa92e.com"),
        (
            "https://a.example/articles/2026/how-to-write",
            "https://a.example/articles/2026/how-to-write",
            "a.example/articles/2026/how-to-w…",
        ),
        (
            "http://" + "long-name." * 12 + "example/x",
            "http://" + "long-name." * 12 + "example/x",
            "long-name." * 12 + "example/x",
        ),
    ],
)
def test_a_link_shows_its_whole_host(typed: str, href: str, shown: str) -> None:
    link = (
        f'<a class="link" href="{href}" rel="nofollow noopener ugc" target="_blank" dir="ltr">'
        f"{shown}</a>"
    )
    assert link in html(typed)


def test_the_gate_stops_what_the_renderer_never_writes() -> None:
    hostile = (
        '<p onclick="x" class="link"><a href="javascript:x" hx-get="/" data-hx-post="/" style="y"'
        ' class="button" rel="opener">a</a><script>x</script><img src="x"></p>'
    )
    assert GATE.clean(hostile) == "<p><a>a</a></p>"


def test_an_address_that_runs_a_script_does_not_pass_the_gate() -> None:
    rendered = render("@ada", {"ada": "javascript:alert(1)"}, tag_path)
    assert rendered == '<p><a class="mention" dir="ltr">@ada</a></p>'


@given(PIECES.map("".join))
@example("a & b < c > d\xa0'e' \"f\" http://a.example/?a=1&b='2 @quote #日本")
def test_the_gate_has_nothing_to_change(text: str) -> None:
    written = compose(text, MENTIONS, tag_path)
    assert GATE.clean(written) == written
    assert html(text) == written


@given(PIECES.map("".join))
def test_only_the_elements_of_a_post_come_out(text: str) -> None:
    assert set(Reader(html(text)).elements) <= ALLOWED


@given(PIECES.map("".join))
def test_a_reader_sees_the_text_that_was_written(text: str) -> None:
    source = UNREADABLE.sub("\ufffd", LINE_END.sub("\n", text))
    for entity in reversed(find(source)):
        if isinstance(entity, Link):
            source = source[: entity.start] + entity.url + source[entity.end :]
    assert "".join(Reader(html(text)).text.split()) == "".join(source.split())
