"""What somebody does at a place, which brings it into one of its states."""

from collections.abc import Callable

from playwright.sync_api import FilePayload, Page, expect

from tests.cast import PASSWORD
from tests.files import samples
from tests.journeys.town import FOR_FEW, HALF_A_NAME


def send_empty_post(page: Page) -> None:
    page.eval_on_selector("form.composer", "form => { form.noValidate = true; form.submit(); }")
    expect(page.locator("#write-text-error")).to_be_visible()


def send_nothing(page: Page) -> None:
    page.locator("#write").fill("")
    send_empty_post(page)


def log_in_as(username: str) -> Callable[[Page], None]:
    """Return what somebody does who is told, once they have logged in, that they may not."""

    def log_in(page: Page) -> None:
        page.locator("input[name=identifier]").fill(username)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("form.form button:visible").last.click()
        expect(page.locator("input[name=password]")).to_have_count(0)

    return log_in


def translate(page: Page) -> None:
    page.locator(".post-translate button").click()
    expect(page.locator(".translation-foot button")).to_be_visible()


def send(page: Page) -> None:
    # What somebody has had translated is there for the next one.
    for button in page.locator("main form button").all():
        button.click()
    expect(page.locator(".translation")).to_be_visible()


def wait_for_mail(page: Page) -> None:
    log_in_as("arrival")(page)
    page.goto("/auth/confirm")
    expect(page.locator("form.form button")).to_be_visible()


def send_empty_form(page: Page) -> None:
    page.locator("form.form button:visible").last.click()
    expect(page.locator(".field-error").first).to_be_visible()


def send_wrong_picture(page: Page) -> None:
    page.locator("#avatar").set_input_files(
        {"name": "notes.txt", "mimeType": "image/png", "buffer": b"These are notes."}
    )
    send_empty_form(page)


def unfold(page: Page) -> None:
    for summary in page.locator("main summary").all():
        summary.click()


def send_unfolded(page: Page) -> None:
    unfold(page)
    send_empty_form(page)


def give_password(page: Page) -> None:
    page.locator("input[name=identifier]").fill("alice")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form.form button:visible").last.click()
    expect(page.locator("input[name=code]")).to_be_visible()


def give_wrong_code(page: Page) -> None:
    give_password(page)
    send_empty_form(page)


def use_recovery_code(page: Page) -> None:
    give_password(page)
    page.locator("a[href*=recovery]").click()
    page.wait_for_url("**recovery**")


def set_up_second_factor(page: Page) -> None:
    page.locator("main form button").click()
    expect(page.locator(".scan-code")).to_be_visible()


def follow(page: Page) -> None:
    page.locator("main").get_by_role("button").first.click()
    expect(page.locator(".notices .flash")).to_be_visible()


def ask_to_delete(page: Page) -> None:
    open_menu(page)
    page.locator("#menu .menu-item-danger").click()
    expect(page.locator("dialog[open]")).to_be_visible()


def open_menu(page: Page) -> None:
    page.locator(".post-act-more").first.click()
    expect(page.locator("#menu .menu-item:visible").first).to_be_focused()


def load_older(page: Page) -> None:
    cards = page.get_by_role("article")
    before = cards.count()
    page.locator("[data-older]").click()
    expect(cards.nth(before)).to_be_visible()


def ask_for_keys(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("#keys[open]")).to_be_visible()


def unfold_replies(page: Page) -> None:
    for summary in page.locator(".thread-folded > summary").all():
        summary.click()


def begin_answer(page: Page) -> None:
    page.locator("#write").focus()
    expect(page.locator("form.composer .btn-primary")).to_be_visible()


def begin_name(page: Page) -> None:
    page.locator("#write").press_sequentially(HALF_A_NAME)
    expect(page.get_by_role("listbox")).to_be_visible()


def write_too_much(page: Page) -> None:
    page.locator("#write").fill("Far too much. " * 40)


def write_with_warning(page: Page) -> None:
    page.locator("#write").fill("A word about #pines")
    page.locator(".composer-warning > summary").click()
    page.locator("input[name=warning]").fill("Trees")


def open_description(page: Page) -> None:
    page.locator(".picture-alt > summary").first.click()
    expect(page.locator(".picture-description").first).to_be_visible()


def open_picture(page: Page) -> None:
    page.locator(".picture-link").first.click()
    expect(page.locator("#lightbox img")).to_be_visible()


def choose_pictures(page: Page) -> None:
    picture: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": samples.photo()}
    page.locator("input[type=file]").set_input_files([picture, picture])
    expect(page.locator("[data-picture]")).to_have_count(2)


def choose_no_picture(page: Page) -> None:
    words: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": samples.html()}
    page.locator("input[type=file]").set_input_files(words)
    expect(page.locator("#write-pictures-error")).to_be_visible()


def forget_that_tags_are_public(page: Page) -> None:
    page.locator("#write").fill(FOR_FEW)
    page.locator("select[name=visibility]").select_option("followers")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-reminders]")).to_be_visible()


def show_card(page: Page) -> None:
    page.locator(".post-name").first.hover()
    expect(page.locator("#person-card")).to_be_visible()


def open_person_menu(page: Page) -> None:
    page.locator("#profile-more").click()
    expect(page.locator("#menu")).to_be_visible()
