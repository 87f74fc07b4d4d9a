"""A believable community on an empty server, so that a newcomer sees what this is."""

import time
from random import Random

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from microblog import clock
from microblog.db import Database
from microblog.domain.demo import (
    circles,
    entries,
    hearing,
    letters,
    pictures,
    settlers,
    timetable,
)
from microblog.domain.demo.pictures import Albums
from microblog.domain.demo.publishing import publish
from microblog.domain.demo.reactions import react
from microblog.domain.demo.report import DemoReport
from microblog.domain.demo.script import Script, read
from microblog.domain.demo.settlers import Settlement
from microblog.domain.errors import Conflict
from microblog.domain.viewer import ADMIN
from microblog.files.portrait import portrait
from microblog.files.storage import Storage
from microblog.models import Account, Post

_SEED = 7  # The same community for everybody.


def fill_community(db: Database, storage: Storage, password_hash: str) -> DemoReport:
    """Bring a few dozen invented people and what they wrote to a server without posts.

    **Raises** Conflict when there are posts already.
    """
    with db.read() as session:
        _refuse_posts(session)
        script = read().renamed(_free_names(session, read()))
    portraits = {
        person.username: storage.put(portrait(person.portrait), ".webp")
        for person in script.people
        if person.portrait
    }
    headers = {
        person.username: pictures.draw_header(storage, person.header)
        for person in script.people
        if person.header
    }
    albums = pictures.draw(storage, script.albums)
    random, now = Random(_SEED), clock.now()
    follows, said = list(circles.follows(script, random)), timetable.plan(script, now, random)
    settlement = Settlement(script, follows, said, portraits, headers, password_hash, now)
    # One transaction, though a long one: a run that is killed leaves no half of a community, and
    # on a server without posts nobody waits.
    return db.write(lambda session: _fill(session, settlement, albums))


def _refuse_posts(session: Session) -> None:
    if session.scalar(select(exists().select_from(Post))):
        raise Conflict("posts_exist")


def _free_names(session: Session, script: Script) -> dict[str, str]:
    """Find another name for whoever is called like somebody who is here already."""
    handles = [person.username for person in script.people]
    taken = session.scalars(select(Account.handle).where(Account.handle.in_(handles))).all()
    return {handle: f"{handle}_demo" for handle in taken}


def _fill(session: Session, settlement: Settlement, albums: Albums) -> DemoReport:
    _refuse_posts(session)
    role, accounts = settlers.settle(session, settlement)
    began = time.monotonic()
    written = publish(session, accounts, settlement.said)
    pictures.hang(session, written, albums)
    react(session, written, settlement, accounts)
    published = time.monotonic()
    filled = entries.fill(session, list(accounts.values()))
    hearing.tell(session, written, accounts, settlement.now)
    letters.write(session, settlement.script.letters, accounts, settlement.now)
    return DemoReport(
        username=settlement.script.people[0].username,
        is_admin=role == ADMIN,
        accounts=len(accounts),
        follows=len(settlement.follows),
        posts=len(settlement.said),
        posts_seconds=published - began,
        timeline_entries=filled,
        timelines_seconds=time.monotonic() - published,
    )
