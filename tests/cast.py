"""The cast: a few people with known relations, whom tests call by name.

Alice runs the server. Bob follows Alice. Carol follows nobody and nobody follows her.
"""

from dataclasses import dataclass

from microblog.db import Database
from microblog.domain.viewer import ADMIN, Viewer
from tests import make

__all__ = ["PASSWORD", "Cast", "assemble"]

PASSWORD = make.PASSWORD


@dataclass(frozen=True)
class Cast:
    """The people, as viewers."""

    alice: Viewer
    bob: Viewer
    carol: Viewer


def assemble(db: Database) -> Cast:
    """Set up a server and bring the people to it."""
    make.server(db)
    cast = Cast(
        alice=make.account(db, "alice", role=ADMIN),
        bob=make.account(db, "bob"),
        carol=make.account(db, "carol"),
    )
    make.follow(db, cast.bob, cast.alice)
    return cast
