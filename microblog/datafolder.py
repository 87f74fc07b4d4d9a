"""The data folder: where a server keeps everything that must not be lost."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from microblog.config import MIN_SECRET_BYTES, Config, ConfigError


@dataclass(frozen=True)
class DataFolder:
    """The places in the folder, all of them there, and the secret key."""

    root: Path
    media: Path
    logs: Path
    locks: Path
    secret_key: str


def prepare(config: Config) -> DataFolder:
    """Make what is missing of the data folder. **Raises** ConfigError when that cannot be done."""
    root = config.DATA_DIR.resolve()
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        media, logs, locks = (root / name for name in ("media", "logs", "locks"))
        for folder in (media, logs, locks):
            folder.mkdir(mode=0o700, exist_ok=True)
        secret_key = config.SECRET_KEY or _secret_key(root / "secret_key")
    except OSError as error:
        raise ConfigError(
            f"The data folder {root} cannot be written ({error.strerror}): "
            "give this user the right to, or set DATA_DIR to another folder."
        ) from None
    return DataFolder(root, media, logs, locks, secret_key)


def _secret_key(path: Path) -> str:
    if not path.exists():
        # Written aside and linked into place, so that two processes starting at once agree on one.
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass  # The other process was faster; its key is read below.
        finally:
            draft.unlink()
    key = path.read_text().strip()
    if len(key) < MIN_SECRET_BYTES:
        raise ConfigError(
            f"The secret key in {path} is shorter than {MIN_SECRET_BYTES} characters: "
            "delete the file and a new one is made, which signs everybody out."
        )
    return key
