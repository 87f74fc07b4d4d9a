"""Every page over HTTP: what it says to whom, and what it answers about what they may not see."""

import re
from random import Random

from werkzeug.test import TestResponse

from tests.gate.community import TAG, Community
from tests.gate.model import NOBODY, Post
from tests.gate.world import LETTERS, PEOPLE

_SECRET = re.compile(r"zq\d+q")
_HEADERS: tuple[dict[str, str], ...] = ({}, {"HX-Request": "true"})

# What anybody may ask for; {name} is a person's.
OF_ALL = {
    "about.show": "/about",
    "bookmarks.show": "/bookmarks",
    "completion.show": f"/complete?q=@{LETTERS}",
    "composer.new": "/posts/new",
    "conversations.index": "/messages",
    "conversations.requests": "/messages/requests",
    "drafts.index": "/drafts",
    "explore.show": "/explore",
    "favourites.show": "/favourites",
    "home.show": "/",
    "messages.new": "/messages/new",
    "notifications.mentions": "/notifications/mentions",
    "notifications.show": "/notifications",
    "people_settings.requests": "/follow-requests",
    "tags.show": f"/tags/{TAG}",
    "updates.show": "/updates?after=0",
}
OF_PEOPLE = {
    "people.followers": "/@{name}/followers",
    "people.following": "/@{name}/following",
    "profiles.media": "/@{name}/media",
    "profiles.replies": "/@{name}/replies",
    "profiles.show": "/@{name}",
    "relationships.ask_to_block": "/@{name}/block",
    "relationships.card": "/@{name}/card",
    "relationships.menu": "/@{name}/menu",
}
# About one post: whoever may not see it finds nothing.
OF_POSTS = {
    "acting.menu": "/posts/{id}/menu",
    "composer.reply": "/posts/{id}/reply",
    "editing.ask_to_redraft": "/posts/{id}/redraft",
    "editing.edit": "/posts/{id}/edit",
    "history.show": "/@{name}/{id}/history",
    "media.show": "/media/{file}",
    "posts.ask_to_delete": "/posts/{id}/delete",
    "posts.show": "/@{name}/{id}",
    "reactions.boosts": "/@{name}/{id}/boosts",
    "reactions.favourites": "/@{name}/{id}/favourites",
    "translations.show": "/posts/{id}/translation",
}
# These say nothing of posts, or lead to pages that are here; or they are about private messages,
# accounts or the server, which are no posts.
OTHERS = {
    *("assets.favicon", "assets.show", "keys.show", "language.show", "media.show_identicon"),
    *("home.index", "messages.send_by_old_address", "profiles.show_by_old_address"),
    *("conversations.ask_to_delete", "conversations.ask_to_leave", "messages.show"),
    *("drafts.ask_to_delete", "notification_settings.show"),
    *("people_settings.blocked", "people_settings.muted"),
}
OTHER_BLUEPRINTS = {
    *("account_settings", "admin", "confirmations", "registrations", "resets", "second_factor"),
    *("second_steps", "security_settings", "sessions", "settings", "setup"),
}
# Nothing is there where no translator is set up.
_MAY_BE_MISSING = {"translations.show"}
_DONE, _LED_ELSEWHERE, _NOT_THEIRS, _MISSING = 200, (301, 302, 303, 401), 403, 404


def look(world: Community, random: Random) -> list[str]:
    """Open a page as somebody; return what is wrong, in words."""
    name = random.choice([*world.model.present(), NOBODY])
    endpoint, pattern = random.choice(sorted((OF_ALL | OF_PEOPLE | OF_POSTS).items()))
    post = random.choice(world.model.posts) if world.model.posts else None
    if endpoint in OF_POSTS and (post is None or (endpoint == "media.show" and not post.file)):
        return []
    path = pattern.format(
        name=post.author if post and endpoint in OF_POSTS else random.choice(PEOPLE),
        id=post.id if post else 0,
        file=post.file if post else "",
    )
    response = world.browsers[name].get(path, headers=random.choice(_HEADERS))
    found = _leaks(world, name, endpoint, response)
    if endpoint in OF_POSTS and post is not None:
        found += _oddities(world, name, endpoint, post, response)
    return [f"{path} for {name or 'a visitor'}: {problem}" for problem in found]


def _leaks(world: Community, name: str, endpoint: str, response: TestResponse) -> list[str]:
    model = world.model
    if response.status_code >= 500:
        return [response.status]
    if endpoint == "media.show":
        return []
    seen = {post.now.secret for post in model.seen(name)}
    if endpoint == "history.show":
        seen |= {
            version.secret for post in model.seen(name) for version in model.history(name, post)
        }
    return sorted({*_SECRET.findall(response.text)} - seen)


def _oddities(
    world: Community, name: str, endpoint: str, post: Post, response: TestResponse
) -> list[str]:
    """Return an answer that tells somebody of a post they may not see, or hides one they may."""
    status = response.status_code
    may_be = {_MISSING}
    if world.model.sees(name, post):
        may_be = {_DONE, _NOT_THEIRS} - ({_NOT_THEIRS} if name == post.author else set())
        may_be |= {_MISSING} if endpoint in _MAY_BE_MISSING else set()
    if name == NOBODY:
        # To the login, whatever they ask for.
        may_be |= {*_LED_ELSEWHERE}
    return [] if status in may_be else [response.status]
