"""Who the people of the demo are and what they say, read from texts/."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from microblog.domain.visibility import PUBLIC

_TEXTS = files("microblog.domain.demo") / "texts"
_SEPARATOR = "\n%\n"
_LINE = re.compile(r"^(\w+)(?: \+(\d+)h)?: ", re.MULTILINE)
MENTION = re.compile(r"@(\w+)")
_HOURS_AWAKE = (7, 23)
# A first line that says how a text is published: "!followers", or "!warning Spiders".
_MARK = re.compile(r"\A!(\w+) ?(.*)\n")


class Line(NamedTuple):
    """What somebody says in a conversation, minutes after the line before, or so many hours."""

    username: str
    text: str
    hours: int = 0


class Shade(NamedTuple):
    """How a text is published that is not simply for everybody."""

    visibility: str = PUBLIC
    warning: str = ""


@dataclass(frozen=True)
class Persona:
    """An invented person.

    **Units** `joined` is in days before now. `hours` are those in which they are awake, in their
    own zone; beyond 24 they are of the next day. `portrait` is what their picture is drawn from,
    `header` a subject and a seed.
    """

    username: str
    name: str
    about: str
    zone: str
    languages: frozenset[str]
    likes: frozenset[str]
    joined: int
    hours: tuple[int, int]
    portrait: str | None
    header: tuple[str, int] | None
    shows_last_seen: bool
    texts: tuple[str, ...]
    # By text; what is not here is for everybody.
    shades: Mapping[str, Shade]


@dataclass(frozen=True)
class Drawn:
    """A picture of a post: what is drawn, from which seed, and what is said about it."""

    subject: str
    seed: int
    description: str


@dataclass(frozen=True)
class Album:
    """The pictures of the post that begins so."""

    begins: str
    pictures: tuple[Drawn, ...]


@dataclass(frozen=True)
class Script:
    """The whole community; its first person runs the server."""

    server_name: str
    server_description: str
    people: tuple[Persona, ...]
    conversations: tuple[tuple[Line, ...], ...]
    # What some write to the first person and each other in private.
    letters: tuple[tuple[Line, ...], ...]
    albums: tuple[Album, ...]

    def renamed(self, names: Mapping[str, str]) -> "Script":
        """Return the script with other usernames, wherever they are mentioned."""

        def rename(text: str) -> str:
            return MENTION.sub(lambda found: f"@{names.get(found[1], found[1])}", text)

        people = (
            replace(
                person,
                username=names.get(person.username, person.username),
                texts=tuple(map(rename, person.texts)),
                shades={rename(text): shade for text, shade in person.shades.items()},
            )
            for person in self.people
        )

        def retold(talks: tuple[tuple[Line, ...], ...]) -> tuple[tuple[Line, ...], ...]:
            return tuple(
                tuple(
                    Line(names.get(line.username, line.username), rename(line.text), line.hours)
                    for line in talk
                )
                for talk in talks
            )

        return replace(
            self,
            people=tuple(people),
            conversations=retold(self.conversations),
            letters=retold(self.letters),
        )


@cache
def read() -> Script:
    """Read the community's texts."""
    data = tomllib.loads(_read("people.toml"))
    return Script(
        data["server"]["name"],
        data["server"]["description"],
        tuple(map(_persona, data["people"])),
        _talks("conversations.txt"),
        _talks("letters.txt"),
        tuple(map(_album, tomllib.loads(_read("pictures.toml"))["albums"])),
    )


def _album(entry: Mapping[str, Any]) -> Album:
    return Album(entry["begins"], tuple(Drawn(**picture) for picture in entry["pictures"]))


def _persona(entry: Mapping[str, Any]) -> Persona:
    wakes, sleeps = entry.get("hours", _HOURS_AWAKE)
    texts = dict(map(_shaded, _pieces(f"posts/{entry['username']}.txt")))
    return Persona(
        username=entry["username"],
        name=entry["name"],
        about=entry["about"].strip(),
        zone=entry["zone"],
        languages=frozenset(entry["languages"]),
        likes=frozenset(entry["likes"]),
        joined=entry["joined"],
        hours=(wakes, sleeps),
        portrait=entry.get("portrait"),
        header=tuple(entry["header"]) if "header" in entry else None,
        shows_last_seen=entry.get("shows_last_seen", True),
        texts=tuple(texts),
        shades={text: shade for text, shade in texts.items() if shade != Shade()},
    )


def _shaded(piece: str) -> tuple[str, Shade]:
    mark = _MARK.match(piece)
    if mark is None:
        return piece, Shade()
    text = piece[mark.end() :]
    return text, Shade(warning=mark[2]) if mark[1] == "warning" else Shade(mark[1])


def _talks(name: str) -> tuple[tuple[Line, ...], ...]:
    return tuple(tuple(_lines(talk)) for talk in _pieces(name))


def _lines(conversation: str) -> Iterator[Line]:
    # What stands before the first name is empty; then names, hours and texts take turns.
    _, *turns = _LINE.split(conversation)
    for username, hours, text in zip(turns[::3], turns[1::3], turns[2::3], strict=True):
        yield Line(username, text.strip(), int(hours or 0))


def _pieces(name: str) -> list[str]:
    return [piece.strip("\n") for piece in _read(name).split(_SEPARATOR)]


def _read(name: str) -> str:
    return _TEXTS.joinpath(name).read_text(encoding="utf-8")
