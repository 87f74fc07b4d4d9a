"""Keep files in a folder, under names that nobody can guess and that never mean another content.

A name tells whether its file is for everybody, or gated: then somebody is asked before it is sent.
"""

import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

_GATED = ".gated"
_NAME = re.compile(rf"([0-9a-f]{{2}})/\1[0-9a-f]{{30}}(?:{re.escape(_GATED)})?\.[a-z0-9]{{1,5}}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
_TOKEN_BYTES = 16
_UNFINISHED_SUFFIX = ".part"
# No name that was ever given ends so: who asks for the file finds nothing.
_HIDDEN_SUFFIX = ".hidden"
_FOLDER_MODE = 0o755
_FILE_MODE = 0o644
_SWEEP_BATCH = 500


class Storage:
    """Files under one root folder; a name is like `ab/abcdef....webp`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, data: bytes, suffix: str, *, is_gated: bool = False) -> str:
        """Store the bytes and return their name; when it returns, they outlast a power cut."""
        if not _SUFFIX.fullmatch(suffix) or suffix == _UNFINISHED_SUFFIX:
            raise ValueError(f"{suffix!r} cannot end a name.")
        ending = f"{_GATED}{suffix}" if is_gated else suffix
        token = secrets.token_hex(_TOKEN_BYTES)
        folder = self._make_folder(token[:2])
        unfinished = folder / f"{token}{_UNFINISHED_SUFFIX}"
        try:
            _write_durably(unfinished, data)
            unfinished.rename(folder / f"{token}{ending}")
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _make_durable(folder)
        return f"{folder.name}/{token}{ending}"

    def path(self, name: str) -> Path:
        """Return where a file of that name is. **Raises** ValueError for a name never given."""
        if not _NAME.fullmatch(name) or name.endswith(_UNFINISHED_SUFFIX):
            raise ValueError(f"{name!r} is no name of a stored file.")
        return self._root / name

    def delete(self, name: str) -> None:
        """Delete a file, hidden or not; one that is not there needs no deleting."""
        self.path(name).unlink(missing_ok=True)
        self._hidden_path(name).unlink(missing_ok=True)

    def hide(self, name: str) -> None:
        """Let nobody find a file until it is revealed; one that is not there needs no hiding."""
        with suppress(FileNotFoundError):
            self.path(name).rename(self._hidden_path(name))

    def reveal(self, name: str) -> None:
        """Have a hidden file back under its name."""
        with suppress(FileNotFoundError):
            self._hidden_path(name).rename(self.path(name))

    def sweep(
        self, is_known: Callable[[list[str]], set[str]], *, older_than_seconds: float = 3600
    ) -> int:
        """Delete old files that nobody knows, and writings that were cut off; return how many.

        `is_known` gets names in batches and returns those that are in use. What is younger may
        belong to a transaction that has not committed yet.
        """
        names = self._list_older(time.time() - older_than_seconds)
        deleted = 0
        while batch := list(islice(names, _SWEEP_BATCH)):
            stored = [name for name in batch if not name.endswith(_UNFINISHED_SUFFIX)]
            orphans = set(batch) - (is_known(stored) if stored else set())
            for name in orphans:
                (self._root / name).unlink(missing_ok=True)
            deleted += len(orphans)
        return deleted

    def _hidden_path(self, name: str) -> Path:
        path = self.path(name)
        return path.with_name(path.name + _HIDDEN_SUFFIX)

    def _make_folder(self, name: str) -> Path:
        folder = self._root / name
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(_FOLDER_MODE)  # Whatever the umask took away.
            _make_durable(self._root)
        return folder

    def _list_older(self, than: float) -> Iterator[str]:
        """List what we wrote and nothing else, as it is found in the folders."""
        for path in self._root.glob("[0-9a-f][0-9a-f]/*"):
            name = f"{path.parent.name}/{path.name}"
            if _NAME.fullmatch(name) and _modified_at(path) < than:
                yield name


def is_gated(name: str) -> bool:
    """Tell whether a file is only for some."""
    return f"{_GATED}." in name


def _write_durably(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        os.fchmod(file.fileno(), _FILE_MODE)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _make_durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _modified_at(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:
        return float("inf")
