"""Parts of pages that are rendered once and kept under everything they show."""

import time
from collections.abc import Callable
from datetime import datetime

from flask import render_template

from microblog import clock
from microblog.domain.relationships import Person
from microblog.domain.suggestions import people_to_follow
from microblog.domain.viewer import Viewer
from microblog.web.byte_cache import ByteCache
from microblog.web.context import database, server
from microblog.web.faces import listed
from microblog.web.i18n import language, zone
from microblog.web.skeleton import Skeletons
from microblog.web.times import SLOTS as TIME_SLOTS
from microblog.web.times import time_html

_SUGGESTIONS = 4
_RAIL_SECONDS = 300
_CACHE_BYTES = 8_000_000


class Fragments:
    """The fragments of one process."""

    def __init__(self, skeletons: Skeletons, *, keeps: bool = True) -> None:
        self._skeletons = skeletons
        self._kept: ByteCache[tuple[object, ...], bytes] = ByteCache(_CACHE_BYTES if keeps else 0)

    def get(self, key: tuple[object, ...], make: Callable[[], str]) -> bytes:
        """Return a rendered template; the key holds everything that it shows."""
        found = self._kept.get_many([key])[0]
        if found is None:
            found = make().encode()
            self._kept.put(key, found, len(found) + 500)
        return found

    def rail(self, by: Viewer | None) -> bytes:
        """Return people to follow, made anew every few minutes and when the viewer has chosen."""
        turn = int(time.time()) // _RAIL_SECONDS
        # The version rises when somebody is suspended.
        about = (turn, language(), server().version)
        who = (by.id, by.following_count, by.people_version) if by else ()
        return self.get(("rail", *about, *who), lambda: self._render_rail(by))

    def suggestions(self, by: Viewer | None) -> list[Person]:
        """Return people to follow."""
        with database().read() as session:
            return people_to_follow(session, by, _SUGGESTIONS)

    def moment(self, moment: datetime) -> bytes:
        """Return the <time> element for a moment, for this reader."""
        skeleton = self._skeletons.get("_time.html", TIME_SLOTS)
        return time_html(moment, clock.now(), language(), zone(), skeleton)[0]

    def _render_rail(self, by: Viewer | None) -> str:
        people = listed(self.suggestions(by))
        return render_template("_suggestions.html", people=people, signed_in=by is not None)
