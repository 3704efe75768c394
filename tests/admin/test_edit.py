"""The edit pages over real HTTP and a real mongod: saving, conflicts, lists, undo, Extended JSON, rights."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from bson import Decimal128, Int64, ObjectId

from aiocms.admin.values import ejson
from aiocms.admin.values.rawbson import Value
from tests.admin.conftest import Admin
from tests.admin.formpage import FormPage, Pairs

ORDER = {
    "_id": 1,
    "no": "A-1",
    "paid": True,
    "total": Decimal128("12.50"),
    "count": Int64(3),
    "at": datetime(2024, 5, 1, 12, 0, 0, 123000, tzinfo=UTC),
    "items": [{"id": n, "name": f"thing {n}", "qty": n, "price": Decimal128("1.50")} for n in range(3)],
    "tags": ["a", "b", "c"],
    "address": {"street": "Main\r\nStreet", "zip": "01234", "a.b": {"$x": 1, "": 2}},
}


def without(pairs: Pairs, *names: str) -> Pairs:
    return [pair for pair in pairs if pair[0] not in names]


async def test_saving_an_untouched_form_writes_nothing(admin: Admin) -> None:
    before = await admin.put("orders", ORDER)
    form = await admin.open("orders", 1)
    await admin.post(admin.url("orders", 1), form.filled())
    assert await admin.read("orders") == before
    assert await admin.db.admin_changes.count_documents({}) == 0


async def test_two_people_who_change_different_fields_both_win(admin: Admin) -> None:
    await admin.put("orders", ORDER)
    first, second = await admin.open("orders", 1), await admin.open("orders", 1)
    await admin.post(admin.url("orders", 1), first.filled({"no": "B-2", "items-0-qty": "10"}))
    await admin.post(admin.url("orders", 1), second.filled({"items-1-qty": "20", "address-zip": "99999"}))
    after = (await admin.read("orders")).python()
    assert after["no"] == "B-2"
    assert [item["qty"] for item in after["items"]] == [10, 20, 2]
    assert after["address"]["zip"] == "99999"
    assert after["address"]["street"] == "Main\r\nStreet"


async def test_same_field_shows_three_versions_and_the_choice_is_saved(admin: Admin) -> None:
    await admin.put("orders", ORDER)
    first, second = await admin.open("orders", 1), await admin.open("orders", 1)
    await admin.post(admin.url("orders", 1), first.filled({"no": "theirs-1"}))
    answer = await admin.post(
        admin.url("orders", 1), second.filled({"no": "mine-1", "address-zip": "77777"}), status=409
    )
    assert all(text in answer.page for text in ("A-1", "theirs-1", "mine-1"))
    assert (await admin.read("orders")).find("no") == Value.of("theirs-1")
    page = FormPage(answer.page, form="data-conflict")
    await admin.post(admin.url("orders", 1), [*page.filled(), ("_take~no", "mine")])
    after = (await admin.read("orders")).python()
    assert (after["no"], after["address"]["zip"]) == ("mine-1", "77777")


async def test_choosing_theirs_keeps_theirs_and_saves_the_rest(admin: Admin) -> None:
    await admin.put("orders", ORDER)
    first, second = await admin.open("orders", 1), await admin.open("orders", 1)
    await admin.post(admin.url("orders", 1), first.filled({"no": "theirs-1"}))
    answer = await admin.post(
        admin.url("orders", 1), second.filled({"no": "mine-1", "address-zip": "77777"}), status=409
    )
    page = FormPage(answer.page, form="data-conflict")
    await admin.post(admin.url("orders", 1), [*page.filled(), ("_take~no", "theirs")])
    after = (await admin.read("orders")).python()
    assert (after["no"], after["address"]["zip"]) == ("theirs-1", "77777")


async def test_a_choice_does_not_overwrite_what_came_after_it(admin: Admin) -> None:
    await admin.put("orders", ORDER)
    first, second = await admin.open("orders", 1), await admin.open("orders", 1)
    await admin.post(admin.url("orders", 1), first.filled({"no": "theirs-1"}))
    answer = await admin.post(admin.url("orders", 1), second.filled({"no": "mine-1"}), status=409)
    await admin.db.orders.update_one({"_id": 1}, {"$set": {"no": "theirs-2"}})
    page = FormPage(answer.page, form="data-conflict")
    again = await admin.post(admin.url("orders", 1), [*page.filled(), ("_take~no", "mine")], status=409)
    assert "theirs-2" in again.page
    assert (await admin.read("orders")).find("no") == Value.of("theirs-2")


async def test_changed_type_alone_is_a_conflict_with_a_change_of_the_value(admin: Admin) -> None:
    await admin.put("orders", {"_id": 1, "n": 5})
    form = await admin.open("orders", 1)
    await admin.db.orders.update_one({"_id": 1}, {"$set": {"n": 5.0}})
    await admin.post(admin.url("orders", 1), form.filled({"n": "6"}), status=409)
    assert (await admin.read("orders")).find("n") == Value.of(5.0)


async def test_list_edits_of_two_people_follow_the_items(admin: Admin) -> None:
    await admin.put("orders", ORDER)
    form = await admin.open("orders", 1)
    await admin.db.orders.update_one(
        {"_id": 1}, {"$push": {"items": {"$each": [{"id": 9, "name": "first", "qty": 0}], "$position": 0}}}
    )
    await admin.post(admin.url("orders", 1), form.filled({"items-2-qty": "22"}))
    items = (await admin.read("orders")).python()["items"]
    assert [(item["id"], item["qty"]) for item in items] == [(9, 0), (0, 0), (1, 1), (2, 22)]


async def test_simultaneous_writers_lose_nothing(admin: Admin) -> None:
    await admin.put("orders", {"_id": 1, **{f"f{n}": 0 for n in range(8)}})
    forms = [await admin.open("orders", 1) for _ in range(8)]
    await asyncio.gather(
        *(
            admin.post(admin.url("orders", 1), form.filled({f"f{n}": str(n + 1)}))
            for n, form in enumerate(forms)
        )
    )
    after = (await admin.read("orders")).python()
    assert [after[f"f{n}"] for n in range(8)] == list(range(1, 9))
    assert await admin.db.admin_changes.count_documents({}) == 8


async def press(
    admin: Admin, form: FormPage, operation: str, changes: dict[str, str] | None = None
) -> FormPage:
    answer = await admin.post(admin.url("orders", 1), [*form.filled(changes), ("_op", operation)], status=200)
    return FormPage(answer.page)


async def test_list_buttons_without_javascript_keep_everything_typed(admin: Admin) -> None:
    before = await admin.put("orders", ORDER)
    form = await admin.open("orders", 1)
    form = await press(admin, form, "add:items", {"no": "typed", "tags-1": "changed"})
    assert form.get("no") == "typed"
    form = await press(admin, form, "up:items-2", {"items-3-name": "new one"})
    form = await press(admin, form, "remove:items-0")
    form = await press(admin, form, "dup:items-1")
    form = await press(admin, form, "down:tags-0")
    assert await admin.read("orders") == before
    await admin.post(
        admin.url("orders", 1), form.filled({"items-3-id": "7", "items-3-qty": "1", "items-3-price": "2"})
    )
    after = (await admin.read("orders")).python()
    assert [item["name"] for item in after["items"]] == ["thing 2", "thing 1", "thing 1", "new one"]
    assert after["tags"] == ["changed", "a", "c"]
    moved = (await admin.read("orders")).find("items").values()[0]  # type: ignore[union-attr]
    assert moved == before.find("items").values()[2]  # type: ignore[union-attr]


async def test_removed_item_can_be_kept_again(admin: Admin) -> None:
    before = await admin.put("orders", ORDER)
    form = await press(admin, await admin.open("orders", 1), "remove:items-1")
    assert "items-1-name" not in form.names()
    form = await press(admin, form, "restore:items-1")
    await admin.post(admin.url("orders", 1), form.filled())
    assert await admin.read("orders") == before


async def test_new_key_gets_its_typed_name_and_type(admin: Admin) -> None:
    await admin.put("orders", ORDER)
    form = await press(admin, await admin.open("orders", 1), "add:address")
    key = next(name for name, _ in form.pairs if name.startswith("address-") and name.endswith("~k"))[:-2]
    await admin.post(admin.url("orders", 1), form.filled({f"{key}~k": "x.$y", f"{key}~s": "int64", key: "7"}))
    assert (await admin.read("orders")).python()["address"]["x.$y"] == 7
    found = (await admin.read("orders")).find("address").find("x.$y")  # type: ignore[union-attr]
    assert found == Value.of(Int64(7))


async def test_type_is_changed_only_on_purpose(admin: Admin) -> None:
    await admin.put("orders", ORDER)
    form = await press(admin, await admin.open("orders", 1), "type:count")
    await admin.post(admin.url("orders", 1), form.filled({"count~s": "double"}))
    assert (await admin.read("orders")).find("count") == Value.of(3.0)


async def test_a_cut_post_saves_nothing(admin: Admin) -> None:
    before = await admin.put("orders", ORDER)
    form = await admin.open("orders", 1)
    answer = await admin.post(admin.url("orders", 1), without(form.filled({"no": "X-9"}), "_end"), status=422)
    assert FormPage(answer.page).get("no") == "X-9"
    assert await admin.read("orders") == before


async def test_inputs_that_were_not_posted_stay(admin: Admin) -> None:
    before = await admin.put("orders", ORDER)
    form = await admin.open("orders", 1)
    kept = [
        pair for pair in form.filled({"no": "N-1"}) if pair[0][0] == "_" or pair[0] in ("no", "csrf_token")
    ]
    await admin.post(admin.url("orders", 1), kept)
    after = await admin.read("orders")
    assert after.find("no") == Value.of("N-1")
    assert after.items()[2:] == before.items()[2:]


async def test_wrong_texts_are_told_beside_their_fields_and_nothing_typed_is_lost(admin: Admin) -> None:
    before = await admin.put("orders", ORDER)
    form = await admin.open("orders", 1)
    typed = {"count": "many", "items-1-qty": "2x", "no": "fine", "at": "yesterday"}
    answer = await admin.post(admin.url("orders", 1), form.filled(typed), status=422)
    back = FormPage(answer.page)
    assert {name: back.get(name) for name in typed} == typed
    assert answer.page.count('class="a-error"') == 3
    assert await admin.read("orders") == before


async def test_stale_token_keeps_what_was_typed(admin: Admin) -> None:
    before = await admin.put("orders", ORDER)
    form = await admin.open("orders", 1)
    pairs = form.filled({"no": "typed", "csrf_token": "old"})
    back = FormPage((await admin.post(admin.url("orders", 1), pairs, status=422)).page)
    assert await admin.read("orders") == before
    await admin.post(admin.url("orders", 1), back.filled())
    assert (await admin.read("orders")).find("no") == Value.of("typed")


@pytest.mark.parametrize("base", ["", "AAAA", "%"])
async def test_base_that_is_not_ours_writes_nothing(admin: Admin, base: str) -> None:
    before = await admin.put("orders", ORDER)
    form = await admin.open("orders", 1)
    answer = await admin.post(admin.url("orders", 1), form.filled({"no": "typed", "_base": base}), status=422)
    assert FormPage(answer.page).get("no") == "typed"
    assert await admin.read("orders") == before


async def test_base_of_another_document_is_refused(admin: Admin) -> None:
    await admin.put("orders", ORDER)
    other = await admin.put("orders", {**ORDER, "_id": 2})
    form = await admin.open("orders", 1)
    await admin.post(admin.url("orders", 2), form.filled({"no": "typed"}), status=422)
    assert await admin.read("orders", 2) == other


async def test_times_are_shown_in_the_users_zone_and_come_back_exactly(open_admin: Any) -> None:
    admin = await open_admin(time_zone="Asia/Tokyo")
    before = await admin.put("orders", ORDER)
    form = await admin.open("orders", 1)
    assert form.get("at") == "2024-05-01T21:00:00.123"
    await admin.post(admin.url("orders", 1), form.filled({"no": "x"}))
    assert (await admin.read("orders")).find("at") == before.find("at")
    form = await admin.open("orders", 1)
    await admin.post(admin.url("orders", 1), form.filled({"at": "2024-05-02T00:30"}))
    assert (await admin.read("orders")).python()["at"] == datetime(2024, 5, 1, 15, 30, tzinfo=UTC)


async def test_undo_takes_back_only_its_own_paths(admin: Admin) -> None:
    before = await admin.put("orders", ORDER)
    form = await admin.open("orders", 1)
    await admin.post(admin.url("orders", 1), form.filled({"no": "B-2", "items-1-qty": "5"}))
    change = await admin.db.admin_changes.find_one()
    await admin.db.orders.update_one({"_id": 1}, {"$set": {"paid": False}, "$push": {"tags": "z"}})
    await admin.post(f"/admin/undo/{change['_id']}", [("csrf_token", form.get("csrf_token"))])
    after = (await admin.read("orders")).python()
    assert (after["no"], after["items"][1]["qty"], after["paid"], after["tags"][-1]) == ("A-1", 1, False, "z")
    assert (await admin.read("orders")).find("items") == before.find("items")
    again = await admin.post(
        f"/admin/undo/{change['_id']}", [("csrf_token", form.get("csrf_token"))], status=303
    )
    assert again.status == 303
    assert (await admin.read("orders")).python()["no"] == "A-1"


async def test_undo_of_a_path_changed_since_is_refused(admin: Admin) -> None:
    await admin.put("orders", ORDER)
    form = await admin.open("orders", 1)
    await admin.post(admin.url("orders", 1), form.filled({"no": "B-2"}))
    change = await admin.db.admin_changes.find_one()
    await admin.db.orders.update_one({"_id": 1}, {"$set": {"no": "C-3"}})
    await admin.post(f"/admin/undo/{change['_id']}", [("csrf_token", form.get("csrf_token"))], status=409)
    assert (await admin.read("orders")).find("no") == Value.of("C-3")


async def test_delete_asks_and_can_be_taken_back_to_the_byte(admin: Admin) -> None:
    before = await admin.put("orders", ORDER)
    url = admin.url("orders", 1, "/delete")
    page = await admin.get(url)
    assert "A-1" in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]  # type: ignore[index]
    await admin.post(url, [("csrf_token", token)])
    assert await admin.db.orders.count_documents({}) == 0
    change = await admin.db.admin_changes.find_one({"verb": "delete"})
    await admin.post(f"/admin/undo/{change['_id']}", [("csrf_token", token)])
    assert await admin.read("orders") == before


async def test_created_document_is_stored_recorded_and_can_be_taken_back(admin: Admin) -> None:
    await admin.put("orders", ORDER)
    form = await admin.open("orders")
    assert "no" in form.names()
    answer = await admin.post(
        admin.url("orders"), form.filled({"no": "N-1", "paid": "true"}, _save="stay"), status=303
    )
    found = await admin.db.orders.find_one({"no": "N-1"})
    assert isinstance(found["_id"], ObjectId)
    assert str(found["_id"]) in answer.headers["Location"]
    assert "total" not in found
    change = await admin.db.admin_changes.find_one({"verb": "add"})
    await admin.post(f"/admin/undo/{change['_id']}", [("csrf_token", form.get("csrf_token"))])
    assert await admin.db.orders.find_one({"no": "N-1"}) is None


async def test_extended_json_shows_every_type_and_saves_only_what_changed(admin: Admin) -> None:
    before = await admin.put("orders", ORDER)
    form = await admin.open("orders", 1, "?tab=json")
    text = form.get("_json").replace("\r\n", "\n")
    assert ejson.load(text).items() == before.items()[1:]
    await admin.post(
        admin.url("orders", 1, "?tab=json"), form.filled({"_json": text.replace('"A-1"', '"J-1"')})
    )
    change = await admin.db.admin_changes.find_one()
    assert change["paths"] == ["no"]
    assert (await admin.read("orders")).items()[2:] == before.items()[2:]


async def test_mistake_in_extended_json_is_told_with_its_line(admin: Admin) -> None:
    before = await admin.put("orders", ORDER)
    form = await admin.open("orders", 1, "?tab=json")
    broken = '{\n  "no": {"$oid": "xyz"}\n}'
    answer = await admin.post(admin.url("orders", 1), form.filled({"_json": broken}), status=422)
    assert "Line 2, column 9" in answer.page
    assert FormPage(answer.page).get("_json").replace("\r\n", "\n") == broken
    assert await admin.read("orders") == before


async def test_switching_to_extended_json_takes_the_typed_text_along(admin: Admin) -> None:
    await admin.put("orders", ORDER)
    form = await press(admin, await admin.open("orders", 1), "tab:json", {"no": "typed"})
    assert '"no": "typed"' in form.get("_json")
    await admin.post(admin.url("orders", 1), form.filled())
    assert (await admin.read("orders")).find("no") == Value.of("typed")


async def test_unique_index_is_explained_at_the_field(admin: Admin) -> None:
    await admin.put("orders", ORDER)
    await admin.put("orders", {**ORDER, "_id": 2, "no": "A-2"})
    await admin.db.orders.create_index("no", unique=True)
    form = await admin.open("orders", 1)
    answer = await admin.post(admin.url("orders", 1), form.filled({"no": "A-2"}), status=422)
    assert "Another document already has this value." in answer.page
    assert FormPage(answer.page).get("no") == "A-2"
    assert await admin.db.admin_changes.count_documents({}) == 0


async def test_rule_of_the_collection_is_told_at_the_field(admin: Admin) -> None:
    rule = {"$jsonSchema": {"properties": {"no": {"bsonType": "string", "maxLength": 5}}}}
    await admin.db.create_collection("orders", validator=rule)
    await admin.put("orders", ORDER)
    form = await admin.open("orders", 1)
    answer = await admin.post(admin.url("orders", 1), form.filled({"no": "far too long"}), status=422)
    assert "Use at most 5 characters." in answer.page
    assert FormPage(answer.page).get("no") == "far too long"


async def test_large_document_gives_a_bounded_page_and_stays_whole(admin: Admin) -> None:
    huge = {
        "_id": 1,
        "no": "A",
        "blob": b"\0" * 3_000_000,
        "text": "x" * 9_000_000,
        "rows": [{"n": n, "t": "row"} for n in range(20_000)],
        **{f"field {n}": n for n in range(3000)},
    }
    before = await admin.put("orders", huge)
    page = await admin.get(admin.url("orders", 1))
    assert len(page) < 1_500_000
    form = FormPage(page)
    assert len(form.pairs) < 1000
    await admin.post(admin.url("orders", 1), form.filled({"no": "B"}))
    after = await admin.read("orders")
    assert after.find("no") == Value.of("B")
    assert [one for one in after.items() if one[0] != "no"] == [
        one for one in before.items() if one[0] != "no"
    ]
    assert "Items 19951 to" in (await admin.get(admin.url("orders", 1, "?at=rows&from=19950"))).replace(
        ",", ""
    )
    item = await admin.open("orders", 1, "?at=rows[19953]")
    await admin.post(admin.url("orders", 1, "?at=rows[19953]"), item.filled({"n": "5"}))
    rows = (await admin.read("orders")).python()["rows"]
    assert rows[19953]["n"] == 5
    assert len(rows) == 20_000


@pytest.mark.parametrize("at", ["nothing", "_id", "items[99]", "[", "no.x"])
async def test_path_to_nothing_is_not_found(admin: Admin, at: str) -> None:
    await admin.put("orders", ORDER)
    answer = await admin.client.get(admin.url("orders", 1), params={"at": at})
    assert answer.status == 404


@pytest.mark.parametrize(
    "identity",
    [
        5,
        Int64(5),
        5.5,
        "text",
        "a/b",
        "new",
        "",
        True,
        {"a": 1, "b": "x"},
        ObjectId(),
        datetime(2024, 1, 1, tzinfo=UTC),
    ],
)
async def test_document_of_any_id_type_can_be_edited(admin: Admin, identity: Any) -> None:
    await admin.put("orders", {"_id": identity, "no": "A"})
    form = await admin.open("orders", identity)
    await admin.post(admin.url("orders", identity), form.filled({"no": "B"}))
    assert (await admin.read("orders", identity)).find("no") == Value.of("B")
