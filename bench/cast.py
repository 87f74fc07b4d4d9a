"""Our own people in a community: one whom many follow, one whom few follow, and who logs in."""

import random
from collections.abc import Sequence
from functools import partial

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog import passwords
from microblog.domain import accounts, relationships
from microblog.domain.accounts import Registration
from microblog.domain.viewer import Viewer
from microblog.models import Account
from microblog.services import Services
from microblog.worker import Worker

FAMOUS, QUIET = "bench_famous", "bench_quiet"
FAMOUS_FOLLOWERS, QUIET_FOLLOWERS = 1000, 5
LOGINS = tuple(f"bench_login_{number:02}" for number in range(50))
PASSWORD = "measured many times over"
_BATCH = 100


def settle(app: Flask) -> None:
    """Bring our people to a community, and let others follow them."""
    services: Services = app.extensions["microblog"]
    db = services.db
    hashed = passwords.hash_password(PASSWORD)
    with db.read() as session:
        others = session.scalars(select(Account.id).order_by(Account.id)).all()
    db.write(partial(_register, password_hash=hashed))
    chance = random.Random(0)
    for name, count in ((FAMOUS, FAMOUS_FOLLOWERS), (QUIET, QUIET_FOLLOWERS)):
        followers = chance.sample(others, min(count, len(others)))
        for start in range(0, len(followers), _BATCH):
            batch = followers[start : start + _BATCH]
            db.write(partial(_follow, followed=name, followers=batch))
    Worker(services).run_due()
    db.dispose()


def account_id(session: Session, username: str) -> int:
    """Return the id of one of our people."""
    return accounts.get_by_username(session, username).id


def _register(session: Session, *, password_hash: str) -> None:
    for name in (FAMOUS, QUIET, *LOGINS):
        accounts.register(session, Registration(name, f"{name}@example.org", password_hash))


def _follow(session: Session, *, followed: str, followers: Sequence[int]) -> None:
    followed_id = account_id(session, followed)
    for follower_id in followers:
        relationships.follow(session, by=Viewer(follower_id, ""), account_id=followed_id)
