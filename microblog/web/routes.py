"""Routes as this server keeps them."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


class LateRule(Rule):
    """A route whose addresses are first put together when one is asked for.

    Werkzeug writes and compiles two functions for each route beforehand, which took half of the
    time that an application takes to make.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:
        made: list[Callable[..., Any]] = []

        def build(*args: Any, **values: Any) -> Any:
            if not made:
                made.append(super(LateRule, self)._compile_builder(append_unknown))
            return made[0](*args, **values)

        return build
