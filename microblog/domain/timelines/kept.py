"""The posts that somebody keeps, and those they like: timelines for nobody but them."""

from sqlalchemy.orm import InstrumentedAttribute

from microblog.db import Database
from microblog.domain.pages import Page, Slice
from microblog.domain.timelines.entries import Entry, Timeline, entries, entry_columns
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import VIEWER_ID, is_visible
from microblog.models import Account, Bookmark, Favourite, Post


def _of_viewer(table: type[Bookmark] | type[Favourite]) -> Timeline:
    """Return the timeline of what a viewer chose, the last chosen first, as far as they see it."""
    key: InstrumentedAttribute[int] = table.id
    return Timeline(
        entry_columns(key)
        .select_from(table)
        .join(Post, Post.id == table.post_id)
        .join(Account, Account.id == Post.account_id)
        .where(table.account_id == VIEWER_ID, is_visible(VIEWER_ID)),
        key,
    )


_BOOKMARKS, _FAVOURITES = _of_viewer(Bookmark), _of_viewer(Favourite)


def bookmarks(db: Database, viewer: Viewer, page: Page) -> Slice[Entry]:
    """Return the posts that a viewer keeps; whom they muted they chose to read here."""
    return entries(_BOOKMARKS.rows(db, page, viewer_id=viewer.id), page)


def favourites(db: Database, viewer: Viewer, page: Page) -> Slice[Entry]:
    """Return the posts that a viewer likes."""
    return entries(_FAVOURITES.rows(db, page, viewer_id=viewer.id), page)
