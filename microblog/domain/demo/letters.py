"""What the people of the demo write to each other in private."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain import messages
from microblog.domain.demo.script import Line
from microblog.domain.messages.keys import key_of_members
from microblog.models import Conversation, ConversationMember, Follow, Message
from microblog.models.conversation import MEMBER, REQUESTED

_SEED = 17
_NEWEST = timedelta(minutes=50)
_BETWEEN = timedelta(hours=9)
_ANSWER_MINUTES = 6


def write(
    session: Session,
    letters: Sequence[Sequence[Line]],
    accounts: Mapping[str, int],
    now: datetime,
) -> None:
    """Write every conversation, the newest first; its last message is unread by the others."""
    random = Random(_SEED)
    ended_at = now - _NEWEST
    for number, lines in enumerate(letters):
        moments = _moments(lines, ended_at, random)
        _write_one(session, lines, [ids.at(moment, number) for moment in moments], accounts)
        ended_at = moments[0] - random.random() * _BETWEEN
    session.flush()


def _moments(lines: Sequence[Line], ended_at: datetime, random: Random) -> list[datetime]:
    """Return when each line was written, the last one at the end."""
    moments = [ended_at]
    for line in reversed(lines[1:]):
        minutes = 1 + random.expovariate(1 / _ANSWER_MINUTES)
        moments.append(moments[-1] - timedelta(hours=line.hours, minutes=minutes))
    return moments[::-1]


def _write_one(
    session: Session,
    lines: Sequence[Line],
    message_ids: Sequence[int],
    accounts: Mapping[str, int],
) -> None:
    writers = {accounts[line.username] for line in lines}
    # What somebody wrote alone is for the first person.
    members = writers | {next(iter(accounts.values()))}
    conversation_id = message_ids[0]
    session.add(
        Conversation(
            id=conversation_id,
            members_hash=key_of_members(members),
            created_at=ids.time_of(conversation_id),
        )
    )
    session.flush()
    session.add_all(
        _member(session, conversation_id, account_id, lines, message_ids, accounts)
        for account_id in sorted(members)
    )
    for line, message_id in zip(lines, message_ids, strict=True):
        draft = messages.compose(session, line.text)
        session.add(
            Message(
                id=message_id,
                conversation_id=conversation_id,
                account_id=accounts[line.username],
                created_at=ids.time_of(message_id),
                text=draft.text,
                html=draft.html,
            )
        )


def _member(
    session: Session,
    conversation_id: int,
    account_id: int,
    lines: Sequence[Line],
    message_ids: Sequence[int],
    accounts: Mapping[str, int],
) -> ConversationMember:
    wrote = [accounts[line.username] == account_id for line in lines]
    has_written_last = wrote[-1]
    first_writer = accounts[lines[0].username]
    # Whoever has not answered a stranger yet was only asked.
    follows = session.scalar(
        select(Follow.id).where(
            Follow.follower_id == account_id, Follow.followed_id == first_writer
        )
    )
    is_member = any(wrote) or follows is not None
    return ConversationMember(
        conversation_id=conversation_id,
        account_id=account_id,
        state=MEMBER if is_member else REQUESTED,
        last_message_id=message_ids[-1],
        read_message_id=message_ids[-1] if has_written_last else message_ids[-2:][0],
        is_unread=not has_written_last,
    )
