"""Long lists, kinds of items, maps with free keys, points and days in inferred forms; what was not touched stays."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from bson import Int64

from aiocms.admin.values.ejson import dump, load
from aiocms.admin.values.rawbson import Value
from tests.admin.conftest import Admin, OpenAdmin
from tests.admin.formpage import FormPage

MANY = 500


def make_rows(count: int = MANY) -> list[dict[str, Any]]:
    return [
        {"sku": f"S-{at}", "qty": at, "price": Int64(at * 7), "note": f"note {at}", "open": at % 2 == 0}
        for at in range(count)
    ]


def read_part(page: str) -> FormPage:
    return FormPage(f"<form data-edit>{page}</form>")


async def test_items_of_a_long_list_come_closed_and_stay_as_they_are(admin: Admin) -> None:
    before = await admin.put("orders", {"title": "Big", "rows": make_rows()})
    form = await admin.open("orders", 1)
    assert [name for name in form.names() if name.startswith("rows-")] == []
    assert len([one for one in form.buttons if one.startswith("_op=open:rows-")]) == MANY
    page = await admin.get(admin.url("orders", 1))
    assert "S-499" in page
    await admin.post(admin.url("orders", 1), form.filled())
    assert await admin.read("orders") == before


async def test_an_item_is_opened_by_a_post_without_script_and_saves_only_itself(admin: Admin) -> None:
    before = await admin.put("orders", {"title": "Big", "rows": make_rows()})
    form = await admin.open("orders", 1)
    opened = await admin.post(
        admin.url("orders", 1), form.filled({"title": "Typed"}, _op="open:rows-321"), 200
    )
    page = FormPage(opened.page)
    assert page.get("title") == "Typed"
    assert page.get("rows-321-price") == str(321 * 7)
    await admin.post(admin.url("orders", 1), page.filled({"rows-321-price": "5"}))
    after = (await admin.read("orders")).python()
    expected = before.python()
    expected["title"] = "Typed"
    expected["rows"][321]["price"] = 5
    assert after == expected
    assert type(after["rows"][321]["price"]) is Int64


async def test_a_part_is_answered_alone_for_the_page_that_is_open(admin: Admin) -> None:
    await admin.put("orders", {"title": "Big", "rows": make_rows()})
    form = await admin.open("orders", 1)
    kept = [pair for pair in form.pairs if pair[0].startswith("_") or pair[0] == "csrf_token"]
    answer = await admin.post(
        admin.url("orders", 1), [*kept, ("_op", "open:rows-7"), ("_part", "rows-7")], 200
    )
    assert "<html" not in answer.page
    assert read_part(answer.page).get("rows-7-sku") == "S-7"
    order = ",".join(map(str, range(MANY + 3)))
    added = await admin.post(
        admin.url("orders", 1), [*kept, ("rows~q", order), ("_op", "add:rows"), ("_part", "*")], 200
    )
    names = read_part(added.page).names()
    assert names[0] == f"rows-{MANY + 3}-sku"
    assert len(names) == 5
    gone = await admin.post(
        admin.url("orders", 1), [*kept, ("_op", "open:title-9"), ("_part", "title-9")], 404
    )
    assert "S-7" not in gone.page


async def test_order_of_closed_items_is_told_by_their_numbers(admin: Admin) -> None:
    before = await admin.put("orders", {"title": "Big", "rows": make_rows(30)})
    form = await admin.open("orders", 1)
    order = [29, 3, *(at for at in range(30) if at not in (29, 3))]
    await admin.post(admin.url("orders", 1), [*form.filled(), ("rows~q", ",".join(map(str, order)))])
    rows = before.find("rows")
    assert rows is not None
    after = (await admin.read("orders")).find("rows")
    assert after is not None
    assert after.values() == [rows.values()[at] for at in order]


async def test_closed_items_are_removed_copied_and_moved_without_script(admin: Admin) -> None:
    await admin.put("orders", {"rows": make_rows(30)})
    url = admin.url("orders", 1)
    form = await admin.open("orders", 1)
    for operation in ("remove:rows-0", "dup:rows-5", "up:rows-9", "add:rows"):
        form = FormPage((await admin.post(url, form.filled(_op=operation), 200)).page)
    await admin.post(url, form.filled({"rows-31-sku": "new"}))
    skus = [row["sku"] for row in (await admin.read("orders")).python()["rows"]]
    expected = [f"S-{at}" for at in (1, 2, 3, 4, 5, 5, 6, 7, 9, 8, *range(10, 30))]
    assert skus == [*expected, "new"]


async def test_very_many_inputs_travel_as_one(admin: Admin) -> None:
    before = await admin.put("orders", {"rows": make_rows()})
    url = admin.url("orders", 1)
    form = await admin.open("orders", 1)
    opened = FormPage((await admin.post(url, form.filled(_op="openall:rows"), 200)).page)
    assert len(opened.names()) > 2500
    pairs = opened.filled({"rows-444-note": "changed"})
    packed = [pair for pair in pairs if not pair[0].startswith("_") and pair[0] != "csrf_token"]
    kept = [pair for pair in pairs if pair not in packed]
    await admin.post(url, [*kept, ("_packed", json.dumps(packed))])
    expected = before.python()
    expected["rows"][444]["note"] = "changed"
    assert (await admin.read("orders")).python() == expected
    for wrong in ("[", "[1]", '[["a"]]', '[["a", 5]]', '{"a": "b"}'):
        await admin.post(url, [*kept, ("_packed", wrong)], 400)


KINDS = """
from datetime import datetime
from aiocms.admin import Kind, Screen

class Posts(Screen):
    collection = "blog_posts"
    kinds = {"blocks": (
        Kind("quote", "Quotation", {"text": "", "by": "", "stars": 3}, key="_type"),
        Kind("pause", "Pause", {"long": False}, key="_type"),
    )}
    widgets = {"prices": "map", "born": "day"}
"""


async def test_declared_kinds_are_offered_and_make_items_with_their_types(open_admin: OpenAdmin) -> None:
    admin = await open_admin({"apps/blog/admin.py": KINDS})
    before = await admin.put("blog_posts", {"blocks": [{"_type": "pause", "long": True}]})
    url = admin.url("posts", 1, ns="blog")
    form = await admin.open("posts", 1, ns="blog")
    offers = [one for one in form.buttons if one.startswith("_op=add:blocks:")]
    assert offers == ["_op=add:blocks:quote", "_op=add:blocks:pause"]
    form = FormPage((await admin.post(url, form.filled(_op="add:blocks:quote"), 200)).page)
    await admin.post(url, form.filled({"blocks-1-text": "Hello", "blocks-1-by": "Ann"}))
    after = (await admin.read("blog_posts")).python()
    assert after["blocks"] == [
        *before.python()["blocks"],
        {"_type": "quote", "text": "Hello", "by": "Ann", "stars": 3},
    ]
    assert type(after["blocks"][1]["stars"]) is int


async def test_kinds_are_seen_in_the_items_of_the_document(admin: Admin) -> None:
    blocks = [
        {"type": "text", "body": "x"},
        {"type": "picture", "url": "/a", "width": 5},
        {"type": "text", "body": "y"},
    ]
    await admin.put("orders", {"blocks": blocks})
    form = await admin.open("orders", 1)
    assert "_op=add:blocks:picture" in form.buttons
    page = await admin.post(admin.url("orders", 1), form.filled(_op="add:blocks:picture"), 200)
    added = FormPage(page.page)
    assert added.get("blocks-3-type") == "picture"
    await admin.post(admin.url("orders", 1), added.filled({"blocks-3-url": "/b", "blocks-3-width": "7"}))
    stored = (await admin.read("orders")).python()["blocks"]
    assert stored == [*blocks, {"type": "picture", "url": "/b", "width": 7}]


async def test_entries_of_a_map_are_added_renamed_and_removed(open_admin: OpenAdmin) -> None:
    admin = await open_admin({"apps/blog/admin.py": KINDS})
    await admin.put("blog_posts", {"prices": {"EUR": 5, "USD": 6, "a.b": 7}})
    url = admin.url("posts", 1, ns="blog")
    form = await admin.open("posts", 1, ns="blog")
    assert form.get("prices-EUR~k") == "EUR"
    form = FormPage((await admin.post(url, form.filled(_op="add:prices"), 200)).page)
    new = next(
        name for name, _ in form.pairs if name.endswith("~k") and name.startswith("prices-.")
    ).removesuffix("~k")
    form = FormPage((await admin.post(url, form.filled(_op="remove:prices-USD"), 200)).page)
    changes = {f"{new}~k": "GBP", new: "8", "prices-EUR~k": "CHF"}
    await admin.post(url, form.filled(changes))
    assert (await admin.read("blog_posts")).python()["prices"] == {"CHF": 5, "a.b": 7, "GBP": 8}


async def test_keys_of_a_map_are_checked(open_admin: OpenAdmin) -> None:
    admin = await open_admin({"apps/blog/admin.py": KINDS})
    before = await admin.put("blog_posts", {"prices": {"EUR": 5, "USD": 6}})
    url = admin.url("posts", 1, ns="blog")
    form = await admin.open("posts", 1, ns="blog")
    for key, message in (
        ("", "Type a key."),
        ("a.b", "no dots"),
        ("$x", "no dots"),
        ("EUR", "is there twice"),
    ):
        answer = await admin.post(url, form.filled({"prices-USD~k": key}), 422)
        assert message in answer.page
    assert await admin.read("blog_posts") == before


async def test_a_point_is_two_numbers_and_keeps_its_other_members(admin: Admin) -> None:
    place = {"type": "Point", "coordinates": [13, 52.5, 34.0], "crs": {"x": 1}}
    before = await admin.put("orders", {"place": place, "no": {"type": "Point", "coordinates": ["x", 1]}})
    url = admin.url("orders", 1)
    form = await admin.open("orders", 1)
    assert [value for name, value in form.pairs if name == "place"] == ["13", "52.5"]
    assert form.get("no-coordinates-0") == "x"
    await admin.post(url, form.filled())
    assert await admin.read("orders") == before

    def typed(*numbers: str) -> list[tuple[str, str]]:
        given = iter(numbers)
        return [(name, next(given) if name == "place" else value) for name, value in form.pairs]

    for numbers, message in (
        (("200", "5"), "longitude goes"),
        (("5", "-91"), "latitude goes"),
        (("5", ""), "a longitude and a latitude"),
        (("NaN", "5"), "longitude goes"),
        (("x", "5"), "not a number"),
    ):
        assert message in (await admin.post(url, typed(*numbers), 422)).page
    await admin.post(url, typed("13", "48.25"))
    stored = (await admin.read("orders")).python()["place"]
    assert stored == {**place, "coordinates": [13, 48.25, 34.0]}
    assert type(stored["coordinates"][0]) is int


async def test_a_pair_that_was_copied_from_a_map_is_latitude_and_longitude(admin: Admin) -> None:
    await admin.put("orders", {"place": {"type": "Point", "coordinates": [0.5, 0.5]}})
    form = await admin.open("orders", 1)
    given = iter(("52.52, 13.405", ""))
    pairs = [(name, next(given) if name == "place" else value) for name, value in form.pairs]
    await admin.post(admin.url("orders", 1), pairs)
    assert (await admin.read("orders")).python()["place"]["coordinates"] == [13.405, 52.52]


async def test_a_day_has_no_time_and_no_zone_moves_it(open_admin: OpenAdmin) -> None:
    admin = await open_admin({"apps/blog/admin.py": KINDS}, time_zone="America/New_York")
    await admin.put("blog_posts", {"born": datetime(1985, 5, 31, tzinfo=UTC)})
    url = admin.url("posts", 1, ns="blog")
    form = await admin.open("posts", 1, ns="blog")
    assert form.get("born") == "1985-05-31"
    await admin.post(url, form.filled({"born": "1985-06-01"}))
    assert (await admin.read("blog_posts")).python()["born"] == datetime(1985, 6, 1, tzinfo=UTC)


async def test_extended_json_is_carried_back_into_the_form_with_all_that_was_changed(admin: Admin) -> None:
    document = {"title": "A", "count": 5, "rows": make_rows(30), "gone": 1, "inner": {"a": 1, "b": "x"}}
    before = await admin.put("orders", document)
    url = admin.url("orders", 1, "?tab=json")
    page = await admin.open("orders", 1, "?tab=json")
    changed = before.python()
    changed |= {"title": "B", "count": Int64(5), "new": [1, {"x": None}]}
    del changed["gone"], changed["_id"]
    changed["inner"] = {"a": "text", "c": True}
    changed["rows"] = [changed["rows"][2], {"sku": "new"}, *changed["rows"][3:]]
    form = FormPage(
        (await admin.post(url, page.filled({"_json": dump(Value.of(changed))}, _op="tab:form"), 200)).page
    )
    assert form.get("title") == "B"
    assert await admin.read("orders") == before
    again = FormPage((await admin.post(url, form.filled(_op="tab:json"), 200)).page)
    assert load(again.get("_json")).python() == changed
    await admin.post(url, form.filled())
    after = (await admin.read("orders")).python()
    assert after == {"_id": 1, **changed}
    assert type(after["count"]) is Int64


async def test_extended_json_that_the_form_cannot_hold_stays_as_it_is(admin: Admin) -> None:
    await admin.put("orders", {"title": "A"})
    url = admin.url("orders", 1, "?tab=json")
    page = await admin.open("orders", 1, "?tab=json")
    for text in ('{"title": "a\\r\\nb"}', '{"title": {"$symbol": "x"}}'):
        answer = await admin.post(url, page.filled({"_json": text}, _op="tab:form"), 200)
        assert "The form cannot show title as it is here." in answer.page
        assert FormPage(answer.page).get("_json") == text
    answer = await admin.post(url, page.filled({"_json": "{"}, _op="tab:form"), 422)
    assert FormPage(answer.page).get("_json") == "{"


async def test_a_new_yes_or_no_can_be_saved_at_once_without_script(admin: Admin) -> None:
    await admin.put("orders", {"title": "A"})
    url = admin.url("orders", 1)
    form = FormPage((await admin.post(url, (await admin.open("orders", 1)).filled(_op="add:"), 200)).page)
    new = next(name for name, _ in form.pairs if name.endswith("~k")).removesuffix("~k")
    await admin.post(url, form.filled({f"{new}~k": "ready", f"{new}~s": "bool"}))
    assert (await admin.read("orders")).python() == {"_id": 1, "title": "A", "ready": False}


async def test_a_type_is_offered_only_where_the_value_stays_the_same(admin: Admin) -> None:
    await admin.put("orders", {"a": "7", "b": 5.5, "c": 7.0, "d": "2024-05-31T10:00:00"})
    url = admin.url("orders", 1)
    form = await admin.open("orders", 1)
    for name in "abcd":
        form = FormPage((await admin.post(url, form.filled(_op=f"type:{name}"), 200)).page)
    page = (await admin.post(url, form.filled(_op="type:a"), 200)).page
    assert "whole number (int32): 7<" in page
    assert "date and time (date): 2024-05-31T10:00:00" in page
    assert "whole number (int32): 5" not in page
    changes = {"a~s": "int32", "c~s": "int64", "d~s": "date"}
    shown = await admin.post(url, form.filled(changes, _op="show:a"), 200)
    assert "was text" in shown.page
    await admin.post(url, FormPage(shown.page).filled())
    after = (await admin.read("orders")).python()
    assert after == {"_id": 1, "a": 7, "b": 5.5, "c": 7, "d": datetime(2024, 5, 31, 10, tzinfo=UTC)}
    assert [type(after[key]) for key in "abc"] == [int, float, Int64]
