"""People as templates show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from microblog.domain.accounts import AccountView
from microblog.domain.paths import account_path
from microblog.domain.relationships import Person, Relationship
from microblog.domain.viewer import Viewer
from microblog.web.skeleton import html


@dataclass(frozen=True, slots=True)
class AccountFace:
    """A person: names, picture, and where their profile is."""

    id: int
    username: str
    handle: str
    display_name: str
    url: str
    avatar: str
    # Lets in followers by hand.
    is_locked: bool
    about: str = ""


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A person in a list, with how the viewer stands to them."""

    account: AccountFace
    relationship: Relationship


def avatar_url(account_id: int, avatar: str | None) -> str:
    """Return the address of an avatar, or of the identicon of who has none."""
    return f"/media/{avatar}" if avatar else f"/identicons/{account_id}.svg"


def header_url(header: str | None) -> str:
    """Return the address of the wide picture of a profile; "" for none."""
    return f"/media/{header}" if header else ""


def viewer_face(by: Viewer) -> dict[str, str]:
    """Return the signed-in person as templates show them, under `me`."""
    return {
        "id": str(by.id),
        "username": by.username,
        "display_name": by.name,
        "avatar": avatar_url(by.id, by.avatar),
        "profile": account_path(by.username),
    }


@lru_cache(maxsize=10_000)
def viewer_slots(by: Viewer) -> dict[str, bytes]:
    """Return the same for a skeleton. Not to be changed: it is kept."""
    return {f"me.{key}": html(value) for key, value in viewer_face(by).items()}


def face(account: AccountView) -> AccountFace:
    """Return an account as templates show it."""
    return AccountFace(
        id=account.id,
        username=account.username,
        handle=f"@{account.username}",
        display_name=account.name,
        url=account_path(account.username),
        avatar=avatar_url(account.id, account.avatar),
        is_locked=account.is_locked,
        about=" ".join(account.about.split()),
    )


def listed(persons: Iterable[Person]) -> list[ListedPerson]:
    """Return people as lists show them."""
    return [ListedPerson(face(person.account), person.relationship) for person in persons]
