"""Somebody wants their Gravatar: it is fetched once, into our own media folder."""

import logging
from collections.abc import Callable

from sqlalchemy.orm import Session

from microblog.domain import avatars
from microblog.domain.events import GravatarRequested
from microblog.files.images import MAX_UPLOAD_BYTES, BadImage, make_avatar
from microblog.outgoing import OutgoingError, fetch
from microblog.services import Services

_TIMEOUT_SECONDS = 20
_PIXELS = 400
_TOO_MANY_REQUESTS = 429

logger = logging.getLogger(__name__)


def perform(
    services: Services, event: GravatarRequested, _event_id: int
) -> Callable[[Session], None]:
    """Fetch and store the picture. **Raises** OutgoingError when it is worth trying again."""
    with services.db.read() as session:
        hash_ = avatars.find_gravatar_hash(session, event.account_id)
    picture = _fetch_picture(services, hash_) if hash_ else None
    if picture is None:
        return lambda _session: None
    file = services.storage.put(picture, ".webp")
    return lambda session: avatars.replace(session, event.account_id, file)


def _fetch_picture(services: Services, hash_: str) -> bytes | None:
    # Without d=404 an unknown address would answer with a picture that says nothing.
    url = f"{services.config.GRAVATAR_URL.rstrip('/')}/{hash_}?s={_PIXELS}&d=404&r=g"
    try:
        fetched = fetch(
            url,
            max_bytes=MAX_UPLOAD_BYTES,
            timeout_seconds=_TIMEOUT_SECONDS,
            accept="image/*",
            # The operator named this host.
            allow_private=True,
        )
        return make_avatar(fetched.body)
    except OutgoingError as error:
        if not _is_final(error):
            raise
        logger.info("No Gravatar: %s", error.code)
    except BadImage as error:
        logger.info("Gravatar answered with no picture we take: %s", error.code)
    return None


def _is_final(error: OutgoingError) -> bool:
    """Tell whether trying again changes nothing: there is no picture, or it is none we take."""
    if error.status is None:
        return error.code in ("too_large", "refused")
    return error.status < 500 and error.status != _TOO_MANY_REQUESTS
