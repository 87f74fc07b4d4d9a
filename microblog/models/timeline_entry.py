"""Timeline entries: what is on whose home page."""

from sqlalchemy import ForeignKey, UniqueConstraint
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

    __table_args__ = (
        # The post comes first: its entries then stand side by side, where a delivery writes a few
        # pages instead of one for every follower.
        UniqueConstraint("post_id", "account_id"),
        {"sqlite_with_rowid": False, **TABLE_OPTIONS},
    )
