"""What a demo has made."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoReport:
    """How much was made and how long it took, and the person to sign in as."""

    username: str
    is_admin: bool
    accounts: int
    follows: int
    posts: int
    posts_seconds: float
    timeline_entries: int
    timelines_seconds: float

    @property
    def posts_per_second(self) -> int:
        """Return how fast posts were written."""
        return round(self.posts / max(self.posts_seconds, 0.001))

    @property
    def timeline_entries_per_second(self) -> int:
        """Return how fast timelines were filled."""
        return round(self.timeline_entries / max(self.timelines_seconds, 0.001))
