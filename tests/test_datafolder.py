"""The data folder: made on first start, for its owner's eyes only."""

import sys
from pathlib import Path

import pytest

from microblog.config import Config, ConfigError
from microblog.datafolder import DataFolder, prepare
from tests.processes import run

# Eight processes that wait for each other, so that they begin together.
PREPARE = """
import os, sys
from microblog.config import Config
from microblog.datafolder import prepare
from pathlib import Path
start, gate = os.pipe()
for _ in range(8):
    if os.fork() == 0:
        os.close(gate)
        os.read(start, 1)
        key = prepare(Config(DATA_DIR=Path(sys.argv[1]))).secret_key
        os.write(1, f"{key}\\n".encode())
        os._exit(0)
os.close(gate)
assert all(os.wait()[1] == 0 for _ in range(8))
"""


def prepared(folder: Path) -> DataFolder:
    return prepare(Config(DATA_DIR=folder))


def test_everything_is_made_on_the_first_start(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "deep" / "data")
    assert folder.root == tmp_path / "deep" / "data"
    places = (folder.root, folder.media, folder.logs, folder.locks)
    assert [oct(place.stat().st_mode & 0o777) for place in places] == ["0o700"] * 4
    key_file = folder.root / "secret_key"
    assert oct(key_file.stat().st_mode & 0o777) == "0o600"
    assert len(folder.secret_key) >= 64
    assert [path.name for path in folder.root.iterdir() if path.is_file()] == ["secret_key"]


def test_the_second_start_finds_everything(tmp_path: Path) -> None:
    first = prepared(tmp_path)
    (first.media / "picture").write_text("a picture")
    assert prepared(tmp_path) == first
    assert (first.media / "picture").read_text() == "a picture"


def test_a_key_that_is_set_is_used_and_none_is_made(tmp_path: Path) -> None:
    folder = prepare(Config(DATA_DIR=tmp_path, SECRET_KEY="a long and random secret"))
    assert folder.secret_key == "a long and random secret"
    assert not (tmp_path / "secret_key").exists()


def test_two_servers_have_different_keys(tmp_path: Path) -> None:
    assert prepared(tmp_path / "one").secret_key != prepared(tmp_path / "two").secret_key


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    done = run([sys.executable, "-c", PREPARE, str(tmp_path / "data")], tmp_path)
    assert done.returncode == 0, done.stderr
    keys = done.stdout.split()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert [path.name for path in (tmp_path / "data").iterdir() if path.is_file()] == ["secret_key"]


@pytest.mark.parametrize("place", ["data", "data/media", "data/logs", "data/locks"])
def test_a_file_in_the_place_of_a_folder_is_said(tmp_path: Path, place: str) -> None:
    in_the_way = tmp_path / place
    in_the_way.parent.mkdir(exist_ok=True)
    in_the_way.write_text("in the way")
    with pytest.raises(ConfigError, match="cannot be written") as refused:
        prepared(tmp_path / "data")
    assert "DATA_DIR" in str(refused.value)
    assert in_the_way.read_text() == "in the way"


@pytest.mark.parametrize("key", ["", "\n", "short"])
def test_a_key_file_that_holds_no_key_is_refused(tmp_path: Path, key: str) -> None:
    (tmp_path / "secret_key").write_text(key)
    with pytest.raises(ConfigError, match="secret_key"):
        prepared(tmp_path)
