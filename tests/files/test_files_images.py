"""Whatever people upload becomes a small square WebP of ours, or is refused at once."""

import random
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageOps

from microblog.files.images import (
    MAX_PIXELS,
    MAX_UPLOAD_BYTES,
    BadImage,
    make_avatar,
    make_header,
    make_picture,
)
from tests.files import samples
from tests.files.samples import BLUE, GREEN, RED, encode

CODES = {"png_too_large": "too_large"} | dict.fromkeys(
    ("png_header_of_a_bomb", "gif_header_of_a_bomb", "webp_header_of_a_bomb"), "too_many_pixels"
)


@pytest.mark.parametrize("name", samples.REFUSED)
def test_what_is_no_honest_picture_is_refused_at_once(name: str) -> None:
    data = samples.REFUSED[name]()
    started = time.process_time()
    with pytest.raises(BadImage) as refusal:
        make_avatar(data)
    assert refusal.value.code == CODES.get(name, "not_an_image")
    assert time.process_time() - started < 2


@pytest.mark.parametrize("name", samples.TAKEN)
def test_an_honest_picture_becomes_a_webp(name: str) -> None:
    with read(make_avatar(samples.TAKEN[name]())) as avatar:
        assert (avatar.format, avatar.width) == ("WEBP", avatar.height)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Memory is read from /proc.")
@pytest.mark.parametrize("make", ["make_avatar", "make_header", "make_picture"])
def test_no_upload_takes_more_than_256_megabytes(make: str) -> None:
    program = f"""
from pathlib import Path
from PIL import Image
from microblog.files.images import BadImage, {make}
from tests.files.samples import SAMPLES, encode

def make_files():
    for make in SAMPLES.values():
        yield make()
    yield encode(Image.new("RGBA", (7000, 4800), 1), "PNG", compress_level=1)
    yield encode(Image.new("RGBA", (5280, 5280), 1), "PNG", compress_level=1)
    yield encode(Image.new("RGBA", (4095, 4095), 1), "PNG", compress_level=1)
    yield encode(Image.new("P", (7000, 5000), 1), "GIF")
    yield encode(Image.new("RGB", (4700, 4700), 1), "JPEG", progressive=True, subsampling=0)
    yield encode(Image.new("RGB", (2900, 2900), 1), "WEBP", method=0)
    yield encode(Image.new("RGB", (2645, 2645), 1), "WEBP", method=0)
    yield encode(Image.new("CMYK", (4000, 3000)), "JPEG")

for sample in make_files():
    Path("/proc/self/clear_refs").write_text("5")  # Forgets what making the sample took.
    try:
        {make}(sample)
    except BadImage:
        pass
    lines = Path("/proc/self/status").read_text().splitlines()
    print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    peaks = [int(kilobytes) for kilobytes in run.stdout.split()]
    assert len(peaks) == len(samples.SAMPLES) + 8
    assert max(peaks) < 256 * 1024


def test_the_limits_are_inclusive() -> None:
    largest = encode(Image.new("L", (MAX_PIXELS // 5_000, 5_000)), "JPEG")
    with read(make_avatar(largest + bytes(MAX_UPLOAD_BYTES - len(largest)))) as avatar:
        assert avatar.size == (400, 400)
    with pytest.raises(BadImage, match="too_many_pixels"):
        make_avatar(encode(Image.new("L", (MAX_PIXELS // 5_000 + 1, 5_000)), "JPEG"))


@pytest.mark.parametrize("size", [(4_000, 3_000), (16_000, 1_000)])
def test_a_webp_that_would_need_too_much_memory_is_refused(size: tuple[int, int]) -> None:
    data = encode(Image.new("RGB", size), "WEBP", method=0)
    with pytest.raises(BadImage, match="too_many_pixels"):
        make_avatar(data)


def test_a_progressive_jpeg_that_would_need_too_much_memory_is_refused() -> None:
    picture = Image.new("RGB", (6_000, 6_000))
    assert make_avatar(encode(picture, "JPEG"))
    with pytest.raises(BadImage, match="too_many_pixels"):
        make_avatar(encode(picture, "JPEG", progressive=True))


def test_a_progressive_jpeg_of_a_camera_is_taken() -> None:
    picture = Image.new("RGB", (5_712, 4_284), GREEN)
    assert_looks_like(make_avatar(encode(picture, "JPEG", progressive=True)), GREEN)


@pytest.mark.parametrize(
    ("size", "side"), [((1, 1), 1), ((3, 900), 3), ((300, 900), 300), ((401, 9_000), 400)]
)
def test_a_picture_is_never_enlarged(size: tuple[int, int], side: int) -> None:
    with read(make_avatar(encode(Image.new("RGB", size), "PNG"))) as avatar:
        assert avatar.size == (side, side)


@pytest.mark.parametrize("name", samples.REFUSED)
def test_no_picture_of_a_post_is_made_of_what_is_none(name: str) -> None:
    for make in (make_picture, make_header):
        with pytest.raises(BadImage) as refusal:
            make(samples.REFUSED[name]())
        assert refusal.value.code == CODES.get(name, "not_an_image")


@pytest.mark.parametrize(
    ("size", "full", "preview"),
    [
        ((1, 1), (1, 1), (1, 1)),
        ((300, 200), (300, 200), (300, 200)),
        ((2_048, 1_000), (2_048, 1_000), (640, 312)),
        ((4_000, 3_000), (2_048, 1_536), (640, 480)),
        ((3_001, 6_003), (1_024, 2_048), (320, 640)),
        ((20_000, 3), (2_048, 1), (640, 1)),
    ],
)
def test_all_of_a_picture_is_shown_in_bounds(
    size: tuple[int, int], full: tuple[int, int], preview: tuple[int, int]
) -> None:
    made = make_picture(encode(Image.new("RGB", size, GREEN), "PNG"))
    for encoded, expected in zip(made, (full, preview), strict=True):
        assert (encoded.width, encoded.height) == expected
        with read(encoded.data) as picture:
            assert (picture.format, picture.size) == ("WEBP", expected)
        assert_looks_like(encoded.data, GREEN)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((3_000, 1_000), (1_500, 500)),
        ((3_000, 3_000), (1_500, 500)),
        ((9_000, 1_000), (1_500, 500)),
        ((900, 900), (900, 300)),
        ((1, 1), (1, 1)),
    ],
)
def test_a_header_is_wide_and_shows_the_middle(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    picture = Image.new("RGB", size, RED)
    picture.paste(GREEN, (0, size[1] // 3, *size))
    picture.paste(RED, (0, size[1] * 2 // 3 + 1, *size))
    with read(make_header(encode(picture, "PNG"))) as header:
        assert header.size == expected
        assert is_close(colour_at(header, (expected[0] // 2, expected[1] // 2)), GREEN)


def test_a_header_that_a_camera_took_on_its_side_is_wide_all_the_same() -> None:
    picture = Image.new("RGB", (1_200, 3_000), RED)
    exif = Image.Exif()
    exif[0x0112] = 6
    with read(make_header(encode(picture, "JPEG", exif=exif))) as header:
        assert header.size == (1_500, 500)
    tall = make_picture(encode(picture.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif))
    assert (tall.full.width, tall.full.height) == (819, 2_048)


@pytest.mark.parametrize("size", [(90, 30), (900, 300), (9_000, 3_000)])
def test_the_middle_is_shown(size: tuple[int, int]) -> None:
    picture = Image.new("RGB", size, RED)
    third = size[0] // 3
    picture.paste(GREEN, (third, 0, 2 * third, size[1]))
    for upright in (picture, picture.transpose(Image.Transpose.ROTATE_90)):
        assert_looks_like(make_avatar(encode(upright, "PNG")), GREEN)


def test_a_large_picture_is_scaled_as_smoothly_as_in_one_step() -> None:
    picture = Image.radial_gradient("L").resize((2_111, 1_903)).convert("RGB")
    expected = picture.crop((104, 0, 2_007, 1_903)).resize((400, 400), Image.Resampling.LANCZOS)
    with read(make_avatar(encode(picture, "PNG"))) as avatar:
        pairs = zip(avatar.convert("L").tobytes(), expected.convert("L").tobytes(), strict=True)
        assert max(abs(ours - theirs) for ours, theirs in pairs) < 12


def test_nothing_of_what_a_camera_notes_is_kept() -> None:
    full, preview = make_picture(samples.photo())
    stored = (make_avatar(samples.photo()), make_header(samples.photo()), full.data, preview.data)
    for data in stored:
        assert list_chunks(data) == ["VP8 "]
        assert samples.SERIAL_NUMBER.encode() not in data
        with read(data) as picture:
            assert not picture.getexif()
            assert not {"exif", "xmp", "icc_profile"} & set(picture.info)


def test_what_is_appended_to_a_picture_is_left_behind() -> None:
    avatar = make_avatar(samples.jpeg_with_zip_and_html())
    assert_looks_like(avatar, GREEN)
    assert b"script" not in avatar
    assert b"PK\3\4" not in avatar


@pytest.mark.parametrize(
    "appendix", [b"\0", b"\n", b"PK\3\4", encode(Image.new("1", (1, 1)), "PNG")]
)
def test_a_png_that_goes_on_after_its_end_is_refused(appendix: bytes) -> None:
    picture = encode(Image.effect_noise((300, 300), 90), "PNG")
    assert make_avatar(picture)
    with pytest.raises(BadImage, match="not_an_image"):
        make_avatar(picture + appendix)


def test_the_first_frame_of_an_animation_is_shown() -> None:
    assert_looks_like(make_avatar(samples.gif_of_thousands_of_frames()), RED)
    frames = [Image.new("RGB", (32, 32), colour) for colour in (GREEN, BLUE)]
    for kind in ("GIF", "WEBP", "PNG"):
        data = encode(frames[0], kind, save_all=True, append_images=frames[1:])
        assert_looks_like(make_avatar(data), GREEN)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright(kind: str, orientation: int) -> None:
    picture = Image.new("RGB", (64, 64), RED)
    picture.paste(BLUE, (0, 0, 32, 32))
    picture.paste(GREEN, (32, 0, 64, 32))
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encode(picture, kind, exif=exif)
    with read(data) as raw, read(make_avatar(data)) as avatar:
        expected = ImageOps.exif_transpose(raw)
        for corner in ((8, 8), (56, 8), (8, 56), (56, 56)):
            assert is_close(colour_at(avatar, corner), colour_at(expected, corner))


# Pillow warns, and here warnings are errors, before it goes on.
@pytest.mark.filterwarnings("ignore:.*EXIF data:UserWarning")
def test_broken_notes_of_a_camera_do_not_spoil_the_picture() -> None:
    data = encode(Image.new("RGB", (64, 64), GREEN), "JPEG")
    for notes in (b"", b"II*\0\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff", b"rubbish" * 9):
        broken = data[:2] + samples.segment(0xE1, b"Exif\0\0" + notes) + data[2:]
        assert_looks_like(make_avatar(broken), GREEN)


def test_colours_are_those_of_the_profile() -> None:
    standard = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # A profile in which red is green and green is red.
    swapped = standard.replace(b"rXYZ", b"----").replace(b"gXYZ", b"rXYZ").replace(b"----", b"gXYZ")
    for mode in ("RGB", "RGBA"):
        picture = Image.new(mode, (64, 64), (255, 0, 0, 255)[: len(mode)])
        avatar = make_avatar(encode(picture, "PNG", icc_profile=swapped))
        assert_looks_like(avatar, (0, 255, 0))
        assert list_chunks(avatar) == ["VP8 "]


def test_a_profile_of_no_use_is_ignored() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (b"rubbish", lab):
        picture = Image.new("RGB", (64, 64), GREEN)
        assert_looks_like(make_avatar(encode(picture, "PNG", icc_profile=profile)), GREEN)


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("1", 1, (255, 255, 255)),
        ("L", 90, (90, 90, 90)),
        ("LA", (90, 255), (90, 90, 90)),
        ("I;16", 0x8000, (128, 128, 128)),
        ("I;16", 0xFFFF, (255, 255, 255)),
        ("RGB", RED, RED),
        ("RGBA", (*RED, 255), RED),
    ],
)
def test_every_kind_of_png_keeps_its_colours(
    mode: str, colour: int | tuple[int, ...], expected: tuple[int, int, int]
) -> None:
    for side in (64, 2_000):
        data = encode(Image.new(mode, (side, side), colour), "PNG")
        assert_looks_like(make_avatar(data), expected)


def test_a_picture_with_a_palette_keeps_its_colours() -> None:
    picture = Image.new("RGB", (64, 64), GREEN).quantize(8)
    for kind in ("PNG", "GIF"):
        assert_looks_like(make_avatar(encode(picture, kind)), GREEN)


def test_a_picture_for_print_becomes_one_for_the_screen() -> None:
    data = encode(Image.new("CMYK", (64, 64), (255, 0, 255, 0)), "JPEG")
    assert_looks_like(make_avatar(data), (0, 255, 0), tolerance=40)


@pytest.mark.parametrize("side", [64, 2_000])
@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_what_is_transparent_stays_so(kind: str, side: int) -> None:
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    picture.paste((*BLUE, 255), (0, 0, side // 2, side))
    with read(make_avatar(encode(picture, kind))) as avatar:
        assert avatar.mode == "RGBA"
        size = avatar.width
        assert avatar.getchannel("A").getpixel((size - 4, size // 2)) == 0
        assert avatar.getchannel("A").getpixel((4, size // 2)) == 255
        # Where it begins, no black of the invisible pixels shines through.
        assert is_close(colour_at(avatar, (size // 2 - 3, size // 2)), BLUE)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_damaged_file_is_a_picture_or_is_refused(kind: str) -> None:
    chance = random.Random(kind)
    whole = encode(Image.effect_noise((48, 40), 90).convert("RGB"), kind)
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            avatar = make_avatar(bytes(damaged[: chance.choice((None, len(whole) * 3 // 4))]))
        except BadImage:
            continue
        assert avatar.startswith(b"RIFF")


def read(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def assert_looks_like(data: bytes, colour: tuple[int, int, int], tolerance: int = 12) -> None:
    with read(data) as picture:
        assert picture.mode == "RGB"
        for x in (0, picture.width // 2, picture.width - 1):
            shown = colour_at(picture, (x, picture.height // 2))
            assert is_close(shown, colour, tolerance), f"{shown} is not {colour}"


def colour_at(picture: Image.Image, place: tuple[int, int]) -> tuple[int, int, int]:
    colour = picture.convert("RGB").getpixel(place)
    assert isinstance(colour, tuple)
    return colour[0], colour[1], colour[2]


def is_close(
    shown: tuple[int, int, int], expected: tuple[int, int, int], tolerance: int = 12
) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(shown, expected, strict=True))


def list_chunks(webp: bytes) -> list[str]:
    """List the chunks of a WebP by their names."""
    names, position = [], 12
    while position < len(webp):
        names.append(webp[position : position + 4].decode("ascii"))
        length = int.from_bytes(webp[position + 4 : position + 8], "little")
        position += 8 + length + length % 2
    return names
