"""Rights of fields and rows hold on every way in: masked values never leave, protected ones never change."""

from __future__ import annotations

from typing import Any

import pytest
from bson import Decimal128

from aiocms.admin.values import ejson
from aiocms.admin.values.rawbson import Value
from tests.admin.formpage import FormPage

SCREEN = """
from aiocms.admin import Screen

class Orders(Screen):
    collection = "orders"
    label = "{no}"

    def scope(self, request, verb):
        return {"owner": "me"} if verb != "add" else True

    def field_access(self, request, path, document=None):
        return {"items.cost": "mask", "secret": "hide", "margin": "mask", "state": "read"}.get(path, "edit")
"""
FILES = {"apps/sales/__init__.py": "", "apps/sales/admin.py": SCREEN}
ORDER = {
    "_id": 1,
    "no": "A-1",
    "owner": "me",
    "margin": Decimal128("31.7777"),
    "secret": "hidden-word",
    "state": "open-state",
    "items": [{"id": n, "qty": n, "cost": f"cost-word-{n}"} for n in range(3)],
}


def url(identity: int = 1, more: str = "") -> str:
    return f"/admin/sales/orders/~int32:{identity}{more}"


@pytest.mark.parametrize("more", ["", "?tab=json", "?at=items", "?at=items[1]", "/delete"])
async def test_masked_and_hidden_values_never_leave_the_server(open_admin: Any, more: str) -> None:
    admin = await open_admin(FILES)
    await admin.put("orders", ORDER)
    page = await admin.get(url(more=more))
    assert "31.7777" not in page
    assert "hidden-word" not in page
    assert "cost-word" not in page
    if more != "/delete":
        import base64
        import zlib

        base = zlib.decompress(base64.urlsafe_b64decode(FormPage(page).get("_base"))[32:])
        assert b"hidden-word" not in base
        assert b"cost-word" not in base


@pytest.mark.parametrize("at", ["secret", "margin", "items[0].cost"])
async def test_protected_part_has_no_page_of_its_own(open_admin: Any, at: str) -> None:
    admin = await open_admin(FILES)
    await admin.put("orders", ORDER)
    assert (await admin.client.get(url(), params={"at": at})).status == 404


async def test_protected_values_survive_edits_around_them(open_admin: Any) -> None:
    admin = await open_admin(FILES)
    before = await admin.put("orders", ORDER)
    form = FormPage(await admin.get(url()))
    answer = await admin.post(url(), [*form.filled({"items-1-qty": "9"}), ("_op", "up:items-2")], status=200)
    form = FormPage(answer.page)
    answer = await admin.post(url(), [*form.filled(), ("_op", "remove:items-0")], status=200)
    await admin.post(url(), FormPage(answer.page).filled({"no": "B-2"}))
    after = (await admin.read("orders")).python()
    assert [(item["id"], item["qty"], item["cost"]) for item in after["items"]] == [
        (2, 2, "cost-word-2"),
        (1, 9, "cost-word-1"),
    ]
    assert (await admin.read("orders")).find("margin") == before.find("margin")
    assert after["secret"] == "hidden-word"


@pytest.mark.parametrize("name", ["secret", "margin", "state", "items-0-cost"])
async def test_forged_inputs_do_not_reach_protected_fields(open_admin: Any, name: str) -> None:
    admin = await open_admin(FILES)
    before = await admin.put("orders", ORDER)
    form = FormPage(await admin.get(url()))
    pairs = [*form.filled(), (name, "forged"), (f"{name}~t", "string"), (f"{name}~x", "1")]
    await admin.client.post(url(), data=pairs, headers={"Origin": admin.origin}, allow_redirects=False)
    assert await admin.read("orders") == before


@pytest.mark.parametrize(
    "change",
    [
        {"secret": "forged"},
        {"margin": 1},
        {"state": "forged"},
        {"items": [{"id": 7, "cost": "forged"}]},
    ],
)
async def test_extended_json_cannot_write_protected_fields(open_admin: Any, change: dict[str, Any]) -> None:
    admin = await open_admin(FILES)
    before = await admin.put("orders", ORDER)
    form = FormPage(await admin.get(url(more="?tab=json")))
    shown = ejson.load(form.get("_json").replace("\r\n", "\n"), [Value(0x6B, b"\0\0\0\0")] * 9)
    mine = dict(shown.items()) | {key: Value.of(value) for key, value in change.items()}
    text = ejson.dump(Value.object(mine.items()))
    answer = await admin.client.post(
        url(), data=form.filled({"_json": text}), headers={"Origin": admin.origin}, allow_redirects=False
    )
    assert answer.status in (409, 422)
    page = await answer.text()
    assert "hidden-word" not in page
    assert "31.7777" not in page
    assert await admin.read("orders") == before


async def test_documents_outside_the_scope_are_not_there(open_admin: Any) -> None:
    admin = await open_admin(FILES)
    before = await admin.put("orders", {**ORDER, "_id": 2, "owner": "you"})
    await admin.put("orders", ORDER)
    form = FormPage(await admin.get(url()))
    await admin.get(url(2), status=404)
    await admin.get(url(2, "/delete"), status=404)
    await admin.post(url(2), form.filled(), status=404)
    await admin.post(url(2, "/delete"), [("csrf_token", form.get("csrf_token"))], status=404)
    assert await admin.read("orders", 2) == before


async def test_document_cannot_be_moved_out_of_the_scope(open_admin: Any) -> None:
    admin = await open_admin(FILES)
    before = await admin.put("orders", ORDER)
    form = FormPage(await admin.get(url()))
    answer = await admin.post(url(), form.filled({"owner": "you"}), status=422)
    assert "You may not give a document these values." in answer.page
    assert await admin.read("orders") == before
    assert await admin.db.admin_changes.count_documents({}) == 0


async def test_reader_sees_but_cannot_save_and_undo_needs_the_right(open_admin: Any) -> None:
    rights = {
        "username": "reader",
        "superuser": False,
        "permissions": ("admin.enter", "database.orders.view"),
    }
    admin = await open_admin(user=rights)
    before = await admin.put("orders", ORDER)
    page = await admin.get("/admin/database/orders/~int32:1")
    assert 'name="_save"' not in page
    form = FormPage(page)
    await admin.post("/admin/database/orders/~int32:1", form.pairs, status=403)
    await admin.get("/admin/database/orders/~int32:1/delete", status=403)
    await admin.get("/admin/database/orders/new", status=403)
    assert await admin.read("orders") == before
