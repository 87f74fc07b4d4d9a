"""Where things of this server are, as links inside texts say it: the same in every interface."""

from urllib.parse import quote


def account_path(username: str) -> str:
    """Return the path of a profile."""
    return f"/@{username}"


def post_path(username: str, post_id: int) -> str:
    """Return the path of a post."""
    return f"/@{username}/{post_id}"


def conversation_path(conversation_id: int) -> str:
    """Return the path of a private conversation."""
    return f"/messages/{conversation_id}"


def tag_path(canonical_name: str) -> str:
    """Return the path of a tag's page."""
    return f"/tags/{quote(canonical_name, safe='')}"
