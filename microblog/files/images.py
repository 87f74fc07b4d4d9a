"""Decode what people upload and make it ours: small, upright, sRGB, with nothing hidden in it."""

import math
import warnings
from io import BytesIO
from typing import Literal, NamedTuple

from PIL import Image, ImageCms, JpegImagePlugin, WebPImagePlugin
from PIL.Image import Resampling, Transpose

from microblog.files.framing import AVATAR, HEADER, PICTURE, PREVIEW, Cut, Frame
from microblog.files.jpeg import JPEG_START, count_scans
from microblog.files.png import PNG_START, has_appendix

MAX_UPLOAD_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 50_000_000

# Pillow would choose among forty decoders, some of which run other programs or never end.
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_QUALITY, _METHOD = 82, 2
# What decoding may take beside some 90 MB of program: together it stays below 256 MB (measured).
_MAX_MEMORY_BYTES = 128_000_000
_DECODED_BYTES = 4  # Pillow keeps a pixel of three bytes in four.
_WEBP_BYTES = 16  # The decoder keeps two canvases and Pillow two copies of the frame.
_COEFFICIENT_BYTES = 2  # A JPEG of several scans is kept as coefficients until the last one.
_ROWS_AT_ONCE = 64
_SRGB = ImageCms.createProfile("sRGB")
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
# Those in which what was wide becomes high.
_LYING = {
    *(Transpose.TRANSPOSE, Transpose.TRANSVERSE),
    *(Transpose.ROTATE_90, Transpose.ROTATE_270),
}

# The decoders look at this number themselves before they allocate; a warning would let them go on.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

Code = Literal["not_an_image", "too_large", "too_many_pixels"]


class BadImage(ValueError):
    """The file cannot become a picture; `code` says why."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code: Code = code


class Encoded(NamedTuple):
    """A picture as it is stored."""

    data: bytes
    width: int
    height: int


class Picture(NamedTuple):
    """A picture of a post, and a small one of it for where many are shown."""

    full: Encoded
    preview: Encoded


def make_avatar(data: bytes) -> bytes:
    """Make a square WebP of the middle of the first frame, without metadata.

    **Shape**: as wide and high as AVATAR says, or as much as the shorter side has.
    **Raises**: BadImage.
    """
    return _encode(_open(data, AVATAR)).data


def make_header(data: bytes) -> bytes:
    """Make a wide WebP of the middle of the first frame, without metadata.

    **Shape**: as HEADER says, or as large as the picture has it. **Raises**: BadImage.
    """
    return _encode(_open(data, HEADER)).data


def make_picture(data: bytes) -> Picture:
    """Make a WebP of the whole first frame, and a small one, without metadata.

    **Shape**: no side longer than PICTURE and PREVIEW say. **Raises**: BadImage.
    """
    picture = _open(data, PICTURE)
    full = _encode(picture)
    cut = PREVIEW.cut(picture.size)
    return Picture(full, _encode(picture.resize(cut.size, Resampling.LANCZOS, reducing_gap=2.0)))


def _open(data: bytes, frame: Frame) -> Image.Image:
    if len(data) > MAX_UPLOAD_BYTES:
        raise BadImage("too_large")
    try:
        return _decode(data, frame)
    except BadImage:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadImage("too_many_pixels") from None
    except Exception as error:
        # Decoders fail in every way there is: SyntaxError, struct.error, OSError, MemoryError...
        raise BadImage("not_an_image") from error


def _encode(picture: Image.Image) -> Encoded:
    written = BytesIO()
    picture.save(written, "WEBP", quality=_QUALITY, method=_METHOD)
    return Encoded(written.getvalue(), picture.width, picture.height)


def _decode(data: bytes, frame: Frame) -> Image.Image:
    scans = count_scans(data) if data.startswith(JPEG_START) else 1
    if scans is None or (data.startswith(PNG_START) and has_appendix(data)):
        raise BadImage("not_an_image")
    with Image.open(BytesIO(data), formats=_FORMATS) as image:
        _refuse_costly(image, frame, scans)
        image.load()
        turn, profile = _find_turn(image), image.info.get("icc_profile")
        cut = frame.cut(image.size, is_lying=turn in _LYING)
        reduced = _reduce(image, cut)
    # Only what is left is kept in memory from here on.
    image.close()
    scaled = reduced.resize(cut.size, Resampling.LANCZOS, cut.rest)
    picture = _to_srgb(scaled, profile)
    return picture if turn is None else picture.transpose(turn)


def _refuse_costly(image: Image.Image, frame: Frame, scans: int) -> None:
    """Compare what decoding will take with what it may; ask JPEG for a smaller picture at once."""
    pixels = image.width * image.height
    coefficient_bytes = 0
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        image.draft(None, frame.enough(image.size))
        if scans > 1:
            coefficient_bytes = pixels * _COEFFICIENT_BYTES * _samples_a_pixel(image)
    is_webp = isinstance(image, WebPImagePlugin.WebPImageFile)
    decoded_bytes = image.width * image.height * (_WEBP_BYTES if is_webp else _DECODED_BYTES)
    width, height = frame.cut(image.size).reduced
    # The coefficients are gone when scaling begins.
    memory_bytes = decoded_bytes + max(coefficient_bytes, width * height * _DECODED_BYTES)
    if pixels > MAX_PIXELS or memory_bytes > _MAX_MEMORY_BYTES:
        raise BadImage("too_many_pixels")


def _samples_a_pixel(image: JpegImagePlugin.JpegImageFile) -> int:
    """Return 3 for full colour, 2 or 1.5 rounded up for colour at half the resolution."""
    areas = [horizontal * vertical for _, horizontal, vertical, _ in image.layer]
    return math.ceil(sum(areas) / max(areas))


def _reduce(image: Image.Image, cut: Cut) -> Image.Image:
    """Scale what is cut out down, a few rows at a time, so that no second copy of it is made."""
    mode = _plain_mode(image)
    reduced = Image.new(mode, cut.reduced)
    for row in range(0, cut.height, cut.factor * _ROWS_AT_ONCE):
        bottom = min(row + cut.factor * _ROWS_AT_ONCE, cut.height)
        box = (cut.left, cut.top + row, cut.left + cut.width, cut.top + bottom)
        band = _to_plain(image.crop(box), mode)
        reduced.paste(band.reduce(cut.factor), (0, row // cut.factor))
    return reduced


def _plain_mode(image: Image.Image) -> str:
    if image.mode == "CMYK":
        return "CMYK"
    if image.has_transparency_data:
        # Multiplied by how opaque it is, as Pillow scales it: else it would make a copy for that.
        return "RGBa"
    return "L" if image.mode in {"1", "L", "I", "I;16"} else "RGB"


def _to_plain(band: Image.Image, mode: str) -> Image.Image:
    # Pillow cuts 16 bits of grey off at white instead of scaling them.
    if band.mode in {"I", "I;16"}:
        band = band.convert("I").point(lambda grey: grey * (1 / 257) + 0.5)
    if mode == "RGBa" and band.mode != "RGBA":
        band = band.convert("RGBA")
    return band.convert(mode)


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if picture.mode == "RGBa":
        picture = picture.convert("RGBA")
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        try:
            origin = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, origin, _SRGB, outputMode=mode)
            picture = converted or picture
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            # A broken profile, or one of another kind of picture: the colours are taken as sRGB.
            pass
    picture = picture.convert(mode)
    return _without_idle_alpha(picture)


def _without_idle_alpha(picture: Image.Image) -> Image.Image:
    is_opaque = picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255)
    return picture.convert("RGB") if is_opaque else picture


def _find_turn(image: Image.Image) -> Transpose | None:
    try:
        return _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # Cameras break these notes in every way; the picture is good without them.
        return None
