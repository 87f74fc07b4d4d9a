"""A log file as a server writes it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from microblog import logs


@contextmanager
def log_file(folder: Path) -> Iterator[Path]:
    """Log to a file for a while, as `microblog serve` does."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    logs.set_up("test", folder, to_stdout=False, max_bytes=10_000_000, count=1)
    try:
        yield folder / "test.log"
    finally:
        for handler in root.handlers:
            handler.close()
        root.handlers[:] = handlers
        root.setLevel(level)
