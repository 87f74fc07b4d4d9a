"""The people of the demonstration get pictures that differ and stay."""

import time
from io import BytesIO

from PIL import Image

from microblog.files.portrait import portrait
from tests.pace import pace

SEEDS = [f"person {number}" for number in range(40)]


def test_a_portrait_is_a_webp_of_the_size_of_an_avatar() -> None:
    for seed in SEEDS:
        with Image.open(BytesIO(portrait(seed))) as picture:
            assert (picture.format, picture.size) == ("WEBP", (400, 400))
            assert len(set(picture.convert("RGB").resize((40, 40)).tobytes())) > 20


def test_a_seed_always_gives_the_same_portrait() -> None:
    assert [portrait(seed) for seed in SEEDS] == [portrait(seed) for seed in SEEDS]


def test_portraits_differ() -> None:
    assert len({portrait(seed) for seed in SEEDS}) == len(SEEDS)


def test_a_whole_community_is_drawn_in_a_moment() -> None:
    started = time.process_time()
    for seed in SEEDS:
        portrait(seed)
    assert (time.process_time() - started) / len(SEEDS) < 0.060 * pace()
