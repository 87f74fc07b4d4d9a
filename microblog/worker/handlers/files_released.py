"""Files are nobody's any more: they are deleted."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from microblog.domain.events import FilesReleased
from microblog.services import Services


def perform(services: Services, event: FilesReleased, _event_id: int) -> Callable[[Session], None]:
    """Delete the files; there is nothing to commit."""
    for file in event.files:
        services.storage.delete(file)
    return lambda _session: None
