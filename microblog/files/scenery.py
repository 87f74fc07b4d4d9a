"""Places to draw: hills, mountains, the sea, a garden, a town of arches."""

import math
from random import Random

from microblog.files.canvas import Canvas, Points
from microblog.files.colour import Rgb, oklch

# Skies from the zenith down to the horizon, and the colour of the sun or moon in it.
_SKIES = (
    ((0.55, 0.10, 280), (0.70, 0.13, 340), (0.85, 0.11, 55), (0.96, 0.06, 85)),
    ((0.72, 0.09, 240), (0.84, 0.06, 225), (0.94, 0.03, 200), (0.98, 0.04, 100)),
    ((0.28, 0.07, 275), (0.40, 0.09, 280), (0.56, 0.10, 300), (0.95, 0.03, 95)),
    ((0.62, 0.14, 25), (0.76, 0.14, 50), (0.90, 0.09, 85), (0.97, 0.05, 95)),
    ((0.66, 0.08, 195), (0.80, 0.07, 170), (0.93, 0.05, 120), (0.98, 0.03, 100)),
)


def draw_hills(chance: Random) -> Canvas:
    """Draw waves of hills, the further the paler."""
    canvas, horizon = _begin_sky(chance, sun_low=58)
    lightness, hue, drift = 0.70, chance.randrange(360), chance.choice((-12, 12))
    for layer in range(4):
        base = 50 + layer * 12 + chance.uniform(-2, 2)
        colour = _blend(horizon, oklch(lightness - layer * 0.12, 0.07, hue + drift * layer), layer)
        canvas.shape(_wave(chance, base, 7 - layer), colour)
    return canvas


def draw_mountains(chance: Random) -> Canvas:
    """Draw peaks with snow on them behind a forest."""
    canvas, horizon = _begin_sky(chance, sun_low=40)
    hue = chance.choice((230, 255, 280, 300))
    peaks = [(x + chance.uniform(-6, 6), chance.uniform(30, 48)) for x in (18, 78, 48)]
    for depth, (x, top) in enumerate(peaks):
        rock = _blend(horizon, oklch(0.55 - depth * 0.07, 0.05, hue), depth + 1)
        shade = _blend(horizon, oklch(0.47 - depth * 0.07, 0.05, hue), depth + 1)
        _draw_peak(canvas, x, top - depth * 4, rock, shade)
    for layer in range(2):
        canvas.shape(_wave(chance, 78 + layer * 9, 3), oklch(0.42 - layer * 0.1, 0.06, 165))
    return canvas


def draw_sea(chance: Random) -> Canvas:
    """Draw a sun or moon over water that carries its light, and perhaps a boat."""
    canvas, horizon = _begin_sky(chance, sun_low=0)
    x, y, light = chance.uniform(38, 62), chance.uniform(38, 50), oklch(0.96, 0.06, 85)
    canvas.glow(x, y, 34, light, 0.7)
    canvas.disc(x, y, 11, light)
    hue = chance.choice((200, 220, 245, 270))
    for band in range(6):
        colour = _blend(horizon, oklch(0.62 - band * 0.06, 0.08, hue), band + 1)
        canvas.block(-1, 60 + band * (4 + band), 102, 50, 0, colour)
    for line in range(7):
        width = (9 - abs(line - 3) * 1.4) * chance.uniform(0.8, 1.3)
        canvas.block(x - width, 62 + line * 5, 2 * width, 1.3, 0.6, light)
    if chance.randrange(2):
        _draw_boat(canvas, x + chance.choice((-24, 24)), 66, oklch(0.98, 0.01, 90))
    return canvas


def draw_garden(chance: Random) -> Canvas:
    """Draw stems with leaves before a plain wall, and a disc behind them."""
    hue = chance.randrange(360)
    canvas = Canvas(oklch(0.94, 0.03, hue), oklch(0.90, 0.05, hue))
    canvas.disc(50 + chance.uniform(-8, 8), 46, chance.uniform(25, 31), oklch(0.80, 0.11, hue + 30))
    leaf = chance.choice((0.55, 0.8, 1.1))
    for stem in chance.choice(((0,), (-14, 14), (-20, 0, 20))):
        colour = oklch(chance.uniform(0.42, 0.62), 0.09, 150 + chance.uniform(-40, 45))
        _draw_stem(canvas, (50 + stem, chance.uniform(18, 36)), stem / 2, leaf, colour)
    return canvas


def draw_arches(chance: Random) -> Canvas:
    """Draw a pattern of rainbows and discs in four colours."""
    hue = chance.randrange(360)
    tones = [
        oklch(0.93, 0.03, hue + 40),
        oklch(0.78, 0.12, hue),
        oklch(0.62, 0.14, hue + chance.choice((30, -40))),
        oklch(0.38, 0.07, hue + 180),
    ]
    canvas = Canvas(tones[0])
    cell = chance.choice((50.0, 100 / 3))
    for number in range(round(100 / cell) ** 2):
        row, column = divmod(number, round(100 / cell))
        _draw_tile(canvas, chance, (column * cell, row * cell, cell), tones)
    return canvas


def _begin_sky(chance: Random, *, sun_low: float) -> tuple[Canvas, Rgb]:
    """Draw a sky, with a sun no lower than told (none for 0); return the colour of its horizon."""
    zenith, middle, low, light = (oklch(*tone) for tone in chance.choice(_SKIES))
    canvas = Canvas(zenith, middle, low, low)
    if sun_low:
        x, y = chance.uniform(24, 76), chance.uniform(22, sun_low)
        canvas.glow(x, y, 30, light, 0.5)
        canvas.disc(x, y, chance.uniform(7, 12), light)
    return canvas, low


def _blend(far: Rgb, near: Rgb, nearness: int) -> Rgb:
    """Let air lie between: what is far away takes the colour of the horizon."""
    share = min(1.0, 0.45 + nearness * 0.2)
    red, green, blue = (round(f + (n - f) * share) for f, n in zip(far, near, strict=True))
    return red, green, blue


def _wave(chance: Random, base: float, height: float) -> Points:
    phase, length = chance.uniform(0, 6), chance.uniform(13, 22)
    line: Points = [
        (x, base + height * (math.sin(x / length + phase) + 0.4 * math.sin(x / 7 + 2 * phase)))
        for x in range(-2, 104, 2)
    ]
    return [*line, (102, 102), (-2, 102)]


def _draw_peak(canvas: Canvas, x: float, top: float, rock: Rgb, shade: Rgb) -> None:
    width = (100 - top) * 0.75
    canvas.shape([(x, top), (x + width, 100), (x - width, 100)], rock)
    canvas.shape([(x, top), (x + width, 100), (x + width / 5, 100)], shade)
    snow, reach = oklch(0.98, 0.01, 250), 12
    edge = reach * width / (100 - top)
    foot = top + reach
    zigzag = [(x + edge, foot), (x + edge / 3, foot - 3), (x, foot + 2), (x - edge / 2, foot - 3)]
    canvas.shape([(x, top), *zigzag, (x - edge, foot)], snow)


def _draw_boat(canvas: Canvas, x: float, y: float, sail: Rgb) -> None:
    canvas.shape([(x, y - 15), (x, y - 2), (x - 8, y - 2)], sail)
    canvas.shape([(x + 1, y - 12), (x + 1, y - 2), (x + 6, y - 2)], sail)
    canvas.shape(
        [(x - 9, y - 1), (x + 8, y - 1), (x + 5, y + 3), (x - 6, y + 3)], oklch(0.4, 0.09, 30)
    )


def _draw_stem(
    canvas: Canvas, tip: tuple[float, float], lean: float, leaf: float, colour: Rgb
) -> None:
    x, top = tip
    pace = (100 - top) / 8
    for step in range(9):
        y, size = 100 - step * pace, 19 - 1.4 * step
        here = x + lean * (step / 8) ** 2
        canvas.block(here - 0.6, y - 1, 1.2, pace + 2, 0.6, colour)
        for side in (-1, 1) if step >= 2 else ():
            canvas.shape(_leaf(here, y, side * size, size, leaf), colour)


def _leaf(x: float, y: float, reach: float, rise: float, fullness: float) -> Points:
    """Run from the stem to the tip along an upper bow and back along a lower one."""
    upper: Points = []
    lower: Points = []
    for step in range(11):
        way = step / 10
        bow = fullness * 0.5 * math.sin(math.pi * way)
        upper.append((x + reach * (way - bow * 0.5), y - rise * (way * 0.7 + bow * 0.7)))
        lower.append((x + reach * (way + bow * 0.2), y - rise * (way * 0.7 - bow * 0.3)))
    return upper + lower[::-1]


def _draw_tile(
    canvas: Canvas, chance: Random, place: tuple[float, float, float], tones: list[Rgb]
) -> None:
    left, top, cell = place
    ground, *others = chance.sample(tones, 4)
    canvas.block(left, top, cell + 1, cell + 1, 0, ground)
    x, y, kind = left + cell / 2, top + cell / 2, chance.randrange(3)
    for ring, tone in enumerate(others):
        radius = cell / 2 * (1 - ring / 3)
        if kind == 0:
            canvas.disc(x, y, radius * 0.8, tone)
        elif kind == 1:
            canvas.half(x, top + cell, radius, tone)
        else:
            canvas.half(x, top, radius, tone, start=0)
