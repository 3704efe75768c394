"""What a screen says about writes: asked before every one, told after every one, nothing typed is lost."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
import pytest_asyncio

from aiocms.admin.values.rawbson import Value
from tests.admin.formpage import FormPage

SCREENS = """
from aiocms.admin import Screen, action

class Orders(Screen):
    collection = "orders"
    label = "{no}"
    columns = ("no",)
    types = {"no": "string", "total": "int32"}

    async def check(self, request, document, before=None):
        await request.db.asked.insert_one({"document": document, "before": before})
        found = {}
        if "bad" in str(document.get("no")):
            found["no"] = "Not 100 % fine & <so>"
        for index, line in enumerate(document.get("lines", ())):
            if line.get("qty") == 13:
                found[f"lines.{index}.qty"] = "Not thirteen"
            if "unit" in line and not line["unit"]:
                found[f"lines.{index}.unit.name"] = "A unit has a name"
            if line.get("qty") == 14:
                found[f"lines.{index}.reason"] = "Fourteen needs a reason"
        if document.get("total") == 666:
            found[""] = "The whole is wrong"
        if document.get("secret") == 1:
            found["secret"] = "Said without a name"
        return found

    async def saved(self, request, document_id, document, before):
        await request.db.told.insert_one({"id": document_id, "document": document, "before": before})
        if document and document.get("no") == "explode":
            raise RuntimeError("nobody may read this on the page")
        if document and before is None:
            await request.db.orders.update_one({"_id": document_id}, {"$set": {"derived": document["no"].upper()}})

    def field_access(self, request, path, document=None):
        return "hide" if path == "secret" else "edit"
"""
DECLARED = """
import wtforms
from aiocms import Form
from aiocms.admin import Screen

class Line(wtforms.Form):
    name = wtforms.StringField("Name")

class OrderForm(Form):
    no = wtforms.StringField("Number")
    lines = wtforms.FieldList(wtforms.FormField(Line))
    place = wtforms.FormField(Line)

class Orders(Screen):
    collection = "orders"
    form = OrderForm

    def check(self, request, document, before=None):
        found = {f"lines.{i}.name": "No x here" for i, one in enumerate(document["lines"]) if "x" in one["name"]}
        if document["no"] == "deep":
            found |= {"place.street.number": "Nobody lives there", "no.part": "A part is missing"}
        return found
"""
ORDER = {
    "_id": 1,
    "no": "A-1",
    "total": 5,
    "secret": 0,
    "lines": [{"id": n, "qty": n, "unit": {"code": "x"}} for n in range(4)],
}
LIST = "/admin/sales/orders/"
URL = f"{LIST}~int32:1"


@pytest_asyncio.fixture
async def admin(open_admin: Any) -> Any:
    opened = await open_admin({"apps/sales/__init__.py": "", "apps/sales/admin.py": SCREENS})
    await opened.put("orders", ORDER)
    return opened


async def told(admin: Any) -> list[Any]:
    return [
        (one["id"], one["document"], one["before"]) async for one in admin.db.told.find({}).sort("_id", 1)
    ]


def errors_of(page: str) -> dict[str, str]:
    """Messages by the id of the block that they stand in, as the inputs refer to them."""
    found = re.findall(
        r'<div class="(?:a-error|invalid-feedback[^"]*)" id="([^"]+)">(.*?)</div>\s*</div>', page, re.S
    )
    return {name: unescape(re.sub(r"<[^>]+>", "", text)).strip() for name, text in found}


def notes_of(page: str) -> str:
    start = page.index("data-edit")
    return unescape(page[start : page.index("<fieldset", start) if "<fieldset" in page else len(page)])


async def flashes_of(admin: Any) -> str:
    return unescape(await admin.get("/admin/"))


async def test_a_refused_form_says_it_beside_the_field_and_keeps_what_was_typed(admin: Any) -> None:
    before = await admin.read("orders")
    form = await admin.open("orders", 1, ns="sales")
    answer = await admin.post(URL, form.filled({"no": "bad", "total": "7", "lines-2-qty": "13"}), status=422)
    assert errors_of(answer.page) == {
        "no-errors": "Not 100 % fine & <so>",
        "lines-2-qty-errors": "Not thirteen",
    }
    again = FormPage(answer.page)
    assert (again.get("no"), again.get("total"), again.get("lines-2-qty")) == ("bad", "7", "13")
    assert await admin.read("orders") == before and await told(admin) == []
    await admin.post(URL, again.filled({"no": "good", "lines-2-qty": "12"}))
    after = (await admin.read("orders")).python()
    assert (after["no"], after["total"], after["lines"][2]["qty"]) == ("good", 7, 12)


async def test_the_empty_path_is_the_top_of_the_form(admin: Any) -> None:
    form = await admin.open("orders", 1, ns="sales")
    answer = await admin.post(URL, form.filled({"total": "666"}), status=422)
    assert "The whole is wrong" in notes_of(answer.page) and errors_of(answer.page) == {}


async def test_a_hidden_field_is_not_named(admin: Any) -> None:
    await admin.db.orders.update_one({"_id": 1}, {"$set": {"secret": 1}})
    form = await admin.open("orders", 1, ns="sales")
    answer = await admin.post(URL, form.filled({"total": "6"}), status=422)
    assert "Said without a name" in notes_of(answer.page) and "secret" not in answer.page


async def test_messages_follow_the_items_of_a_list_that_was_changed(admin: Any) -> None:
    form = await admin.open("orders", 1, ns="sales")
    page = (
        await admin.post(URL, [*form.filled({"lines-3-qty": "13"}), ("_op", "remove:lines-1")], status=200)
    ).page
    page = (await admin.post(URL, [*FormPage(page).filled(), ("_op", "up:lines-3")], status=200)).page
    answer = await admin.post(URL, FormPage(page).filled(), status=422)
    assert errors_of(answer.page) == {"lines-3-qty-errors": "Not thirteen"}


async def test_what_is_missing_is_told_at_the_nearest_part(admin: Any) -> None:
    await admin.db.orders.update_one({"_id": 1}, {"$set": {"lines.0.unit": {}}})
    form = await admin.open("orders", 1, ns="sales")
    answer = await admin.post(URL, form.filled({"lines-1-qty": "14"}), status=422)
    assert errors_of(answer.page) == {
        "lines-0-unit-errors": "name: A unit has a name",
        "lines-1-errors": "reason: Fourteen needs a reason",
    }


async def test_an_item_of_a_long_list_by_itself_shows_the_message(admin: Any) -> None:
    await admin.db.orders.update_one({"_id": 1}, {"$set": {"lines": [{"qty": 0} for _ in range(300)]}})
    query = "?at=lines[152]"
    form = await admin.open("orders", 1, query, ns="sales")
    answer = await admin.post(URL + query, form.filled({"qty": "13"}), status=422)
    assert errors_of(answer.page) == {"qty-errors": "Not thirteen"}


async def test_extended_json_is_checked_too(admin: Any) -> None:
    form = await admin.open("orders", 1, "?tab=json", ns="sales")
    text = form.get("_json").replace('"A-1"', '"bad"')
    answer = await admin.post(URL, form.filled({"_json": text}), status=422)
    assert "no: Not 100 % fine & <so>" in unescape(answer.page) and FormPage(answer.page).get("_json") == text
    assert (await admin.read("orders")).find("no") == Value.of("A-1")


async def test_a_new_document_is_checked_with_its_id_and_followed(admin: Any) -> None:
    form = await admin.open("orders", ns="sales")
    answer = await admin.post(f"{LIST}new", form.filled({"no": "bad", "total": "1"}), status=422)
    assert errors_of(answer.page) == {"no-errors": "Not 100 % fine & <so>"}
    assert await admin.db.orders.count_documents({}) == 1
    await admin.post(f"{LIST}new", FormPage(answer.page).filled({"no": "B-1"}))
    made = await admin.db.orders.find_one({"no": "B-1"})
    assert made["derived"] == "B-1"
    [(identity, document, before)] = await told(admin)
    assert (identity, document, before) == (made["_id"], {"_id": made["_id"], "no": "B-1", "total": 1}, None)
    asked = await admin.db.asked.find_one({"document.no": "B-1"})
    assert asked["document"]["_id"] == made["_id"] and asked["before"] is None


async def test_the_hooks_get_the_whole_document_before_and_after(admin: Any) -> None:
    form = await admin.open("orders", 1, ns="sales")
    await admin.db.orders.update_one({"_id": 1}, {"$set": {"others": "came in between"}})
    await admin.post(URL, form.filled({"no": "A-2"}))
    stored = await admin.db.orders.find_one({"_id": 1})
    [(identity, document, before)] = await told(admin)
    assert (identity, document) == (1, stored)
    assert before == {**stored, "no": "A-1"}
    asked = await admin.db.asked.find_one({})
    assert (asked["document"], asked["before"]) == (stored, before)


async def test_a_save_that_changes_nothing_is_not_told(admin: Any) -> None:
    await admin.post(URL, (await admin.open("orders", 1, ns="sales")).filled())
    assert await told(admin) == []


async def test_the_choice_on_the_conflict_page_is_checked(admin: Any) -> None:
    form = await admin.open("orders", 1, ns="sales")
    await admin.db.orders.update_one({"_id": 1}, {"$set": {"no": "theirs"}})
    answer = await admin.post(URL, form.filled({"no": "bad", "total": "8"}), status=409)
    chosen = [*FormPage(answer.page, form="data-conflict").filled(), ("_take~no", "mine")]
    answer = await admin.post(URL, chosen, status=422)
    assert errors_of(answer.page) == {"no-errors": "Not 100 % fine & <so>"}
    assert FormPage(answer.page).get("total") == "8"
    assert (await admin.read("orders")).find("no") == Value.of("theirs")


async def undo(admin: Any, verb: str) -> None:
    change = await admin.db.admin_changes.find_one({"verb": verb}, sort=[("_id", -1)])
    form = FormPage(await admin.get(f"{LIST}new"))
    await admin.post(f"/admin/undo/{change['_id']}", [("csrf_token", form.get("csrf_token"))])


async def delete(admin: Any) -> None:
    token = FormPage(await admin.get(f"{LIST}new")).get("csrf_token")
    await admin.post(f"{URL}/delete", [("csrf_token", token)])


async def test_a_delete_and_its_undo_are_told(admin: Any) -> None:
    whole = await admin.db.orders.find_one({"_id": 1})
    await delete(admin)
    await undo(admin, "delete")
    assert await told(admin) == [(1, None, whole), (1, whole, None)]
    assert (await admin.db.orders.find_one({"_id": 1}))["derived"] == "A-1"


async def test_an_undo_is_checked(admin: Any) -> None:
    await admin.db.orders.update_one({"_id": 1}, {"$set": {"no": "bad"}})
    await admin.post(URL, (await admin.open("orders", 1, ns="sales")).filled({"no": "good"}))
    await undo(admin, "edit")
    assert (await admin.db.orders.find_one({"_id": 1}))["no"] == "good"
    assert "no: Not 100 % fine & <so>" in await flashes_of(admin)
    await admin.db.orders.update_one({"_id": 1}, {"$set": {"no": "bad"}})
    await delete(admin)
    await undo(admin, "delete")
    assert await admin.db.orders.count_documents({}) == 0
    assert "no: Not 100 % fine & <so>" in await flashes_of(admin)


async def test_a_document_that_the_screen_itself_completed_can_be_taken_back(admin: Any) -> None:
    await admin.post(
        f"{LIST}new", (await admin.open("orders", ns="sales")).filled({"no": "C-1", "total": "1"})
    )
    await undo(admin, "add")
    assert await admin.db.orders.count_documents({"no": "C-1"}) == 0
    assert [document for _, document, _ in await told(admin)][-1] is None


async def test_later_edits_still_keep_an_addition(admin: Any) -> None:
    await admin.post(
        f"{LIST}new", (await admin.open("orders", ns="sales")).filled({"no": "C-1", "total": "1"})
    )
    await admin.db.orders.update_one({"no": "C-1"}, {"$set": {"total": 2}})
    await undo(admin, "add")
    assert await admin.db.orders.count_documents({"no": "C-1"}) == 1


async def test_the_built_in_action_deletes_and_tells_of_each(admin: Any) -> None:
    await admin.put("orders", {**ORDER, "_id": 2})
    token = FormPage(await admin.get(f"{LIST}new")).get("csrf_token")
    rows = [("rows", "~int32:1"), ("rows", "~int32:2")]
    await admin.post(
        f"{LIST}-/action", [("csrf_token", token), ("action", "delete"), ("confirm", "yes"), *rows]
    )
    assert [(identity, document) for identity, document, _ in await told(admin)] == [(1, None), (2, None)]


async def test_an_error_afterwards_is_logged_and_told_and_the_write_stays(
    admin: Any, caplog: pytest.LogCaptureFixture
) -> None:
    await admin.post(URL, (await admin.open("orders", 1, ns="sales")).filled({"no": "explode"}))
    assert (await admin.read("orders")).find("no") == Value.of("explode")
    page = await flashes_of(admin)
    assert "what should follow from it failed" in page and "nobody may read this" not in page
    assert "saved() of the screen sales.orders failed for 1" in caplog.text
    assert "nobody may read this" in caplog.text


async def test_declared_forms_show_messages_at_the_nearest_field_that_can(open_admin: Any) -> None:
    admin = await open_admin({"apps/sales/__init__.py": "", "apps/sales/admin.py": DECLARED})
    await admin.put(
        "orders", {"_id": 1, "no": "1", "lines": [{"name": n} for n in "abc"], "place": {"name": "p"}}
    )
    form = FormPage(await admin.get(URL))
    page = (
        await admin.post(URL, [*form.filled({"lines-2-name": "x"}), ("_op", "remove:lines-0")], status=200)
    ).page
    answer = await admin.post(URL, FormPage(page).filled({"no": "deep"}), status=422)
    assert errors_of(answer.page) == {
        "no-errors": "part: A part is missing",
        "lines-2-name-errors": "No x here",
    }
    assert "place.street.number: Nobody lives there" in notes_of(answer.page)
    assert (await admin.read("orders")).find("no") == Value.of("1")
