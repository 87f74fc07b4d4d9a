"""The one gate: may this viewer see this post. Every read and every verb passes it.

Nobody signed in is the viewer 0, which is nobody's id. A statement that is prepared once for all
viewers gives the bind parameter `VIEWER_ID` instead of a number.
"""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, func, or_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from microblog.db import Id
from microblog.domain.viewer import Viewer
from microblog.models import Account, Block, Follow, Mute, Post, PostMention, User
from microblog.models.user import WAITING

# For everybody, and on explore and the pages of tags; for everybody who comes by; for followers;
# for those it mentions. Whom a post mentions may see it in any case.
PUBLIC, QUIET, FOLLOWERS, MENTIONED = "public", "quiet", "followers", "mentioned"
VISIBILITIES = (PUBLIC, QUIET, FOLLOWERS, MENTIONED)
FOR_EVERYBODY = (PUBLIC, QUIET)

PersonColumn = InstrumentedAttribute[int] | ColumnElement[int]
# A viewer: one, whoever it will be, or each of several at once.
Key = int | BindParameter[int] | PersonColumn

# Under names of their own, so that a statement about these tables can be asked, too.
_follow, _mention = aliased(Follow), aliased(PostMention)
_block, _mute = aliased(Block), aliased(Mute)

VIEWER_ID: BindParameter[int] = bindparam("viewer_id", type_=Id)


def key_of(viewer: Viewer | None) -> int:
    """Return what stands for a viewer in statements."""
    return viewer.id if viewer else 0


def is_visible(
    viewer_id: Key, post: type[Post] = Post, author: type[Account] = Account
) -> ColumnElement[bool]:
    """Return the condition on Post rows, joined with their authors, that a viewer may see.

    It only filters what a statement finds otherwise: a statement that wants the index of public
    posts compares the column itself. A subquery gives both tables under names of its own.
    """
    return and_(is_published(post), is_known(viewer_id, post, author))


def is_known(
    viewer_id: Key, post: type[Post] = Post, author: type[Account] = Account
) -> ColumnElement[bool]:
    """Return the condition on Post rows that a viewer may see, or might if they were not deleted.

    For the places that deleted posts keep in a conversation; who reads a post asks `is_visible`.
    """
    return and_(
        is_present(author), is_for(viewer_id, post), ~is_blocked(viewer_id, post.account_id)
    )


def is_published(post: type[Post] = Post) -> ColumnElement[bool]:
    """Return the condition on Post rows that are out, whoever may see them.

    For what goes on while an author is suspended, so that nothing is missing when they are back.
    """
    return post.deleted_at.is_(None)


def is_for_everybody(post: type[Post] = Post) -> ColumnElement[bool]:
    """Return the condition on Post rows that anybody who comes by may see."""
    # As a plain comparison, SQLite would find a few people's posts by going through everybody's.
    visibility = func.coalesce(post.visibility, "")
    return or_(visibility == PUBLIC, visibility == QUIET)


def is_for(viewer_id: Key, post: type[Post] = Post) -> ColumnElement[bool]:
    """Return the condition on Post rows that were written for a viewer, among others."""
    is_follower = _there_is(
        _follow, _follow.follower_id == viewer_id, _follow.followed_id == post.account_id
    )
    is_mentioned = _there_is(
        _mention, _mention.post_id == post.id, _mention.account_id == viewer_id
    )
    return or_(
        is_for_everybody(post),
        post.account_id == viewer_id,
        and_(post.visibility == FOLLOWERS, is_follower),
        is_mentioned,
    )


def is_present(author: type[Account] = Account) -> ColumnElement[bool]:
    """Return the condition on Account rows of people who are not suspended."""
    return author.suspended_at.is_(None)


def is_blocked(viewer_id: Key, person_id: PersonColumn) -> ColumnElement[bool]:
    """Return the condition that a viewer and a person have nothing to do with each other.

    Whichever of the two has blocked the other, neither sees the other.
    """
    return or_(
        _there_is(_block, _block.blocker_id == viewer_id, _block.blocked_id == person_id),
        _there_is(_block, _block.blocker_id == person_id, _block.blocked_id == viewer_id),
    )


def is_muted(viewer_id: Key, person_id: PersonColumn) -> ColumnElement[bool]:
    """Return the condition that a viewer does not want to read a person.

    What they mute they may still see: it is left out of timelines, and folded in conversations.
    """
    return _there_is(_mute, _mute.muter_id == viewer_id, _mute.muted_id == person_id)


def has_profile() -> ColumnElement[bool]:
    """Return the condition on Account rows of people whom others may find by name.

    Who waits to be let in has no post and no follower, so nothing else asks for it.
    """
    is_waiting = exists().where(User.account_id == Account.id, User.state == WAITING)
    return and_(is_present(), ~is_waiting)


def may_change(viewer: Viewer, post: Post) -> bool:
    """Tell whether the viewer may edit, pin or delete a post they can see: only their own."""
    return post.account_id == viewer.id


def may_boost(viewer: Viewer, post: Post) -> bool:
    """Tell whether the viewer may show a post they can see to others.

    What was written for some is not carried on by others; one's own goes to one's followers.
    """
    if post.visibility in FOR_EVERYBODY:
        return True
    return post.visibility == FOLLOWERS and post.account_id == viewer.id


def may_pin(viewer: Viewer, post: Post) -> bool:
    """Tell whether the viewer may put a post they can see on top of their profile."""
    return post.account_id == viewer.id and post.visibility != MENTIONED


def _there_is(row: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    # Everything else is of the statements around it, however deep it stands in them.
    return exists().where(*conditions).correlate_except(row)
