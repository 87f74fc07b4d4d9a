"""Where the time of a page goes: `python -m bench.profile home`.

Runs the page in this process, without server or network: first a plain loop that says how many
microseconds a request takes, beside a bare Flask route that returns as many bytes; then the same
requests under cProfile.
"""

import argparse
import cProfile
import io
import pstats
import statistics
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from bench.data import Size, open_copy
from bench.floor import make_floor
from bench.load import Ask
from bench.pages import PAGES, asks, sights
from bench.readers import AGENT
from microblog import logs

# Large enough for pages far back and for timelines that are cut.
_SIZE = Size("profile", accounts=200, posts=10_000, viewers=40, follows=80)
_ROUNDS = 7


def main() -> None:
    """Print where the time of a page goes."""
    options = _options()
    with TemporaryDirectory(prefix="microblog-profile-") as folder:
        scratch = Path(folder)
        community = open_copy(_SIZE, options.keep or scratch / "store", scratch / "data")
        seen = sights(community.db, community.readers)
        environs = [_environ(ask) for ask in asks(options.page, seen, options.requests)]
        # As in a server, where each request also writes a line.
        logs.set_up("profile", scratch, to_stdout=False, max_bytes=10_000_000, count=1)
        _run(community.app, environs)
        _report_times(community.app, environs, options.threads)
        _report_profile(community.app, environs, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    parser.add_argument("page", choices=PAGES)
    parser.add_argument("--requests", type=int, default=1000, help="How many in each round.")
    parser.add_argument(
        "--threads", type=int, default=1, help="How many answer them in the timing loop."
    )
    parser.add_argument("--top", type=int, default=40, help="How many functions to print.")
    parser.add_argument("--sort", choices=("tottime", "cumtime"), default="tottime")
    parser.add_argument("--callers", metavar="NAME", help="Print also who calls such functions.")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="Keep the data there.")
    return parser.parse_args()


def _environ(ask: Ask) -> dict[str, Any]:
    path, _, query = ask.path.partition("?")
    headers = Headers(
        {
            "Cookie": ask.cookie,
            "Accept": "text/html,application/xhtml+xml",
            "Accept-Language": "en-US,en;q=0.5",
            "User-Agent": AGENT,
        }
    )
    return dict(EnvironBuilder(path=path, query_string=query, headers=headers).get_environ())


def _run(app: Flask, environs: Iterable[dict[str, Any]]) -> int:
    """Answer the requests; return how many bytes they got. **Raises** when one is refused."""
    size = 0
    status = ""

    def start_response(line: str, _headers: Sequence[Any], _info: Any = None) -> Any:
        nonlocal status
        status = line

    for environ in environs:
        answer: Any = app.wsgi_app(environ.copy(), start_response)
        size += len(b"".join(answer))
        if hasattr(answer, "close"):
            answer.close()
        if status != "200 OK":
            raise RuntimeError(f"{environ['PATH_INFO']} answered {status}")
    return size


def _report_times(app: Flask, environs: list[dict[str, Any]], threads: int) -> None:
    size = _run(app, environs) // len(environs)
    floor = make_floor(size)
    floor_environs = [environ | {"PATH_INFO": "/", "QUERY_STRING": ""} for environ in environs]
    pages, floors = [], []
    for _ in range(_ROUNDS):
        floors.append(_microseconds(floor, floor_environs, threads))
        pages.append(_microseconds(app, environs, threads))
    page, bare = statistics.median(pages), statistics.median(floors)
    print(f"page  {page:7.1f} us a request (best round {min(pages):.1f}), {size} bytes")
    print(f"floor {bare:7.1f} us: a bare Flask route with as many bytes, without the server")
    print(f"      {page / bare:7.2f} floors, {page - bare:.1f} us above it\n")


def _microseconds(app: Flask, environs: list[dict[str, Any]], threads: int) -> float:
    """Return the processor time of a request, answered by so many threads at once."""
    with ThreadPoolExecutor(threads) as pool:
        began = time.process_time()
        shares = [environs[start::threads] for start in range(threads)]
        list(pool.map(partial(_run, app), shares))
        return (time.process_time() - began) * 1e6 / len(environs)


def _report_profile(
    app: Flask, environs: list[dict[str, Any]], options: argparse.Namespace
) -> None:
    profile = cProfile.Profile()
    profile.enable()
    _run(app, environs)
    profile.disable()
    out = io.StringIO()
    stats = pstats.Stats(profile, stream=out).sort_stats(options.sort)
    stats.print_stats(options.top)
    if options.callers:
        stats.print_callers(options.callers)
    print(_shortened(out.getvalue()))


def _shortened(text: str) -> str:
    """Drop the folders of installed packages and of this one from the lines."""
    root = str(Path(__file__).parent.parent) + "/"
    lines = []
    for line in text.splitlines():
        before, separator, after = line.rpartition("site-packages/")
        start = before[: before.rfind(" ") + 1] if separator else ""
        lines.append((start + after).replace(root, ""))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
