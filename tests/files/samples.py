"""Files that people upload: harmless ones, broken ones, and those that were made to harm."""

import gzip
import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image

SERIAL_NUMBER = "SN-4711-0815"
_EXIF_ORIENTATION, _EXIF_SERIAL, _EXIF_GPS = 0x0112, 0xA431, 0x8825
RED, GREEN, BLUE = (220, 30, 30), (30, 180, 60), (40, 60, 210)
MAX_BYTES = 8 * 1024 * 1024


def tiny_png() -> bytes:
    """Make a valid picture of one pixel."""
    return encode(Image.new("RGB", (1, 1), RED), "PNG")


def photo() -> bytes:
    """Make what a camera writes: lying on its side, with place, serial number and a thumbnail."""
    picture = Image.new("RGB", (640, 480), RED)
    picture.paste(BLUE, (320, 0, 640, 480))
    exif = Image.Exif()
    exif[_EXIF_ORIENTATION] = 6
    exif[_EXIF_SERIAL] = SERIAL_NUMBER
    exif.get_ifd(_EXIF_GPS).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    thumbnail = encode(picture.resize((64, 48)), "JPEG")
    data = encode(picture, "JPEG", exif=exif, xmp=f"<x>{SERIAL_NUMBER}</x>".encode())
    iptc = b"Photoshop 3.0\0" + f"8BIM\4\4\0\0{SERIAL_NUMBER}".encode()
    return data[:2] + segment(0xED, iptc) + segment(0xE3, thumbnail) + data[2:]


def png_with_zip_and_html() -> bytes:
    """Make a picture that is an archive and a page as well."""
    return encode(Image.new("RGB", (64, 64), GREEN), "PNG") + zip_and_html()


def jpeg_with_zip_and_html() -> bytes:
    """Make a picture with something after its end, as telephones put a film there."""
    return encode(Image.new("RGB", (64, 64), GREEN), "JPEG") + zip_and_html()


def zip_and_html() -> bytes:
    """Make an archive with a page behind it."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.html", "<script>alert(1)</script>")
    return archive.getvalue() + b"<html><script>alert(1)</script></html>"


def gif_of_thousands_of_frames() -> bytes:
    """Make an animation whose first frame is red and whose 20,000 others are blue."""
    first, other = (encode(Image.new("RGB", (16, 16), colour), "GIF") for colour in (RED, BLUE))
    return first[:-1] + _gif_frame(other) * 20_000 + b";"


def png_header_of_a_bomb() -> bytes:
    """Claim 50,000 x 50,000 pixels in a kilobyte."""
    return png(50_000, 50_000, zlib.compress(bytes(100_000)))


def gif_header_of_a_bomb() -> bytes:
    """Claim 65,535 x 65,535 pixels, to be cleared before the first frame is read."""
    small = encode(Image.new("RGB", (16, 16)), "GIF")
    cleared = b"!\xf9\4\x09\0\0\0\0"
    frame = _gif_frame(small)
    head = small[: small.index(frame)]
    return head[:6] + struct.pack("<HH", 65_535, 65_535) + head[10:] + cleared + frame + b";"


def webp_header_of_a_bomb() -> bytes:
    """Claim 16,384 x 16,384 pixels in a handful of bytes."""
    size = 16_383
    bits = (size - 1) | (size - 1) << 14
    return riff(b"VP8L", b"\x2f" + struct.pack("<I", bits) + bytes(64))


def jpeg_without_height() -> bytes:
    """Claim a height of 0 and a width of 60,000."""
    return _with_jpeg_size(encode(Image.new("RGB", (64, 64)), "JPEG"), 60_000, 0)


def truncated_jpeg() -> bytes:
    """Break a JPEG off in the middle."""
    data = encode(Image.effect_noise((300, 300), 90), "JPEG")
    return data[: len(data) // 2]


def jpeg_of_many_scans() -> bytes:
    """Pass over 25 million pixels a thousand times, in 200 kB."""
    data = encode(Image.new("RGB", (5_000, 5_000), RED), "JPEG", progressive=True)
    last_scan = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last_scan * 1_000 + data[-2:]


def jpeg_of_many_segments() -> bytes:
    """Repeat the notes of a camera until a reader has copied them for twenty seconds."""
    data = encode(Image.new("RGB", (64, 64)), "JPEG")
    return data[:2] + segment(0xE1, b"Exif\0\0aa") * 600_000 + data[2:]


def png_too_large() -> bytes:
    """Make a valid picture of one byte more than is taken."""
    data = tiny_png()
    return data + bytes(MAX_BYTES + 1 - len(data))


def malformed_webp() -> bytes:
    """Follow a valid header with code lengths that make no tree."""
    noise = random.Random(4863).randbytes(2_000)
    return riff(b"VP8L", b"\x2f" + struct.pack("<I", 99 | 99 << 14) + b"\xff" * 40 + noise)


def fits_gzip_bomb() -> bytes:
    """Pack 64 MB of nothing into an astronomer's picture."""
    cards = ("SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 8000", "NAXIS2  = 8000")
    head = "".join(card.ljust(80) for card in (*cards, "ZCMPTYPE= 'GZIP_1'", "END"))
    return head.ljust(2880).encode() + gzip.compress(bytes(64_000_000), 9)


def eps() -> bytes:
    """Ask a PostScript interpreter for a binary section of -1 bytes."""
    return b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%BeginBinary: -1\n%%EOF\n"


def pdf_of_a_loop() -> bytes:
    """Let a trailer point at itself."""
    return b"%PDF-1.4\ntrailer\n<< /Prev 9 /Size 1 >>\nstartxref\n9\n%%EOF\n"


def tiff_of_many_samples() -> bytes:
    """Claim 65,535 samples for each pixel."""
    entries = [(256, 64), (257, 64), (258, 8), (259, 1), (262, 2), (273, 8), (277, 65_535)]
    table = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + table + bytes(4)


def svg_with_script() -> bytes:
    """Make a drawing that runs a program."""
    return b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def html() -> bytes:
    """Make a page that calls itself a picture."""
    return b"<!doctype html><title>a.png</title><script>alert(1)</script>"


def actor() -> bytes:
    """Claim to be an account of this server."""
    name = "https://microblog.example/users/admin"
    return json.dumps({"@context": "https://www.w3.org/ns/activitystreams", "id": name}).encode()


def playlist() -> bytes:
    """Ask a video player to read a file of the server."""
    return b"ffconcat version 1.0\nfile 'file:///etc/passwd'\n#EXTM3U\nfile:///etc/passwd\n"


def font() -> bytes:
    """Begin like a font."""
    return b"\0\1\0\0\0\4\0\x40\0\2\0\0glyf" + bytes(200)


def empty() -> bytes:
    """Hold nothing."""
    return b""


TAKEN: dict[str, Callable[[], bytes]] = {
    sample.__name__: sample
    for sample in (tiny_png, photo, jpeg_with_zip_and_html, gif_of_thousands_of_frames)
}
REFUSED: dict[str, Callable[[], bytes]] = {
    sample.__name__: sample
    for sample in (
        *(png_header_of_a_bomb, gif_header_of_a_bomb, webp_header_of_a_bomb, png_too_large),
        *(jpeg_without_height, truncated_jpeg, jpeg_of_many_scans, jpeg_of_many_segments),
        *(malformed_webp, fits_gzip_bomb, eps, pdf_of_a_loop, tiff_of_many_samples),
        *(svg_with_script, html, actor, playlist, font, empty, png_with_zip_and_html),
    )
}
SAMPLES = TAKEN | REFUSED


def encode(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Write a picture in one of Pillow's formats."""
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def png(width: int, height: int, packed: bytes) -> bytes:
    """Write a PNG of any size around packed pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (chunk(b"IHDR", head), chunk(b"IDAT", packed), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def chunk(name: bytes, data: bytes) -> bytes:
    """Write a chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def riff(name: bytes, data: bytes) -> bytes:
    """Write a WebP of one chunk."""
    body = b"WEBP" + name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def segment(marker: int, data: bytes) -> bytes:
    """Write a segment of a JPEG."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def _with_jpeg_size(data: bytes, width: int, height: int) -> bytes:
    frame = data.index(b"\xff\xc0") + 5
    return data[:frame] + struct.pack(">HH", height, width) + data[frame + 4 :]


def _gif_frame(data: bytes) -> bytes:
    """Cut the image block out of a GIF of one frame."""
    palette_bytes = 3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0
    return data[data.index(b",", 13 + palette_bytes) : -1]
