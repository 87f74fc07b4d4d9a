"""The settings of the server."""

from sqlalchemy.orm import Session

from microblog.domain import security_log, server
from microblog.domain.administration.turns import take_turn
from microblog.domain.security_log import Origin
from microblog.domain.viewer import Viewer


def edit_server(
    session: Session,
    *,
    by: Viewer,
    name: str,
    description: str,
    rules: str,
    registration_mode: str,
    origin: Origin | None = None,
) -> None:
    """Change what the server says of itself and whom it lets in. **Raises** Invalid, NotAllowed."""
    take_turn(session, by)
    changed = server.edit(
        session,
        name=name,
        description=description,
        rules=rules,
        registration_mode=registration_mode,
    )
    if changed:
        detail = ", ".join(changed)
        security_log.record(
            session,
            security_log.SETTINGS_CHANGED,
            None,
            actor_id=by.id,
            detail=detail,
            origin=origin,
        )
