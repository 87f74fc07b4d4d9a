"""A square to draw on in percent of its width, drawn large and made smooth by scaling it down."""

from io import BytesIO

from PIL import Image, ImageDraw
from PIL.Image import Resampling

from microblog.files.colour import Rgb

Points = list[tuple[float, float]]

_SIDE = 400
_OVERSAMPLING = 2
_LARGE = _SIDE * _OVERSAMPLING
_SCALE = _LARGE / 100


class Canvas:
    """What was drawn so far; every length and place runs from 0 to 100, y downwards."""

    def __init__(self, *down: Rgb) -> None:
        """Begin with one colour, or with a gradient from the first, at the top, to the last."""
        strip = Image.new("RGB", (1, len(down)))
        for row, colour in enumerate(down):
            strip.putpixel((0, row), colour)
        # Only the part between the middles of the outer pixels is a gradient.
        box = (0, 0.5, 1, len(down) - 0.5) if len(down) > 1 else None
        self._image = strip.resize((_LARGE, _LARGE), Resampling.BILINEAR, box)
        self._draw = ImageDraw.Draw(self._image)

    def disc(self, x: float, y: float, radius: float, colour: Rgb) -> None:
        """Draw a disc around a point."""
        self.oval(x, y, radius, radius, colour)

    def oval(self, x: float, y: float, width: float, height: float, colour: Rgb) -> None:
        """Draw an oval around a point; width and height are those of its half."""
        self._draw.ellipse(_box(x - width, y - height, x + width, y + height), colour)

    def half(self, x: float, y: float, radius: float, colour: Rgb, start: int = 180) -> None:
        """Draw half a disc, from the angle `start` clockwise; the upper one by default."""
        box = _box(x - radius, y - radius, x + radius, y + radius)
        self._draw.pieslice(box, start, start + 180, colour)

    def arc(self, x: float, y: float, radius: float, width: float, colour: Rgb) -> None:
        """Draw the lower part of a ring: a smile."""
        box = _box(x - radius, y - radius, x + radius, y + radius)
        self._draw.arc(box, 25, 155, colour, round(width * _SCALE))

    def ring(self, x: float, y: float, radius: float, width: float, colour: Rgb) -> None:
        """Draw a circle around a point."""
        box = _box(x - radius, y - radius, x + radius, y + radius)
        self._draw.ellipse(box, outline=colour, width=round(width * _SCALE))

    def block(self, x: float, y: float, width: float, height: float, r: float, colour: Rgb) -> None:
        """Draw a rectangle from its upper left corner, with corners rounded by `r`."""
        box = _box(x, y, x + width, y + height)
        self._draw.rounded_rectangle(box, r * _SCALE, colour)

    def shape(self, points: Points, colour: Rgb) -> None:
        """Draw a filled shape through the points."""
        self._draw.polygon([(x * _SCALE, y * _SCALE) for x, y in points], colour)

    def glow(self, x: float, y: float, radius: float, colour: Rgb, strength: float) -> None:
        """Lighten the surroundings of a point, less and less up to the radius."""
        side = round(2 * radius * _SCALE)
        light = Image.radial_gradient("L").resize((side, side), Resampling.BILINEAR)
        # Pillow's gradient reaches 255 in the corners, 181 where it meets the sides.
        mask = light.point([round(max(0, 181 - far) / 181 * 255 * strength) for far in range(256)])
        corner = (round((x - radius) * _SCALE), round((y - radius) * _SCALE))
        self._image.paste(colour, (*corner, corner[0] + side, corner[1] + side), mask)

    def to_webp(self, *, height: int = 100, is_large: bool = False) -> bytes:
        """Return the finished picture, or so much of its height from the middle.

        The large one is as it was drawn, for where a browser scales it down.
        """
        cut = round(_LARGE * (100 - height) / 200)
        picture = self._image.crop((0, cut, _LARGE, _LARGE - cut))
        if not is_large:
            picture = picture.reduce(_OVERSAMPLING)
        written = BytesIO()
        picture.save(written, "WEBP", quality=82, method=2)
        return written.getvalue()


def _box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    return left * _SCALE, top * _SCALE, right * _SCALE, bottom * _SCALE
