"""How fast this machine is at the moment, for tests that say how long something may take."""

import time

# What a core of 2023 takes for the sum below when nothing else runs.
_USUAL_SECONDS = 0.005
_NUMBERS = 200_000
_TRIES = 3


def pace() -> float:
    """Return how many times longer work takes here and now than usual, at least 1."""
    return max(1.0, min(_sum_up() for _ in range(_TRIES)) / _USUAL_SECONDS)


def _sum_up() -> float:
    began = time.thread_time()
    total = 0
    for number in range(_NUMBERS):
        total += number
    return time.thread_time() - began
