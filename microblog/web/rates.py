"""Rates: how much one may write, follow, act on posts, upload and have translated within a time.

They are counted in the memory of each process, or for all of them in Redis where there is one: when
that does not answer, people go on, and each process counts for itself until it does.
"""

import time
from collections.abc import Callable
from math import ceil
from typing import Any

from flask import Flask, current_app
from flask_limiter import Limiter, RateLimitExceeded

from microblog.config import Config
from microblog.domain.errors import TooMany
from microblog.web.addresses import client_address, network_of
from microblog.web.context import require_viewer

_EXTENSION = "microblog_rates"
# Of one account; all that share a network may do ten times as much.
_RATES = {
    "posting": ((30, "5 minutes"), (300, "1 day")),
    # A script saves what is written, a few seconds after each pause.
    "drafting": ((1000, "1 hour"),),
    "messaging": ((60, "5 minutes"), (1000, "1 day")),
    "beginning": ((30, "1 hour"), (100, "1 day")),
    "following": ((200, "1 hour"),),
    "acting": ((300, "1 hour"), (2000, "1 day")),
    "uploading": ((20, "1 hour"),),
    "picturing": ((80, "1 hour"), (300, "1 day")),
    "translating": ((60, "1 hour"), (300, "1 day")),
}
_PEOPLE_OF_A_NETWORK = 10
_REDIS_PATIENCE_SECONDS = 0.5
# See whether there is room for one more, or count one more.
_LOOK, _COUNT = "look", "count"


def init_app(app: Flask) -> None:
    """Give an application its limits."""
    config: Config = app.extensions["microblog"].config
    limiter = Limiter(
        _network,
        storage_uri=config.REDIS_URL or "memory://",
        storage_options=_storage_options(config.REDIS_URL),
        in_memory_fallback_enabled=True,
        swallow_errors=True,
        key_prefix="microblog",
    )
    # Not on the application itself: its hooks would cost every page 40 microseconds, and are for
    # limits that are declared otherwise.
    limiter.init_app(Flask(__name__, static_folder=None))
    limited = {
        (act, name): _limited(limiter, act, name, config.LIMIT_FACTOR)
        for name in _RATES
        for act in (_LOOK, _COUNT)
    }
    app.extensions[_EXTENSION] = (limiter, limited)


def reset(app: Flask) -> None:
    """Forget who has written, followed and uploaded how much."""
    app.extensions[_EXTENSION][0].reset()


def look(name: str) -> None:
    """Refuse the viewer when there is no room for one more. **Raises** TooMany."""
    _run(_LOOK, name)


def count(name: str) -> None:
    """Count one more of the viewer and of their network. **Raises** TooMany."""
    _run(_COUNT, name)


def _run(act: str, name: str) -> None:
    limiter, limited = current_app.extensions[_EXTENSION]
    try:
        limited[act, name]()
    except RateLimitExceeded as error:
        raise TooMany(_seconds_left(limiter, error)) from None


def _account() -> str:
    return str(require_viewer().id)


def _network() -> str:
    # Flask-Limiter does not count for what has no name.
    return network_of(client_address()) or "unknown"


def _seconds_left(limiter: Limiter, error: RateLimitExceeded) -> int:
    """Return when the window that is full is over; the whole window where Redis has just died."""
    whole_window = error.limit.limit.get_expiry()
    try:
        assert limiter.current_limit is not None
        ends_at = limiter.current_limit.window.reset_time
    except Exception:
        return whole_window
    return min(max(1, ceil(ends_at - time.time())), whole_window)


def _limited(limiter: Limiter, act: str, name: str, factor: int) -> Callable[[], None]:
    """Return what refuses the viewer, or their whole network, when they are at the limit."""

    def run() -> None:
        """Do nothing: the limits come before it."""

    # What Flask-Limiter tells its functions apart by.
    run.__qualname__ = f"{act} {name}"
    # With this, it looks without counting, and would count once it knows the response.
    later = (lambda _response: False) if act == _LOOK else None
    for key, people in ((_account, 1), (_network, _PEOPLE_OF_A_NETWORK)):
        rates = "; ".join(f"{amount * people * factor} per {span}" for amount, span in _RATES[name])
        run = limiter.shared_limit(rates, f"{name}{key.__name__}", key_func=key, deduct_when=later)(
            run
        )
    return run


def _storage_options(redis_url: str | None) -> dict[str, Any]:
    if redis_url is None:
        return {}
    return {
        "socket_connect_timeout": _REDIS_PATIENCE_SECONDS,
        "socket_timeout": _REDIS_PATIENCE_SECONDS,
    }
