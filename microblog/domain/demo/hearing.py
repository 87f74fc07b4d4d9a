"""What the people of the demo were told: who answered, liked and boosted what they wrote."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain.notifications import BOOST, FAVOURITE, FOLLOW, MENTION, REPLY
from microblog.domain.notifications.kinds import acts_key, follows_key, post_key
from microblog.models import (
    Boost,
    Favourite,
    Follow,
    Notification,
    NotificationActor,
    Post,
    PostMention,
    User,
)

# What is older was read and forgotten.
_TOLD = timedelta(days=14)
# So much the first person has not looked at.
_UNREAD = 4


class _News(NamedTuple):
    """Something that somebody is told; the id is that of what was done."""

    account_id: int
    kind: str
    group_key: str
    post_id: int | None
    actor_id: int
    id: int


def tell(
    session: Session, written: Sequence[Post], accounts: Mapping[str, int], now: datetime
) -> None:
    """Tell everybody what happened of late; only the first person has not read it all."""
    since = ids.at(now - _TOLD)
    posts = {post.id: post for post in written}
    news = [
        each
        for each in (*_reactions(session, posts), *_answers(session, posts), *_follows(session))
        if each.id > since and each.actor_id != each.account_id
    ]
    _write(session, sorted(news, key=lambda each: each.id))
    session.execute(update(User).values(notifications_read_id=ids.at(now)))
    first = next(iter(accounts.values()))
    newest = session.scalars(
        select(Notification.last_id)
        .where(Notification.account_id == first)
        .order_by(Notification.last_id.desc())
        .limit(_UNREAD + 1)
    ).all()
    session.execute(
        update(User).where(User.account_id == first).values(notifications_read_id=newest[-1])
    )


def _reactions(session: Session, posts: Mapping[int, Post]) -> Iterator[_News]:
    for table, kind in ((Favourite, FAVOURITE), (Boost, BOOST)):
        for account_id, post_id, id_ in session.execute(
            select(table.account_id, table.post_id, table.id)
        ):
            author_id = posts[post_id].account_id
            yield _News(author_id, kind, acts_key(kind, post_id), post_id, account_id, id_)


def _answers(session: Session, posts: Mapping[int, Post]) -> Iterator[_News]:
    mentions: dict[int, list[int]] = {}
    for post_id, account_id in session.execute(select(PostMention.post_id, PostMention.account_id)):
        mentions.setdefault(post_id, []).append(account_id)
    for post in posts.values():
        named = mentions.get(post.id, [])
        told = dict.fromkeys(named, MENTION)
        if post.reply_to_account_id is not None:
            told[post.reply_to_account_id] = REPLY
        for account_id, kind in told.items():
            yield _News(account_id, kind, post_key(post.id), post.id, post.account_id, post.id)


def _follows(session: Session) -> Iterator[_News]:
    for follow in session.scalars(select(Follow)):
        key = follows_key(follow.created_at)
        yield _News(follow.followed_id, FOLLOW, key, None, follow.follower_id, follow.id)


def _write(session: Session, news: Iterable[_News]) -> None:
    groups: dict[tuple[int, str], Notification] = {}
    actors = []
    for number, each in enumerate(news):
        group = groups.setdefault(
            (each.account_id, each.group_key),
            Notification(
                # One post may be told to several people.
                id=ids.at(ids.time_of(each.id), number),
                account_id=each.account_id,
                kind=each.kind,
                group_key=each.group_key,
                post_id=each.post_id,
            ),
        )
        group.last_id = each.id
        actors.append((group.id, each))
    session.add_all(groups.values())
    session.flush()
    session.add_all(
        NotificationActor(
            notification_id=group_id,
            account_id=each.account_id,
            actor_id=each.actor_id,
            id=each.id,
        )
        for group_id, each in actors
    )
    session.flush()
