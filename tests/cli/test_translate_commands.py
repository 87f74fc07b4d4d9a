"""`microblog translate`: what is compiled is what people read."""

from gettext import GNUTranslations
from pathlib import Path

import pytest
from flask import Flask

from microblog.cli.translations import translate
from tests.beside import application_beside
from tests.cast import Cast
from tests.visitor import Visitor

BROKEN = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

#, python-format
msgid "Hello %(name)s"
msgstr "Hallo %(nam)s"

#, python-format
msgid "%(num)s post"
msgid_plural "%(num)s posts"
msgstr[0] "ein Beitrag"
msgstr[1] "Beiträge %(num)d"

msgid "Bye"
msgstr "Tschüss"
"""
LOG_IN = {"es": "Iniciar sesión", "de": "Anmelden", "ar": "تسجيل الدخول", "ja": "ログイン"}


@pytest.fixture
def compiled(app: Flask) -> None:
    """Compile the catalogues, as the set-up does."""
    done = app.test_cli_runner().invoke(translate, ["compile"])
    assert done.exit_code == 0, done.output


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("language", LOG_IN)
def test_a_page_is_in_the_language_of_the_browser(
    app: Flask, cast: Cast, tmp_path: Path, language: str
) -> None:
    with application_beside(app, tmp_path, LANGUAGES=("en", *LOG_IN)) as beside:
        page = Visitor(beside).page("/auth/login", headers={"Accept-Language": language})
    assert page.one("html").attributes["lang"] == language
    assert page.one("h1").text == LOG_IN[language]


def test_what_is_no_language_is_refused(app: Flask) -> None:
    done = app.test_cli_runner().invoke(translate, ["init", "../x"])
    assert done.exit_code == 1
    assert "is no language" in done.output


def test_a_catalogue_that_is_there_is_not_begun_again(app: Flask) -> None:
    done = app.test_cli_runner().invoke(translate, ["init", "de"])
    assert done.exit_code == 1
    assert "is there" in done.output


def test_what_cannot_be_filled_in_is_left_out_and_named(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("microblog.cli.translations.CATALOGUES", tmp_path)
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(BROKEN, encoding="utf-8")
    done = app.test_cli_runner().invoke(translate, ["compile"])
    assert done.exit_code == 1
    assert "de: what is filled in does not fit: 'Hello %(name)s'" in done.output
    assert "2 translations were left out: mend them." in done.output
    with (folder / "messages.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    assert compiled.gettext("Hello %(name)s") == "Hello %(name)s"
    assert compiled.ngettext("%(num)s post", "%(num)s posts", 5) == "%(num)s posts"
    assert compiled.gettext("Bye") == "Tschüss"
