"""Files that are nobody's any more: rows go with their cause, files are deleted by the worker."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, delete, select, union_all
from sqlalchemy.orm import Session

from microblog.domain import outbox
from microblog.domain.events import FilesReleased
from microblog.models import Account, Attachment

_CHUNK = 200


def release(session: Session, files: Iterable[str | None]) -> None:
    """Have files deleted that nothing refers to from now on; None is no file."""
    names = [file for file in files if file is not None]
    if names:
        outbox.announce(session, FilesReleased(names))


def release_rows(session: Session, condition: ColumnElement[bool]) -> int:
    """Delete some of the attachments that meet a condition, and their files; return how many."""
    rows = session.execute(
        select(Attachment.id, Attachment.file, Attachment.preview)
        .where(condition)
        .limit(_CHUNK)
        .with_for_update()
    ).all()
    session.execute(delete(Attachment).where(Attachment.id.in_([id_ for id_, *_ in rows])))
    release(session, [name for _, *names in rows for name in names])
    return len(rows)


def release_of_post(session: Session, post_id: int) -> None:
    """Delete the pictures of a post."""
    release_rows(session, Attachment.post_id == post_id)


def release_of_account(session: Session, account_id: int) -> bool:
    """Delete some of what a person uploaded; tell whether there was anything."""
    return release_rows(session, Attachment.account_id == account_id) > 0


def known_files(session: Session, files: Sequence[str]) -> set[str]:
    """Return those of the files that somebody or something refers to."""
    columns = (Account.avatar, Account.header, Attachment.file, Attachment.preview)
    statements = [select(column).where(column.in_(files)) for column in columns]
    return set(session.scalars(union_all(*statements)))
