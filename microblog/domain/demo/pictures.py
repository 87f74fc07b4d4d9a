"""The pictures of the demo: drawn before anything is written, and hung into their posts."""

from collections.abc import Callable, Mapping, Sequence
from random import Random

from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.domain.demo.script import Album, Drawn
from microblog.domain.media import Upload
from microblog.files.canvas import Canvas
from microblog.files.scenery import (
    draw_arches,
    draw_garden,
    draw_hills,
    draw_mountains,
    draw_sea,
)
from microblog.files.storage import Storage
from microblog.models import Attachment, Post

_SUBJECTS: Mapping[str, Callable[[Random], Canvas]] = {
    "arches": draw_arches,
    "garden": draw_garden,
    "hills": draw_hills,
    "mountains": draw_mountains,
    "sea": draw_sea,
}
# Of what is drawn as a square, three quarters of the height are shown.
_HEIGHT_PERCENT = 75
_HEADER_PERCENT = 33
_SIZE, _SMALL_SIZE = (800, 600), (400, 300)

# The pictures of the post that begins so, each with what it shows.
Albums = Mapping[str, Sequence[tuple[Upload, str]]]


def draw(storage: Storage, albums: Sequence[Album]) -> Albums:
    """Draw all pictures, and store them."""
    return {
        album.begins: [(_store(storage, drawn), drawn.description) for drawn in album.pictures]
        for album in albums
    }


def draw_header(storage: Storage, header: tuple[str, int]) -> str:
    """Draw the wide picture of a profile, and store it."""
    subject, seed = header
    canvas = _SUBJECTS[subject](Random(seed))
    return storage.put(canvas.to_webp(height=_HEADER_PERCENT, is_large=True), ".webp")


def hang(session: Session, written: Sequence[Post], albums: Albums) -> None:
    """Attach the pictures to the posts that begin as the albums say."""
    for begins, pictures in albums.items():
        post = next(post for post in written if post.text.startswith(begins))
        for position, (upload, description) in enumerate(pictures):
            session.add(
                Attachment(
                    id=ids.new(),
                    account_id=post.account_id,
                    post_id=post.id,
                    position=position,
                    description=description,
                    created_at=clock.now(),
                    **vars(upload),
                )
            )
    session.flush()


def _store(storage: Storage, drawn: Drawn) -> Upload:
    canvas = _SUBJECTS[drawn.subject](Random(drawn.seed))
    file, preview = (
        storage.put(
            canvas.to_webp(height=_HEIGHT_PERCENT, is_large=is_large), ".webp", is_gated=True
        )
        for is_large in (True, False)
    )
    return Upload(file, *_SIZE, preview, *_SMALL_SIZE)
