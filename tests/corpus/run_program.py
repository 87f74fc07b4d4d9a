"""Cases about the program itself: how it starts, what it trusts."""

import ast
import base64
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

import microblog
from microblog import clock, ids
from microblog.config import Config, ConfigError
from microblog.models import OutboxEvent
from microblog.worker import Worker
from tests.corpus.scene import Scene

PACKAGE = Path(microblog.__file__).parent
UNSAFE_MODULES = {"pickle", "marshal", "shelve", "dill", "yaml", "jsonpickle", "cPickle"}
UNSAFE_CALLS = {"eval", "exec", "__import__"}


class Bomb:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self._path,))


def secret_key(scene: Scene) -> None:
    """Start a server whose secret key is set, but to nothing or next to nothing."""
    for key in (scene.case.input["env"]["SECRET_KEY"], "short"):
        with pytest.raises(ConfigError, match="SECRET_KEY"):
            Config.load({"SECRET_KEY": key}, scene.folder)
    if not scene.measures:
        return  # The database has no part in it.
    environment = os.environ | scene.case.input["env"] | {"DATA_DIR": str(scene.folder / "new")}
    started = subprocess.run(
        [sys.executable, "-m", "microblog", "serve"],
        env=environment,
        cwd=scene.folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert scene.case.status == ("exit!=0",)
    assert started.returncode != 0
    assert "SECRET_KEY" in started.stderr
    assert "Traceback" not in started.stderr


def unpickling(scene: Scene) -> None:
    """Put a program where data is kept, and have it read back."""
    assert scene.case.status == ("no execution",)
    trap = scene.folder / "was-executed"
    payload = base64.b64encode(pickle.dumps(Bomb(trap))).decode()
    now = clock.now()
    event = OutboxEvent(
        id=ids.new(),
        kind="PostPublished",
        lane="database",
        payload=payload,
        created_at=now,
        due_at=now,
    )
    scene.db.write(lambda session: session.add(event))
    Worker(scene.services).run_due()
    visitor = scene.visitor()
    for name in ("login", "session", "zone"):
        visitor.set_cookie(name, payload)
    assert visitor.get("/explore").status_code == 200
    with scene.db.read() as session:
        kept = session.scalars(select(OutboxEvent).where(OutboxEvent.payload == payload)).one()
    assert kept.attempts == 1
    assert not trap.exists()
    assert_nothing_is_executed_that_was_data()


def assert_nothing_is_executed_that_was_data() -> None:
    """Look for what turns data into a program."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in getattr(node, "names", []) if hasattr(alias, "name")]
            names.append(getattr(node, "module", None) or "")
            assert not UNSAFE_MODULES & {name.partition(".")[0] for name in names}, path
            if isinstance(node, ast.Call):
                assert getattr(node.func, "id", "") not in UNSAFE_CALLS, (path, node.lineno)


RUNNERS = {"secret-key": secret_key, "pickle": unpickling}
