"""What the server's own log says of its last requests."""

import re

from bench.server import Server

_STATEMENTS = re.compile(r" (\d+) statements$")


def last_statements(server: Server, count: int) -> list[int]:
    """Return how many statements each of the last requests took."""
    lines = server.log("web").read_text().splitlines()
    found = map(_STATEMENTS.search, lines)
    numbers = [int(match[1]) for match in found if match]
    if len(numbers) < count:
        raise RuntimeError(f"The log tells of {len(numbers)} requests, not of {count}.")
    return numbers[-count:]
