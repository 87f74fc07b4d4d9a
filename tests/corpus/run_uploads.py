"""Cases about files: pictures that are none, names that are paths."""

import re
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.corpus.badinputs import expand
from tests.corpus.scene import Scene
from tests.files import samples
from tests.multipart import Upload
from tests.pace import pace
from tests.page import Page
from tests.snapshot import snapshot

# Where pictures are uploaded: an avatar, a header, and one of a post; and by which field.
DOORS = (("/settings/profile", "avatar"), ("/settings/profile", "header"), ("/media", "file"))
SECONDS = 2
MEMORY_KB = 256_000
STORED = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}(\.gated)?\.webp")

# What the corpus names, by the words with which it does.
SAMPLES: dict[str, Callable[[], bytes]] = {
    "PNG header 50000x50000": samples.png_header_of_a_bomb,
    "JPEG with height 0": samples.jpeg_without_height,
    "truncated JPEG": samples.truncated_jpeg,
    "FITS gzip bomb": samples.fits_gzip_bomb,
    "EPS BeginBinary": samples.eps,
    "PDF trailer loop": samples.pdf_of_a_loop,
    "WebP CVE-2023-4863": samples.malformed_webp,
    "TIFF SAMPLESPERPIXEL": samples.tiff_of_many_samples,
    "SVG with <script>": samples.svg_with_script,
    "HTML renamed .png": samples.html,
    "PNG + appended ZIP/HTML": samples.png_with_zip_and_html,
    "0-byte file": samples.empty,
    "video with concat": samples.playlist,
    "font file as image": samples.font,
    "JPEG with GPS": samples.photo,
    "valid 1x1 png": samples.tiny_png,
    "JSON AP actor": samples.actor,
}


def refused(scene: Scene) -> None:
    """Upload what is no honest picture."""
    file = scene.case.input["multipart"]["file"]
    data = sample(file["$file"])
    alice = scene.browser()
    scene.empty_media()
    before = snapshot(scene.db)
    upload = Upload(data, file["filename"].encode(), file["content_type"].encode())
    for path, field in DOORS:
        began, memory = time.thread_time(), peak_memory_kb()
        response = alice.upload(path, {}, **{field: upload})
        if scene.measures:
            assert time.thread_time() - began < SECONDS * pace()
            assert peak_memory_kb() - memory < MEMORY_KB
        scene.assert_answered(response)
        assert list(Page(response.text).field_errors) == [field]
        assert snapshot(scene.db) == before
        assert scene.stored() == []
        assert alice.get("/").status_code == 200


def exif(scene: Scene) -> None:
    """Upload what a camera wrote; what is kept is upright and says nothing."""
    alice = scene.browser()
    for path, field in DOORS:
        scene.empty_media()
        response = alice.upload(path, {}, **{field: Upload(samples.photo())})
        scene.assert_answered(response, is_form=True)
        stored = scene.stored()
        # A picture of a post has a preview.
        assert len(stored) == (2 if field == "file" else 1)
        for name in stored:
            assert_says_nothing((scene.services.folder.media / name).read_bytes())


def assert_says_nothing(data: bytes) -> None:
    """Require that a stored file holds an upright picture and nothing else."""
    assert samples.SERIAL_NUMBER.encode() not in data
    with Image.open(BytesIO(data)) as picture:
        assert not picture.getexif()
        assert not {"exif", "xmp", "icc_profile"} & set(picture.info)
        upright = picture.convert("RGB")
    # Red was on the left as the camera lay on its side; it belongs on top.
    assert is_red(upright, 10)
    assert not is_red(upright, upright.height - 10)


def is_red(picture: Image.Image, row: int) -> bool:
    """Tell whether a row of a picture is red in the middle, rather than blue."""
    pixel = picture.getpixel((picture.width // 2, row))
    assert isinstance(pixel, tuple)
    return pixel[0] > pixel[2]


def named(scene: Scene) -> None:
    """Upload a good picture under a hostile name, which nobody ever sees again."""
    file = scene.case.input["multipart"]["file"]
    name = expand(file["filename"])
    alice = scene.browser()
    for path, field in DOORS:
        scene.empty_media()
        response = alice.upload(path, {}, **{field: Upload(samples.tiny_png(), name.encode())})
        scene.assert_answered(response, is_form=True)
        stored = scene.stored()
        # A name with a line end breaks its header, and then there is no file in the form at all.
        is_none = response.status_code == 422 or "\n" in name
        assert len(stored) == (0 if is_none else 2 if field == "file" else 1)
        assert all(STORED.fullmatch(file) for file in stored)
        assert not Path("/tmp/pwn.png").exists()
        answers = [response, *(alice.get(f"/media/{file}") for file in stored)]
        for answer in answers:
            assert "X-Injected" not in answer.headers
            assert "Content-Disposition" not in answer.headers or name not in str(answer.headers)
            answer.close()


def typed(scene: Scene) -> None:
    """Upload a document that claims to be an account of ours."""
    file = scene.case.input["multipart"]["file"]
    alice = scene.browser()
    scene.empty_media()
    upload = Upload(samples.actor(), file["filename"].encode(), file["content_type"].encode())
    for path, field in DOORS:
        scene.assert_answered(alice.upload(path, {}, **{field: upload}))
        assert scene.stored() == []
    wanted = {"Accept": file["content_type"]}
    source = alice.page("/@alice").one("img", "profile-avatar")["src"]
    picture = alice.get(source, headers=wanted)
    assert picture.mimetype == "image/svg+xml"
    assert picture.headers["Content-Security-Policy"].startswith("sandbox")


def sample(words: str) -> bytes:
    """Return the file that the corpus describes."""
    (found,) = (make for start, make in SAMPLES.items() if words.startswith(start))
    return found()


def peak_memory_kb() -> int:
    """Return the most that this process has held since it was asked last; 0 where nobody knows."""
    status, refs = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not status.exists():
        return 0
    (line,) = (text for text in status.read_text().splitlines() if text.startswith("VmHWM"))
    refs.write_text("5")
    return int(line.split()[1])


RUNNERS = {
    "upload-parser": refused,
    "exif": exif,
    "upload-name": named,
    "upload-type": typed,
}
