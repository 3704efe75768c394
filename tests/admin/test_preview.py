"""A document to read: all that the user may see, and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from bson import Decimal128, Int64, ObjectId

from tests.admin.conftest import Admin

SCREENS = """
from aiocms.admin import Column, Screen

class Books(Screen):
    collection = "books"
    label = "{title}"
    columns = ("title", Column("price", format="money", currency="EUR"), Column("author", reference="people"))

    def field_access(self, request, path, document=None):
        return {"secret": "hide", "margin": "mask", "state": "read"}.get(path, "edit")

class People(Screen):
    collection = "people"
    label = "{name}"
"""
FILES = {"apps/lib/__init__.py": "", "apps/lib/admin.py": SCREENS}


async def test_every_field_is_read_with_its_type_and_references_are_links(open_admin: Any) -> None:
    admin = await open_admin(FILES)
    await admin.db.people.insert_one({"_id": 7, "name": "Ana <b>"})
    text = "word " * 100 + "last"
    document = {
        "_id": 1,
        "title": "Tree",
        "price": Int64(1250),
        "author": 7,
        "text": text,
        "when": datetime(2024, 2, 3, 4, 5, tzinfo=UTC),
        "weight": Decimal128("1.50"),
        "ref": ObjectId("65" * 12),
        "inner": {"deep": [{"x": 1, "y": "<script>"}]},
        "secret": "hidden-word",
        "margin": "masked-word",
        "state": "seen-word",
    }
    await admin.put("books", document)
    page = await admin.get("/admin/lib/books/~int32:1/preview")
    assert text in page
    assert "12.50" in page
    assert '<a href="/admin/lib/people/~int32:7">Ana &lt;b&gt;</a>' in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in page.partition("<main")[2].partition("</main>")[0]
    for kind in ("int64", "decimal", "date", "objectId", "object", "array"):
        assert f'<span class="a-type">{kind}</span>' in page
    assert "hidden-word" not in page
    assert "masked-word" not in page
    assert "••••••" in page
    assert "seen-word" in page
    assert "cell?path=title" in page
    assert "cell?path=state" not in page
    assert "cell?path=margin" not in page


async def test_a_document_out_of_the_users_scope_has_no_preview(open_admin: Any) -> None:
    rights = ("admin.enter", "database.papers.view|open=true")
    admin = await open_admin(user={"superuser": False, "permissions": rights})
    await admin.db.papers.insert_many(
        [{"_id": 1, "open": True, "t": "one"}, {"_id": 2, "open": False, "t": "two"}]
    )
    assert "one" in await admin.get("/admin/database/papers/~int32:1/preview")
    await admin.get("/admin/database/papers/~int32:2/preview", 404)


async def test_a_very_large_document_has_a_bounded_preview(admin: Admin) -> None:
    await admin.put(
        "things", {"_id": 1, "items": [{"n": n, "t": "x" * 20} for n in range(3000)], "name": "Huge"}
    )
    page = await admin.get("/admin/database/things/~int32:1/preview")
    assert "Huge" in page
    assert len(page) < 400_000


async def test_a_list_of_short_values_stands_in_a_line_and_alike_objects_in_a_table(open_admin: Any) -> None:
    admin = await open_admin(FILES)
    cast = [{"name": "Ana <b>", "age": 31}, {"name": "Bo", "age": 40}]
    await admin.put(
        "books",
        {"_id": 1, "tags": ["a<i>", "b"], "mixed": ["a", 1], "cast": cast, "odd": [{"a": 1}, {"b": 2}]},
    )
    page = await admin.get("/admin/lib/books/~int32:1/preview")
    assert '<ul class="a-read-items"><li><span>a&lt;i&gt;</span></li><li><span>b</span></li></ul>' in page
    assert "array · string" in page
    assert page.count("a-read-items") == 1
    table = page.partition('class="a-read-table"')[2].partition("</table>")[0]
    assert re.findall(r'<th scope="col"[^>]*>(\w+)', table) == ["Name", "Age"]
    assert '<td><span>Ana &lt;b&gt;</span></td><td class="a-num"><span>31</span></td>' in table
    assert page.count("a-read-table") == 1
