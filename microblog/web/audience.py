"""Whom a post reaches, in words."""

from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import ngettext

from microblog.domain.viewer import Viewer
from microblog.text.count import MAX_CODE_POINTS
from microblog.text.entities import Mention, find
from microblog.web.i18n import language, phrase
from microblog.web.numbers import count

# Further names are only hinted at.
_NAMED = 3


def audience(by: Viewer, text: str) -> dict[str, str]:
    """Say whom a text reaches that is for followers, or for those it mentions.

    **Shape** `short` and `followers` for the former, `mentioned` for the latter.
    """
    return {**_followers(by.followers_count, language()), "mentioned": _mentioned(text)}


@lru_cache(maxsize=1000)
def _followers(followers_count: int, language_: str) -> dict[str, str]:
    if not followers_count:
        return {"short": _("Followers"), "followers": _("Followers — you have none yet")}
    number = count(followers_count, language_)
    return {
        "short": ngettext(
            "Your %(number)s follower",
            "Your %(number)s followers",
            number.number,
            number=number.short,
        ),
        "followers": ngettext(
            "Followers — your %(number)s follower",
            "Followers — your %(number)s followers",
            number.number,
            number=number.short,
        ),
    }


def _mentioned(text: str) -> str:
    """Say it as static/js/audience.js does, which goes on as one types."""
    # Without an @ nobody is looked for: the home page asks each time.
    found = find(text[:MAX_CODE_POINTS]) if "@" in text else ()
    names = list(dict.fromkeys(f"@{e.username.lower()}" for e in found if isinstance(e, Mention)))
    if not names:
        return phrase("Only those you mention")
    shown = " ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
    return _("Only those you mention — {names}").replace("{names}", shown)
