"""Factories: rows as the domain itself would make them."""

from datetime import timedelta
from functools import lru_cache

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from microblog import clock, ids, passwords
from microblog.db import Database
from microblog.domain import accounts, drafts, media, messages, posts, relationships
from microblog.domain import server as server_domain
from microblog.domain.accounts import Registration
from microblog.domain.drafts import Unfinished
from microblog.domain.media import Upload
from microblog.domain.messages import Sent
from microblog.domain.viewer import MEMBER, Viewer
from microblog.domain.visibility import PUBLIC
from microblog.files.storage import Storage
from microblog.models import (
    Account,
    AttemptCounter,
    LoginSession,
    OutboxEvent,
    PeriodicRun,
    Server,
)
from microblog.models.server import OPEN

PASSWORD = "correct horse battery"
# What is sent as it is, and never decoded.
PIXEL = b"RIFF\x1a\0\0\0WEBPVP8L"


def server(db: Database, name: str = "Testville") -> None:
    """Set up a server, without an admin."""
    row = Server(
        id=1,
        name=name,
        description="A place for tests.",
        registration_mode=OPEN,
        created_at=clock.now(),
    )
    db.write(lambda session: session.add(row))


def server_mode(db: Database, mode: str, rules: str = "") -> None:
    """Let an admin say who may make an account, and by which rules."""
    values = {"name": "Testville", "description": "A place for tests.", "rules": rules}
    db.write(lambda session: server_domain.edit(session, registration_mode=mode, **values))


def account(db: Database, username: str, role: str = MEMBER) -> Viewer:
    """Make a person whose password is PASSWORD."""
    registration = Registration(username, f"{username.lower()}@ex.com", _hash(), role)
    account_id = db.write(lambda session: accounts.register(session, registration))
    return Viewer(account_id, username, role=role)


def follow(db: Database, follower: Viewer, followed: Viewer) -> None:
    """Let one person follow another."""
    db.write(lambda session: relationships.follow(session, by=follower, account_id=followed.id))


def unfollow(db: Database, follower: Viewer, followed: Viewer) -> None:
    """Let one person stop following another."""
    db.write(lambda session: relationships.unfollow(session, by=follower, account_id=followed.id))


def locked(db: Database, person: Viewer, *, is_locked: bool = True) -> None:
    """Let a person let in followers by hand, or no longer."""
    db.write(lambda session: relationships.set_locked(session, by=person, is_locked=is_locked))


def edited_post(db: Database, author: Viewer, first: str, text: str) -> int:
    """Let a person write a post, and then another text for it; return its id."""
    post_id = post(db, author, first)
    with db.read() as session:
        draft = posts.compose(session, text)
    db.write(lambda session: posts.edit(session, by=author, post_id=post_id, draft=draft))
    return post_id


def narrow(db: Database, author: Viewer, post_id: int, visibility: str) -> None:
    """Let a person say that a post of theirs is for others than before."""
    with db.read() as session:
        text = posts.get_own(session, by=author, post_id=post_id).text
        draft = posts.compose(session, text, visibility=visibility)
    db.write(lambda session: posts.edit(session, by=author, post_id=post_id, draft=draft))


def block(db: Database, blocker: Viewer, blocked: Viewer) -> None:
    """Let one person block another."""
    db.write(lambda session: relationships.block(session, by=blocker, account_id=blocked.id))


def mute(db: Database, muter: Viewer, muted: Viewer) -> None:
    """Let one person mute another."""
    db.write(lambda session: relationships.mute(session, by=muter, account_id=muted.id))


def post(
    db: Database,
    author: Viewer,
    text: str = "Hello",
    key: str | None = None,
    *,
    visibility: str = PUBLIC,
    warning: str = "",
    reply_to: int | None = None,
) -> int:
    """Let a person write a post; return its id."""
    with db.read() as session:
        draft = posts.compose(
            session, text, key, warning=warning, visibility=visibility, reply_to_id=reply_to
        )
    return db.write(lambda session: posts.publish(session, by=author, draft=draft)).post_id


def boost(db: Database, by: Viewer, post_id: int) -> None:
    """Let a person boost a post."""
    db.write(lambda session: posts.boost(session, by=by, post_id=post_id))


def unboost(db: Database, by: Viewer, post_id: int) -> None:
    """Let a person take a boost back."""
    db.write(lambda session: posts.unboost(session, by=by, post_id=post_id))


def favourite(db: Database, by: Viewer, post_id: int) -> None:
    """Let a person make a post a favourite."""
    db.write(lambda session: posts.favourite(session, by=by, post_id=post_id))


def unfavourite(db: Database, by: Viewer, post_id: int) -> None:
    """Let a person take a favourite back."""
    db.write(lambda session: posts.unfavourite(session, by=by, post_id=post_id))


def suspended(db: Database, person: Viewer, *, is_suspended: bool = True) -> None:
    """Hide a person from everybody, or bring them back."""
    moment = clock.now() if is_suspended else None
    change = update(Account).where(Account.id == person.id).values(suspended_at=moment)
    db.write(lambda session: session.execute(change))


def picture(
    db: Database, owner: Viewer, description: str = "", storage: Storage | None = None
) -> int:
    """Let a person upload a picture; return its id. It has files where there is a storage."""
    names = [
        storage.put(PIXEL, ".webp", is_gated=True) if storage else f"{ids.new():032x}.gated.webp"
        for _ in range(2)
    ]
    upload = Upload(names[0], 4, 2, names[1], 2, 1)
    return db.write(
        lambda session: media.add(session, by=owner, upload=upload, description=description)
    )


def picture_post(
    db: Database, author: Viewer, *attachment_ids: int, text: str = "", visibility: str = PUBLIC
) -> int:
    """Let a person write a post with pictures; return its id."""
    with db.read() as session:
        draft = posts.compose(session, text, attachment_ids=attachment_ids, visibility=visibility)
    return db.write(lambda session: posts.publish(session, by=author, draft=draft)).post_id


def draft(db: Database, by: Viewer, text: str = "Hello") -> int:
    """Let a person begin to write; return the draft's id."""
    content = Unfinished(f"key-{ids.new()}", text, "", PUBLIC)
    return db.write(lambda session: drafts.save(session, by=by, content=content)) or 0


def posts_of(db: Database, author: Viewer, count: int) -> list[int]:
    """Let a person write several posts; return their ids, the oldest first."""
    return [post(db, author, f"Post {number} of {author.username}") for number in range(count)]


def message(db: Database, author: Viewer, *to: Viewer, text: str = "Hello") -> Sent:
    """Let a person write to others in private."""
    with db.read() as session:
        draft = messages.compose(session, text)
    recipients = [person.id for person in to]
    return db.write(lambda s: messages.begin(s, by=author, to=recipients, draft=draft))


def sessions_older(db: Database, duration: timedelta) -> None:
    """Make everybody's sign-ins older, as if that time had passed."""

    def move(session: Session) -> None:
        for kept in session.scalars(select(LoginSession)):
            kept.created_at -= duration
            kept.last_used_at -= duration
            kept.expires_at -= duration

    db.write(move)


def attempts_older(db: Database, duration: timedelta) -> None:
    """Make everything that was tried older, as if that time had passed."""

    def move(session: Session) -> None:
        for kept in session.scalars(select(AttemptCounter)):
            kept.expires_at -= duration

    db.write(move)


def attempts_forgotten(db: Database) -> None:
    """Forget everything that was tried."""
    db.write(lambda session: session.execute(delete(AttemptCounter)))


def events_due(db: Database, lane: str) -> None:
    """Make every event of a lane due that is still tried, as if its pause was over."""
    waiting = update(OutboxEvent).where(OutboxEvent.lane == lane, OutboxEvent.parked_at.is_(None))
    db.write(lambda session: session.execute(waiting.values(due_at=clock.now())))


def periodic_work_due(db: Database) -> None:
    """Make everything on the schedule due, as it is at the first start."""
    db.write(lambda session: session.execute(delete(PeriodicRun)))


@lru_cache(maxsize=1)
def _hash() -> str:
    # Once for all: hashing takes as long as the rest of a test.
    return passwords.hash_password(PASSWORD)
