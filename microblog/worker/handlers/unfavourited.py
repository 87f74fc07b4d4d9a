"""Somebody took a favourite back."""

from collections.abc import Callable

HANDLERS: tuple[Callable[..., int | None], ...] = ()
