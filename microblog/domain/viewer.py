"""Who is looking, and what each role may do. A viewer is always passed in, never global."""

from dataclasses import dataclass

ADMIN = "admin"
MEMBER = "member"
ROLES = (MEMBER, ADMIN)


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person. Nobody signed in is None wherever a viewer may be missing."""

    id: int  # Of the account.
    username: str
    display_name: str = ""
    avatar: str | None = None
    version: int = 1
    role: str = MEMBER
    locale: str | None = None
    time_zone: str | None = None
    theme: str = "auto"
    # The languages of the posts they read on explore, separated by commas; "" for every one.
    post_languages: str = ""
    following_count: int = 0
    timeline_floor: int = 0
    has_pending_follows: bool = False
    # Rises when the people who are offered to them are chosen anew.
    people_version: int = 0
    followers_count: int = 0
    # What the composer begins with.
    default_visibility: str = "public"
    # Whether single keys do something where nobody types.
    has_shortcuts: bool = True

    @property
    def name(self) -> str:
        """Return the name to show: the display name, else the username."""
        return self.display_name or self.username

    @property
    def is_admin(self) -> bool:
        """Tell whether this person runs the server."""
        return self.role == ADMIN
