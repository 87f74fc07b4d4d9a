"""A second application beside the first: on the same database, with other settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from microblog.config import Config
from microblog.services import Services
from tests.applications import make_app

HTTPS = "https://microblog.example"


@contextmanager
def application_beside(app: Flask, folder: Path, **settings: Any) -> Iterator[Flask]:
    """Make an application with a data folder of its own."""
    services: Services = app.extensions["microblog"]
    chosen = {"DATABASE_URL": services.config.DATABASE_URL, "DATA_DIR": folder / "beside"}
    beside = make_app(Config(**(chosen | settings)))
    beside.testing = True
    try:
        yield beside
    finally:
        beside.extensions["microblog"].db.dispose()
