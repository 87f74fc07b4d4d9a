"""Name colours by how light, how strong and of which hue they look."""

import math

Rgb = tuple[int, int, int]


def oklch(lightness: float, chroma: float, hue: float) -> Rgb:
    """Return the nearest sRGB colour.

    **Units**: lightness 0 to 1, chroma 0 to about 0.3, hue in degrees.
    **Source**: Björn Ottosson, "A perceptual color space for image processing"; CSS Color 4.
    """
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _encode(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _encode(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _encode(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def to_hex(colour: Rgb) -> str:
    """Write a colour as HTML does."""
    red, green, blue = colour
    return f"#{red:02x}{green:02x}{blue:02x}"


def _encode(linear: float) -> int:
    linear = min(1.0, max(0.0, linear))
    if linear <= 0.0031308:
        return round(255 * 12.92 * linear)
    return round(255 * (1.055 * linear ** (1 / 2.4) - 0.055))
