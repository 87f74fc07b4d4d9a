"""Logs: one line for each event, whatever is in it, in files that do not grow without end."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from microblog import logs


@pytest.fixture(autouse=True)
def root_logger() -> Iterator[None]:
    """Give the root logger back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    modules = {name: getattr(logging, name) for name in ("_srcfile", "logThreads", "logProcesses")}
    yield
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:], root.level = handlers, level
    for name, value in modules.items():
        setattr(logging, name, value)


def set_up(folder: Path, max_bytes: int = 1_000_000, count: int = 3) -> logging.Logger:
    logs.set_up("web-00", folder, to_stdout=False, max_bytes=max_bytes, count=count)
    return logging.getLogger("microblog.test")


def lines(folder: Path, name: str = "web-00.log") -> list[str]:
    return (folder / name).read_bytes().decode().splitlines()


def test_a_line_says_when_how_bad_and_who(tmp_path: Path) -> None:
    set_up(tmp_path).warning("Something %s", "happened")
    (line,) = lines(tmp_path)
    moment, rest = line.split(" ", 1)
    assert moment.endswith("Z")
    assert len(moment) == len("2026-11-22T19:26:31.123Z")
    assert rest == "WARNING microblog.test Something happened"


@pytest.mark.parametrize(
    "forged",
    [
        "a\nb",
        "a\r\nb",
        "a\x00b",
        "a\x0bb",
        "a\x0cb",
        "a\x1b[2Jb",
        "a\x85b",
        "a\u2028b",
        "a\u2029b",
        "a\x1cb",
        "a\u202eb",
        "a\ud800b",
    ],
)
def test_nothing_in_an_event_can_forge_a_second_line(tmp_path: Path, forged: str) -> None:
    set_up(tmp_path).info("%s", forged)
    (line,) = lines(tmp_path)
    assert line.isprintable()
    assert line.endswith("b")


def test_text_of_any_script_is_kept(tmp_path: Path) -> None:
    set_up(tmp_path).info("héllo мир 日本 👋")
    assert lines(tmp_path)[0].endswith("héllo мир 日本 👋")


def test_a_traceback_is_on_the_line_of_its_event(tmp_path: Path) -> None:
    logger = set_up(tmp_path)
    try:
        raise ValueError("two\nlines")
    except ValueError:
        logger.exception("It failed.")
    (line,) = lines(tmp_path)
    assert "It failed.\\nTraceback" in line
    assert line.endswith("ValueError: two\\nlines")


def test_a_line_has_an_end(tmp_path: Path) -> None:
    set_up(tmp_path).info("x" * 1_000_000)
    assert len(lines(tmp_path)[0]) == 8000


def test_files_are_rotated_and_the_oldest_go(tmp_path: Path) -> None:
    logger = set_up(tmp_path, max_bytes=1000, count=2)
    for number in range(100):
        logger.info("Line %03d, with ü: %s", number, "ü" * 20)
    assert {path.name for path in tmp_path.iterdir()} == {
        "web-00.log",
        "web-00.log.1",
        "web-00.log.2",
    }
    assert all(path.stat().st_size <= 1000 for path in tmp_path.iterdir())
    kept = [*lines(tmp_path, "web-00.log.2"), *lines(tmp_path, "web-00.log.1"), *lines(tmp_path)]
    numbers = [int(line.split("Line ")[1][:3]) for line in kept]
    assert numbers == list(range(100 - len(kept), 100))


def test_a_process_goes_on_in_the_file_it_finds(tmp_path: Path) -> None:
    set_up(tmp_path, max_bytes=1000).info("x" * 800)
    logging.getLogger().handlers[0].close()
    set_up(tmp_path, max_bytes=1000).info("y" * 800)
    assert lines(tmp_path, "web-00.log.1")[0].endswith("x")
    assert lines(tmp_path)[0].endswith("y")


def test_an_event_that_cannot_be_logged_harms_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logger = set_up(tmp_path)
    logger.info("%d", "no number")
    logger.info("And on it goes")
    assert lines(tmp_path)[0].endswith("And on it goes")
    assert "no number" in capsys.readouterr().err


def test_standard_output_takes_the_place_of_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up("web-00", tmp_path, to_stdout=True, max_bytes=1000, count=1)
    logging.getLogger("microblog.test").info("a\nb")
    assert capsys.readouterr().out.endswith("INFO microblog.test a\\nb\n")
    assert list(tmp_path.iterdir()) == []


def test_the_addresses_that_are_fetched_are_not_logged(tmp_path: Path) -> None:
    set_up(tmp_path)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).info("GET https://gravatar.com/avatar/hash")
    assert lines(tmp_path) == []
