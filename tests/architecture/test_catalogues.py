"""The translations are whole: every text of the sources, in every form, with what is filled in."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from microblog.cli.translations import CATALOGUES, faults
from microblog.config import Config
from tests.journeys.catalogues import texts

FILES = sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po"))


@pytest.fixture(params=FILES, ids=lambda path: path.parent.parent.name)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    path: Path = request.param
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def forms(text: str | Sequence[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def translated(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def test_every_language_that_is_offered_has_a_catalogue_but_english_itself() -> None:
    assert {"en", *(path.parent.parent.name for path in FILES)} == set(Config().LANGUAGES)


def test_every_text_is_translated_and_nothing_else(catalogue: Catalog) -> None:
    assert {
        message.id if isinstance(message.id, str) else tuple(message.id)
        for message in translated(catalogue)
    } == texts()
    for message in translated(catalogue):
        assert all(form.strip() for form in forms(message.string)), message.id
        assert not message.fuzzy, message.id


def test_what_is_filled_in_stands_in_every_form_and_no_form_is_missing(catalogue: Catalog) -> None:
    assert [message.id for message in faults(catalogue)] == []


def test_a_sentence_stays_a_sentence(catalogue: Catalog) -> None:
    ends = (".", "?", "!", "。", "？", "！", "؟", ":", "：")
    for message in translated(catalogue):
        for source, form in zip(forms(message.id)[-1:], forms(message.string)[-1:], strict=True):
            assert (source[-1] in ".?!") <= form.rstrip("\u200e\u200f").endswith(ends), source


# What a button is called, and what it shows: whoever speaks to their browser says what they see.
SHOWN = {
    "Requested to follow %(name)s. Withdraw": ("Requested", "Withdraw"),
    "Following %(name)s. Unfollow": ("Following", "Unfollow"),
    "Follow %(name)s": ("Follow",),
    "Follow back %(name)s": ("Follow back",),
    "Ask to follow %(name)s": ("Ask to follow",),
    "End: %(device)s": ("End",),
}


def test_what_a_button_shows_is_in_what_it_is_called(catalogue: Catalog) -> None:
    def said(text: str) -> str:
        message = catalogue.get(text)
        assert message is not None, text
        return str(message.string).lower()

    for name, words in SHOWN.items():
        assert all(said(word) in said(name) for word in words), name


def test_it_names_nobody(catalogue: Catalog) -> None:
    headers = dict(catalogue.mime_headers)
    assert headers["Last-Translator"] == headers["Language-Team"] == "Microblog"
    assert "FIRST AUTHOR" not in catalogue.header_comment
