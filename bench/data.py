"""The data that is measured: communities made by `microblog demo`, with our own people in them."""

import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from bench import cast, talk
from bench.readers import Reader, sign_in
from bench.server import ROOT, environment
from microblog import create_app
from microblog.config import Config
from microblog.db import Database
from microblog.models import Account

_SEED = 1


@dataclass(frozen=True)
class Size:
    """How large a community is; the viewers each follow so many, everybody else a few."""

    name: str
    accounts: int
    posts: int
    viewers: int = 200
    follows: int = 200
    # Whether people answer, boost and like each other, show pictures and write in private.
    talks: bool = False
    # In the short and in the long thread there.
    answers: tuple[int, int] = (50, 5_000)


SMALL = Size("small", 2_000, 50_000)
LARGE = Size("large", 20_000, 1_000_000)
TALKATIVE = Size("talkative", 2_000, 50_000, talks=True)


@dataclass(frozen=True)
class Community:
    """A community on a data folder, its viewers signed in, and our people."""

    size: Size
    folder: Path
    app: Flask
    db: Database
    readers: list[Reader]
    famous: Reader
    quiet: Reader


def make(size: Size, store: Path) -> Path:
    """Return the data folder of a community in the store, making it where it is not there yet."""
    folder = store / f"{size.name}-{_digest(size)}"
    if folder.exists():
        return folder
    draft = store / f"{folder.name}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    began = time.monotonic()
    _command(draft, *_demo_arguments(size))
    _say(f"{size.name}: made in {time.monotonic() - began:.1f} s")
    cast.settle(_open(draft))
    if size.talks:
        app = _open(draft)
        talk.fill(app, _viewers(app.extensions["microblog"].db, size), size.answers)
        _say(f"{size.name}: talked by {time.monotonic() - began:.1f} s")
    # Only what is whole has the name that the next run looks for.
    return draft.rename(folder)


def open_copy(size: Size, store: Path, target: Path) -> Community:
    """Copy a community, so that what a run writes is gone with it; begin its sessions."""
    shutil.copytree(make(size, store), target)
    app = _open(target)
    db: Database = app.extensions["microblog"].db
    viewers = _viewers(db, size)
    with db.read() as session:
        authors = [cast.account_id(session, name) for name in (cast.FAMOUS, cast.QUIET)]
    readers = sign_in(app, viewers)
    famous, quiet = sign_in(app, authors)
    return Community(size, target, app, db, readers, famous, quiet)


def _viewers(db: Database, size: Size) -> Sequence[int]:
    # The demo's viewers are those who follow the most.
    busiest = select(Account.id).order_by(Account.following_count.desc(), Account.id)
    with db.read() as session:
        return session.scalars(busiest.limit(size.viewers)).all()


def _digest(size: Size) -> str:
    """Name what the data depends on: data of other tables than today's is made anew."""
    migrations = sorted((ROOT / "microblog" / "migrations" / "versions").glob("*.py"))
    parts = [repr(size).encode(), *(path.read_bytes() for path in migrations)]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:12]


def _demo_arguments(size: Size) -> list[str]:
    wanted = {
        "accounts": size.accounts,
        "posts": size.posts,
        "viewers": size.viewers,
        "follows": size.follows,
        "seed": _SEED,
    }
    return ["demo", *(f"--{name}={number}" for name, number in wanted.items())]


def _command(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "microblog", *arguments],
        env=environment(folder),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"microblog {' '.join(arguments)} failed:\n{done.stdout}")
    for line in done.stdout.splitlines():
        _say(line)


def _open(folder: Path) -> Flask:
    return create_app(Config(DATA_DIR=folder))


def _say(line: str) -> None:
    print(f"  {line}", flush=True)
