"""Types from bytes, names from people: what files say of themselves is not believed."""

from __future__ import annotations

import pytest

from aiocms.files.filenames import clean_name, make_disposition, with_suffix
from aiocms.files.intake import Wanted
from aiocms.files.sniff import IMAGES, SVG, UNKNOWN, find_canvas, matches, sniff
from tests.files.conftest import make_picture


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (make_picture(), "a.txt", "image/png"),
        (make_picture(kind="JPEG"), "a.pdf", "image/jpeg"),
        (make_picture(kind="WEBP"), "", "image/webp"),
        (b"%PDF-1.7 \xff", "x.jpg", "application/pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "x.png", SVG),
        (b"\xef\xbb\xbf  <?xml version='1.0'?><!-- --><svg>", "x.txt", SVG),
        (b"  <!DOCTYPE html><p>", "x.txt", "text/html"),
        (b"<script>alert(1)</script>", "x.csv", "text/html"),
        (b"a;b\n1;2\n", "x.csv", "text/csv"),
        (b"hello", "x", "text/plain"),
        ("è".encode() * 5000, "x.txt", "text/plain"),
        (b"\x00\x01\x02", "x.txt", UNKNOWN),
        (b"MZ\x90\0", "cat.jpg", "application/vnd.microsoft.portable-executable"),
        (b"", "x.png", UNKNOWN),
    ],
)
def test_the_bytes_tell_the_type_and_not_the_name(head: bytes, name: str, kind: str) -> None:
    assert sniff(head[:8192], name) == kind


def test_a_field_for_images_takes_only_those_that_are_made_anew() -> None:
    wanted = Wanted(("image/*",))
    assert [kind for kind in (*IMAGES, SVG, "image/tiff", "text/html") if wanted.takes(kind)] == list(IMAGES)
    assert matches("application/pdf", ("application/pdf",)) and not matches("application/pdf", ("text/*",))


def test_the_size_of_a_webp_is_told_by_its_header() -> None:
    assert find_canvas(make_picture((61, 43), "WEBP")[:64]) == (61, 43)
    assert find_canvas(make_picture((61, 43), "WEBP", lossless=True)[:64]) == (61, 43)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/shadow", "shadow"),
        ("a\0b\r\nSet-Cookie: x", "abSet-Cookie_ x"),
        ("‮gpj.exe", "gpj.exe"),
        ("-rf", "rf"),
        (".htaccess", "htaccess"),
        ("...", "file"),
        ("", "file"),
        ("\ud800.png", "png"),
        ("Фото №1.jpeg", "Фото №1.jpeg"),
    ],
)
def test_names_lose_folders_controls_and_tricks(given: str, name: str) -> None:
    assert clean_name(given) == name


def test_long_names_keep_their_ending() -> None:
    assert len(clean_name("x" * 5000 + ".pdf")) == 120 and clean_name("x" * 5000 + ".pdf").endswith(".pdf")
    assert with_suffix("photo.gif", ".webp") == "photo.webp"


def test_the_header_of_a_download_cannot_be_broken_out_of() -> None:
    header = make_disposition('a";x=".html\u20ac', inline=False)
    assert header.startswith('attachment; filename="a__x=_.html_"; filename*=UTF-8')
    assert header.isascii() and "\n" not in header
