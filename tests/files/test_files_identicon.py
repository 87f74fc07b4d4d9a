"""Who has no picture gets a flower of their own, which is safe to show and never changes."""

import hashlib
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from microblog.files.identicon import identicon

SVG = "{http://www.w3.org/2000/svg}"
SEEDS = [str(115_000_000_000_000_000 + number * 7_919) for number in range(500)]


def test_the_picture_of_an_account_never_changes() -> None:
    # Browsers keep it for a year: a change here changes how people look, from one page to the next.
    drawn = "".join(identicon(seed) for seed in SEEDS)
    assert hashlib.sha256(drawn.encode()).hexdigest()[:16] == "02da632d9c24c435"


def test_people_are_told_apart() -> None:
    assert len({identicon(seed) for seed in SEEDS}) == len(SEEDS)


@pytest.mark.parametrize("seed", [*SEEDS[:50], "", "名前", "\0", '"><script>', "a" * 10_000])
def test_it_holds_shapes_and_nothing_else(seed: str) -> None:
    drawn = identicon(seed)
    assert len(drawn.encode()) < 1_500
    picture = ET.fromstring(drawn)
    assert picture.tag == f"{SVG}svg"
    assert picture.attrib == {"viewBox": "0 0 100 100"}
    for shape in picture.iter():
        assert shape.tag in {f"{SVG}svg", f"{SVG}path", f"{SVG}circle"}
        assert set(shape.attrib) <= {"viewBox", "d", "fill", "cx", "cy", "r"}
        assert not shape.text
        assert re.fullmatch(r"[MLQAHhvz\d. -]*", shape.get("d", ""))
        assert re.fullmatch(r"#[0-9a-f]{6}", shape.get("fill", "#000000"))


@pytest.mark.parametrize("seed", SEEDS[:100])
def test_its_tones_are_told_apart(seed: str) -> None:
    fills = [shape.get("fill", "") for shape in ET.fromstring(identicon(seed))][:3]
    shades = sorted(luminance(fill) for fill in fills)
    assert all((b + 0.05) / (a + 0.05) > 1.4 for a, b in pairwise(shades))


def luminance(fill: str) -> float:
    """Return how light a colour is. **Source**: WCAG 2.2, relative luminance."""
    channels = [int(fill[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
