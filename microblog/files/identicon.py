"""Draw the picture of a person who has none: a flower in tones of one hue, different for each."""

import math
from dataclasses import dataclass
from random import Random

from microblog.files.colour import oklch, to_hex

_CENTRE = 50
# Yellow looks like mud when it is dark and like nothing when it is light: these hues begin after.
_FIRST_HUE, _HUES, _HUE_STEP = 120, 62, 5
_UP = -math.pi / 2


def identicon(seed: str) -> str:
    """Draw an SVG, always the same for a seed. **Shape**: square, under 1.5 kB, shapes only."""
    # Seeded by text, Random goes through SHA-512 and answers alike on every machine.
    chance = Random(seed)
    ground, petals, heart = _choose_tones(chance)
    count = chance.randint(3, 8)
    turn = chance.choice((0.0, math.pi / count))
    outer = _Ring(count, _UP, 6, chance.choice((39.0, 42.0)), min(44.0, 181 / count))
    inner = _Ring(count, _UP + turn, 4, chance.choice((22.0, 26.0, 29.0)), min(24.0, 100 / count))
    radius = chance.choice((0, 4, 5, 6, 7))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<path fill="{ground}" d="M0 0h100v100H0z"/>'
        f'<path fill="{petals}" d="{outer.draw(chance)}"/>'
        f'<path fill="{heart}" d="{inner.draw(chance)}"/>'
        f'<circle cx="50" cy="50" r="{radius}" fill="{ground}"/>'
        "</svg>"
    )


def _choose_tones(chance: Random) -> tuple[str, str, str]:
    """Choose the ground, the petals and the heart: dark under light, or light under dark."""
    hue = _FIRST_HUE + chance.randrange(_HUES) * _HUE_STEP
    if chance.randrange(2):
        tones = (oklch(0.48, 0.10, hue), oklch(0.66, 0.11, hue + 10), oklch(0.82, 0.09, hue + 20))
    else:
        tones = (oklch(0.89, 0.05, hue), oklch(0.73, 0.10, hue), oklch(0.55, 0.13, hue + 15))
    ground, petals, heart = map(to_hex, tones)
    return ground, petals, heart


@dataclass(frozen=True)
class _Ring:
    """Petals around the centre, from the `start` angle on; each reaches from `near` to `far`."""

    count: int
    start: float
    near: float
    far: float
    width: float

    def draw(self, chance: Random) -> str:
        """Draw the petals as the data of one path, all of one kind."""
        draw = chance.choice((self._draw_leaf, self._draw_drop, self._draw_disc))
        return "".join(
            draw(self.start + 2 * math.pi * number / self.count) for number in range(self.count)
        )

    def _draw_leaf(self, angle: float) -> str:
        near, far, belly = _at(angle, self.near), _at(angle, self.far), (self.near + self.far) / 2
        left, right = _at(angle, belly, self.width), _at(angle, belly, -self.width)
        return f"M{near}Q{left} {far}Q{right} {near}z"

    def _draw_drop(self, angle: float) -> str:
        half, end = self.width / 2, self.far - self.width / 2
        left, right = _at(angle, end, half), _at(angle, end, -half)
        return f"M{_at(angle, self.near)}L{left}A{half:.0f} {half:.0f} 0 1 0 {right}z"

    def _draw_disc(self, angle: float) -> str:
        radius = self.width / 2.2
        middle = (self.near + self.far) / 2
        left, right = _at(angle, middle, radius), _at(angle, middle, -radius)
        arc = f"A{radius:.0f} {radius:.0f} 0 1 1 "
        return f"M{left}{arc}{right}{arc}{left}z"


def _at(angle: float, along: float, aside: float = 0.0) -> str:
    """Write the point that lies so far from the centre in a direction, and so far beside it."""
    x = _CENTRE + along * math.cos(angle) - aside * math.sin(angle)
    y = _CENTRE + along * math.sin(angle) + aside * math.cos(angle)
    return f"{x:.4g} {y:.4g}"
