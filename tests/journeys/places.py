"""Every page of the server, in every state that it has, and who looks at it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import FilePayload, Page, expect

from tests.cast import PASSWORD
from tests.files import samples
from tests.journeys.live import Window
from tests.journeys.town import FOR_FEW, HALF_A_NAME, Town

# Bob follows people and writes; Carol is new and follows nobody; Alice runs the server.
Who = Literal["visitor", "alice", "bob", "carol", "first visitor"]


@dataclass(frozen=True)
class Place:
    """A page: the view it belongs to, its path in a Town, who goes there, and what they do."""

    name: str
    endpoint: str
    path: str
    who: Who
    act: Callable[[Page], None] | None = None


def go(place: Place, window: Window, town: Town) -> Page:
    """Open a place in a window of its own."""
    log_in(place, window, town)
    return visit(place, window, town)


def log_in(place: Place, window: Window, town: Town) -> None:
    """Let a window be of who goes to a place."""
    if place.who in ("alice", "bob", "carol"):
        window.log_in(getattr(town.people, place.who))


def visit(place: Place, window: Window, town: Town) -> Page:
    """Open a place in a window of whoever goes there, and do what they do."""
    window.page.goto(place.path.format(**town.places))
    if place.act is not None:
        place.act(window.page)
    return window.page


def _send_empty_post(page: Page) -> None:
    page.eval_on_selector("form.composer", "form => { form.noValidate = true; form.submit(); }")
    expect(page.locator("#write-text-error")).to_be_visible()


def _send_nothing(page: Page) -> None:
    page.locator("#write").fill("")
    _send_empty_post(page)


def _log_in_as(username: str) -> Callable[[Page], None]:
    """Return what somebody does who is told, once they have logged in, that they may not."""

    def log_in(page: Page) -> None:
        page.locator("input[name=identifier]").fill(username)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("form.form button:visible").last.click()
        expect(page.locator("input[name=password]")).to_have_count(0)

    return log_in


def _translate(page: Page) -> None:
    page.locator(".post-translate button").click()
    expect(page.locator(".translation-foot button")).to_be_visible()


def _send(page: Page) -> None:
    # What somebody has had translated is there for the next one.
    for button in page.locator("main form button").all():
        button.click()
    expect(page.locator(".translation")).to_be_visible()


def _wait_for_mail(page: Page) -> None:
    _log_in_as("arrival")(page)
    page.goto("/auth/confirm")
    expect(page.locator("form.form button")).to_be_visible()


def _send_empty_form(page: Page) -> None:
    page.locator("form.form button:visible").last.click()
    expect(page.locator(".field-error").first).to_be_visible()


def _send_wrong_picture(page: Page) -> None:
    page.locator("#avatar").set_input_files(
        {"name": "notes.txt", "mimeType": "image/png", "buffer": b"These are notes."}
    )
    _send_empty_form(page)


def _unfold(page: Page) -> None:
    for summary in page.locator("main summary").all():
        summary.click()


def _send_unfolded(page: Page) -> None:
    _unfold(page)
    _send_empty_form(page)


def _give_password(page: Page) -> None:
    page.locator("input[name=identifier]").fill("alice")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form.form button:visible").last.click()
    expect(page.locator("input[name=code]")).to_be_visible()


def _give_wrong_code(page: Page) -> None:
    _give_password(page)
    _send_empty_form(page)


def _use_recovery_code(page: Page) -> None:
    _give_password(page)
    page.locator("a[href*=recovery]").click()
    page.wait_for_url("**recovery**")


def _set_up_second_factor(page: Page) -> None:
    page.locator("main form button").click()
    expect(page.locator(".scan-code")).to_be_visible()


def _follow(page: Page) -> None:
    page.locator("main").get_by_role("button").first.click()
    expect(page.locator(".notices .flash")).to_be_visible()


def _ask_to_delete(page: Page) -> None:
    _open_menu(page)
    page.locator("#menu .menu-item-danger").click()
    expect(page.locator("dialog[open]")).to_be_visible()


def _open_menu(page: Page) -> None:
    page.locator(".post-act-more").first.click()
    expect(page.locator("#menu .menu-item:visible").first).to_be_focused()


def _load_older(page: Page) -> None:
    cards = page.get_by_role("article")
    before = cards.count()
    page.locator("[data-older]").click()
    expect(cards.nth(before)).to_be_visible()


def _ask_for_keys(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("#keys[open]")).to_be_visible()


def _unfold_replies(page: Page) -> None:
    for summary in page.locator(".thread-folded > summary").all():
        summary.click()


def _begin_answer(page: Page) -> None:
    page.locator("#write").focus()
    expect(page.locator("form.composer .btn-primary")).to_be_visible()


def _begin_name(page: Page) -> None:
    page.locator("#write").press_sequentially(HALF_A_NAME)
    expect(page.get_by_role("listbox")).to_be_visible()


def _write_too_much(page: Page) -> None:
    page.locator("#write").fill("Far too much. " * 40)


def _write_with_warning(page: Page) -> None:
    page.locator("#write").fill("A word about #pines")
    page.locator(".composer-warning > summary").click()
    page.locator("input[name=warning]").fill("Trees")


def _open_description(page: Page) -> None:
    page.locator(".picture-alt > summary").first.click()
    expect(page.locator(".picture-description").first).to_be_visible()


def _open_picture(page: Page) -> None:
    page.locator(".picture-link").first.click()
    expect(page.locator("#lightbox img")).to_be_visible()


def _choose_pictures(page: Page) -> None:
    picture: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": samples.photo()}
    page.locator("input[type=file]").set_input_files([picture, picture])
    expect(page.locator("[data-picture]")).to_have_count(2)


def _choose_no_picture(page: Page) -> None:
    words: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": samples.html()}
    page.locator("input[type=file]").set_input_files(words)
    expect(page.locator("#write-pictures-error")).to_be_visible()


def _forget_that_tags_are_public(page: Page) -> None:
    page.locator("#write").fill(FOR_FEW)
    page.locator("select[name=visibility]").select_option("followers")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-reminders]")).to_be_visible()


def _show_card(page: Page) -> None:
    page.locator(".post-name").first.hover()
    expect(page.locator("#person-card")).to_be_visible()


def _open_person_menu(page: Page) -> None:
    page.locator("#profile-more").click()
    expect(page.locator("#menu")).to_be_visible()


def _for_both(name: str, endpoint: str, path: str) -> list[Place]:
    visitor = Place(f"{name}, signed out", endpoint, path, "visitor")
    return [visitor, Place(f"{name}, signed in", endpoint, path, "bob")]


PLACES = [
    Place("setup", "setup.new", "/setup", "first visitor"),
    Place("setup, refused", "setup.new", "/setup", "first visitor", _send_empty_form),
    Place("login", "sessions.new", "/auth/login?next=/@bob", "visitor"),
    Place("login, refused", "sessions.new", "/auth/login", "visitor", _send_empty_form),
    Place("register", "registrations.new", "/auth/register", "visitor"),
    Place("register, refused", "registrations.new", "/auth/register", "visitor", _send_empty_form),
    Place("register, waiting", "registrations.waiting", "/auth/register/waiting", "visitor"),
    Place("login, unconfirmed", "sessions.new", "/auth/login", "visitor", _log_in_as("arrival")),
    Place("login, waiting", "sessions.new", "/auth/login", "visitor", _log_in_as("newcomer")),
    Place("login, suspended", "sessions.new", "/auth/login", "visitor", _log_in_as("troll")),
    Place("forgotten", "resets.new", "/auth/reset", "visitor"),
    Place("forgotten, refused", "resets.new", "/auth/reset", "visitor", _send_empty_form),
    Place("reset, mail sent", "resets.sent", "/auth/reset/sent", "visitor"),
    Place("reset", "resets.edit", "{reset}", "visitor"),
    Place("reset, refused", "resets.edit", "{reset}", "visitor", _send_empty_form),
    Place("reset, dead link", "resets.edit", "/auth/reset/gone", "visitor"),
    Place("confirm, mail sent", "confirmations.new", "/auth/confirm", "visitor"),
    Place("confirm, once more", "confirmations.new", "/auth/login", "visitor", _wait_for_mail),
    Place("confirm", "confirmations.show", "{confirm}", "visitor"),
    Place("confirm, new address", "confirmations.show", "{change}", "bob"),
    Place("confirm, dead link", "confirmations.show", "/auth/confirm/gone", "visitor"),
    Place("home", "home.show", "/", "bob"),
    Place("home, newcomer", "home.show", "/", "carol"),
    Place("home, older", "home.show", "/", "bob", _load_older),
    Place("home, stale", "home.show", "/?before=1", "bob"),
    Place("home, too much", "home.show", "/", "bob", _write_too_much),
    Place("home, completing", "home.show", "/", "bob", _begin_name),
    Place("post, refused", "home.show", "/", "bob", _send_empty_post),
    *_for_both("explore", "explore.show", "/explore"),
    Place("explore, last page", "explore.show", "/explore?after=1", "visitor"),
    Place("explore, stale", "explore.show", "/explore?before=1", "visitor"),
    *_for_both("profile", "profiles.show", "/@alice"),
    Place("profile, replies", "profiles.replies", "/@alice/replies", "bob"),
    Place("profile, media", "profiles.media", "/@alice/media", "bob"),
    Place("profile, following", "profiles.show", "/@carol", "bob", _follow),
    Place("own profile", "profiles.show", "/@bob", "bob"),
    Place("own post, deleting", "posts.show", "/@bob/{own}", "bob", _ask_to_delete),
    Place("profile, long", "profiles.show", "/@{long}", "bob"),
    Place("profile, right to left", "profiles.show", "/@huda", "visitor"),
    Place("profile, without posts", "profiles.show", "/@carol", "visitor"),
    *_for_both("post", "posts.show", "/@alice/{others}"),
    Place("own post", "posts.show", "/@bob/{own}", "bob"),
    *_for_both("pictures", "posts.show", "/@alice/{pictured}"),
    Place("pictures, description", "posts.show", "/@alice/{pictured}", "bob", _open_description),
    Place("pictures, one", "posts.show", "/@alice/{pictured}", "bob", _open_picture),
    *_for_both("thread", "posts.show", "/@asking/{question}"),
    Place("thread, more", "posts.show", "/@asking/{question}", "bob", _load_older),
    Place("thread, unfolded", "posts.show", "/@asking/{question}", "bob", _unfold_replies),
    Place("thread, an answer", "posts.show", "/@alice/{answer}", "bob"),
    Place("thread, with gaps", "posts.show", "/@{long}/{below}", "visitor"),
    Place("thread, far down", "posts.show", "/@asking/{turn}", "bob"),
    Place("thread, begun answer", "posts.show", "/@asking/{question}", "bob", _begin_answer),
    Place("post for some", "posts.show", "/@asking/{some}", "bob"),
    Place("own profile, menu", "profiles.show", "/@bob", "bob", _open_menu),
    Place("menu of a post", "acting.menu", "/posts/{others}/menu", "bob"),
    Place("menu of an own post", "acting.menu", "/posts/{own}/menu", "bob"),
    Place("write", "composer.new", "/posts/new", "bob", _write_with_warning),
    Place("write, pictures", "composer.new", "/posts/new", "bob", _choose_pictures),
    Place("write, pictures refused", "composer.new", "/posts/new", "bob", _choose_no_picture),
    Place("write, refused", "composer.new", "/posts/new", "bob", _send_empty_post),
    Place("write, reminded", "composer.new", "/posts/new", "bob", _forget_that_tags_are_public),
    Place("reply", "composer.reply", "/posts/{others}/reply", "bob"),
    Place("drafts", "drafts.index", "/drafts", "alice"),
    Place("drafts, none", "drafts.index", "/drafts", "carol"),
    Place("delete a draft", "drafts.ask_to_delete", "/drafts/{draft}/delete", "alice"),
    Place("go on with a draft", "composer.new", "/posts/new?draft={draft}", "alice"),
    Place("edit a post", "editing.edit", "/posts/{own}/edit", "bob"),
    Place("edit a post, refused", "editing.edit", "/posts/{own}/edit", "bob", _send_nothing),
    Place("redraft a post", "editing.ask_to_redraft", "/posts/{own}/redraft", "bob"),
    *_for_both("history", "history.show", "/@bob/{own}/history"),
    Place("bookmarks", "bookmarks.show", "/bookmarks", "bob"),
    Place("bookmarks, none", "bookmarks.show", "/bookmarks", "carol"),
    Place("favourites", "favourites.show", "/favourites", "bob"),
    Place("favourites, none", "favourites.show", "/favourites", "carol"),
    *_for_both("favourited by", "reactions.favourites", "/@alice/{others}/favourites"),
    Place("boosted by", "reactions.boosts", "/@alice/{others}/boosts", "bob"),
    Place("boosted by, nobody", "reactions.boosts", "/@bob/{own}/boosts", "visitor"),
    Place("delete a post", "posts.ask_to_delete", "/posts/{own}/delete", "bob"),
    *_for_both("followers", "people.followers", "/@alice/followers"),
    *_for_both("following", "people.following", "/@bob/following"),
    Place("followers, none", "people.followers", "/@carol/followers", "bob"),
    Place("following, none", "people.following", "/@carol/following", "visitor"),
    Place("profile, more", "relationships.menu", "/@alice/menu", "bob"),
    Place("block", "relationships.ask_to_block", "/@alice/block", "bob"),
    Place("muted", "people_settings.muted", "/settings/people", "alice"),
    Place("blocked", "people_settings.blocked", "/settings/people/blocked", "alice"),
    Place("requests", "people_settings.requests", "/follow-requests", "carol"),
    Place("profile, muted", "profiles.show", "/@loud", "alice"),
    Place("profile, blocked", "profiles.show", "/@pest", "alice"),
    Place("profile, not to be seen", "profiles.show", "/@pest", "bob"),
    Place("profile, asking", "profiles.show", "/@asker", "carol"),
    Place("profile, card", "profiles.show", "/@alice", "bob", _show_card),
    Place("profile, menu", "profiles.show", "/@alice", "bob", _open_person_menu),
    Place("muted, none", "people_settings.muted", "/settings/people", "bob"),
    Place("blocked, none", "people_settings.blocked", "/settings/people/blocked", "bob"),
    Place("requests, none", "people_settings.requests", "/follow-requests", "bob"),
    *_for_both("tag", "tags.show", "/tags/pines"),
    Place("tag, none", "tags.show", "/tags/nothing", "visitor"),
    Place("edit profile", "settings.profile", "/settings/profile", "bob"),
    Place("profile, refused", "settings.profile", "/settings/profile", "bob", _send_wrong_picture),
    Place("preferences", "settings.preferences", "/settings/preferences", "bob"),
    Place("messages", "conversations.index", "/messages", "bob"),
    Place("messages, none", "conversations.index", "/messages", "carol"),
    Place("messages, stale", "conversations.index", "/messages?before=1", "bob"),
    Place("requests", "conversations.requests", "/messages/requests", "bob"),
    Place("requests, none", "conversations.requests", "/messages/requests", "carol"),
    Place("message, new", "messages.new", "/messages/new", "bob"),
    Place("message, refused", "messages.new", "/messages/new?to=nobody", "bob", _send_empty_form),
    Place("conversation", "messages.show", "/messages/{talk}", "bob"),
    Place("conversation, older", "messages.show", "/messages/{talk}?after=0", "bob"),
    Place("conversation of several", "messages.show", "/messages/{several}", "bob"),
    Place("conversation, asked for", "messages.show", "/messages/{asked}", "bob"),
    Place("delete a conversation", "conversations.ask_to_delete", "/messages/{talk}/delete", "bob"),
    Place("leave", "conversations.ask_to_leave", "/messages/{several}/leave", "bob"),
    Place("notifications", "notifications.show", "/notifications", "alice"),
    Place("notifications, older", "notifications.show", "/notifications", "alice", _load_older),
    Place("notifications, stale", "notifications.show", "/notifications?before=1", "alice"),
    Place("notifications, none", "notifications.show", "/notifications", "carol"),
    Place("mentions", "notifications.mentions", "/notifications/mentions", "alice"),
    Place("what to hear of", "notification_settings.show", "/settings/notifications", "bob"),
    *_for_both("keys", "keys.show", "/keys"),
    Place("keys, as a sheet", "home.show", "/", "bob", _ask_for_keys),
    *_for_both("about", "about.show", "/about"),
    Place("admin, overview", "admin.overview.show", "/admin", "alice"),
    Place("admin, accounts", "admin.accounts.index", "/admin/accounts", "alice"),
    Place("admin, nobody found", "admin.accounts.index", "/admin/accounts?q=x", "alice"),
    Place("admin, account", "admin.accounts.show", "/admin/accounts/{sender}", "alice", _unfold),
    Place("admin, suspended", "admin.accounts.show", "/admin/accounts/{troll}", "alice", _unfold),
    Place("admin, registrations", "admin.registrations.index", "/admin/registrations", "alice"),
    Place("admin, jobs", "admin.jobs.index", "/admin/jobs", "alice", _unfold),
    Place("admin, jobs, stale", "admin.jobs.index", "/admin/jobs?before=1", "alice"),
    Place("admin, mail", "admin.mail.index", "/admin/mail", "alice"),
    Place("admin, kept mail", "admin.mail.show", "/admin/mail/one.eml", "alice"),
    Place("admin, server", "admin.settings.show", "/admin/settings", "alice", _unfold),
    Place("profile, suspended", "profiles.show", "/@troll", "alice"),
    Place("login, code", "second_steps.new", "/auth/login", "visitor", _give_password),
    Place("login, code refused", "second_steps.new", "/auth/login", "visitor", _give_wrong_code),
    Place("login, recovery", "second_steps.new", "/auth/login", "visitor", _use_recovery_code),
    Place("second factor, off", "second_factor.show", "/settings/second-factor", "bob"),
    Place("second factor, on", "second_factor.show", "/settings/second-factor", "alice"),
    Place(
        "second factor, set up",
        "second_factor.new",
        "/settings/second-factor",
        "bob",
        _set_up_second_factor,
    ),
    Place(
        "second factor, codes",
        "second_factor.ask_for_codes",
        "/settings/second-factor/codes",
        "alice",
        _send_empty_form,
    ),
    Place(
        "second factor, delete",
        "second_factor.ask_to_delete",
        "/settings/second-factor/delete",
        "alice",
    ),
    Place("account", "account_settings.show", "/settings/account", "bob", _unfold),
    Place("account, refused", "account_settings.show", "/settings/account", "bob", _send_unfolded),
    Place("account, second factor", "account_settings.show", "/settings/account", "alice", _unfold),
    Place("account, leaving", "account_settings.show", "/settings/account", "carol"),
    Place("security", "security_settings.show", "/settings/security", "bob"),
    Place("language", "language.show", "/language", "visitor"),
    Place("post, translated", "posts.show", "/@huda/{foreign}", "bob", _translate),
    Place("translation", "translations.show", "/posts/{foreign}/translation", "bob"),
    Place("translation, made", "translations.show", "/posts/{other}/translation", "bob", _send),
    *_for_both("nothing here", "", "/@nobody"),
]

# What answers a GET and is no page: files, numbers, and old addresses that lead elsewhere.
NO_PAGES = {
    *("assets.show", "assets.favicon", "media.show", "media.show_identicon"),
    *("updates.show", "completion.show", "relationships.card"),
    *("home.index", "profiles.show_by_old_address", "messages.send_by_old_address"),
}
