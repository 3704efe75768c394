"""Cells of lists by themselves."""

from __future__ import annotations

from datetime import UTC

import pytest

from aiocms.admin.cells import CellWriter

WORDS = {"yes": "Yes", "no": "No", "item": "item", "items": "items", "masked": "masked"}


@pytest.mark.parametrize(
    "address",
    ["//evil.example/a", "/\\evil.example/a", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example"],
)
@pytest.mark.parametrize("format", ["link", "image"])
def test_addresses_that_lead_elsewhere_are_shown_as_text(format: str, address: str) -> None:
    cell = CellWriter.make("en", UTC, WORDS).get(format)(address)
    assert "<" not in cell


def test_addresses_of_the_site_are_links_and_pictures() -> None:
    writer = CellWriter.make("en", UTC, WORDS)
    assert writer.get("link")("/shop/a") == '<a href="/shop/a" rel="noreferrer nofollow">/shop/a</a>'
    assert 'src="/files/a.png"' in writer.get("image")("/files/a.png")
