"""The kinds of notifications, and what belongs together in one."""

from datetime import datetime

from microblog.models.notification import FOLLOW, FOLLOW_REQUEST, MENTION, REPLY

# What somebody wrote to the one who is told: never gathered with others.
TALK = (MENTION, REPLY)


def post_key(post_id: int) -> str:
    """Return what an answer or a mention stands for: a post is told to a person once."""
    return f"post:{post_id}"


def acts_key(kind: str, post_id: int) -> str:
    """Return what all favourites, or boosts, of one post stand for."""
    return f"{kind}:{post_id}"


def follows_key(moment: datetime) -> str:
    """Return what all who began to follow somebody on one day stand for."""
    return f"{FOLLOW}:{moment:%Y%m%d}"


def request_key(follower_id: int) -> str:
    """Return what a request to follow stands for; each is answered by itself."""
    return f"{FOLLOW_REQUEST}:{follower_id}"
