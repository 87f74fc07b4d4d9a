"""The addresses of an application, made concrete."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask


@dataclass(frozen=True)
class Route:
    """An address that can be asked for, and a method it takes."""

    method: str
    path: str
    endpoint: str


def routes(app: Flask, **values: object) -> Iterator[Route]:
    """Return every address with every method, with values in place of the variable parts."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        path = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for method in sorted(rule.methods or ()):
            if method not in ("HEAD", "OPTIONS"):
                yield Route(method, path.replace("%40", "@"), rule.endpoint)
