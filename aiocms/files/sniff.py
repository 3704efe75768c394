"""The type of a file from its first bytes. What the browser or the name says is only believed where bytes
cannot tell, as between kinds of plain text.

A table of our own: which types there are, and what is told from what, is a decision about safety here.
"""

from __future__ import annotations

import re
from typing import Final

HEAD = 8192
"""Bytes that ``sniff`` wants to see."""

UNKNOWN: Final = "application/octet-stream"
SVG: Final = "image/svg+xml"
HTML: Final = "text/html"
ZIP: Final = "application/zip"

IMAGES: Final = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
}
"""The types that are re-encoded, with Pillow's names of them."""

_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\0\0\1\0", "image/x-icon"),
    (b"%PDF-", "application/pdf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\xfd7zXZ\0", "application/x-xz"),
    (b"BZh", "application/x-bzip2"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
)
_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BOXES: Final = {
    b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic", b"heix": "image/heic",
    b"mif1": "image/heic", b"M4A ": "audio/mp4", b"qt  ": "video/quicktime",
}  # fmt: skip
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_IN_ZIP: Final = (
    (b"word/", f"{_OFFICE}wordprocessingml.document"),
    (b"xl/", f"{_OFFICE}spreadsheetml.sheet"),
    (b"ppt/", f"{_OFFICE}presentationml.presentation"),
)
_TEXTS: Final = {
    "csv": "text/csv", "tsv": "text/tab-separated-values", "json": "application/json", "md": "text/markdown",
    "ics": "text/calendar", "vcf": "text/vcard",
}  # fmt: skip
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|style|title|img|a\s|p>|div|h1)", re.I
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def sniff(head: bytes, name: str = "") -> str:
    """The type of a file whose first bytes these are; ``application/octet-stream`` when it is unknown."""
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _BOXES.get(head[8:12], "video/mp4")
    if head.startswith(b"PK\x03\x04"):
        return _sniff_zip(head)
    return _sniff_text(head, name)


def matches(kind: str, allowed: tuple[str, ...]) -> bool:
    """Whether a type is one of these; ``image/*`` stands for all that begin so, nothing for any."""
    return not allowed or any(
        kind.startswith(one[:-1]) if one.endswith("/*") else kind == one for one in allowed
    )


def find_canvas(head: bytes) -> tuple[int, int] | None:
    """Width and height that a WebP's header tells, before anything is decoded."""
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP" or len(head) < 30:
        return None
    if head[12:16] == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF


def _sniff_zip(head: bytes) -> str:
    # OpenDocument and EPUB keep their type as the first entry, not compressed.
    if head[30:38] == b"mimetype":
        found = re.match(rb"[a-z]+/[a-z0-9.+-]+", head[38:120])
        if found is not None:
            kind = re.split(rb"PK\x03|PK", found.group())[0].decode()
            if kind.startswith(("application/vnd.oasis.opendocument.", "application/epub+zip")):
                return kind
    if b"[Content_Types].xml" in head or b"_rels/" in head:
        for folder, kind in _IN_ZIP:
            if folder in head:
                return kind
    return ZIP


def _sniff_text(head: bytes, name: str) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\f\0")[:2048]
    lowered = start.lower()
    if b"<svg" in lowered and lowered.startswith((b"<?xml", b"<svg", b"<!--", b"<!doctype")):
        return SVG
    if start.startswith(b"<") and _MARKUP.search(start):
        return HTML
    if lowered.startswith(b"<?xml"):
        return "application/xml"
    if not head or _CONTROLS.search(head):
        return UNKNOWN
    try:
        head[:-3].decode("utf-8") if len(head) >= HEAD else head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character that the cut went through is no fault.
        if error.start < len(head) - 6:
            return UNKNOWN
    return _TEXTS.get(name.rpartition(".")[2].lower(), "text/plain")
