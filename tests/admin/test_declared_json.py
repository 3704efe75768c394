"""Extended JSON beside a declared form: what is changed there goes back into the form without loss."""

from __future__ import annotations

from typing import Any

import pytest
from bson import Int64

from aiocms.admin.values.ejson import dump, load
from aiocms.admin.values.rawbson import Value
from tests.admin.formpage import FormPage
from tests.admin.test_edit_declared import FILES, ORDER, URL, start

JSON = f"{URL}?tab=json"
NEW = "/admin/sales/orders/new"


async def change(admin: Any, changed: Value, status: int = 200) -> Any:
    """Go from changed Extended JSON to the form."""
    page = FormPage(await admin.get(JSON))
    return await admin.post(JSON, page.filled({"_json": dump(changed)}, _op="tab:form"), status)


def change_order(order: Value, **values: Any) -> Value:
    """The order without its id, with other values; None takes a key away."""
    items = {key: value for key, value in order.items() if key != "_id"}
    items |= {key: Value.of(value) for key, value in values.items() if value is not None}
    return Value.object((key, value) for key, value in items.items() if values.get(key, "") is not None)


async def test_changed_json_fills_the_fields_and_what_has_no_field_is_kept_and_saved(open_admin: Any) -> None:
    admin = await start(open_admin)
    before = await admin.read("orders")
    line: dict[str, Any] = change_order(before).python()["lines"][1]
    lines = [{**line, "extra": "new"}, {"name": "added", "more": [1]}]
    wanted = change_order(before, no="B-2", paid=False, lines=lines, unknown=None, other={"deep": [Int64(1)]})
    answer = await change(admin, wanted)
    form = FormPage(answer.page)
    assert (form.get("no"), form.get("lines-0-name"), form.get("lines-1-name")) == ("B-2", "line 1", "added")
    assert "paid" not in dict(form.pairs)
    assert "from Extended JSON, saved with the form" in answer.page
    assert await admin.read("orders") == before
    await admin.post(URL, form.filled({"no": "C-3", "lines-0-qty": "7"}))
    after = await admin.read("orders")
    lines[0] = {**lines[0], "qty": Int64(7)}
    assert after == Value.object((("_id", Value.of(1)), *change_order(wanted, no="C-3", lines=lines).items()))


async def test_json_to_form_and_back_gives_the_same_json(open_admin: Any) -> None:
    admin = await start(open_admin)
    wanted = change_order(await admin.read("orders"), note="other\r\ntext", tags=[], unknown={"a": None})
    form = FormPage((await change(admin, wanted)).page)
    again = FormPage((await admin.post(URL, form.filled(_op="tab:json"), 200)).page)
    assert load(again.get("_json")) == wanted


async def test_list_buttons_keep_what_json_changed(open_admin: Any) -> None:
    admin = await start(open_admin)
    before = await admin.read("orders")
    form = FormPage((await change(admin, change_order(before, no="B", other=[1]))).page)
    form = FormPage((await admin.post(URL, form.filled(_op="up:lines-2"), 200)).page)
    await admin.post(URL, form.filled())
    after = await admin.read("orders")
    found = before.find("lines")
    assert found is not None
    lines = found.values()
    assert after.find("lines") == Value.array((lines[0], lines[2], lines[1]))
    assert (after.find("other"), after.find("no")) == (Value.of([1]), Value.of("B"))
    assert after.find("at") == before.find("at")


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"count": "many"}, "count"),
        ({"no": {"a": 1}}, "no"),
        ({"state": "unheard of"}, "state"),
        ({"lines": "none"}, "lines"),
        ({"lines": [{"name": "x", "qty": "many"}]}, "lines[0].qty"),
        ({"lines": ["text"]}, "lines[0]"),
        ({"tags": ["a", {"b": 1}]}, "tags[1]"),
    ],
)
async def test_what_the_form_cannot_show_is_named_and_the_text_stays(
    open_admin: Any, values: dict[str, Any], path: str
) -> None:
    admin = await start(open_admin)
    wanted = change_order(await admin.read("orders"), **values)
    answer = await change(admin, wanted)
    assert f"The form cannot show {path} as it is here." in answer.page
    page = FormPage(answer.page)
    assert load(page.get("_json")) == wanted
    await admin.post(JSON, page.filled())
    assert change_order(await admin.read("orders")) == wanted


async def test_somebody_elses_change_merges_with_a_form_that_json_filled(open_admin: Any) -> None:
    admin = await start(open_admin)
    before = await admin.read("orders")
    form = FormPage((await change(admin, change_order(before, no="B", unknown="mine"))).page)
    await admin.db.orders.update_one({"_id": 1}, {"$set": {"note": "theirs", "late": 1}})
    await admin.post(URL, form.filled())
    after = (await admin.read("orders")).python()
    assert (after["no"], after["unknown"], after["note"], after["late"]) == ("B", "mine", "theirs", 1)


async def test_a_new_document_from_json_takes_the_form_on_its_way(open_admin: Any) -> None:
    admin = await start(open_admin)
    page = FormPage(await admin.get(f"{NEW}?tab=json"))
    text = '{"_id": "own", "no": "N", "state": "done", "beside": {"$numberLong": "5"}}'
    answer = await admin.post(f"{NEW}?tab=json", page.filled({"_json": text}, _op="tab:form"), 200)
    form = FormPage(answer.page)
    assert form.get("no") == "N"
    assert "beside" in answer.page
    await admin.post(NEW, form.filled({"no": "M"}))
    found = (await admin.read("orders", "own")).python()
    assert (found["no"], found["state"], found["beside"]) == ("M", "done", Int64(5))


async def test_a_new_form_that_lacks_something_is_seen_as_json_with_all_that_was_typed(
    open_admin: Any,
) -> None:
    admin = await start(open_admin)
    form = FormPage(await admin.get(NEW))
    page = FormPage((await admin.post(NEW, form.filled({"count": "5"}, _op="tab:json"), 200)).page)
    assert load(page.get("_json")).find("count") == Value.of(5)
    answer = await admin.post(NEW, form.filled({"count": "five", "note": "typed"}, _op="tab:json"), 422)
    assert (FormPage(answer.page).get("count"), FormPage(answer.page).get("note")) == ("five", "typed")


async def test_a_stored_choice_that_is_no_longer_offered_is_kept(open_admin: Any) -> None:
    admin = await open_admin(FILES)
    before = await admin.put("orders", {**ORDER, "state": "retired"})
    form = FormPage(await admin.get(URL))
    assert form.get("state") == "retired"
    await admin.post(URL, form.filled({"count": "4"}))
    after = await admin.read("orders")
    assert after.find("state") == before.find("state")
    assert after.find("count") == Value.of(Int64(4))


@pytest.mark.parametrize(
    "odd", [{"lines": "text"}, {"tags": {"a": 1}}, {"no": "two\nlines"}, {"lines": None}]
)
async def test_a_value_of_another_shape_than_its_field_is_kept(open_admin: Any, odd: dict[str, Any]) -> None:
    admin = await open_admin(FILES)
    before = await admin.put("orders", {**ORDER, **odd})
    await admin.post(URL, FormPage(await admin.get(URL)).filled({"count": "4"}))
    assert change_order(await admin.read("orders")) == change_order(before, count=Int64(4))
