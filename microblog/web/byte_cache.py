"""A cache that is bounded by the memory it takes; what was used longest ago goes first."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class ByteCache(Generic[K, V]):
    """Keeps values up to a number of bytes. Safe to share between threads."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get_many(self, keys: list[K]) -> list[V | None]:
        """Return the values of the keys, None for each that is not kept."""
        kept = self._kept
        values: list[V | None] = []
        with self._lock:
            for key in keys:
                found = kept.get(key)
                if found is None:
                    values.append(None)
                else:
                    kept.move_to_end(key)
                    values.append(found[0])
        return values

    def put(self, key: K, value: V, size_bytes: int) -> None:
        """Keep a value that takes about that much memory."""
        with self._lock:
            self._forget(key)
            self._kept[key] = (value, size_bytes)
            self._bytes += size_bytes
            while self._bytes > self._max_bytes:
                self._forget(next(iter(self._kept)))

    def _forget(self, key: K) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self._bytes -= found[1]
