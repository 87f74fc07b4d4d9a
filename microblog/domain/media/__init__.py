"""Pictures of posts: kept for their writer, attached to a post, seen by whoever may see that."""

from microblog.domain.media.attaching import (
    DESCRIPTION_LIMIT,
    MAX_PICTURES,
    attach,
    check,
    keep_with_draft,
    move_to_draft,
    replace,
)
from microblog.domain.media.keeping import (
    MAX_WAITING,
    WAITING_LIFETIME,
    Upload,
    add,
    describe,
    forget_waiting,
    remove,
)
from microblog.domain.media.reading import (
    PICTURE_COLUMNS,
    Audience,
    Picture,
    find_audience,
    list_own,
)
from microblog.domain.media.releasing import (
    known_files,
    release,
    release_of_account,
    release_of_post,
)

__all__ = [
    "DESCRIPTION_LIMIT",
    "MAX_PICTURES",
    "MAX_WAITING",
    "PICTURE_COLUMNS",
    "WAITING_LIFETIME",
    "Audience",
    "Picture",
    "Upload",
    "add",
    "attach",
    "check",
    "describe",
    "find_audience",
    "forget_waiting",
    "keep_with_draft",
    "known_files",
    "list_own",
    "move_to_draft",
    "release",
    "release_of_account",
    "release_of_post",
    "remove",
    "replace",
]
