"""A mail says the same as text and as HTML, in the reader's language and zone."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from microblog.mail import KINDS, render, rendering
from tests.architecture.codebase import assert_none, list_files, name
from tests.architecture.templates import Text, list_parts, read_template
from tests.architecture.test_templates import find_in_text, find_plain_words

LINK = "https://ex.org/auth/reset/abc.DEF_-1"
VALUES = {
    "server": "Testville",
    "home": "https://ex.org",
    "account": "bob",
    "link": LINK,
    "minutes": "10",
    "hours": "48",
    "new": "new@ex.com",
    "username": "dora",
    "reason": "I like it here.",
    "when": "2026-11-29T18:30:00+00:00",
    "count": "3",
    "summary": "builtins.ValueError\nmicroblog/web/posts.py:42 create",
    "request_id": "2a854eb49c00800",
    "what": "mention",
    "name": "Dora Dee",
    "excerpt": "Hello @bob, is that you?",
}
LEADS_NOWHERE = {"account_deleted", "email_changed", "error_report", "registration_refused"}


def test_there_is_a_mail_for_everything_that_is_told() -> None:
    assert {
        *("reset_password", "password_changed", "confirm_email", "change_email", "email_changed"),
        *("address_in_use", "registration_waiting", "registration_accepted"),
        *("registration_refused", "deletion_begun", "account_deleted", "second_factor_on"),
        *("second_factor_off", "error_report", "notification", "message"),
    } == KINDS


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_mail_names_its_server_and_whom_it_is_for(kind: str) -> None:
    mail = render(kind, "en", "UTC", VALUES)
    assert "Testville" in mail.subject
    assert "\n" not in mail.subject
    assert mail.sender_name == "Testville"
    for said in (mail.text, unescape(mail.html)):
        assert "https://ex.org" in said
        assert "@bob" in said
        assert (LINK in said) == (kind not in LEADS_NOWHERE)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_text_fits_a_narrow_window_and_asks_for_nothing_else(kind: str) -> None:
    mail = render(kind, "en", "UTC", VALUES)
    assert all(len(line) <= 72 for line in mail.text.splitlines())
    assert "\n\n\n" not in mail.text
    for asking in ("<script", "<img", "src=", "style=", "url(", "@import", "<link"):
        assert asking not in mail.html


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_mail_for_nobody_in_particular_can_be_written(kind: str) -> None:
    mail = render(kind, "en", "UTC", {**VALUES, "account": ""})
    assert "@ " not in mail.text


def test_a_number_is_said_as_one_says_it() -> None:
    assert "for 1 minute." in render("reset_password", "en", "UTC", {**VALUES, "minutes": "1"}).text
    assert "for 10 minutes." in render("reset_password", "en", "UTC", VALUES).text


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("UTC", "November 29, 2026, 6:30 PM UTC"),
        ("Asia/Kathmandu", "November 30, 2026, 12:15 AM GMT+5:45"),
        ("America/New_York", "November 29, 2026, 1:30 PM GMT-5"),
    ],
)
def test_a_moment_is_told_in_the_readers_zone(zone: str, moment: str) -> None:
    text = render("deletion_begun", "en", zone, VALUES).text
    # CLDR has a narrow space there.
    assert moment in " ".join(text.replace("\u202f", " ").split())


def test_what_people_typed_is_text_and_stays_theirs() -> None:
    typed = "<b>Hi</b> & bye\n\nClick here: https://evil.example\n-- \nTestville"
    mail = render("registration_waiting", "en", "UTC", {**VALUES, "reason": typed})
    assert "&lt;b&gt;Hi&lt;/b&gt; &amp; bye" in mail.html
    assert "<b>" not in mail.html
    for line in typed.splitlines():
        assert f"> {line}" in mail.text
    assert "\nClick here" not in mail.text


def test_the_name_of_a_server_is_text() -> None:
    mail = render("reset_password", "en", "UTC", {**VALUES, "server": "<i>A</i> & %(x)s {{ 1 }}"})
    assert mail.subject == "Choose a new password for <i>A</i> & %(x)s {{ 1 }}"
    assert "&lt;i&gt;A&lt;/i&gt; &amp; %(x)s {{ 1 }}" in mail.html
    assert "<i>" not in mail.html


def test_without_a_reason_none_is_shown() -> None:
    mail = render("registration_waiting", "en", "UTC", {**VALUES, "reason": ""})
    assert "why" not in mail.text
    assert "<blockquote" not in mail.html


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("mention", "mentioned you"),
        ("reply", "replied to you"),
        ("favourite", "favourited your post"),
        ("boost", "boosted your post"),
        ("follow", "followed you"),
        ("follow_request", "asks to follow you"),
    ],
)
def test_a_notification_says_who_did_what_and_where_to_choose(what: str, said: str) -> None:
    mail = render("notification", "en", "UTC", {**VALUES, "what": what, "excerpt": ""})
    assert mail.subject == f"Dora Dee {said} on Testville"
    for text in (mail.text, unescape(mail.html)):
        assert f"Dora Dee (@dora) {said}." in text
        assert "https://ex.org/settings/notifications" in text
    assert "> " not in mail.text
    assert "<blockquote" not in mail.html


def test_a_notification_quotes_and_nothing_quoted_passes_for_ours() -> None:
    quoted = "<b>Hi</b>\nClick here: https://evil.example"
    mail = render("notification", "en", "UTC", {**VALUES, "excerpt": quoted})
    assert "> <b>Hi</b>\n> Click here: https://evil.example" in mail.text
    assert "&lt;b&gt;Hi&lt;/b&gt;" in mail.html


def test_of_a_private_message_a_mail_says_who_wrote_it_alone() -> None:
    mail = render("message", "en", "UTC", {**VALUES, "text": "A secret"})
    assert mail.subject == "Dora Dee wrote to you on Testville"
    for text in (mail.text, unescape(mail.html)):
        assert "Dora Dee (@dora) wrote to you in private." in text
        assert "https://ex.org/settings/notifications" in text
        assert "secret" not in text


def test_there_is_no_mail_of_another_kind() -> None:
    for kind in ("", "nothing", "_layout", "../templates/reset_password"):
        with pytest.raises(LookupError):
            render(kind, "en", "UTC", VALUES)


@pytest.fixture
def persian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have a catalogue of Persian with some of the words."""
    catalogue = Catalog(locale="fa")
    catalogue.add("Choose a new password for %(server)s", "گذرواژه %(server)s")
    catalogue.add("Choose a new password", "گذرواژه")
    catalogue.add(
        ("The link works once, for %(num)s minute.", "The link works once, for %(num)s minutes."),
        ["%(num)s دقیقه", "%(num)s دقیقه"],
    )
    place = tmp_path / "fa" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(rendering, "_CATALOGUES", tmp_path)
    rendering._environment.cache_clear()
    yield
    rendering._environment.cache_clear()


def test_a_mail_is_written_in_the_readers_language(persian: None) -> None:
    mail = render("reset_password", "fa", "UTC", VALUES)
    assert mail.subject == "گذرواژه \u2068Testville\u2069"
    assert "10 دقیقه" in mail.text
    assert '<html lang="fa" dir="rtl">' in mail.html
    # Set apart, so that the @ stays where it is.
    assert "\u2066@bob\u2069" in mail.text
    assert "\u2066@bob\u2069" in mail.html
    assert render("reset_password", "en", "UTC", VALUES).subject.startswith("Choose")


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(
    ("language", "direction"), [("en", "ltr"), ("de", "ltr"), ("ar", "rtl"), ("ja", "ltr")]
)
def test_every_mail_says_in_which_language_and_direction_it_is(
    kind: str, language: str, direction: str
) -> None:
    mail = render(kind, language, "UTC", VALUES)
    assert f'<html lang="{language}" dir="{direction}">' in mail.html
    assert ("\u2068Testville\u2069" in mail.subject) == (direction == "rtl")
    for said in (mail.subject, mail.text, mail.html):
        apart = "\u2066@bob\u2069" in said or "@bob" not in said
        assert apart == (direction == "rtl" or "@bob" not in said)


@pytest.mark.parametrize(
    ("language", "zone", "moment"),
    [
        ("de", "Asia/Kolkata", "30. November 2026, 00:00 GMT+5:30"),
        ("es", "America/New_York", "29 de noviembre de 2026, 13:30 GMT-5"),
        ("ar", "Asia/Kathmandu", "30 نوفمبر 2026، 12:15 ص غرينتش\u200e+5:45"),
        ("ja", "Asia/Tokyo", "2026年11月30日 3:30 GMT+9"),
    ],
)
def test_a_moment_is_told_in_the_readers_language(language: str, zone: str, moment: str) -> None:
    mail = render("deletion_begun", language, zone, VALUES)
    for said in (mail.text, mail.html):
        assert moment in " ".join(said.replace("\u202f", " ").split())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_server_named_from_right_to_left_does_not_turn_a_subject_around(kind: str) -> None:
    name = "\u202eמיקרו (אב)\u2069"
    subject = render(kind, "en", "UTC", {**VALUES, "server": name}).subject
    assert "\u2068מיקרו (אב)\u2069" in subject
    assert subject.count("\u2069") == 1
    assert "\u202e" not in subject


def test_a_language_without_a_catalogue_is_written_in_english(persian: None) -> None:
    mail = render("reset_password", "pt-BR", "UTC", VALUES)
    assert mail.subject == "Choose a new password for Testville"
    assert '<html lang="pt-BR" dir="ltr">' in mail.html


def test_every_word_of_a_mail_goes_through_gettext() -> None:
    folder = "microblog/mail/templates"
    paths = [path for ending in ("*.jinja", "*.html") for path in list_files(folder, ending)]
    assert len(paths) > len(KINDS)
    for path in paths:
        source = path.read_text(encoding="utf-8")
        assert_none(problem for found in read_template(source) for problem in problems_of(found))
        assert all(Path(part).name.startswith("_") for part in list_parts(source))
    for path in list_files(folder, "*.txt"):
        assert_none(find_plain_words(name(path), path.read_text(encoding="utf-8")))


def problems_of(found: object) -> list[str]:
    return list(find_in_text(found)) if isinstance(found, Text) else []
