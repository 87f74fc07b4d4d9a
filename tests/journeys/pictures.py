"""Take a picture of every page in every state, for people to look at.

python -m tests.journeys.pictures FOLDER [PART OF A PLACE'S NAME ...]
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.databases import TestDatabase
from tests.journeys.live import Window, live_server
from tests.journeys.places import PLACES, Place, go
from tests.journeys.town import Town, furnish
from tests.servers import find_chromium
from tests.translating import KEY, translating_server

WIDTHS = (390, 820, 1440)
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "contrast": {"contrast": "more"},
    "de": {"color_scheme": "light", "locale": "de"},
    "ar": {"color_scheme": "light", "locale": "ar"},
    "ja": {"color_scheme": "light", "locale": "ja"},
}


def main(folder: Path, parts: list[str]) -> None:
    """Take pictures of the places whose name has one of the parts in it, or of all."""
    folder.mkdir(parents=True, exist_ok=True)
    places = [each for each in PLACES if not parts or any(part in each.name for part in parts)]
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        scratch = Path(name)
        database = scratch / "microblog.db"
        TestDatabase(f"sqlite:///{database}", scratch).app.extensions["microblog"].db.dispose()
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        with (
            translating_server() as translator,
            live_server(
                scratch / "town",
                database,
                LIBRETRANSLATE_URL=translator.url,
                LIBRETRANSLATE_KEY=KEY,
            ) as live,
            live_server(scratch / "empty", database) as empty,
        ):
            town = furnish(live)
            for place in places:
                server = empty if place.who == "first visitor" else live
                for look, options in LOOKS.items():
                    window = Window(browser, server, **options)
                    take(folder, place, look, window, town)
                    window.close()
        browser.close()


def take(folder: Path, place: Place, look: str, window: Window, town: Town) -> None:
    """Take one picture for each width."""
    page = go(place, window, town)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_load_state("networkidle")
        name = f"{place.name}-{look}-{width}".replace(", ", "-").replace(" ", "-")
        page.screenshot(path=folder / f"{name}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
