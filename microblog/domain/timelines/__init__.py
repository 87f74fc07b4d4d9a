"""Timelines: which posts are on a page, in what order. Every page is found by key.

The home timeline is a table that the worker fills. From the key `User.timeline_floor` on, the
entries are complete; what is older is merged from the posts of the people followed.
"""

from microblog.domain.timelines.delivery import TIMELINE_LENGTH, backfill, deliver, withdraw
from microblog.domain.timelines.entries import Entry
from microblog.domain.timelines.home import count_new, home
from microblog.domain.timelines.public import Profile, explore, permalink, profile, tagged

__all__ = [
    "TIMELINE_LENGTH",
    "Entry",
    "Profile",
    "backfill",
    "count_new",
    "deliver",
    "explore",
    "home",
    "permalink",
    "profile",
    "tagged",
    "withdraw",
]
