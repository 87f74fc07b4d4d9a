"""How much is measured: all of it, a quick look for development, or a taste for the tests."""

from dataclasses import dataclass, replace

from bench.data import LARGE, SMALL, TALKATIVE, Size

EVERY_PAGE = ("home", "explore", "profile", "permalink", "far", "beyond", "arabic", "poll")
# Where people talk to each other.
TALK_PAGES = (
    *("mixed", "short thread", "long thread"),
    *("notifications", "messages", "conversation", "badges"),
)


@dataclass(frozen=True)
class Plan:
    """What a run measures, and how often."""

    sizes: tuple[Size, ...]
    pages: tuple[str, ...] = EVERY_PAGE
    talkative: Size | None = TALKATIVE
    talk_pages: tuple[str, ...] = TALK_PAGES
    rounds: int = 7
    requests: int = 1000
    cold_requests: int = 200
    posts: int = 100
    deliveries: int = 200
    idle_posts: int = 20
    logins_seconds: float = 10.0
    starts: int = 5
    waits_for_quiet: bool = True


FULL = Plan(sizes=(SMALL, LARGE))
QUICK = replace(
    FULL,
    sizes=(SMALL,),
    rounds=3,
    requests=400,
    posts=40,
    deliveries=50,
    idle_posts=5,
    logins_seconds=4.0,
    starts=2,
)
