"""The second factor of somebody who has lost it, and the recovery codes with it."""

from sqlalchemy.orm import Session

from microblog.domain import second_factor
from microblog.domain.administration.turns import lock_account, take_turn
from microblog.domain.errors import Invalid
from microblog.domain.security_log import Origin
from microblog.domain.viewer import Viewer


def reset_second_factor(
    session: Session, *, by: Viewer, account_id: int, origin: Origin | None = None
) -> None:
    """Ask a person for no code any more; they are told by mail.

    **Raises** Invalid for oneself: the settings ask for a code before. NotFound, NotAllowed.
    """
    take_turn(session, by)
    if account_id == by.id:
        raise Invalid("account", "reset_own_factor")
    lock_account(session, account_id)
    second_factor.switch_off(session, account_id, actor_id=by.id, origin=origin)
