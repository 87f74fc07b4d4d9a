"""Surfaces: ways in which the domain shows posts and people, beside what the model says of it.

To add one, write a function that reads what it shows as facts, and what these may be; the machine
then asks it for everybody after every step.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from microblog.domain.pages import Page
from tests.gate.community import Community
from tests.gate.model import Model
from tests.gate.world import Reader

ALL = Page(100)

Read = Callable[[Community, Reader], Iterable[Any]]
May = Callable[[Model, str], Iterable[Any]]


@dataclass(frozen=True)
class Surface:
    """What a reader is shown somewhere, and what the model says that they may be.

    One that is not exact may leave something out; some are exact once the worker has come by.
    """

    name: str
    read: Read
    may: May
    is_exact: bool
    when_idle: bool
    for_members: bool

    def check(self, world: Community, reader: Reader) -> list[str]:
        """Return what is wrong, in words."""
        if self.for_members and reader.viewer is None:
            return []
        shown, may = set(self.read(world, reader)), set(self.may(world.model, reader.name))
        is_exact = self.is_exact and (world.model.is_idle or not self.when_idle)
        found = {"shows": shown - may, "keeps back from": may - shown if is_exact else set()}
        who = reader.name or "a visitor"
        return [
            f"{self.name} {verb} {who}: {sorted(facts, key=str)}"
            for verb, facts in found.items()
            if facts
        ]


SURFACES: list[Surface] = []


def surface(
    may: May, *, is_exact: bool = True, when_idle: bool = False, for_members: bool = False
) -> Callable[[Read], Read]:
    """Add a surface to those that are read after every step."""

    def add(read: Read) -> Read:
        SURFACES.append(Surface(read.__name__, read, may, is_exact, when_idle, for_members))
        return read

    return add
