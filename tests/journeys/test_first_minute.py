"""The first minute of a server and of its first two people, in a browser."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.live import Live, OpenWindow
from tests.make import PASSWORD


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_an_empty_server_to_reading_each_other(
    live: Live, open_window: OpenWindow, scripts: bool
) -> None:
    susan = open_window(java_script_enabled=scripts).page
    set_up(susan)
    expect(susan.get_by_role("heading", name="Home", exact=True)).to_be_visible()
    expect(susan.get_by_text("Your server is ready")).to_be_visible()
    expect(susan.get_by_text("Your home is ready")).to_be_visible()

    write(susan, "My first post")
    expect(susan.get_by_text("Your post is out.")).to_be_visible()
    expect(posts(susan)).to_have_text([re.compile("My first post")])

    david = open_window(java_script_enabled=scripts).page
    register(david)
    expect(david.get_by_text("Welcome, david!")).to_be_visible()
    # The home page of a new account is never empty.
    david.locator("main").get_by_role("button", name="Follow susan").click()
    expect(david.get_by_text("You follow susan now.")).to_be_visible()
    david.goto("/")
    expect(posts(david)).to_have_text([re.compile("My first post")])

    write(david, "Hello @susan, look at #pines")
    david.get_by_role("link", name="#pines").click()
    expect(david).to_have_url(re.compile(r"/tags/pines$"))
    expect(posts(david)).to_have_text([re.compile("Hello @susan")])
    david.get_by_role("link", name="@susan").click()
    expect(david.get_by_role("heading", name="susan", exact=True, level=1)).to_be_visible()
    expect(david.locator("main").get_by_role("button", name="Following susan")).to_be_visible()

    susan.goto("/explore")
    expect(posts(susan)).to_have_text([re.compile("Hello @susan"), re.compile("My first post")])
    susan.goto("/@david")
    expect(susan.get_by_text("Follows you")).to_be_visible()
    susan.locator("main").get_by_role("button", name="Follow back david").click()
    expect(susan.locator("main").get_by_role("button", name="Following david")).to_be_visible()

    delete_first_post(susan, scripts)
    log_out(susan)
    expect(susan.get_by_text("You are logged out.")).to_be_visible()
    log_in(susan)
    expect(susan.get_by_role("heading", name="Home", exact=True)).to_be_visible()


def set_up(page: Page) -> None:
    page.goto("/explore")
    expect(page).to_have_url(re.compile(r"/setup$"))
    page.get_by_label("Name of the server").fill("Pine Street")
    fill_in_account(page, "susan")
    page.get_by_role("button", name="Start the server").click()


def register(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="Pine Street")).to_be_visible()
    page.locator("main").get_by_role("link", name="Create account").click()
    fill_in_account(page, "david")
    page.get_by_role("button", name="Create account").click()


def fill_in_account(page: Page, username: str) -> None:
    page.get_by_label("Username").fill(username)
    page.get_by_label("E-mail").fill(f"{username}@ex.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password, once more").fill(PASSWORD)


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Log out").first.click()


def log_in(page: Page) -> None:
    page.goto("/auth/login")
    page.get_by_label("Username or e-mail").fill("susan")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def write(page: Page, text: str) -> None:
    page.get_by_label("Write a post").fill(text)
    page.get_by_role("button", name="Post", exact=True).click()


def delete_first_post(page: Page, scripts: bool) -> None:
    page.goto("/@susan")
    page.get_by_role("article").get_by_role("link", name="More").click()
    menu = page.locator("#menu" if scripts else "main")
    menu.get_by_role("link", name="Delete", exact=True).click()
    question = page.get_by_role("dialog") if scripts else page.locator("main")
    expect(question.get_by_role("heading", name="Delete this post?")).to_be_visible()
    question.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The post is deleted.")).to_be_visible()
    expect(posts(page)).to_have_count(0)


def posts(page: Page) -> Locator:
    return page.get_by_role("article")
