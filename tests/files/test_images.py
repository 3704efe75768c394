"""Images made anew: nothing of the camera stays, orientation is applied, bombs are refused before decoding."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib
from typing import Any

import pytest
from PIL import Image

from aiocms.files.images import BadImage, Encoded, make_thumbnail, reencode
from tests.files.conftest import make_picture

MOST = 1_000_000


def redo(data: bytes, kind: str, **options: Any) -> tuple[Encoded, Image.Image]:
    made = reencode(io.BytesIO(data), io.BytesIO(), kind, **{"max_pixels": MOST, **options})
    made.data.seek(0)
    return made, Image.open(io.BytesIO(made.data.read()))


def make_bomb(width: int, height: int) -> bytes:
    """A PNG whose header tells a huge size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


def test_place_and_camera_go_and_the_orientation_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Spycam"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    source = make_picture((60, 40), "JPEG", exif=exif, comment=b"secret words")
    assert b"Spycam" in source and b"secret" in source
    made, image = redo(source, "image/jpeg")
    assert image.size == (40, 60) == (made.width, made.height)
    assert not dict(image.getexif()) and "comment" not in image.info
    made.data.seek(0)
    whole = made.data.read()
    assert b"Spycam" not in whole and b"secret" not in whole and b"Exif" not in whole


def test_what_is_hidden_behind_the_picture_goes() -> None:
    source = make_picture() + b"<script>alert(1)</script>PK\x03\x04"
    made, _ = redo(source, "image/png")
    made.data.seek(0)
    assert b"script" not in made.data.read()


@pytest.mark.parametrize(
    ("kind", "options", "becomes"),
    [
        ("JPEG", {}, "image/jpeg"),
        ("PNG", {}, "image/png"),
        ("GIF", {}, "image/png"),
        ("WEBP", {}, "image/webp"),
        ("WEBP", {"lossless": True}, "image/webp"),
        ("AVIF", {}, "image/webp"),
    ],
)
def test_every_kind_has_its_own_to_become(kind: str, options: dict[str, Any], becomes: str) -> None:
    made, image = redo(make_picture(kind=kind, **options), f"image/{kind.lower()}")
    assert made.type == becomes == Image.MIME[image.format or ""]
    assert image.size == (60, 40)


def test_transparency_stays() -> None:
    data = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(data, "PNG")
    _, image = redo(data.getvalue(), "image/png")
    assert image.convert("RGBA").getpixel((1, 1))[3] == 0


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_an_animation_keeps_its_frames_and_times(kind: str) -> None:
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "green", "blue")]
    data = io.BytesIO()
    frames[0].save(data, kind, save_all=True, append_images=frames[1:], duration=[100, 250, 400], loop=0)
    made, image = redo(data.getvalue(), f"image/{kind.lower()}")
    assert (made.type, made.frames, getattr(image, "n_frames", 1)) == ("image/webp", 3, 3)
    times = []
    for number in range(3):
        image.seek(number)
        image.load()
        times.append(image.info["duration"])
    assert times == [100, 250, 400]


def test_a_bomb_is_refused_by_its_header() -> None:
    tracemalloc.start()
    try:
        with pytest.raises(BadImage, match="megapixels"):
            redo(make_bomb(50_000, 50_000), "image/png")
        webp = bytearray(make_picture(kind="WEBP"))
        webp[12:16] = b"VP8X"
        webp[24:30] = b"\xff\x3f\x00\xff\x3f\x00"
        with pytest.raises(BadImage, match="megapixels"):
            redo(bytes(webp), "image/webp")
        assert tracemalloc.get_traced_memory()[1] < 16_000_000
    finally:
        tracemalloc.stop()


def test_an_animation_counts_the_pixels_of_all_frames() -> None:
    frames = [Image.new("RGB", (100, 100), (number * 12, 9, 9)) for number in range(20)]
    data = io.BytesIO()
    frames[0].save(data, "GIF", save_all=True, append_images=frames[1:], duration=100)
    with pytest.raises(BadImage, match="megapixels"):
        redo(data.getvalue(), "image/gif", max_pixels=100_000)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_broken_image_is_told_and_not_kept(kind: str) -> None:
    whole = make_picture((200, 200), kind)
    for data in (whole[: len(whole) // 2], whole[:30], whole[:16] + bytes(60)):
        with pytest.raises(BadImage):
            redo(data, f"image/{kind.lower()}")


def test_only_the_format_that_the_bytes_showed_is_opened() -> None:
    with pytest.raises(BadImage):
        redo(make_picture(kind="TIFF"), "image/png")


def test_large_images_are_made_smaller() -> None:
    made, image = redo(make_picture((600, 300)), "image/png", side=200)
    assert (made.width, made.height) == image.size == (200, 100)


def test_a_thumbnail_fits_its_box_and_never_grows() -> None:
    small = make_thumbnail(io.BytesIO(make_picture((400, 200), "JPEG")), "image/jpeg", (100, 100))
    assert (small.width, small.height, small.type) == (100, 50, "image/webp")
    same = make_thumbnail(io.BytesIO(make_picture((40, 20))), "image/png", (100, 100))
    assert (same.width, same.height) == (40, 20)
