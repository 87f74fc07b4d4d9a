"""Translating services: what they are asked, and that no answer of theirs does any harm."""

import json
from collections.abc import Iterator

import pytest

from microblog.text.render import render
from microblog.translators import (
    AzureTranslator,
    LibreTranslator,
    Translator,
    TranslatorError,
    door,
    translate_html,
)
from tests.translating import KEY, REGION, Handler, TranslatingServer, translating_server

LINK = "https://example.org/a?b=1&c=2"
TEXT = f"Hello @bob, look: {LINK} #tea\nthat is <b>fine</b> & good\n\nBye 👋"
LINKS = ['href="/@bob"', 'href="https://example.org/a?b=1&amp;c=2"', 'href="/tags/tea"']


@pytest.fixture
def service() -> Iterator[TranslatingServer]:
    with translating_server() as server:
        yield server


@pytest.fixture(params=["azure", "libretranslate"])
def translator(request: pytest.FixtureRequest, service: TranslatingServer) -> Translator:
    """Return each of the services in turn."""
    if request.param == "azure":
        return AzureTranslator(service.url, KEY, REGION)
    return LibreTranslator(service.url, KEY)


def rendered(text: str = TEXT) -> str:
    return render(text, {"bob": "/@bob"}, lambda name: f"/tags/{name}")


def code_of(translator: Translator, source: str = "en", target: str = "de") -> str:
    with pytest.raises(TranslatorError) as failed:
        translate_html(translator, rendered(), source, target)
    return failed.value.code


def test_words_change_and_everything_else_stays(translator: Translator) -> None:
    html, source = translate_html(translator, rendered(), "en", "de")
    assert source == "en"
    for link in LINKS:
        assert html.count(link) == rendered().count(link) == 1
    assert (html.count("<p>"), html.count("<br>")) == (2, 1)
    assert "HELLO <a" in html
    assert "THAT IS &lt;B&gt;FINE&lt;/B&gt; &amp; GOOD" in html
    assert html.endswith("<p>BYE 👋</p>")


def test_each_line_is_asked_for_once_and_no_address_is_sent_out(
    translator: Translator, service: TranslatingServer
) -> None:
    translate_html(translator, rendered(), "en", "de")
    ((_, _, body),) = service.asked
    assert b"example.org" not in body
    assert b"bob" not in body
    assert body.count(b"Hello") == 1


def test_what_has_no_words_is_never_sent(
    translator: Translator, service: TranslatingServer
) -> None:
    html = rendered(f"{LINK}\n@bob #tea\n42 👋")
    assert translate_html(translator, html, "en", "de") == (html, "en")
    assert service.asked == []


def test_languages_are_called_what_the_service_calls_them(service: TranslatingServer) -> None:
    azure = AzureTranslator(service.url, KEY, REGION)
    translate_html(azure, rendered(), "zh", "no")
    assert "from=zh-Hans" in service.asked[0][0]
    assert "to=nb" in service.asked[0][0]
    translate_html(LibreTranslator(service.url, KEY), rendered(), "en", "no")
    assert json.loads(service.asked[1][2])["target"] == "nb"


def test_a_language_that_is_not_there_is_said(translator: Translator) -> None:
    assert code_of(translator, target="fi") == "unsupported"
    assert code_of(translator, source="fi") == "unsupported"


def test_a_wrong_key_is_said_and_stands_in_no_error(service: TranslatingServer) -> None:
    for wrong in (
        AzureTranslator(service.url, "wrong-key", REGION),
        AzureTranslator(service.url, KEY, "elsewhere"),
        LibreTranslator(service.url, "wrong-key"),
        LibreTranslator(service.url),
    ):
        with pytest.raises(TranslatorError) as failed:
            translate_html(wrong, rendered(), "en", "de")
        assert failed.value.code == "refused"
        assert failed.value.__cause__ is None
        assert "key" not in str(failed.value)
        assert "wrong-key" not in repr(wrong)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (429, {"error": {"code": 429000}}, "quota"),
        (403, {"error": {"code": 403001}}, "quota"),
        (500, {"error": "broken"}, "unreachable"),
        (503, {"error": {"code": 503000}}, "unreachable"),
        (408, {}, "timeout"),
        (418, {}, "nonsense"),
        (301, {}, "nonsense"),
        (500, b"<h1>Oh no</h1>", "nonsense"),
        (200, b"<h1>Hello</h1>", "nonsense"),
        (200, b"", "nonsense"),
        (200, b"\xff\xfe\x00", "nonsense"),
        (200, b"[" * 100_000, "nonsense"),
        (200, b"x" * 300_000, "nonsense"),
        (200, [], "nonsense"),
        (200, {}, "nonsense"),
        (200, None, "nonsense"),
        (200, 7, "nonsense"),
        (200, {"translatedText": "one line"}, "nonsense"),
        (200, {"translatedText": [1, 2, 3]}, "nonsense"),
        (200, {"translatedText": ["a", "b"]}, "nonsense"),
        (200, {"translatedText": ["", "", ""]}, "nonsense"),
        (200, {"translatedText": ["a" * 9000, "b", "c"]}, "nonsense"),
        (200, [{"translations": []}] * 3, "nonsense"),
        (200, [{"translations": [{"text": None}]}] * 3, "nonsense"),
        (200, [{"translations": [{"text": "a"}]}] * 2, "nonsense"),
    ],
)
def test_odd_answers_have_a_code(
    translator: Translator, service: TranslatingServer, status: int, body: object, code: str
) -> None:
    def rude(handler: Handler) -> None:
        handler.answer(status, body)

    service.rude = rude
    if status == 403 and isinstance(translator, LibreTranslator):
        code = "refused"
    assert code_of(translator) == code


def test_who_takes_too_long_is_not_waited_for(
    translator: Translator, service: TranslatingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "TIMEOUT_SECONDS", 0.3)
    service.rude = never_answer
    assert code_of(translator) == "timeout"


def never_answer(handler: Handler) -> None:
    handler.server.hung_up.wait(10)


def test_nobody_there(service: TranslatingServer) -> None:
    assert code_of(LibreTranslator("http://127.0.0.1:9", KEY)) == "unreachable"


MARKS = '<span class="notranslate" translate="no" id="link-%d">[%d]</span>'


@pytest.mark.parametrize(
    "line",
    [
        "no link at all",
        MARKS % (0, 0),
        (MARKS % (0, 0)) * 2 + MARKS % (1, 1) + MARKS % (2, 2),
        '<span id="link-0"><span id="link-1"></span><span id="link-2"></span></span>',
        '<span id="link-0">' + MARKS % (1, 1) + MARKS % (2, 2),
        "<script>x</script>",
        '<style>*{display:none}</style><i id="link-99">x</i>',
    ],
)
def test_a_line_without_its_links_is_no_translation(
    translator: Translator, service: TranslatingServer, line: str
) -> None:
    service.words = lambda sent: line if "link-0" in sent else sent
    assert code_of(translator) == "nonsense"


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">click</a>',
        '<a href="https://evil.example">click</a>',
        '<p onclick="alert(1)">x</p>',
        "<svg/onload=alert(1)>",
        "<iframe src=https://evil.example></iframe>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "</p></div></article><h1>Owned</h1>",
        "<!-- --><![CDATA[x]]><?php x ?>",
        "a\x00b\x1b",
    ],
)
def test_no_html_of_theirs_gets_through(
    translator: Translator, service: TranslatingServer, evil: str
) -> None:
    service.words = lambda sent: sent + evil
    html, _ = translate_html(translator, rendered(), "en", "de")
    assert html.count("<a ") == 3
    assert html.count("<p>") == html.count("</p>") == 2
    for forbidden in ("<script", "<img", "<svg", "<iframe", "<h1", "onclick=", "\x00", "\x1b"):
        assert forbidden not in html
    assert "evil.example" not in html
