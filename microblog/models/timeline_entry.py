"""Timeline entries: what is on whose home page."""

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id


class TimelineEntry(Base):
    """A post on the home timeline of `account_id`.

    With a boost, it is there because somebody the reader follows boosted it. The id is made when
    the post is delivered and orders the timeline, so that what arrives late is still seen as new.
    An entry brought in for a new follow has the id of its post, or of its boost.
    """

    __tablename__ = "timeline_entries"

    account_id: Mapped[int] = mapped_column(
        Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(Id, ForeignKey("posts.id", ondelete="CASCADE"))
    # No foreign key: the boost is looked up when the page is read, and may have been taken back.
    boost_id: Mapped[int | None] = mapped_column(Id)
    # An answer to somebody whom the reader did not follow when it came. It waits here for them to
    # be followed, and where people argue at length there are many: a page has to pass over them.
    is_held_back: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        # The post comes first: its entries then stand side by side, where a delivery writes a few
        # pages instead of one for every follower.
        UniqueConstraint("post_id", "account_id"),
        {"sqlite_with_rowid": False, **TABLE_OPTIONS},
    )
