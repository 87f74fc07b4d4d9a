"""A second factor in a real browser: set up, kept, used to log in, and lost."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, Cast
from tests.journeys.checks import AXE, barriers, what_sticks_out
from tests.journeys.doors import give_code, give_password, set_up_second_factor
from tests.journeys.live import DESK, PHONE, OpenWindow


def log_in(page: Page) -> None:
    page.goto("/auth/login?next=/@alice")
    give_password(page, "bob", PASSWORD)


def test_somebody_sets_it_up_logs_in_with_it_and_loses_the_phone(
    open_window: OpenWindow, people: Cast
) -> None:
    window = open_window()
    authenticator, codes = set_up_second_factor(window.log_in(people.bob), PASSWORD)
    window.page.get_by_role("link", name="I have kept them").click()
    expect(window.page.get_by_text("10 recovery codes are left.")).to_be_visible()

    elsewhere = open_window(viewport=PHONE).page
    log_in(elsewhere)
    # The only field has the focus, so that one can type at once.
    expect(elsewhere.get_by_label("Code")).to_be_focused()
    give_code(elsewhere, "000000")
    expect(elsewhere.get_by_text("This code is not right")).to_be_visible()
    give_code(elsewhere, authenticator.code(later=1))
    elsewhere.wait_for_url("**/@alice")

    without_phone = open_window().page
    log_in(without_phone)
    without_phone.get_by_role("link", name="Use a recovery code").click()
    give_code(without_phone, codes[4].upper())
    without_phone.wait_for_url("**/@alice")
    expect(without_phone.get_by_text("9 are left.")).to_be_visible()

    without_phone.goto("/settings/second-factor/delete")
    without_phone.get_by_label("Current password").fill(PASSWORD)
    without_phone.get_by_label("Code of your authenticator").fill(codes[5])
    without_phone.get_by_role("button", name="Switch off").click()
    expect(without_phone.get_by_text("The second factor is off.")).to_be_visible()


def test_recovery_codes_are_copied_saved_and_printed(open_window: OpenWindow, people: Cast) -> None:
    window = open_window(reduced_motion="reduce", permissions=["clipboard-read", "clipboard-write"])
    window.context.add_init_script(path=AXE)
    page = window.log_in(people.bob)
    _, codes = set_up_second_factor(page, PASSWORD)

    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").split() == codes
    with page.expect_download() as saving:
        page.get_by_role("link", name="Save as a file").click()
    saved = Path(saving.value.path()).read_text(encoding="utf-8")
    assert saving.value.suggested_filename == "recovery-codes.txt"
    assert saved.split()[-10:] == codes
    page.evaluate("window.print = () => { document.title = 'Printing' }")
    page.get_by_role("button", name="Print").click()
    expect(page).to_have_title("Printing")

    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert (barriers(page), what_sticks_out(page)) == ([], [])
    page.emulate_media(media="print")
    expect(page.get_by_text("Recovery codes of @bob at Testville")).to_be_visible()
    for code in codes:
        expect(page.get_by_text(code)).to_be_visible()
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()


def test_without_scripts_the_codes_can_still_be_kept(open_window: OpenWindow, people: Cast) -> None:
    page = open_window(java_script_enabled=False).log_in(people.bob)
    _, codes = set_up_second_factor(page, PASSWORD)
    assert len(codes) == 10
    expect(page.get_by_role("link", name="Save as a file")).to_be_visible()
    # What would do nothing is not shown.
    expect(page.locator("[data-copy], [data-print]").first).to_be_hidden()
    expect(page.locator("[data-copy], [data-print]").last).to_be_hidden()
