"""What a case meets: a server with a few people on one of the databases."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from microblog.db import Database
from microblog.domain.viewer import Viewer
from microblog.services import Services
from tests.beside import HTTPS, application_beside
from tests.cast import Cast
from tests.corpus.badinputs import Case
from tests.databases import TestDatabase
from tests.multipart import CONTENT_TYPE
from tests.pace import pace
from tests.visitor import Visitor


@dataclass(frozen=True)
class Scene:
    """One case, and everything at hand to play it."""

    case: Case
    app: Flask
    cast: Cast
    prepared: TestDatabase
    folder: Path

    @property
    def services(self) -> Services:
        """Return what the application has at hand."""
        found: Services = self.app.extensions["microblog"]
        return found

    @property
    def db(self) -> Database:
        """Return the database."""
        return self.services.db

    @property
    def measures(self) -> bool:
        """Tell whether times are measured: on SQLite only, where nobody else takes part."""
        return self.db.dialect_name == "sqlite"

    def visitor(self) -> Visitor:
        """Return somebody who is not signed in."""
        return Visitor(self.app)

    def browser(self, person: Viewer | None = None) -> Visitor:
        """Return the browser of a person, of Alice unless another one is named."""
        return Visitor.signed_in(self.app, person or self.cast.alice)

    @contextmanager
    def https(self) -> Iterator[Flask]:
        """Serve by https."""
        with application_beside(self.app, self.folder, PUBLIC_URL=HTTPS) as beside:
            yield beside

    def start_over(self) -> Visitor:
        """Empty the server; return its first visitor."""
        self.prepared.empty()
        return self.visitor()

    def empty_media(self) -> None:
        """Delete all pictures, of earlier cases too."""
        for path in self.services.folder.media.iterdir():
            shutil.rmtree(path)

    def stored(self) -> list[str]:
        """Return the names of all pictures."""
        media = self.services.folder.media
        return [str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()]

    def assert_answered(self, response: TestResponse, *, is_form: bool = False) -> None:
        """Require one of the statuses that the case expects."""
        status = response.status_code
        assert self.case.allows(status, is_form=is_form), (status, self.case.status)

    def assert_quick(self, act: Callable[[], Any], seconds: float) -> Any:
        """Do something, and require that it took little of the processor; only where we measure."""
        began = time.thread_time()
        result = act()
        took = time.thread_time() - began
        assert not self.measures or took < seconds * pace(), f"{took:.3f} s"
        return result


def send_body(visitor: Visitor, path: str, body: bytes, content_type: str = CONTENT_TYPE) -> Any:
    """Send bytes as they are, with a true token in a header."""
    headers = {"X-CSRFToken": visitor.token()}
    return visitor.post_raw(path, data=body, content_type=content_type, headers=headers)
