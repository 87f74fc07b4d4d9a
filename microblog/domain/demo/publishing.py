"""What the people of the demo have written: posts, answers, and going on with one's own."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain import posts, tags
from microblog.domain.demo.timetable import Said
from microblog.domain.visibility import FOR_EVERYBODY, PUBLIC
from microblog.models import Post, PostMention


def publish(session: Session, accounts: Mapping[str, int], said: Sequence[Said]) -> list[Post]:
    """Write everything, the oldest first, as if it had been said at its time."""
    written: list[Post] = []
    lines: dict[tuple[int | None, int], Post] = {}
    tagged, named = {}, []
    for number, each in enumerate(said):
        draft = posts.compose(
            session, each.text, warning=each.shade.warning, visibility=each.shade.visibility
        )
        post = _post(ids.at(each.at, number), accounts[each.username], draft)
        if each.answers is not None:
            _answer(post, lines[each.talk, each.answers])
        if each.talk is not None:
            lines[each.talk, each.line] = post
        if draft.visibility == PUBLIC:
            tagged[post.id] = draft.tags
        named += [PostMention(post_id=post.id, account_id=id_) for id_ in draft.mentions]
        written.append(post)
    session.add_all(written)
    session.flush()
    session.add_all(named)
    for post_id, names in tagged.items():
        tags.attach(session, post_id, names)
    session.flush()
    return written


def _post(post_id: int, account_id: int, draft: posts.Draft) -> Post:
    return Post(
        id=post_id,
        account_id=account_id,
        text=draft.text,
        html=draft.html,
        visibility=draft.visibility,
        warning=draft.warning,
        language=draft.language,
        thread_id=post_id,
        has_replies=False,
        replies_count=0,
        boosts_count=0,
        favourites_count=0,
        series_number=1,
        created_at=ids.time_of(post_id),
    )


def _answer(post: Post, answered: Post) -> None:
    post.reply_to_id, post.reply_to_account_id = answered.id, answered.account_id
    post.thread_id = answered.thread_id
    answered.has_replies = True
    if post.visibility in FOR_EVERYBODY:
        answered.replies_count += 1
    if post.account_id == answered.account_id:
        answered.series_id = post.series_id = answered.series_id or answered.id
        post.series_number = answered.series_number + 1
