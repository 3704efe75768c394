"""Images made anew from their pixels, and thumbnails. Everything here blocks and is run in a thread.

What comes out was written by us: no EXIF with the place it was taken, no comment, no second file behind the
picture. The orientation that EXIF told is applied, colours are brought to sRGB.

=====================  =====================================================
JPEG, PNG, still WebP  stay what they are
still GIF, AVIF        become PNG, WebP
animated GIF and WebP  become animated WebP, frame by frame, with their times
=====================  =====================================================

Source: CVE-2019-16865 and kin (decompression bombs): pixels are counted before anything is decoded, and only
the format that the bytes showed may be opened.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from typing import IO, Any

from PIL import Image, ImageCms, ImageOps, ImageSequence, UnidentifiedImageError

from aiocms.core.errors import AiocmsError
from aiocms.core.i18n import N_
from aiocms.files.sniff import IMAGES, find_canvas

_MOST_FRAMES = 1000
_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
_BROKEN = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
    MemoryError,
)


class BadImage(AiocmsError):
    """An image that is broken or has too many pixels.

    Parameters:
        message: for the person, a message to translate.
        values: for its placeholders.
    """

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message % values if values else message)
        self.message, self.values = message, values


@dataclass(frozen=True, slots=True)
class Encoded:
    """An image that was made anew: where its bytes are, what they are."""

    data: IO[bytes]
    type: str
    width: int
    height: int
    frames: int = 1

    @property
    def suffix(self) -> str:
        """The ending of its name."""
        return _SUFFIXES[self.type]


def reencode(source: IO[bytes], target: IO[bytes], kind: str, *, max_pixels: int, side: int = 0) -> Encoded:
    """The image made anew.

    Parameters:
        target: gets the new bytes.
        kind: its type, as its bytes showed.
        max_pixels: of all frames together.
        side: the longest side; 0: as it is. An animation keeps its size.

    Raises:
        BadImage: it is broken or too large.
    """
    source.seek(0)
    canvas = find_canvas(source.read(64))
    if canvas is not None:
        _check_pixels(canvas[0] * canvas[1], max_pixels)
    source.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(source, formats=(IMAGES[kind],)) as image:
                _check_pixels(image.width * image.height, max_pixels)
                frames = getattr(image, "n_frames", 1) if kind in ("image/gif", "image/webp") else 1
                if frames > 1:
                    return _reencode_frames(image, target, frames, max_pixels)
                return _reencode_still(image, target, kind, side)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _refuse_pixels(max_pixels) from error
    except _BROKEN as error:
        raise BadImage(N_("This image is broken or not complete.")) from error


def make_thumbnail(source: IO[bytes], kind: str, box: tuple[int, int]) -> Encoded:
    """A WebP that fits into the box, of the first frame; never larger than the image.

    Raises:
        BadImage: the image cannot be read.
    """
    try:
        with Image.open(source, formats=(IMAGES[kind],)) as image:
            image.draft("RGB", (box[0] * 2, box[1] * 2))  # JPEG is decoded small at once
            small = image.convert("RGBA" if _has_alpha(image) else "RGB")
            small.thumbnail(box, Image.Resampling.LANCZOS)
            small.info = {}
            data = io.BytesIO()
            small.save(data, "WEBP", quality=80, method=4)
    except _BROKEN as error:
        raise BadImage(N_("This image is broken or not complete.")) from error
    return Encoded(data, "image/webp", small.width, small.height)


def _check_pixels(pixels: int, most: int) -> None:
    if pixels > most:
        raise _refuse_pixels(most)


def _refuse_pixels(most: int) -> BadImage:
    return BadImage(
        N_("This image has too many pixels; at most %(most)s megapixels are taken."),
        most=round(most / 1_000_000, 1),
    )


def _reencode_still(image: Image.Image, data: IO[bytes], kind: str, side: int) -> Encoded:
    lossless = kind == "image/webp" and _is_lossless(image)
    image.load()
    whole = _to_srgb(ImageOps.exif_transpose(image))
    if side and max(whole.size) > side:
        whole = whole.convert("RGBA" if _has_alpha(whole) else "RGB")
        whole.thumbnail((side, side), Image.Resampling.LANCZOS)
    whole.info = {key: value for key, value in whole.info.items() if key == "transparency"}
    if kind == "image/jpeg":
        made = "image/jpeg"
        ready = whole if whole.mode in ("L", "RGB") else whole.convert("RGB")
        ready.save(data, "JPEG", quality=88, optimize=True, progressive=True)
    elif kind in ("image/png", "image/gif"):
        made = "image/png"
        ready = whole if whole.mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16") else whole.convert("RGB")
        ready.save(data, "PNG", optimize=whole.width * whole.height < 2_000_000)
    else:
        made = "image/webp"
        ready = whole.convert("RGBA" if _has_alpha(whole) else "RGB")
        ready.save(data, "WEBP", quality=88, method=4, lossless=lossless)
    return Encoded(data, made, ready.width, ready.height)


def _reencode_frames(image: Image.Image, data: IO[bytes], frames: int, max_pixels: int) -> Encoded:
    if frames > _MOST_FRAMES:
        raise BadImage(N_("This animation has more than %(most)s frames."), most=_MOST_FRAMES)
    _check_pixels(image.width * image.height * frames, max_pixels)
    times = []
    for frame in ImageSequence.Iterator(image):
        frame.load()  # a WebP tells the time of a frame only when it is decoded
        times.append(int(frame.info.get("duration", 0) or 100))
    image.seek(0)
    # Pillow goes through the frames of the image itself one by one, so that one is in memory.
    image.save(
        data,
        "WEBP",
        save_all=True,
        duration=times,
        loop=int(image.info.get("loop", 0) or 0),
        quality=80,
        method=3,
        exif=b"",
        xmp=b"",
        icc_profile=b"",
    )
    return Encoded(data, "image/webp", image.width, image.height, frames)


def _to_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGBA" if _has_alpha(image) else "RGB"
        plain = image if image.mode in ("RGB", "RGBA", "CMYK", "L") else image.convert(mode)
        wanted = "RGB" if plain.mode == "CMYK" else plain.mode
        if plain.mode == "L":
            return plain
        made = ImageCms.profileToProfile(plain, given, ImageCms.createProfile("sRGB"), outputMode=wanted)
        return made if made is not None else image
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image  # a broken profile says nothing about colours


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info


def _is_lossless(image: Image.Image) -> bool:
    source = getattr(image, "fp", None)
    if source is None:
        return False
    place = source.tell()
    source.seek(0)
    head = source.read(4096)
    source.seek(place)
    return b"VP8L" in head
