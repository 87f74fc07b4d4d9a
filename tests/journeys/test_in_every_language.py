"""Register, write, have something translated, read a mail: in languages people really speak."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from tests import make
from tests.cast import PASSWORD, assemble
from tests.journeys.live import Live, Window, live_server
from tests.processes import wait_for
from tests.translating import KEY, translating_server

# What each page says, in the language: registering, the post, translating, the mail's subject.
SAID = {
    "en": ("ltr", "Create account", "Your post is out.", "Show original", "Choose a new"),
    "de": ("ltr", "Konto anlegen", "Dein Beitrag ist draußen.", "Original zeigen", "Wähle ein"),
    "ar": ("rtl", "إنشاء حساب", "نُشر منشورك.", "عرض الأصل", "اختر كلمة مرور"),
    "ja": ("ltr", "アカウント作成", "投稿しました。", "原文を表示", "Testville の新しいパスワード"),
}
SPANISH = "Los pinos están muy tranquilos hoy, y el lago también."


@pytest.fixture
def live(browser: Browser, tmp_path: Path, migrated: Path) -> Iterator[Live]:
    """Return a server with a translator, on which Alice has written in Spanish."""
    with translating_server() as service:
        settings: dict[str, Any] = {"LIBRETRANSLATE_URL": service.url, "LIBRETRANSLATE_KEY": KEY}
        with live_server(tmp_path / "data", migrated, **settings) as live:
            make.post(live.db, assemble(live.db).alice, SPANISH)
            yield live


@pytest.mark.parametrize("language", SAID)
def test_a_newcomer_is_at_home(browser: Browser, live: Live, language: str) -> None:
    direction, heading, is_out, show_original, subject = SAID[language]
    window = Window(browser, live, locale=language)
    page = window.page
    page.goto("/auth/register")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("html")).to_have_attribute("dir", direction)
    expect(page.locator("h1")).to_have_text(heading)
    register(page)

    page.locator("#write").fill("ok")
    page.locator("form.composer .btn-primary").click()
    expect(page.get_by_text(is_out)).to_be_visible()

    page.goto("/explore")
    page.locator(".post", has_text=SPANISH).locator(".post-time").click()
    original = page.locator(".post > .post-text")
    width = box_of(original)["width"]
    page.locator(".post-translate button").click()
    translated = page.locator(".translation")
    expect(translated.locator(".post-text")).to_have_text(SPANISH.upper())
    expect(translated.locator(".post-text")).to_have_attribute("lang", language)
    assert box_of(translated.locator(".post-text"))["width"] == width
    expect(original).to_be_hidden()
    # The focus is where the work went on.
    expect(translated.get_by_role("button", name=show_original)).to_be_focused()
    page.keyboard.press("Enter")
    expect(original).to_be_visible()
    expect(translated.locator(".post-text")).to_be_hidden()

    page.goto("/settings/profile")
    page.locator(".nav-leave button").click()
    page.goto("/auth/reset")
    page.locator("input[name=identifier]").fill("newcomer")
    page.locator("form.form button").click()
    expect(page).to_have_url(re.compile("/auth/reset/sent$"))
    mailer = live.services.mailer
    wait_for(lambda: bool(mailer.kept()), "the mail")
    (mail,) = mailer.kept()
    assert mail.subject.startswith(subject)
    window.close()


def test_without_scripts_a_page_translates(browser: Browser, live: Live) -> None:
    window = Window(browser, live, locale="de", java_script_enabled=False)
    page = window.page
    page.goto("/auth/register")
    register(page)
    page.goto("/explore")
    page.get_by_role("button", name="Übersetzen").click()
    expect(page.get_by_role("heading", name="Übersetzung", exact=True)).to_be_visible()
    expect(page.locator(".translation .post-text")).to_have_text(SPANISH.upper())
    expect(page.locator("blockquote")).to_have_text(SPANISH)
    page.get_by_role("link", name="Zurück zum Beitrag").click()
    expect(page.locator(".post .post-text")).to_have_text(SPANISH)
    window.close()


def box_of(element: Locator) -> FloatRect:
    box = element.bounding_box()
    assert box is not None
    return box


def register(page: Page) -> None:
    page.locator("input[name=username]").fill("newcomer")
    page.locator("input[name=email]").fill("newcomer@ex.com")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password_again]").fill(PASSWORD)
    page.locator("form.form button").last.click()
    expect(page.locator("#write")).to_be_visible()
