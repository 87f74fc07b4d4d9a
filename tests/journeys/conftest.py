"""What journeys need: a browser, a running server, and windows on it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.cast import Cast, assemble
from tests.databases import TestDatabase
from tests.journeys.live import FEW_POSTS, PATIENCE_MS, Live, OpenWindow, Window, live_server
from tests.journeys.town import Town, furnish
from tests.servers import find_chromium
from tests.translating import KEY, translating_server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the browser of this test process."""
    program = find_chromium()
    if program is None:
        pytest.skip("Chromium is not installed.")
    expect.set_options(timeout=PATIENCE_MS)
    # Containers often have no user namespaces, and little shared memory.
    arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated, empty SQLite database, for copying."""
    folder = tmp_path_factory.mktemp("migrated")
    file = folder / "microblog.db"
    TestDatabase(f"sqlite:///{file}", folder).app.extensions["microblog"].db.dispose()
    return file


@pytest.fixture
def live(browser: Browser, tmp_path: Path, migrated: Path) -> Iterator[Live]:
    """Return a running server as it is before its setup."""
    with live_server(tmp_path / "data", migrated) as live:
        yield live


@pytest.fixture(scope="session")
def town(
    browser: Browser, migrated: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """Return a server that people live on; tests look at it and change nothing that others see."""
    folder = tmp_path_factory.mktemp("town")
    with translating_server() as translator:
        settings: dict[str, Any] = {"LIBRETRANSLATE_URL": translator.url, "LIBRETRANSLATE_KEY": KEY}
        settings["POSTS_PER_PAGE"] = FEW_POSTS
        with live_server(folder / "data", migrated, **settings) as live:
            yield furnish(live)


@pytest.fixture(scope="session")
def empty(
    browser: Browser, migrated: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    """Return a server that nobody has set up; tests look at it and leave it so."""
    with live_server(tmp_path_factory.mktemp("empty") / "data", migrated) as live:
        yield live


@pytest.fixture
def people(live: Live) -> Cast:
    """Return a few named people with known relations, on a server that is set up."""
    return assemble(live.db)


@pytest.fixture
def open_window(browser: Browser, live: Live) -> Iterator[OpenWindow]:
    """Return a function that opens a browser window; at the end nothing may have been amiss."""
    windows: list[Window] = []

    def open_(**options: object) -> Window:
        windows.append(Window(browser, live, **options))
        return windows[-1]

    yield open_
    for window in windows:
        window.close()


@pytest.fixture
def window(open_window: OpenWindow) -> Window:
    """Return one browser window."""
    return open_window()
