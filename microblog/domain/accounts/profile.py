"""What people change about themselves."""

import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import update
from sqlalchemy.orm import Session

from microblog.domain.accounts.fields import ProfileField, compose_fields, packed
from microblog.domain.errors import Invalid
from microblog.domain.rendering import render_text
from microblog.domain.typed import typed_line, typed_text
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import PUBLIC, VISIBILITIES
from microblog.models import Account, User
from microblog.text.languages import DETECTABLE

DISPLAY_NAME_LIMIT = 50  # Graphemes.
ABOUT_LIMIT = 500  # Graphemes, a link as 23.
# One grapheme can be many code points; the column holds this many.
_DISPLAY_NAME_CODE_POINTS = 200
# Each is a range of its own that is read for a page of explore.
MAX_POST_LANGUAGES = 12
THEMES = ("auto", "light", "dark", "contrast")


@dataclass(frozen=True)
class ProfileDraft:
    """A checked and rendered profile. Make it with `compose_profile`."""

    display_name: str
    about: str
    about_html: str
    fields: tuple[ProfileField, ...] = ()


def compose_profile(
    session: Session, *, display_name: str, about: str, fields: Iterable[tuple[str, str]] = ()
) -> ProfileDraft:
    """Clean, check and render what was typed; fields are pairs of label and text.

    **Raises** Invalid.
    """
    name = typed_line(display_name, "display_name", DISPLAY_NAME_LIMIT, _DISPLAY_NAME_CODE_POINTS)
    text = typed_text(about, "about", ABOUT_LIMIT)
    html = render_text(session, text).html
    return ProfileDraft(name, text, html, compose_fields(session, fields))


def edit_profile(session: Session, *, by: Viewer, draft: ProfileDraft) -> None:
    """Change the viewer's own profile."""
    account = session.get_one(Account, by.id)
    if account.display_name != draft.display_name:
        account.display_name = draft.display_name
        account.version += 1
    account.about = draft.about
    account.about_html = draft.about_html
    account.fields = packed(draft.fields)


def choose_locale(session: Session, *, by: Viewer, locale: str) -> None:
    """Change the language in which the viewer sees the server; the interface knows its own."""
    session.execute(update(User).where(User.account_id == by.id).values(locale=locale))


def edit_preferences(
    session: Session,
    *,
    by: Viewer,
    locale: str | None,
    time_zone: str | None,
    theme: str,
    post_languages: Sequence[str] = (),
    default_visibility: str = PUBLIC,
    has_shortcuts: bool = True,
    shows_last_seen: bool,
) -> None:
    """Change how the viewer sees and uses the server, and whether others see when they were here.

    Of `post_languages`, those of the posts on explore, none means every one.
    **Raises** Invalid for an unknown zone, theme, visibility or language of posts, and for too many
    of these; the interface knows its own languages.
    """
    if time_zone is not None and time_zone not in _time_zones():
        raise Invalid("time_zone", "time_zone_unknown")
    if theme not in THEMES:
        raise Invalid("theme", "theme_unknown")
    if default_visibility not in VISIBILITIES:
        raise Invalid("default_visibility", "visibility_unknown")
    read = sorted(set(post_languages))
    if not DETECTABLE.issuperset(read):
        raise Invalid("post_languages", "language_unknown")
    if len(read) > MAX_POST_LANGUAGES:
        raise Invalid("post_languages", "languages_many", maximum=MAX_POST_LANGUAGES)
    session.execute(
        update(User)
        .where(User.account_id == by.id)
        .values(
            locale=locale,
            time_zone=time_zone,
            theme=theme,
            post_languages=",".join(read),
            default_visibility=default_visibility,
            has_shortcuts=has_shortcuts,
        )
    )
    session.execute(
        update(Account).where(Account.id == by.id).values(shows_last_seen=shows_last_seen)
    )


@cache
def _time_zones() -> frozenset[str]:
    # Looked up in hundreds of files: too slow to be done inside every transaction.
    return frozenset(zoneinfo.available_timezones())
