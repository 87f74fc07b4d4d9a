"""Every page of the server, in every state that it has, and who looks at it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Page

from tests.journeys.acts import (
    ask_for_keys,
    ask_to_delete,
    begin_answer,
    begin_name,
    choose_no_picture,
    choose_pictures,
    follow,
    forget_that_tags_are_public,
    give_password,
    give_wrong_code,
    load_older,
    log_in_as,
    open_description,
    open_menu,
    open_person_menu,
    open_picture,
    send,
    send_empty_form,
    send_empty_post,
    send_nothing,
    send_unfolded,
    send_wrong_picture,
    set_up_second_factor,
    show_card,
    translate,
    unfold,
    unfold_replies,
    use_recovery_code,
    wait_for_mail,
    write_too_much,
    write_with_warning,
)
from tests.journeys.live import Window
from tests.journeys.town import Town

# Bob follows people and writes; Carol is new and follows nobody; Alice runs the server.
Who = Literal["visitor", "alice", "bob", "carol", "first visitor"]
LOGGED_IN: tuple[Who, ...] = ("alice", "bob", "carol")


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
    if place.who in LOGGED_IN:
        window.log_in(getattr(town.people, place.who))


def visit(place: Place, window: Window, town: Town) -> Page:
    """Open a place in a window of whoever goes there, and do what they do."""
    window.page.goto(place.path.format(**town.places))
    if place.act is not None:
        place.act(window.page)
    return window.page


def _for_both(name: str, endpoint: str, path: str) -> list[Place]:
    visitor = Place(f"{name}, signed out", endpoint, path, "visitor")
    return [visitor, Place(f"{name}, signed in", endpoint, path, "bob")]


PLACES = [
    Place("setup", "setup.new", "/setup", "first visitor"),
    Place("setup, refused", "setup.new", "/setup", "first visitor", send_empty_form),
    Place("login", "sessions.new", "/auth/login?next=/@bob", "visitor"),
    Place("login, refused", "sessions.new", "/auth/login", "visitor", send_empty_form),
    Place("register", "registrations.new", "/auth/register", "visitor"),
    Place("register, refused", "registrations.new", "/auth/register", "visitor", send_empty_form),
    Place("register, waiting", "registrations.waiting", "/auth/register/waiting", "visitor"),
    Place("login, unconfirmed", "sessions.new", "/auth/login", "visitor", log_in_as("arrival")),
    Place("login, waiting", "sessions.new", "/auth/login", "visitor", log_in_as("newcomer")),
    Place("login, suspended", "sessions.new", "/auth/login", "visitor", log_in_as("troll")),
    Place("forgotten", "resets.new", "/auth/reset", "visitor"),
    Place("forgotten, refused", "resets.new", "/auth/reset", "visitor", send_empty_form),
    Place("reset, mail sent", "resets.sent", "/auth/reset/sent", "visitor"),
    Place("reset", "resets.edit", "{reset}", "visitor"),
    Place("reset, refused", "resets.edit", "{reset}", "visitor", send_empty_form),
    Place("reset, dead link", "resets.edit", "/auth/reset/gone", "visitor"),
    Place("confirm, mail sent", "confirmations.new", "/auth/confirm", "visitor"),
    Place("confirm, once more", "confirmations.new", "/auth/login", "visitor", wait_for_mail),
    Place("confirm", "confirmations.show", "{confirm}", "visitor"),
    Place("confirm, new address", "confirmations.show", "{change}", "bob"),
    Place("confirm, dead link", "confirmations.show", "/auth/confirm/gone", "visitor"),
    Place("home", "home.show", "/", "bob"),
    Place("home, newcomer", "home.show", "/", "carol"),
    Place("home, older", "home.show", "/", "bob", load_older),
    Place("home, stale", "home.show", "/?before=1", "bob"),
    Place("home, too much", "home.show", "/", "bob", write_too_much),
    Place("home, completing", "home.show", "/", "bob", begin_name),
    Place("post, refused", "home.show", "/", "bob", send_empty_post),
    *_for_both("explore", "explore.show", "/explore"),
    Place("explore, last page", "explore.show", "/explore?after=1", "visitor"),
    Place("explore, stale", "explore.show", "/explore?before=1", "visitor"),
    *_for_both("profile", "profiles.show", "/@alice"),
    Place("profile, replies", "profiles.replies", "/@alice/replies", "bob"),
    Place("profile, media", "profiles.media", "/@alice/media", "bob"),
    Place("profile, following", "profiles.show", "/@carol", "bob", follow),
    Place("own profile", "profiles.show", "/@bob", "bob"),
    Place("own post, deleting", "posts.show", "/@bob/{own}", "bob", ask_to_delete),
    Place("profile, long", "profiles.show", "/@{long}", "bob"),
    Place("profile, right to left", "profiles.show", "/@huda", "visitor"),
    Place("profile, without posts", "profiles.show", "/@carol", "visitor"),
    *_for_both("post", "posts.show", "/@alice/{others}"),
    Place("own post", "posts.show", "/@bob/{own}", "bob"),
    *_for_both("pictures", "posts.show", "/@alice/{pictured}"),
    Place("pictures, description", "posts.show", "/@alice/{pictured}", "bob", open_description),
    Place("pictures, one", "posts.show", "/@alice/{pictured}", "bob", open_picture),
    *_for_both("thread", "posts.show", "/@asking/{question}"),
    Place("thread, more", "posts.show", "/@asking/{question}", "bob", load_older),
    Place("thread, unfolded", "posts.show", "/@asking/{question}", "bob", unfold_replies),
    Place("thread, an answer", "posts.show", "/@alice/{answer}", "bob"),
    Place("thread, with gaps", "posts.show", "/@{long}/{below}", "visitor"),
    Place("thread, far down", "posts.show", "/@asking/{turn}", "bob"),
    Place("thread, begun answer", "posts.show", "/@asking/{question}", "bob", begin_answer),
    Place("post for some", "posts.show", "/@asking/{some}", "bob"),
    Place("own profile, menu", "profiles.show", "/@bob", "bob", open_menu),
    Place("menu of a post", "acting.menu", "/posts/{others}/menu", "bob"),
    Place("menu of an own post", "acting.menu", "/posts/{own}/menu", "bob"),
    Place("write", "composer.new", "/posts/new", "bob", write_with_warning),
    Place("write, pictures", "composer.new", "/posts/new", "bob", choose_pictures),
    Place("write, pictures refused", "composer.new", "/posts/new", "bob", choose_no_picture),
    Place("write, refused", "composer.new", "/posts/new", "bob", send_empty_post),
    Place("write, reminded", "composer.new", "/posts/new", "bob", forget_that_tags_are_public),
    Place("reply", "composer.reply", "/posts/{others}/reply", "bob"),
    Place("drafts", "drafts.index", "/drafts", "alice"),
    Place("drafts, none", "drafts.index", "/drafts", "carol"),
    Place("delete a draft", "drafts.ask_to_delete", "/drafts/{draft}/delete", "alice"),
    Place("go on with a draft", "composer.new", "/posts/new?draft={draft}", "alice"),
    Place("edit a post", "editing.edit", "/posts/{own}/edit", "bob"),
    Place("edit a post, refused", "editing.edit", "/posts/{own}/edit", "bob", send_nothing),
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
    Place("profile, card", "profiles.show", "/@alice", "bob", show_card),
    Place("profile, menu", "profiles.show", "/@alice", "bob", open_person_menu),
    Place("muted, none", "people_settings.muted", "/settings/people", "bob"),
    Place("blocked, none", "people_settings.blocked", "/settings/people/blocked", "bob"),
    Place("requests, none", "people_settings.requests", "/follow-requests", "bob"),
    *_for_both("tag", "tags.show", "/tags/pines"),
    Place("tag, none", "tags.show", "/tags/nothing", "visitor"),
    Place("edit profile", "settings.profile", "/settings/profile", "bob"),
    Place("profile, refused", "settings.profile", "/settings/profile", "bob", send_wrong_picture),
    Place("preferences", "settings.preferences", "/settings/preferences", "bob"),
    Place("messages", "conversations.index", "/messages", "bob"),
    Place("messages, none", "conversations.index", "/messages", "carol"),
    Place("messages, stale", "conversations.index", "/messages?before=1", "bob"),
    Place("requests", "conversations.requests", "/messages/requests", "bob"),
    Place("requests, none", "conversations.requests", "/messages/requests", "carol"),
    Place("message, new", "messages.new", "/messages/new", "bob"),
    Place("message, refused", "messages.new", "/messages/new?to=nobody", "bob", send_empty_form),
    Place("conversation", "messages.show", "/messages/{talk}", "bob"),
    Place("conversation, older", "messages.show", "/messages/{talk}?after=0", "bob"),
    Place("conversation of several", "messages.show", "/messages/{several}", "bob"),
    Place("conversation, asked for", "messages.show", "/messages/{asked}", "bob"),
    Place("delete a conversation", "conversations.ask_to_delete", "/messages/{talk}/delete", "bob"),
    Place("leave", "conversations.ask_to_leave", "/messages/{several}/leave", "bob"),
    Place("notifications", "notifications.show", "/notifications", "alice"),
    Place("notifications, older", "notifications.show", "/notifications", "alice", load_older),
    Place("notifications, stale", "notifications.show", "/notifications?before=1", "alice"),
    Place("notifications, none", "notifications.show", "/notifications", "carol"),
    Place("mentions", "notifications.mentions", "/notifications/mentions", "alice"),
    Place("what to hear of", "notification_settings.show", "/settings/notifications", "bob"),
    *_for_both("keys", "keys.show", "/keys"),
    Place("keys, as a sheet", "home.show", "/", "bob", ask_for_keys),
    *_for_both("about", "about.show", "/about"),
    Place("admin, overview", "admin.overview.show", "/admin", "alice"),
    Place("admin, accounts", "admin.accounts.index", "/admin/accounts", "alice"),
    Place("admin, nobody found", "admin.accounts.index", "/admin/accounts?q=x", "alice"),
    Place("admin, account", "admin.accounts.show", "/admin/accounts/{sender}", "alice", unfold),
    Place("admin, suspended", "admin.accounts.show", "/admin/accounts/{troll}", "alice", unfold),
    Place("admin, registrations", "admin.registrations.index", "/admin/registrations", "alice"),
    Place("admin, jobs", "admin.jobs.index", "/admin/jobs", "alice", unfold),
    Place("admin, jobs, stale", "admin.jobs.index", "/admin/jobs?before=1", "alice"),
    Place("admin, mail", "admin.mail.index", "/admin/mail", "alice"),
    Place("admin, kept mail", "admin.mail.show", "/admin/mail/one.eml", "alice"),
    Place("admin, server", "admin.settings.show", "/admin/settings", "alice", unfold),
    Place("profile, suspended", "profiles.show", "/@troll", "alice"),
    Place("login, code", "second_steps.new", "/auth/login", "visitor", give_password),
    Place("login, code refused", "second_steps.new", "/auth/login", "visitor", give_wrong_code),
    Place("login, recovery", "second_steps.new", "/auth/login", "visitor", use_recovery_code),
    Place("second factor, off", "second_factor.show", "/settings/second-factor", "bob"),
    Place("second factor, on", "second_factor.show", "/settings/second-factor", "alice"),
    Place(
        "second factor, set up",
        "second_factor.new",
        "/settings/second-factor",
        "bob",
        set_up_second_factor,
    ),
    Place(
        "second factor, codes",
        "second_factor.ask_for_codes",
        "/settings/second-factor/codes",
        "alice",
        send_empty_form,
    ),
    Place(
        "second factor, delete",
        "second_factor.ask_to_delete",
        "/settings/second-factor/delete",
        "alice",
    ),
    Place("account", "account_settings.show", "/settings/account", "bob", unfold),
    Place("account, refused", "account_settings.show", "/settings/account", "bob", send_unfolded),
    Place("account, second factor", "account_settings.show", "/settings/account", "alice", unfold),
    Place("account, leaving", "account_settings.show", "/settings/account", "carol"),
    Place("security", "security_settings.show", "/settings/security", "bob"),
    Place("language", "language.show", "/language", "visitor"),
    Place("post, translated", "posts.show", "/@huda/{foreign}", "bob", translate),
    Place("translation", "translations.show", "/posts/{foreign}/translation", "bob"),
    Place("translation, made", "translations.show", "/posts/{other}/translation", "bob", send),
    *_for_both("nothing here", "", "/@nobody"),
]

# What answers a GET and is no page: files, numbers, and old addresses that lead elsewhere.
NO_PAGES = {
    *("assets.show", "assets.favicon", "media.show", "media.show_identicon"),
    *("updates.show", "completion.show", "relationships.card"),
    *("home.index", "profiles.show_by_old_address", "messages.send_by_old_address"),
}
