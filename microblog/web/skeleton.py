"""Skeletons: a template rendered once, with slots for what differs each time.

Rendering a page with Jinja costs a millisecond, most of it for what is the same on every page: the
navigation, the translated labels. A skeleton is rendered once for each combination of its fixed
values (language, theme, ...), with a mark in place of every slot; filling it is joining bytes.
"""

import re
import threading
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

_SLOT = re.compile("\0([^\0]*)\0")


class Mark:
    """Stands for a slot while a template is rendered; `me.name` is the slot of that name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __html__(self) -> str:
        return f"\0{self._name}\0"

    def __str__(self) -> str:
        return f"\0{self._name}\0"

    def __getattr__(self, name: str) -> "Mark":
        if name.startswith("__"):
            raise AttributeError(name)
        return Mark(f"{self._name}.{name}")


class Skeleton:
    """The pieces of a rendered template between its slots. Safe to share between threads.

    It is bytes, like what fills it and what comes out: a page is encoded piece by piece when the
    pieces are made, not as a whole each time it is sent.
    """

    __slots__ = ("_pieces", "_slots")

    def __init__(self, html: str) -> None:
        # Every second piece is the name of a slot.
        pieces = _SLOT.split(html)
        self._slots = tuple(enumerate(pieces))[1::2]
        self._pieces = [piece.encode() for piece in pieces]

    def fill(self, values: Mapping[str, bytes]) -> bytes:
        """Return the HTML; so are the values. **Raises** KeyError for a slot without a value."""
        pieces = self._pieces.copy()
        for place, name in self._slots:
            pieces[place] = values[name]
        return b"".join(pieces)

    def pieces(self, *slots: str) -> tuple[list[bytes], list[int]]:
        """Return the pieces, and where among them these slots are, each of which occurs once.

        For what is filled twenty times a page: the caller copies the pieces and puts values in.
        """
        places = {name: place for place, name in self._slots}
        return self._pieces, [places[name] for name in slots]

    @property
    def size_bytes(self) -> int:
        """Return about how much memory it takes."""
        return 200 + sum(map(len, self._pieces)) + 60 * len(self._pieces)


class Skeletons:
    """The skeletons of an application, each rendered at its first use.

    In development they are rendered each time, so that a changed template is seen.
    """

    def __init__(self, environment: Environment, *, keeps: bool = True) -> None:
        self._environment = environment
        self._keeps = keeps
        self._rendered: dict[tuple[Any, ...], Skeleton] = {}
        self._lock = threading.Lock()

    def get(self, template: str, slots: tuple[str, ...], /, **fixed: Any) -> Skeleton:
        """Return a template's skeleton for these fixed values, which must be hashable."""
        key = (template, *fixed.values())
        skeleton = self._rendered.get(key)
        if skeleton is None:
            with self._lock:
                skeleton = self.render(template, slots, **fixed)
                if self._keeps:
                    self._rendered[key] = skeleton
        return skeleton

    def render(self, template: str, slots: tuple[str, ...], /, **fixed: Any) -> Skeleton:
        """Render a skeleton without keeping it."""
        marks = {slot: Mark(slot) for slot in slots}
        return Skeleton(self._environment.get_template(template).render(**marks, **fixed))


def html(text: str) -> bytes:
    """Return a text, or Markup, as HTML for a slot."""
    return escape(text).encode()


def markup(filled: bytes) -> Markup:
    """Return filled HTML for a template to print."""
    return Markup(filled.decode())  # noqa: S704 - made of templates and of values that are HTML.
