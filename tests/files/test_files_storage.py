"""Files are kept whole, under names nobody can guess, as long as somebody knows them."""

import os
import re
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from microblog.files.storage import Storage, is_gated

HOUR = 3600


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "media"


@pytest.fixture
def storage(root: Path) -> Storage:
    return Storage(root)


@pytest.fixture
def strict_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


@contextmanager
def small_disk() -> Iterator[None]:
    """Let every write fail that makes a file longer than 1,000 bytes.

    No longer than for one act: what a test run says may go into a file, too.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_is_put_is_found_by_its_name(storage: Storage, root: Path) -> None:
    name = storage.put(b"picture", ".webp")
    assert re.fullmatch(r"([0-9a-f]{2})/\1[0-9a-f]{30}\.webp", name)
    assert storage.path(name) == root / name
    assert storage.path(name).read_bytes() == b"picture"


def test_a_name_tells_whether_its_file_is_for_everybody(storage: Storage) -> None:
    open_, gated = storage.put(b"x", ".webp"), storage.put(b"x", ".webp", is_gated=True)
    assert (is_gated(open_), is_gated(gated)) == (False, True)
    assert storage.path(gated).read_bytes() == b"x"
    # Whoever asks for it without the mark finds nothing.
    assert not storage.path(gated.replace(".gated", "")).exists()
    storage.delete(gated)
    assert not storage.path(gated).exists()


def test_the_same_content_twice_has_two_names(storage: Storage) -> None:
    assert storage.put(b"picture", ".webp") != storage.put(b"picture", ".webp")


def test_nothing_unfinished_is_left_beside_a_file(storage: Storage, root: Path) -> None:
    name = storage.put(b"picture", ".webp")
    assert list_files(root) == {name}


def test_another_program_may_read_files_and_folders(
    storage: Storage, root: Path, strict_umask: None
) -> None:
    path = storage.path(storage.put(b"picture", ".webp"))
    assert path.stat().st_mode & 0o777 == 0o644
    assert path.parent.stat().st_mode & 0o777 == 0o755


def test_a_failed_write_leaves_nothing(storage: Storage, root: Path) -> None:
    with small_disk(), pytest.raises(OSError, match="too large"):
        storage.put(bytes(2_000), ".webp")
    assert list_files(root) == set()


@pytest.mark.parametrize("suffix", ["", "webp", ".", ".WEBP", "./x", ".a/b", ".webp\n", ".part"])
def test_an_odd_suffix_is_refused(storage: Storage, suffix: str) -> None:
    with pytest.raises(ValueError, match="cannot end a name"):
        storage.put(b"picture", suffix)


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "/", "secret_key", "../secret_key", "/etc/passwd"),
        "ab/../../secret_key",
        f"ab/ab{'0' * 30}",
        f"ab/ab{'0' * 30}.webp\n",
        f"ab/ab{'0' * 30}.webp\0",
        f"ab/ab{'0' * 30}.webp/../x.webp",
        f"ab/ab{'0' * 30}.part",
        f"ab\\ab{'0' * 30}.webp",
        f"ab/cd{'0' * 30}.webp",
        f"AB/AB{'0' * 30}.webp",
        f"ab/ab{'0' * 29}٣.webp",
    ],
)
def test_a_name_we_never_gave_is_refused(storage: Storage, name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        storage.path(name)
    with pytest.raises(ValueError, match="no name"):
        storage.delete(name)


def test_a_deleted_file_is_gone_and_may_be_deleted_again(storage: Storage) -> None:
    name = storage.put(b"picture", ".webp")
    storage.delete(name)
    storage.delete(name)
    assert not storage.path(name).exists()


def test_old_files_that_nobody_knows_are_swept(storage: Storage, root: Path) -> None:
    known, orphan, young = (storage.put(b"picture", ".webp") for _ in range(3))
    for name in (known, orphan):
        make_older(storage.path(name), 2 * HOUR)
    asked: list[str] = []

    def is_known(names: list[str]) -> set[str]:
        asked.extend(names)
        return {known}

    assert storage.sweep(is_known, older_than_seconds=HOUR) == 1
    assert list_files(root) == {known, young}
    assert sorted(asked) == sorted([known, orphan])


def test_writings_that_were_cut_off_are_swept_without_asking(storage: Storage, root: Path) -> None:
    folder = storage.path(storage.put(b"picture", ".webp")).parent
    cut_off, in_progress = (folder / f"{folder.name}{digit * 30}.part" for digit in "12")
    for path in (cut_off, in_progress):
        path.write_bytes(b"pict")
    make_older(cut_off, 2 * HOUR)
    assert storage.sweep(known_by_nobody_is_an_error, older_than_seconds=HOUR) == 1
    assert not cut_off.exists()
    assert in_progress.exists()


def test_files_of_others_are_not_swept(storage: Storage, root: Path) -> None:
    storage.put(b"picture", ".webp")
    for foreign in (root / "README", root / "ab" / "notes.txt", root / "cd", root / "lost" / "x"):
        foreign.parent.mkdir(exist_ok=True)
        foreign.write_text("kept")
        make_older(foreign, 2 * HOUR)
    before = list_files(root)
    assert storage.sweep(lambda _names: set(), older_than_seconds=HOUR) == 0
    assert list_files(root) == before


def test_a_large_folder_is_swept_in_batches(storage: Storage, root: Path) -> None:
    names = [f"{number % 4:02x}/{number % 4:02x}{number:030x}.webp" for number in range(1_201)]
    for name in names:
        path = storage.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        make_older(path, 2 * HOUR)
    batches: list[int] = []

    def is_known(batch: list[str]) -> set[str]:
        batches.append(len(batch))
        return {name for name in batch if name == names[700]}

    assert storage.sweep(is_known, older_than_seconds=HOUR) == 1_200
    assert list_files(root) == {names[700]}
    assert batches == [500, 500, 201]


def test_a_storage_without_a_folder_has_nothing_to_sweep(storage: Storage) -> None:
    assert storage.sweep(known_by_nobody_is_an_error, older_than_seconds=HOUR) == 0


def known_by_nobody_is_an_error(names: list[str]) -> set[str]:
    raise AssertionError(f"Nobody should be asked about {names}.")


def make_older(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def list_files(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_a_hidden_file_is_found_by_nobody_until_it_is_revealed(storage: Storage) -> None:
    name = storage.put(b"A picture.", ".webp")
    storage.hide(name)
    storage.hide(name)
    assert not storage.path(name).exists()
    with pytest.raises(ValueError):
        storage.path(f"{name}.hidden")
    storage.sweep(lambda _: set(), older_than_seconds=-1)
    storage.reveal(name)
    storage.reveal(name)
    assert storage.path(name).read_bytes() == b"A picture."


def test_a_hidden_file_is_deleted_like_any_other(storage: Storage) -> None:
    name = storage.put(b"A picture.", ".webp")
    storage.hide(name)
    storage.delete(name)
    storage.reveal(name)
    assert not storage.path(name).exists()
