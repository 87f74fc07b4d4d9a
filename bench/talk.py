"""What people do with each other in a community that is measured: all that a page may hold."""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench import cast
from microblog import clock, ids
from microblog.db import Database
from microblog.domain import messages, posts
from microblog.domain.errors import DomainError
from microblog.domain.viewer import Viewer
from microblog.files.portrait import portrait
from microblog.models import Account, Attachment, Follow, Post
from microblog.services import Services
from microblog.worker import Worker

# The posts with which the two conversations began that are measured.
SHORT_THREAD, LONG_THREAD = "Some answers, please.", "All the answers, please."

_NEWEST = 1_500
_PICTURED, _BOOSTED, _ANSWERED = 0.25, 0.3, 0.25
_PICTURES = 12
_LIKES, _LIKED_BY = 10, 6
_CONVERSATIONS = 8
_BATCH = 100

Act = Callable[[Session], object]


def fill(app: Flask, viewer_ids: Sequence[int], answers: tuple[int, int]) -> None:
    """Let people answer, boost, like, show pictures and write to each other.

    `answers` says how many there are in the short thread, and in the long one.
    """
    services: Services = app.extensions["microblog"]
    chance = random.Random(0)
    with services.db.read() as session:
        newest = session.scalars(select(Post.id).order_by(Post.id.desc()).limit(_NEWEST)).all()
        people = session.scalars(select(Account.id).order_by(Account.id)).all()
        friends = {id_: _followed(session, id_) for id_ in viewer_ids}
    _show_pictures(services, chance.sample(newest, int(len(newest) * _PICTURED)), chance)
    acts = [
        *_boosts(chance, newest, people),
        *_answers(chance, newest, people),
        *_likes(services.db, chance, viewer_ids, newest, people),
        *_messages(services.db, chance, friends),
    ]
    _run(services.db, acts)
    for text, count in zip((SHORT_THREAD, LONG_THREAD), answers, strict=True):
        _begin_thread(services.db, chance, people, text, count)
    Worker(services).run_due()
    services.db.dispose()


def _followed(session: Session, account_id: int) -> Sequence[int]:
    return session.scalars(
        select(Follow.followed_id).where(Follow.follower_id == account_id).order_by(Follow.id)
    ).all()


def _show_pictures(services: Services, post_ids: Sequence[int], chance: random.Random) -> None:
    """Give posts up to four pictures each; their files are few, since nobody opens them."""
    drawn = [portrait(f"picture {number}") for number in range(_PICTURES)]

    def attach(session: Session) -> None:
        for post in session.scalars(select(Post).where(Post.id.in_(post_ids))).all():
            for position in range(chance.choice((1, 1, 2, 3, 4))):
                data = chance.choice(drawn)
                session.add(_picture(services, post, position, data))
            post.version += 1

    services.db.write(attach)


def _picture(services: Services, post: Post, position: int, data: bytes) -> Attachment:
    file, preview = (services.storage.put(data, ".webp") for _ in range(2))
    return Attachment(
        id=ids.new(),
        account_id=post.account_id,
        post_id=post.id,
        position=position,
        file=file,
        preview=preview,
        width=400,
        height=400,
        preview_width=400,
        preview_height=400,
        created_at=clock.now(),
        description="A drawn picture.",
    )


def _boosts(chance: random.Random, post_ids: Sequence[int], people: Sequence[int]) -> list[Act]:
    chosen = chance.sample(post_ids, int(len(post_ids) * _BOOSTED))
    return [_boost(Viewer(chance.choice(people), ""), post_id) for post_id in chosen]


def _boost(by: Viewer, post_id: int) -> Act:
    return lambda session: posts.boost(session, by=by, post_id=post_id)


def _answers(chance: random.Random, post_ids: Sequence[int], people: Sequence[int]) -> list[Act]:
    chosen = chance.sample(post_ids, int(len(post_ids) * _ANSWERED))
    return [_answer(Viewer(chance.choice(people), ""), id_, "Yes, that too.") for id_ in chosen]


def _answer(by: Viewer, post_id: int, text: str) -> Act:
    def act(session: Session) -> int:
        draft = posts.compose(session, text, reply_to_id=post_id)
        return posts.publish(session, by=by, draft=draft).post_id

    return act


def _likes(
    db: Database,
    chance: random.Random,
    viewer_ids: Sequence[int],
    newest: Sequence[int],
    people: Sequence[int],
) -> list[Act]:
    """Let viewers like some of the newest posts, and others like theirs: that is told to them."""
    acts = []
    with db.read() as session:
        for viewer_id in viewer_ids:
            acts += [_like(viewer_id, id_) for id_ in chance.sample(newest, _LIKES)]
            own = session.scalars(
                select(Post.id)
                .where(Post.account_id == viewer_id)
                .order_by(Post.id.desc())
                .limit(_LIKES)
            ).all()
            for post_id in own:
                likers = chance.sample(people, chance.randint(1, _LIKED_BY))
                acts += [_like(liker, post_id) for liker in likers]
    return acts


def _like(account_id: int, post_id: int) -> Act:
    by = Viewer(account_id, "")
    return lambda session: posts.favourite(session, by=by, post_id=post_id)


def _messages(db: Database, chance: random.Random, friends: dict[int, Sequence[int]]) -> list[Act]:
    acts = []
    with db.read() as session:
        draft = messages.compose(session, "Are you at home tonight? I would bring the bread.")
    for viewer_id, followed in friends.items():
        for friend in chance.sample(followed, min(_CONVERSATIONS, len(followed))):
            acts.append(_message(Viewer(viewer_id, ""), friend, draft))
            acts.append(_message(Viewer(friend, ""), viewer_id, draft))
    return acts


def _message(by: Viewer, to: int, draft: messages.MessageDraft) -> Act:
    return lambda session: messages.begin(session, by=by, to=[to], draft=draft)


def _begin_thread(
    db: Database, chance: random.Random, people: Sequence[int], text: str, count: int
) -> None:
    began = db.write(partial(_write, text=text))
    there = [began]
    for start in range(0, count, _BATCH):
        acts = [
            # Half answer the first post, the others whatever is there by then.
            _answer(
                Viewer(chance.choice(people), ""),
                began if number % 2 else chance.choice(there),
                f"Answer {number + 1}.",
            )
            for number in range(start, min(start + _BATCH, count))
        ]
        there += _run(db, acts)


def _write(session: Session, text: str) -> int:
    by = Viewer(cast.account_id(session, cast.FAMOUS), cast.FAMOUS)
    return posts.publish(session, by=by, draft=posts.compose(session, text)).post_id


def _run(db: Database, acts: Sequence[Act]) -> list[int]:
    """Do many acts in few transactions; who may not do something, does not."""
    results: list[int] = []
    for start in range(0, len(acts), _BATCH):
        batch = acts[start : start + _BATCH]
        results += db.write(partial(_run_batch, acts=batch))
    return results


def _run_batch(session: Session, acts: Sequence[Act]) -> list[int]:
    results = []
    for act in acts:
        with suppress(DomainError):
            result = act(session)
            session.flush()
            if isinstance(result, int) and not isinstance(result, bool):
                results.append(result)
    return results
