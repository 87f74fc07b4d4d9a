"""What the lists of administration have in common: times, logs, and links to the pages beside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import request
from markupsafe import Markup

from microblog.domain.administration import LogLine
from microblog.domain.pages import Slice
from microblog.text.agents import recognise
from microblog.web import networks
from microblog.web.activity import entry_words
from microblog.web.admin.words import detail_words
from microblog.web.pages import pages
from microblog.web.skeleton import markup


def moment(at: datetime) -> Markup:
    """Return the <time> element for a moment, for this reader."""
    return markup(pages().fragments.moment(at))


def log_line(line: LogLine) -> dict[str, Any]:
    """Return a line of the security log as templates show it."""
    entry = line.entry
    return {
        "words": entry_words(entry),
        "detail": detail_words(entry),
        "actor": line.actor,
        "device": recognise(entry.agent),
        "network": networks.describe(entry.address_prefix),
        "at": moment(entry.created_at),
    }


def beside(found: Slice[Any], kept: Mapping[str, str] | None = None) -> dict[str, str | None]:
    """Return the addresses of the pages beside this one; `kept` is what narrows the list down."""
    return {
        "older_url": _url("before", found.older, kept or {}),
        "newer_url": _url("after", found.newer, kept or {}),
    }


def _url(side: str, key: int | None, kept: Mapping[str, str]) -> str | None:
    if key is None:
        return None
    return f"{request.path}?{urlencode({**kept, side: str(key)})}"
