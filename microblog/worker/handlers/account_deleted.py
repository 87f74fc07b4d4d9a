"""The grace of an account is over: all that belongs to it is cleared away."""

from sqlalchemy.orm import Session

from microblog.domain import identity
from microblog.domain.events import AccountDeleted


def clear_away(session: Session, event: AccountDeleted, cursor: int | None) -> int | None:
    """Remove the next part; the cursor only counts the rounds."""
    return identity.delete_account(session, event.account_id, cursor)


HANDLERS = (clear_away,)
