"""Colours named by their looks come out as browsers show them."""

import pytest

from microblog.files.colour import Rgb, oklch, to_hex


@pytest.mark.parametrize(
    ("lightness", "chroma", "hue", "expected"),
    [
        (0.0, 0.0, 0, (0, 0, 0)),
        (1.0, 0.0, 0, (255, 255, 255)),
        (0.62796, 0.25768, 29.23, (255, 0, 0)),
        (0.86644, 0.29483, 142.5, (0, 255, 0)),
        (0.45201, 0.31321, 264.05, (0, 0, 255)),
        (0.59987, 0.0, 0, (128, 128, 128)),
    ],
)
def test_well_known_colours(lightness: float, chroma: float, hue: float, expected: Rgb) -> None:
    colour = oklch(lightness, chroma, hue)
    assert all(abs(ours - theirs) <= 1 for ours, theirs in zip(colour, expected, strict=True))


def test_a_colour_no_screen_shows_becomes_one_that_it_does() -> None:
    assert all(0 <= channel <= 255 for channel in oklch(0.9, 0.4, 29))


def test_a_colour_is_written_as_html_does() -> None:
    assert to_hex((0, 10, 255)) == "#000aff"
