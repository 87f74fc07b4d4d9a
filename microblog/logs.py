"""Logs: one rotating file for each process, or standard output; one line for each event."""

import logging
import re
import sys
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

# Everything that could end a line, move a cursor or turn the direction of the text around, and
# halves of characters, which cannot be written.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_LINE_LENGTH = 8000


class OneLineFormatter(logging.Formatter):
    """Writes each event as one line, whatever is in it: tracebacks too."""

    def __init__(self) -> None:
        super().__init__()
        self._second = 0
        self._shown = ""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: time in UTC, level, logger, message and traceback."""
        line = f"{self._time(record.created)} {record.levelname} {record.name} "
        line += record.getMessage()
        if record.exc_info:
            line += f"\n{self.formatException(record.exc_info)}"
        return _CONTROLS.sub(_escaped, line)[:_LINE_LENGTH]

    def _time(self, created: float) -> str:
        second = int(created)
        if second != self._second:
            # Once a second, not once a line.
            self._shown = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
            self._second = second
        return f"{self._shown}.{int((created - second) * 1000):03}Z"


class CountingFileHandler(RotatingFileHandler):
    """A rotating file that counts what it wrote; its parent looks at the disk before every line."""

    def __init__(self, path: Path, max_bytes: int, count: int) -> None:
        super().__init__(path, maxBytes=max_bytes, backupCount=count, encoding="utf-8")
        self._size_bytes = path.stat().st_size

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, to a new file when the old one is full."""
        try:
            line = self.format(record) + "\n"
            size_bytes = len(line.encode())
            self._size_bytes += size_bytes
            if self._size_bytes > self.maxBytes:
                self.doRollover()
                self._size_bytes = size_bytes
            if self.stream is None:
                self.stream = self._open()
            self.stream.write(line)
            self.stream.flush()
        except Exception:
            # A full disk, say: the request that is logged must not fail for it.
            self.handleError(record)


def set_up(name: str, folder: Path, *, to_stdout: bool, max_bytes: int, count: int) -> None:
    """Send this process's logs to `<name>.log` in the folder, or to standard output.

    A file must belong to one process alone: two would rotate it from under each other.
    """
    handler: logging.Handler
    if to_stdout:
        handler = logging.StreamHandler(sys.stdout)
    else:
        handler = CountingFileHandler(folder / f"{name}.log", max_bytes, count)
    handler.setFormatter(OneLineFormatter())
    # Looking up where each line was logged from would cost more than the line.
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # The client logs every request with its address, which names people's hashes.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("httpcore").setLevel(logging.WARNING)


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    return "\\n" if character == "\n" else f"\\x{ord(character):02x}"
