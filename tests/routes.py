"""The addresses of an application, made concrete."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

_ANY = re.compile(r"<any\((.*?)\):verb>")
_WORD = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class Route:
    """An address that can be asked for, and a method it takes."""

    method: str
    path: str
    endpoint: str


def routes(app: Flask, **values: object) -> Iterator[Route]:
    """Return every address with every method, with values in place of the variable parts.

    Where one of a few verbs stands, each of them does.
    """
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        for verb in sorted(_verbs(rule)):
            known = {**values, "verb": verb}
            path = adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments})
            for method in sorted(rule.methods or ()):
                if method not in ("HEAD", "OPTIONS"):
                    yield Route(method, path.replace("%40", "@"), rule.endpoint)


def _verbs(rule: Rule) -> set[str]:
    found = _ANY.search(rule.rule)
    return set(_WORD.findall(found.group(1))) if found else {""}
