"""The life of an account, in browsers and a mailbox: made, guarded, lost, found and left.

All is as on somebody's own machine: `microblog serve` with its processes, and a mail server.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from microblog import clock, create_app
from microblog.config import Config
from microblog.mail import MailServer
from microblog.models import User
from microblog.services import Services
from microblog.worker import schedule
from tests import make
from tests.authenticator import Authenticator
from tests.journeys.checks import AXE, barriers, what_sticks_out
from tests.journeys.doors import give_code, give_password, set_up_second_factor
from tests.journeys.live import PHONE, Live, OpenWindow
from tests.mail_server import Post, Received, mail_server
from tests.processes import MICROBLOG, PROC, free_port, running, wait_for

pytestmark = pytest.mark.skipif(not PROC.is_dir(), reason="Processes are looked up in /proc.")

PASSWORD, NEW_PASSWORD = "seven lamps in the hall", "eight boats on the river"
EMAIL, NEW_EMAIL = "susan@ex.com", "susan@elsewhere.example"

CONFIRM = "Confirm your address for Testville"
RESET = "Choose a new password for Testville"
RESET_DONE = "Your password for Testville was changed"
SECOND_FACTOR = "Logging in to Testville asks for a code now"
CHANGE = "Confirm your new address for Testville"
CHANGED = "Your address for Testville was changed"
LEAVING = "Your account on Testville will be deleted"
LEFT = "Your account on Testville is deleted"


@pytest.fixture
def mail() -> Iterator[tuple[Post, MailServer]]:
    """Return a mail server and how to reach it."""
    with mail_server() as found:
        yield found


@pytest.fixture
def post(mail: tuple[Post, MailServer]) -> Post:
    """Return what the mail server gets."""
    return mail[0]


@pytest.fixture
def live(
    browser: Browser, tmp_path: Path, migrated: Path, mail: tuple[Post, MailServer]
) -> Iterator[Live]:
    """Return a server of several processes that anybody may join and that sends mail."""
    folder, port = tmp_path / "data", free_port()
    folder.mkdir(mode=0o700)
    shutil.copy(migrated, folder / "microblog.db")
    services: Services = create_app(Config(DATA_DIR=folder)).extensions["microblog"]
    make.server(services.db)
    command = [*MICROBLOG, "serve", "--workers=2", f"--port={port}"]
    settings = {"MAIL_SERVER": mail[1].host, "MAIL_PORT": str(mail[1].port)}
    with running(command, tmp_path, port, **settings) as server:
        server.wait_until_it_answers()
        yield Live(server.url, services)
    services.db.dispose()


def test_an_account_is_made_guarded_lost_found_and_left(
    open_window: OpenWindow, live: Live, post: Post
) -> None:
    laptop, tablet = open_window().page, open_window().page
    window = open_window(viewport=PHONE, color_scheme="dark", reduced_motion="reduce")
    window.context.add_init_script(path=AXE)
    phone = window.page

    register(laptop)
    confirm(tablet, link_in(mail_to(post, EMAIL, CONFIRM)))
    for page in (laptop, tablet):
        page.goto("/auth/login")
        give_password(page, "susan", PASSWORD)
        expect(heading(page, "Home")).to_be_visible()
    authenticator, codes = set_up_second_factor(laptop, PASSWORD)
    mail_to(post, EMAIL, SECOND_FACTOR)

    link = get_reset_link(phone, post)
    reset(phone, link)
    mail_to(post, EMAIL, RESET_DONE)
    for page in (laptop, tablet):
        page.goto("/settings/security")
        expect(heading(page, "Log in")).to_be_visible()
    tablet.goto(link)
    expect(heading(tablet, "This link does not work any more")).to_be_visible()

    give_password(phone, "susan", PASSWORD)
    expect(phone.get_by_text("do not belong together")).to_be_visible()
    give_password(phone, "susan", NEW_PASSWORD)
    expect(phone.get_by_label("Code")).to_be_visible()
    assert_all_is_well(phone)
    give_code(phone, authenticator.code())
    expect(phone.get_by_text("This code is not right, or was used before")).to_be_visible()
    # Of the time it is by now; the one after it, since the first may have been of this half minute.
    give_code(phone, Authenticator(authenticator.secret).code(later=1))
    expect(heading(phone, "Home")).to_be_visible()

    ask_to_change_address(phone, codes[0])
    follow_to_new_address(phone, link_in(mail_to(post, NEW_EMAIL, CHANGE)))
    mail_to(post, EMAIL, CHANGED)
    ask_to_leave(phone, codes[1])
    mail_to(post, NEW_EMAIL, LEAVING)
    stay(phone)
    ask_to_leave(phone, codes[2])
    pass_the_days_of_grace(live)
    mail_to(post, NEW_EMAIL, LEFT)
    assert_nothing_is_left(phone)


def test_without_scripts_an_account_is_made_lost_and_found(
    open_window: OpenWindow, post: Post
) -> None:
    page = open_window(viewport=PHONE, java_script_enabled=False).page
    register(page)
    confirm(page, link_in(mail_to(post, EMAIL, CONFIRM)))
    link = get_reset_link(page, post)
    reset(page, link)
    give_password(page, EMAIL, NEW_PASSWORD)
    expect(heading(page, "Home")).to_be_visible()
    page.goto(link)
    expect(heading(page, "This link does not work any more")).to_be_visible()


def register(page: Page) -> None:
    ask_for_account(page)
    expect(heading(page, "A mail is on its way")).to_be_visible()


def ask_for_account(page: Page) -> None:
    page.goto("/auth/register")
    page.get_by_label("Username").fill("susan")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password, once more").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()


def confirm(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.get_by_text(EMAIL)).to_be_visible()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Your address is confirmed. Now log in.")).to_be_visible()


def get_reset_link(page: Page, post: Post) -> str:
    page.goto("/auth/login")
    page.get_by_role("link", name="Set a new one").click()
    expect(heading(page, "Forgotten your password?")).to_be_visible()
    page.get_by_label("Username or e-mail").fill("susan")
    page.get_by_role("button", name="Send me a mail").click()
    expect(heading(page, "Look into your mail")).to_be_visible()
    return link_in(mail_to(post, EMAIL, RESET))


def reset(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("New password, once more").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("Your new password is set. Log in with it.")).to_be_visible()


def ask_to_change_address(page: Page, code: str) -> None:
    page.goto("/settings/account")
    part = unfold(page, "E-mail address", "Change address")
    part.get_by_label("New address").fill(NEW_EMAIL)
    show_who_one_is(part, code)
    assert_all_is_well(page)
    part.get_by_role("button", name="Mail the link").click()
    expect(page.get_by_text(f"We sent a link to {NEW_EMAIL}.")).to_be_visible()
    expect(page.get_by_text(f"{EMAIL} confirmed")).to_be_visible()
    assert_all_is_well(page)


def follow_to_new_address(page: Page, link: str) -> None:
    page.goto(link)
    assert_all_is_well(page)
    page.get_by_role("button", name="Use this address").click()
    expect(page.get_by_text(f"From now on, mail for you goes to {NEW_EMAIL}.")).to_be_visible()


def ask_to_leave(page: Page, code: str) -> None:
    page.goto("/settings/account")
    expect(page.get_by_text(f"{NEW_EMAIL} confirmed")).to_be_visible()
    part = unfold(page, "Delete account", "Delete account")
    show_who_one_is(part, code)
    assert_all_is_well(page)
    part.get_by_role("button", name="Delete my account").click()
    expect(notice_of_leaving(page)).to_be_visible()
    expect(page.get_by_text("Until then everything is as it was")).to_be_visible()
    assert_all_is_well(page)


def stay(page: Page) -> None:
    page.get_by_role("button", name="Keep my account").click()
    expect(page.get_by_text("Your account stays.")).to_be_visible()
    expect(notice_of_leaving(page)).to_have_count(0)


def pass_the_days_of_grace(live: Live) -> None:
    """Let the day come, and the moment at which the worker looks who goes; it does the rest."""

    def come(session: Session) -> None:
        session.execute(update(User).values(delete_at=clock.now()))

    live.db.write(come)
    schedule.start_deletions(live.services)


def assert_nothing_is_left(page: Page) -> None:
    page.goto("/settings/account")
    expect(heading(page, "Log in")).to_be_visible()
    give_password(page, "susan", NEW_PASSWORD)
    expect(page.get_by_text("do not belong together")).to_be_visible()
    page.goto("/@susan")
    expect(heading(page, "There is nothing here")).to_be_visible()
    ask_for_account(page)
    expect(page.get_by_text("This name is taken")).to_be_visible()


def unfold(page: Page, part: str, label: str) -> Locator:
    """Open a form of a part of a page; return the part."""
    region = page.get_by_role("region", name=part)
    region.locator("summary", has_text=label).click()
    return region


def show_who_one_is(part: Locator, code: str) -> None:
    part.get_by_label("Current password").fill(NEW_PASSWORD)
    part.get_by_label("Code of your authenticator").fill(code)


def mail_to(post: Post, address: str, subject: str) -> Received:
    """Wait for a mail; there must be one only."""
    (mail,) = wait_for(
        lambda: [
            mail
            for mail in post.received
            if mail.receivers == [address] and mail.message["Subject"] == subject
        ],
        f"the mail {subject!r} to {address}",
    )
    return mail


def link_in(mail: Received) -> str:
    """Return where the mail leads, the same in its text and in its HTML."""
    (link,) = re.findall(r"http://\S+/auth/\S+", mail.text())
    assert f'href="{link}"' in mail.text("html")
    return str(link)


def heading(page: Page, words: str) -> Locator:
    return page.get_by_role("heading", name=words, exact=True)


def notice_of_leaving(page: Page) -> Locator:
    return page.get_by_role("heading", name="Your account will be deleted on")


def assert_all_is_well(page: Page) -> None:
    assert (barriers(page), what_sticks_out(page)) == ([], [])
