"""An avatar was replaced: its file is deleted."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from microblog.domain.events import AvatarReplaced
from microblog.services import Services


def perform(services: Services, event: AvatarReplaced, _event_id: int) -> Callable[[Session], None]:
    """Delete the file; there is nothing to commit."""
    services.storage.delete(event.file)
    return lambda _session: None
