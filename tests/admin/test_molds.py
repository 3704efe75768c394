"""Fields that look alike are rendered once; each must be as if it had been rendered by itself."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest
from bson import Decimal128, Int64, ObjectId

from aiocms.admin.forms.molds import NAME, PATH, TEXT, Molds
from tests.admin.conftest import Admin, OpenAdmin

ROWS = [
    {
        "name": text,
        f'odd "key" {NAME}<b>.$': text,
        "number": number,
        "long": Int64(number),
        "half": number / 2,
        "exact": Decimal128(str(number)),
        "flag": number % 2 == 0,
        "when": datetime(2024, 5, 1 + number, 12, 30, number, 1000 * number, tzinfo=UTC),
        "nothing": None if number % 3 else "something",
        "ref": ObjectId(f"{number:024x}"),
        "mixed": [number, text][number % 2],
    }
    for number, text in enumerate(
        (
            "plain",
            f"{NAME}{PATH}{TEXT}",
            "<script>alert(1)</script>",
            '" onfocus="x',
            "two\nlines",
            "",
            "x" * 200,
        )
    )
]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Counts the fields that were cast, and switches casting off where `alone` is set."""
    cast = Molds.cast
    seen: dict[str, Any] = {"cast": 0, "alone": False}

    def watched(self: Molds, node: Any, bare: bool, path: str, place: str, render: Any) -> Any:
        seen["cast"] += 1
        if seen["alone"]:
            return render(node, bare, node.shape)
        return cast(self, node, bare, path, place, render)

    monkeypatch.setattr(Molds, "cast", watched)
    return seen


def read_fields(page: str) -> str:
    """The form without what differs each time: tokens and the sealed base."""
    form = page[page.index("<form class") :] if "<form class" in page else page
    return re.sub(r'(name="(?:csrf_token|_base|_token)" value=")[^"]*', r"\1", form)


@pytest.mark.parametrize("screen", ["inferred", "declared"])
async def test_a_cast_field_is_the_same_as_one_rendered_by_itself(
    open_admin: OpenAdmin, counted: dict[str, Any], screen: str
) -> None:
    code = """
        from aiocms.admin import Screen

        class Rows(Screen):
            collection = "rows"
            labels = {"rows.name": "A <b>name</b>"}
            help = {"rows.number": "How many & why"}
    """
    admin = await open_admin({"apps/shopish/admin.py": code} if screen == "declared" else {})
    await admin.put("rows", {"title": "Many", "rows": ROWS, "texts": [row["name"] for row in ROWS]})
    url = admin.url("rows", 1, ns="shopish" if screen == "declared" else "database")
    molded = await admin.get(url)
    assert counted["cast"] > len(ROWS) * 8
    counted["alone"] = True
    assert read_fields(molded) == read_fields(await admin.get(url))
    assert "<script>alert(1)" not in molded


async def test_a_site_that_overrides_the_fields_overrides_all_of_them(open_admin: OpenAdmin) -> None:
    bundled = (files("aiocms.admin") / "templ" / "field.tpl").read_text(encoding="utf-8")
    own = bundled.replace("""<div class="a-field{% if""", """<div data-own class="a-field{% if""", 1)
    assert own != bundled
    admin: Admin = await open_admin({"templ/admin/field.tpl": own})
    await admin.put("rows", {"rows": [{"a": 1}, {"a": 2}]})
    page = await admin.get(admin.url("rows", 1))
    assert re.findall(r'<div data-own class="a-field" data-part="(rows-\d-a)"', page) == [
        "rows-0-a",
        "rows-1-a",
    ]
