"""What people are told of what happened; the handlers of the worker call this.

It goes by what is so when it runs. What was taken back meanwhile is not told, and what was done
again is not taken back, in whatever order the events come.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select
from sqlalchemy.orm import Session

from microblog.db import Id
from microblog.domain import forgetting
from microblog.domain.notifications.kinds import (
    acts_key,
    follows_key,
    post_key,
    request_key,
)
from microblog.domain.notifications.writing import News, forget_actor, lock, take_back, tell
from microblog.domain.visibility import (
    FOR_EVERYBODY,
    is_blocked,
    is_muted,
    is_published,
    is_visible,
)
from microblog.models import (
    Account,
    Boost,
    Favourite,
    Follow,
    FollowRequest,
    Notification,
    NotificationActor,
    Post,
    PostMention,
    ThreadMute,
    User,
)
from microblog.models.notification import (
    BOOST,
    FAVOURITE,
    FOLLOW,
    FOLLOW_REQUEST,
    MENTION,
    REPLY,
)

CHUNK = 100


def tell_of_post(session: Session, post_id: int, after: int | None) -> int | None:
    """Tell whom a post answers, and the next of those whom it mentions.

    `after` is what the call before returned; None begins, and None is returned at the end.
    """
    post = session.get(Post, post_id)
    if post is None:
        return None
    answered_id = post.reply_to_account_id
    mentioned = session.scalars(
        select(PostMention.account_id)
        .where(PostMention.post_id == post_id, PostMention.account_id > (after or 0))
        .order_by(PostMention.account_id)
        .limit(CHUNK)
    ).all()
    answered = [answered_id] if answered_id is not None and after is None else []
    lock(session, post.account_id, [*answered, *mentioned])
    _tell_readers(session, post, REPLY, answered)
    # Whom it answers is told that it does, and nothing else.
    _tell_readers(session, post, MENTION, [id_ for id_ in mentioned if id_ != answered_id])
    return mentioned[-1] if len(mentioned) == CHUNK else None


def take_back_of_edit(session: Session, post_id: int) -> bool:
    """Take back some of what an edit has made untrue; tell whether there may be more.

    Whom it names no more, and boosts of what may not be carried on any more.
    """
    post = session.get(Post, post_id)
    if post is None:
        return False
    is_named = exists().where(
        PostMention.post_id == post_id, PostMention.account_id == Notification.account_id
    )
    is_untrue = and_(Notification.kind == MENTION, ~is_named)
    if post.visibility not in FOR_EVERYBODY:
        is_untrue = or_(is_untrue, Notification.kind == BOOST)
    is_of_post = Notification.post_id == post_id
    return forgetting.forget_notifications(session, and_(is_of_post, is_untrue))


def tell_of_favourite(session: Session, account_id: int, post_id: int) -> None:
    """Tell an author that somebody likes a post."""
    is_so = exists().where(Favourite.account_id == account_id, Favourite.post_id == post_id)
    _tell_author(session, FAVOURITE, account_id, post_id, is_so)


def take_back_favourite(session: Session, account_id: int, post_id: int) -> None:
    """Tell an author no longer that somebody likes a post."""
    is_so = exists().where(Favourite.account_id == account_id, Favourite.post_id == post_id)
    _take_back_from_author(session, FAVOURITE, account_id, post_id, is_so)


def tell_of_boost(session: Session, boost_id: int) -> None:
    """Tell an author that somebody boosted a post."""
    boost = session.get(Boost, boost_id)
    if boost is not None:
        is_so = exists().where(Boost.id == boost_id)
        _tell_author(session, BOOST, boost.account_id, boost.post_id, is_so)


def take_back_boost(session: Session, account_id: int, post_id: int) -> None:
    """Tell an author no longer that somebody boosted a post."""
    is_so = exists().where(Boost.account_id == account_id, Boost.post_id == post_id)
    _take_back_from_author(session, BOOST, account_id, post_id, is_so)


def tell_of_follow(session: Session, follower_id: int, followed_id: int) -> None:
    """Tell somebody that they have a new follower, unless they let in each by hand."""
    lock(session, follower_id, [followed_id])
    follow = session.get(Follow, (follower_id, followed_id))
    if follow is None or session.get_one(Account, followed_id).is_locked:
        return
    news = News(FOLLOW, follows_key(follow.created_at), follower_id)
    tell(session, news, _listeners(session, follower_id, [followed_id]))


def take_back_follow(session: Session, follower_id: int, followed_id: int) -> None:
    """Tell somebody no longer that a person follows them."""
    lock(session, follower_id, [followed_id])
    if session.get(Follow, (follower_id, followed_id)) is not None:
        return
    # There is one for each day, and none is older than notifications are kept.
    _forget(session, followed_id, follower_id, Notification.kind == FOLLOW)


def tell_of_request(session: Session, follower_id: int, followed_id: int) -> None:
    """Tell somebody that a person asks to follow them."""
    lock(session, follower_id, [followed_id])
    if session.get(FollowRequest, (follower_id, followed_id)) is None:
        return
    news = News(FOLLOW_REQUEST, request_key(follower_id), follower_id)
    tell(session, news, _listeners(session, follower_id, [followed_id]))


def take_back_request(session: Session, follower_id: int, followed_id: int) -> None:
    """Tell somebody no longer that a person asks to follow them."""
    lock(session, follower_id, [followed_id])
    if session.get(FollowRequest, (follower_id, followed_id)) is None:
        take_back(session, followed_id, request_key(follower_id), follower_id)


def forget_each_other(session: Session, one_id: int, other_id: int, done: int | None) -> int | None:
    """Take back some of what two people were told of each other, once one has blocked the other.

    `done` is what the call before returned, None at first; None is returned at the end.
    """
    lock(session, one_id, [other_id])
    if not session.scalar(select(is_blocked(one_id, literal(other_id, Id)))):
        return None
    found = _forget(session, one_id, other_id) + _forget(session, other_id, one_id)
    return (done or 0) + 1 if found >= CHUNK else None


def _tell_readers(session: Session, post: Post, kind: str, account_ids: Sequence[int]) -> None:
    """Tell those of the people who may see a post, and want to hear of it."""
    news = News(kind, post_key(post.id), post.account_id, post.id)
    may_see = exists(
        select(Post.id)
        .join(Account, Account.id == Post.account_id)
        .where(Post.id == post.id, is_visible(User.account_id))
    )
    is_muted_here = _has_muted_conversation(post.thread_id)
    tell(session, news, _listeners(session, post.account_id, account_ids, may_see, ~is_muted_here))


def _tell_author(
    session: Session, kind: str, actor_id: int, post_id: int, is_so: ColumnElement[bool]
) -> None:
    post = session.get(Post, post_id)
    if post is None:
        return
    lock(session, actor_id, [post.account_id])
    is_there = exists().where(Post.id == post_id, is_published())
    if not session.scalar(select(and_(is_so, is_there))):
        return
    news = News(kind, acts_key(kind, post_id), actor_id, post_id)
    is_muted_here = _has_muted_conversation(post.thread_id)
    tell(session, news, _listeners(session, actor_id, [post.account_id], ~is_muted_here))


def _take_back_from_author(
    session: Session, kind: str, actor_id: int, post_id: int, is_so: ColumnElement[bool]
) -> None:
    author_id = session.scalar(select(Post.account_id).where(Post.id == post_id))
    if author_id is None:
        return
    lock(session, actor_id, [author_id])
    if not session.scalar(select(is_so)):
        take_back(session, author_id, acts_key(kind, post_id), actor_id)


def _listeners(
    session: Session, actor_id: int, account_ids: Sequence[int], *conditions: ColumnElement[bool]
) -> Sequence[User]:
    """Return those of the people who hear of what somebody else does, in the order of their ids."""
    if not account_ids:
        return ()
    actor = literal(actor_id, Id)
    return session.scalars(
        select(User)
        .where(
            User.account_id.in_(account_ids),
            User.account_id != actor_id,
            ~is_blocked(User.account_id, actor),
            ~is_muted(User.account_id, actor),
            *conditions,
        )
        .order_by(User.account_id)
    ).all()


def _has_muted_conversation(thread_id: int) -> ColumnElement[bool]:
    return exists().where(
        ThreadMute.account_id == User.account_id, ThreadMute.thread_id == thread_id
    )


def _forget(
    session: Session, account_id: int, actor_id: int, *conditions: ColumnElement[bool]
) -> int:
    """Take a person out of the next of somebody's notifications; return out of how many."""
    groups = session.scalars(
        select(Notification)
        .join(NotificationActor, NotificationActor.notification_id == Notification.id)
        .where(
            NotificationActor.actor_id == actor_id,
            NotificationActor.account_id == account_id,
            *conditions,
        )
        .order_by(Notification.id)
        .limit(CHUNK)
        .with_for_update(of=Notification)
    ).all()
    for group in groups:
        forget_actor(session, group, actor_id)
    return len(groups)
