"""Draw a picture that somebody of the demonstration might have chosen for themselves."""

from random import Random

from microblog.files.faces import draw_animal, draw_person
from microblog.files.scenery import (
    draw_arches,
    draw_garden,
    draw_hills,
    draw_mountains,
    draw_sea,
)

_SUBJECTS = (
    *(draw_person, draw_person, draw_person, draw_animal),
    *(draw_hills, draw_mountains, draw_sea, draw_garden, draw_arches),
)


def portrait(seed: str) -> bytes:
    """Draw a WebP of 400x400 pixels, always the same for a seed."""
    chance = Random(seed)
    return chance.choice(_SUBJECTS)(chance).to_webp()
