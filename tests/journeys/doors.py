"""How people get in: what they type at the login page, and how they set up a second factor."""

from playwright.sync_api import Page, expect

from tests.authenticator import Authenticator


def give_password(page: Page, name: str, password: str) -> None:
    """Fill in the login page, which is open."""
    page.get_by_label("Username or e-mail").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def give_code(page: Page, code: str) -> None:
    """Take the second step."""
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Log in").click()


def set_up_second_factor(page: Page, password: str) -> tuple[Authenticator, list[str]]:
    """Walk through the pages as far as the recovery codes."""
    page.goto("/settings/second-factor")
    page.get_by_role("button", name="Set up").click()
    key = page.locator(".secret").inner_text().replace(" ", "")
    authenticator = Authenticator(key)
    page.get_by_label("First code").fill(authenticator.code())
    page.get_by_label("Current password").fill(password)
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    return authenticator, page.locator(".codes code").all_inner_texts()
