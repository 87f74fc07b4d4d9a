"""Faces to draw: people, and a few animals."""

from random import Random

from microblog.files.canvas import Canvas
from microblog.files.colour import Rgb, oklch

_SKINS = (
    *((0.90, 0.04, 60), (0.85, 0.06, 60), (0.78, 0.07, 58), (0.70, 0.08, 57)),
    *((0.60, 0.08, 55), (0.50, 0.07, 52), (0.41, 0.06, 48)),
)
_HAIRS = (
    *((0.22, 0.02, 40), (0.28, 0.04, 40), (0.38, 0.07, 45), (0.50, 0.11, 48), (0.78, 0.10, 85)),
    *((0.80, 0.01, 90), (0.45, 0.13, 30), (0.55, 0.12, 330)),
)
_INK = oklch(0.27, 0.03, 40)
_WHITE = oklch(0.99, 0.0, 0)


def draw_person(chance: Random) -> Canvas:
    """Draw somebody from the shoulders up."""
    hue = chance.randrange(360)
    canvas = Canvas(oklch(0.88, 0.06, hue), oklch(0.80, 0.08, hue))
    lightness, chroma, skin_hue = chance.choice(_SKINS)
    skin = oklch(lightness, chroma, skin_hue)
    shade = oklch(lightness - 0.06, chroma + 0.01, skin_hue)
    hair = oklch(*chance.choice(_HAIRS))
    shirt = oklch(chance.uniform(0.42, 0.72), 0.12, hue + chance.choice((120, 180, 200, 240)))
    style = chance.choice((_draw_short, _draw_long, _draw_bun, _draw_curls, _draw_cap))
    style(canvas, hair, shirt, behind=True)
    canvas.oval(50, 105, 36, 32, shirt)
    canvas.block(42, 58, 16, 22, 8, shade)
    for ear in (28.5, 71.5):
        canvas.disc(ear, 49, 4.5, skin)
    canvas.block(29, 24, 42, 46, 21, skin)
    _draw_features(canvas, chance, shade, hair)
    style(canvas, hair, shirt, behind=False)
    return canvas


def draw_animal(chance: Random) -> Canvas:
    """Draw a cat, a fox, a bear or a rabbit."""
    hue = chance.randrange(360)
    canvas = Canvas(oklch(0.87, 0.07, hue), oklch(0.78, 0.09, hue))
    draw_ears, furs = chance.choice(
        (
            (_draw_pointed_ears, ((0.35, 0.02, 270), (0.72, 0.10, 65), (0.80, 0.01, 90))),
            (_draw_pointed_ears, ((0.66, 0.15, 48), (0.60, 0.13, 40))),
            (_draw_round_ears, ((0.48, 0.07, 55), (0.95, 0.01, 90), (0.32, 0.03, 50))),
            (_draw_long_ears, ((0.93, 0.01, 80), (0.70, 0.04, 60), (0.60, 0.02, 260))),
        )
    )
    tone = chance.choice(furs)
    fur, light = oklch(*tone), oklch(min(0.97, tone[0] + 0.22), tone[1] / 3, tone[2])
    canvas.oval(50, 112, 33, 32, fur)
    draw_ears(canvas, fur, oklch(0.78, 0.09, 20))
    canvas.oval(50, 55, 30, 27, fur)
    canvas.oval(50, 66, 17, 14, light)
    for eye in (38, 62):
        canvas.disc(eye, 51, 4, _INK)
        canvas.disc(eye + 1.2, 49.8, 1.2, _WHITE)
    canvas.oval(50, 60, 4, 2.8, _INK)
    for cheek in (46, 54):
        canvas.arc(cheek, 63, 4, 1, _INK)
    return canvas


def _draw_features(canvas: Canvas, chance: Random, shade: Rgb, hair: Rgb) -> None:
    if chance.randrange(4) == 0:
        canvas.half(50, 51, 21, hair, start=0)
        canvas.oval(50, 53, 16, 8, shade)
    for eye in (41, 59):
        canvas.disc(eye, 47, 2.3, _INK)
        canvas.block(eye - 4, 40.5, 8, 1.6, 0.8, hair)
    canvas.oval(50, 52.5, 2.2, 3, shade)
    canvas.arc(50, 54, 7, 1.5, _INK if chance.randrange(2) else _WHITE)
    if chance.randrange(3) == 0:
        for eye in (41, 59):
            canvas.ring(eye, 47, 6.5, 1.3, _INK)
        canvas.block(46, 46, 8, 1.3, 0.5, _INK)


def _draw_short(canvas: Canvas, hair: Rgb, _shirt: Rgb, *, behind: bool) -> None:
    if not behind:
        canvas.half(50, 40, 23, hair)
        canvas.block(27, 37, 5, 10, 2, hair)
        canvas.block(68, 37, 5, 10, 2, hair)


def _draw_long(canvas: Canvas, hair: Rgb, _shirt: Rgb, *, behind: bool) -> None:
    if behind:
        canvas.block(23, 18, 54, 66, 25, hair)
    else:
        canvas.half(50, 39, 23.5, hair, start=168)


def _draw_bun(canvas: Canvas, hair: Rgb, _shirt: Rgb, *, behind: bool) -> None:
    if behind:
        canvas.disc(50, 14, 10, hair)
    else:
        canvas.half(50, 40, 22.5, hair)


def _draw_curls(canvas: Canvas, hair: Rgb, _shirt: Rgb, *, behind: bool) -> None:
    if behind:
        for x, y in (
            (27, 40),
            (73, 40),
            (24, 52),
            (76, 52),
            (30, 28),
            (70, 28),
            (40, 20),
            (60, 20),
        ):
            canvas.disc(x, y, 12, hair)
    else:
        for x in (34, 42, 50, 58, 66):
            canvas.disc(x, 29 - (x == 50) * 2, 7, hair)


def _draw_cap(canvas: Canvas, hair: Rgb, shirt: Rgb, *, behind: bool) -> None:
    if behind:
        canvas.block(27, 30, 46, 26, 8, hair)
    else:
        canvas.half(50, 37, 23, shirt)
        canvas.block(26, 34, 48, 6, 3, shirt)


def _draw_pointed_ears(canvas: Canvas, fur: Rgb, inside: Rgb) -> None:
    for side in (-1, 1):
        x = 50 + side * 20
        canvas.shape([(x - 10 * side, 40), (x + 6 * side, 14), (x + 10 * side, 50)], fur)
        canvas.shape([(x - 4 * side, 38), (x + 4.5 * side, 21), (x + 7 * side, 44)], inside)


def _draw_round_ears(canvas: Canvas, fur: Rgb, inside: Rgb) -> None:
    for x in (27, 73):
        canvas.disc(x, 33, 11, fur)
        canvas.disc(x, 33, 6, inside)


def _draw_long_ears(canvas: Canvas, fur: Rgb, inside: Rgb) -> None:
    for x in (37, 63):
        canvas.oval(x, 24, 8, 23, fur)
        canvas.oval(x, 24, 4, 17, inside)
