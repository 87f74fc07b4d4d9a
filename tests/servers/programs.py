"""Find the programs that the tests run, where distributions put them."""

import os
import shutil

# Debian keeps servers in folders that only root has on its PATH.
_SERVER_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")

# The one without windows of its own first: the same engine, in half the time.
_CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def find_program(*names: str, also_in: tuple[str, ...] = ()) -> str | None:
    """Find the first of the names on PATH, among the system's servers, or in further folders."""
    folders = [os.environ.get("PATH", os.defpath), *_SERVER_FOLDERS, *also_in]
    path = os.pathsep.join(folders)
    return next((found for name in names if (found := shutil.which(name, path=path))), None)


def find_chromium() -> str | None:
    """Find the browser that the browser tests drive."""
    return find_program(*_CHROMIUM_NAMES)
