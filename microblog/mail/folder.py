"""Mails kept as files, where no mail server is: any mail program opens them."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

MAX_KEPT = 1000
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,99}\.eml")
_UNFINISHED_SUFFIX = ".part"


@dataclass(frozen=True)
class KeptMail:
    """A mail that was kept instead of sent."""

    name: str
    to: str
    subject: str
    kept_at: datetime


@dataclass(frozen=True)
class OpenedMail(KeptMail):
    """A kept mail with its text."""

    text: str


class MailFolder:
    """The newest mails, each in a file that only the server's own user can read."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, name: str, content: bytes) -> None:
        """Write a mail; one of the same name is replaced. Only the newest MAX_KEPT stay."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be the name of a mail.")
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._root / f"{name}{_UNFINISHED_SUFFIX}"
        # A draft of the same name was left by a try that was cut off.
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._root / name)
        for path in self._paths()[MAX_KEPT:]:
            path.unlink(missing_ok=True)

    def newest(self, limit: int) -> list[KeptMail]:
        """Return what is kept, the newest first."""
        return list(self._read_heads(limit))

    def read(self, name: str) -> OpenedMail:
        """Return one mail. **Raises** KeyError when there is none of that name."""
        if not _NAME.fullmatch(name):
            raise KeyError(name)
        try:
            path = self._root / name
            message = _parse(path.read_bytes())
            kept_at = _kept_at(path)
        except FileNotFoundError:
            raise KeyError(name) from None
        body = message.get_body(("plain",))
        text = body.get_content() if body is not None else ""
        return OpenedMail(name, _header(message, "To"), _header(message, "Subject"), kept_at, text)

    def _paths(self) -> list[Path]:
        if not self._root.is_dir():
            return []
        found = [path for path in self._root.iterdir() if _NAME.fullmatch(path.name)]
        return sorted(found, key=lambda path: (_kept_ns(path), path.name), reverse=True)

    def _read_heads(self, limit: int) -> Iterator[KeptMail]:
        for path in self._paths()[:limit]:
            try:
                message = _parse(path.read_bytes(), headers_only=True)
                kept_at = _kept_at(path)
            except FileNotFoundError:
                continue  # Newer ones have come meanwhile.
            to, subject = _header(message, "To"), _header(message, "Subject")
            yield KeptMail(path.name, to, subject, kept_at)


def _parse(content: bytes, *, headers_only: bool = False) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(content, headersonly=headers_only)


def _header(message: EmailMessage, name: str) -> str:
    value = str(message.get(name, ""))
    return "".join(character if character.isprintable() else " " for character in value)


def _kept_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _kept_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
