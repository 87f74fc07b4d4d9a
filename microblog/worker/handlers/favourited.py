"""Somebody made a post a favourite."""

from collections.abc import Callable

HANDLERS: tuple[Callable[..., int | None], ...] = ()
