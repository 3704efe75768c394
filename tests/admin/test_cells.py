"""One cell of a list edited by itself: it writes its own path, by the rules of the whole form, and nothing else."""

from __future__ import annotations

import asyncio
import re
import string
from datetime import UTC, datetime
from typing import Any

import pytest
from bson import Decimal128, Int64, ObjectId
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from aiocms.admin.values.rawbson import Value
from tests.admin.conftest import Admin
from tests.admin.formpage import FormPage
from tests.admin.test_edit_property import documents

SHOP = """
import wtforms
from wtforms.validators import DataRequired, NumberRange, ValidationError

from aiocms.admin import Column, Screen
from aiocms.core.forms import Form

class SizeForm(Form):
    width = wtforms.IntegerField("Width")
    height = wtforms.IntegerField("Height")

class GoodForm(Form):
    name = wtforms.StringField("Name", [DataRequired()])
    low = wtforms.IntegerField("Lowest", [NumberRange(min=0)])
    high = wtforms.IntegerField("Highest")
    active = wtforms.BooleanField("Active")
    tags = wtforms.FieldList(wtforms.StringField("Tag"), "Tags")
    size = wtforms.FormField(SizeForm, "Size")
    must = wtforms.StringField("Must", [DataRequired()])

    def validate_high(self, field):
        if field.data is not None and self.low.data is not None and field.data < self.low.data:
            raise ValidationError("Higher than the lowest, please.")

    async def clean(self, request):
        if await request.db.goods.find_one({"name": self.name.data, "taken": True}):
            self.add_error("name", "This name is taken.")

class Goods(Screen):
    collection = "goods"
    label = "{name}"
    form = GoodForm
    columns = (
        "name", "low", "high", "active", "tags", "size.width", "other",
        Column("twice", value=lambda row: (row.get("low") or 0) * 2, needs=("low",)),
        Column("must", edit=False),
    )
"""
FILES = {"apps/shop/__init__.py": "", "apps/shop/admin.py": SHOP}
GOOD = {
    "_id": 1,
    "name": "Cup",
    "low": 2,
    "high": 9,
    "active": True,
    "tags": ["a", "b"],
    "size": {"width": 3, "height": 4, "extra": Int64(1)},
    "other": 5.0,
    "more": Decimal128("1.00"),
}
"""`must` is not there: a fault of another field, older than the change."""


def url(path: str, identity: str = "~int32:1", place: str = "shop/goods") -> str:
    return f"/admin/{place}/{identity}/cell?path={path}"


async def open_cell(admin: Admin, path: str, **place: Any) -> FormPage:
    return FormPage(await admin.get(url(path, **place)), "data-cell")


async def save(
    admin: Admin, path: str, value: str | None, status: int = 303, name: str = "", **place: Any
) -> str:
    """Post a cell's form with another value; None unticks its box."""
    form = await open_cell(admin, path, **place)
    name = name or form.names()[-1]
    kept = [pair for pair in form.pairs if pair[0] != name]
    at = [pair[0] for pair in form.pairs].index(name) if name in dict(form.pairs) else len(kept)
    pairs = kept if value is None else [*kept[:at], (name, value), *kept[at:]]
    return str((await admin.post(url(path, **place), pairs, status)).page)


TYPED = (
    ("old", "new", "new"),
    (5, "7", 7),
    (Int64(5), "7", Int64(7)),
    (1.5, "2.25", 2.25),
    (Decimal128("1.10"), "1.20", Decimal128("1.20")),
    (
        datetime(2024, 1, 2, 3, 4, tzinfo=UTC),
        "2024-02-03T04:05:06",
        datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC),
    ),
    (ObjectId("65" * 12), "66" * 12, ObjectId("66" * 12)),
)


async def test_a_cell_keeps_the_type_of_its_value(admin: Admin) -> None:
    for before, typed, after in TYPED:
        document = {"_id": 1, "a": 1, "deep": {"x": 1, "value": before, "y": 2.0}, "z": Int64(3)}
        await admin.put("things", document)
        await save(admin, "deep.value", typed, place="database/things")
        expected = Value.of({**document, "deep": {"x": 1, "value": after, "y": 2.0}})
        assert await admin.read("things") == expected
    assert await admin.db.admin_changes.distinct("paths") == ["deep.value"]


async def test_a_switch_and_a_list_are_edited_in_their_cells(admin: Admin) -> None:
    await admin.put("things", {"_id": 1, "on": True, "tags": ["a", "b"]})
    form = await open_cell(admin, "on", place="database/things")
    off = [pair for pair in form.pairs if pair != ("value", "true")]
    await admin.post(url("on", place="database/things"), off)
    form = await open_cell(admin, "tags", place="database/things")
    page = await admin.post(url("tags", place="database/things"), [*form.pairs, ("_op", "add:value")], 200)
    form = FormPage(page.page, "data-cell")
    assert form.names() == ["value-0", "value-1", "value-2"]
    await admin.post(url("tags", place="database/things"), form.filled({"value-2": "c"}))
    assert (await admin.read("things")).python() == {"_id": 1, "on": False, "tags": ["a", "b", "c"]}


async def test_a_value_that_is_not_there_yet_gets_the_type_of_its_neighbours_and_only_when_typed(
    admin: Admin,
) -> None:
    await admin.db.things.insert_many([{"_id": n, "size": {"w": Int64(n)}} for n in range(2, 8)])
    stored = await admin.put("things", {"_id": 1, "name": "x"})
    await save(admin, "size.w", "", name="w", place="database/things")
    assert await admin.read("things") == stored
    await save(admin, "size.w", "12", name="w", place="database/things")
    assert await admin.read("things") == Value.of({"_id": 1, "name": "x", "size": {"w": Int64(12)}})


async def test_other_paths_than_the_cell_of_the_signature_are_not_written(admin: Admin) -> None:
    stored = await admin.put("things", {"_id": 1, "a": "x", "b": "y"})
    form = await open_cell(admin, "a", place="database/things")
    answer = await admin.post(url("b", place="database/things"), form.filled({"value": "stolen"}), 422)
    assert "This page was made before the site changed" in answer.page
    form = await open_cell(admin, "c", place="database/things")
    await admin.post(
        url("c", place="database/things"), [*form.filled({"c": "new"}), ("b~t", "string"), ("b", "stolen")]
    )
    assert await admin.read("things") == Value.of({**stored.python(), "c": "new"})


async def test_amounts_in_minor_units_are_typed_as_they_are_read(open_admin: Any) -> None:
    screen = """
        from aiocms.admin import Column, Screen

        class Bills(Screen):
            collection = "bills"
            columns = ("name", Column("sum", format="money", currency="EUR"))
        """
    admin = await open_admin({"apps/shop/__init__.py": "", "apps/shop/admin.py": screen})
    await admin.put("bills", {"_id": 1, "name": "x", "sum": Int64(1250)})
    place = "shop/bills"
    assert (await open_cell(admin, "sum", place=place)).get("value") == "12.50"
    await save(admin, "sum", "99.9", place=place)
    assert await admin.read("bills") == Value.of({"_id": 1, "name": "x", "sum": Int64(9990)})
    page = await save(admin, "sum", "1.234", 422, place=place)
    assert 'value="1.234"' in page


async def test_a_cell_of_a_declared_form_shows_its_own_field_and_keeps_every_other_byte(
    open_admin: Any,
) -> None:
    admin = await open_admin(FILES)
    await admin.put("goods", GOOD)
    form = await open_cell(admin, "size.width")
    assert form.names() == ["size-width"]
    await save(admin, "size.width", "30")
    assert await admin.read("goods") == Value.of(
        {**GOOD, "size": {"width": 30, "height": 4, "extra": Int64(1)}}
    )
    await save(admin, "active", None, name="active")
    assert (await admin.read("goods")).find("active") == Value.of(False)


TIMES = """
import wtforms
from wtforms.validators import InputRequired

from aiocms.admin import Screen
from aiocms.core.forms import Form

class DayForm(Form):
    at = wtforms.DateTimeLocalField("At", [InputRequired()])
    day = wtforms.DateField("Day", [InputRequired()])
    price = wtforms.DecimalField("Price", [InputRequired()], places=2)

class Days(Screen):
    collection = "days"
    form = DayForm
    columns = ("at", "day", "price")
"""


async def test_cells_of_times_and_numbers_show_them_as_the_form_does(open_admin: Any) -> None:
    admin = await open_admin({"apps/shop/__init__.py": "", "apps/shop/admin.py": TIMES})
    at, day = datetime(2024, 1, 2, 3, 4, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC)
    await admin.put("days", {"_id": 1, "at": at, "day": day, "price": Decimal128("1.50")})
    whole = dict((await admin.open("days", 1, ns="shop")).pairs)
    for name, typed in (("at", "2025-01-02T03:04"), ("day", "2025-01-02"), ("price", "2.50")):
        assert dict((await open_cell(admin, name, place="shop/days")).pairs)[name] == whole[name]
        await save(admin, name, typed, place="shop/days")
    stored = (await admin.read("days")).python()
    assert (stored["at"], stored["day"]) == (at.replace(year=2025), day.replace(year=2025))
    assert stored["price"] == Decimal128("2.50")


REFUSED = (
    ("low", "-1", "Number must be at least 0."),
    ("low", "many", "Not a valid integer value."),
    ("low", "10", "Highest: Higher than the lowest, please."),
    ("name", "", "This field is required."),
    ("name", "Mug", "This name is taken."),
)


async def test_all_rules_of_the_form_hold_for_a_cell(open_admin: Any) -> None:
    admin = await open_admin(FILES)
    stored = await admin.put("goods", GOOD)
    await admin.db.goods.insert_one({"_id": 2, "name": "Mug", "taken": True})
    for path, typed, said in REFUSED:
        assert said in await save(admin, path, typed, 422)
        assert await admin.read("goods") == stored


async def test_computed_and_foreign_columns_have_no_cell_to_edit(open_admin: Any) -> None:
    admin = await open_admin(FILES)
    await admin.put("goods", GOOD)
    page = await admin.get("/admin/shop/goods/")
    assert 'data-edit="low"' in page
    for path in ("twice", "must", "other", "_id", "size.height.deep", "nothing", ""):
        await admin.get(url(path), 404)
        assert f'data-edit="{path}"' not in page


CONDITIONS = """
import wtforms

from aiocms.admin import Screen
from aiocms.core.forms import Form

class SizeForm(Form):
    width = wtforms.IntegerField("Width")

class GoodForm(Form):
    name = wtforms.StringField("Name")
    on_sale = wtforms.BooleanField("On sale")
    stock = wtforms.IntegerField("Stock", default=5)
    sale_price = wtforms.IntegerField("Sale price")
    cost = wtforms.IntegerField("Cost")
    size = wtforms.FormField(SizeForm, "Size")

CONDITIONS = {
    "sale_price": "on_sale == true and cost > 1 and stock > 0",
    "size": "$.name != 'Cup'",
}

class Goods(Screen):
    collection = "goods"
    label = "{name}"
    form = GoodForm
    columns = ("name", "sale_price", "size.width", "on_sale")
    show_if = CONDITIONS

    def field_access(self, request, path, document=None):
        return "mask" if path == "cost" and not request.user.is_superuser else "edit"

class Plain(Screen):
    collection = "goods"
    label = "{name}"
    columns = ("name", "sale_price", "size.width", "on_sale")
    show_if = CONDITIONS
"""
RULED = [
    {"_id": 1, "name": "Cup", "on_sale": True, "sale_price": 3, "cost": 2, "size": {"width": 1}, "stock": 1},
    {"_id": 2, "name": "Pot", "on_sale": False, "sale_price": 3, "cost": 2, "size": {"width": 1}, "stock": 1},
    {"_id": 3, "name": "Pan", "on_sale": True, "sale_price": 3, "cost": 1, "size": {"width": 1}, "stock": 1},
    {"_id": 4, "name": "Bin", "on_sale": True, "sale_price": 3, "cost": 2, "size": {"width": 1}, "stock": 0},
]


async def open_ruled(open_admin: Any, *permissions: str) -> Admin:
    user = {"superuser": False, "permissions": ["admin.enter", *permissions]} if permissions else None
    files = {"apps/shop/__init__.py": "", "apps/shop/admin.py": CONDITIONS}
    admin: Admin = await open_admin(files, user=user)
    for good in RULED:
        await admin.put("goods", good)
    return admin


def find_offered(page: str) -> dict[str, set[str]]:
    """The paths that may be edited in each row of a list, by the name in its label."""
    rows = re.findall(r'<tr data-id="[^"]*">(.*?)</tr>', page, re.DOTALL)
    return {
        re.search(r"<th[^>]*><a[^>]*>([^<]*)", row)[1]: set(re.findall(r'data-edit="([^"]*)"', row))  # type: ignore[index]
        for row in rows
    }


async def test_a_cell_is_offered_only_where_the_condition_of_its_field_holds(open_admin: Any) -> None:
    wanted = {
        "Cup": {"sale_price", "on_sale"},
        "Pot": {"size.width", "on_sale"},
        "Pan": {"size.width", "on_sale"},
        "Bin": {"size.width", "on_sale"},
    }
    admin = await open_ruled(open_admin)
    for place in ("goods", "plain"):
        assert find_offered(await admin.get(f"/admin/shop/{place}/")) == wanted, place
    # A column that the condition asks for need not be shown.
    assert find_offered(await admin.get("/admin/shop/goods/?cols=sale_price")) == {
        "Cup": {"sale_price"},
        "Pot": set(),
        "Pan": set(),
        "Bin": set(),
    }


async def test_a_condition_over_a_masked_value_is_decided_by_what_is_stored(open_admin: Any) -> None:
    admin = await open_ruled(open_admin, "shop.goods.view", "shop.goods.edit")
    page = await admin.get("/admin/shop/goods/?cols=sale_price")
    assert find_offered(page) == {"Cup": {"sale_price"}, "Pot": set(), "Pan": set(), "Bin": set()}


async def test_a_missing_value_is_to_a_condition_what_the_form_would_show(open_admin: Any) -> None:
    admin = await open_ruled(open_admin)
    await admin.put("goods", {"_id": 1, "name": "Cup", "on_sale": True, "sale_price": 3, "cost": 2})
    offered = find_offered(await admin.get("/admin/shop/goods/?cols=sale_price"))
    assert offered["Cup"] == {"sale_price"}  # the form begins with a stock of 5
    assert find_offered(await admin.get("/admin/shop/plain/?cols=sale_price"))["Cup"] == set()


@pytest.mark.parametrize("place", ["goods", "plain"])
async def test_a_cell_whose_condition_does_not_hold_is_neither_shown_nor_written(
    open_admin: Any, place: str
) -> None:
    admin = await open_ruled(open_admin)
    for identity, path in ((2, "sale_price"), (3, "sale_price"), (4, "sale_price"), (1, "size.width")):
        address = url(path, f"~int32:{identity}", f"shop/{place}")
        page = await admin.get(address, 409)
        assert "the condition of this field does not hold" in page, path
        assert ">Save</button>" not in page and "Open the document" in page
    form = await open_cell(admin, "sale_price", place=f"shop/{place}")
    await admin.db.goods.update_one({"_id": 1}, {"$set": {"on_sale": False}})
    name = form.names()[-1]
    pairs = [(key, "77" if key == name else value) for key, value in form.pairs]
    answer = await admin.post(url("sale_price", place=f"shop/{place}"), pairs, 409)
    assert "the condition of this field does not hold" in answer.page
    assert 'value="77"' in answer.page  # what was typed is not lost
    assert (await admin.db.goods.find_one({"_id": 1}))["sale_price"] == 3
    await admin.db.goods.update_one({"_id": 1}, {"$set": {"on_sale": True}})
    await admin.post(url("sale_price", place=f"shop/{place}"), pairs)
    assert (await admin.db.goods.find_one({"_id": 1}))["sale_price"] == 77


async def test_a_hidden_field_does_not_keep_a_cell_from_being_saved_and_keeps_what_is_stored(
    open_admin: Any,
) -> None:
    rule = '    show_if = {"high": "active == true", "size.height": "active == true"}\n'
    screen = SHOP.replace('"size.width", "other",', '"size", "other",') + rule
    admin = await open_admin({**FILES, "apps/shop/admin.py": screen})
    await admin.put("goods", GOOD)
    # The form checks the lowest against the highest, as long as that is shown.
    assert "Higher than the lowest" in await save(admin, "low", "20", 422)
    before = await admin.put("goods", {**GOOD, "active": False})
    await save(admin, "low", "20")
    assert (await admin.db.goods.find_one({"_id": 1}))["low"] == 20
    assert (await admin.read("goods")).find("high") == before.find("high")
    form = await open_cell(admin, "size")
    pairs = [(key, {"size-width": "7", "size-height": "8"}.get(key, value)) for key, value in form.pairs]
    await admin.post(url("size"), pairs)
    assert (await admin.db.goods.find_one({"_id": 1}))["size"] == {"width": 7, "height": 4, "extra": 1}


async def test_the_row_of_a_saved_cell_offers_what_the_conditions_allow_then(open_admin: Any) -> None:
    admin = await open_ruled(open_admin)
    form = await open_cell(admin, "on_sale")
    pairs = [pair for pair in form.pairs if pair[0] != form.names()[-1]]
    answer = await admin.client.post(
        url("on_sale") + "&cols=sale_price,on_sale",
        data=pairs,
        headers={"Origin": admin.origin, "X-Aiocms-Cell": "row"},
    )
    page = await answer.text()
    assert answer.status == 200 and find_offered(page) == {"Cup": {"on_sale"}}, page


async def test_two_people_in_one_cell_see_both_values_and_choose(admin: Admin) -> None:
    await admin.put("things", {"_id": 1, "a": "first", "b": 1})
    place = {"place": "database/things"}
    form = await open_cell(admin, "a", **place)
    await admin.db.things.update_one({"_id": 1}, {"$set": {"a": "theirs", "b": 2}})
    answer = await admin.post(url("a", **place), form.filled({"value": "mine"}), 409)
    assert "theirs" in answer.page
    assert "mine" in answer.page
    assert (await admin.read("things")).find("a") == Value.of("theirs")
    again = FormPage(answer.page, "data-cell")
    await admin.post(url("a", **place), [*again.pairs, ("_take~a", "mine")])
    assert (await admin.read("things")).python() == {"_id": 1, "a": "mine", "b": 2}


async def test_another_path_changed_meanwhile_is_no_conflict(admin: Admin) -> None:
    await admin.put("things", {"_id": 1, "a": "first", "b": 1})
    form = await open_cell(admin, "a", place="database/things")
    await admin.db.things.update_one({"_id": 1}, {"$set": {"b": 2}})
    await admin.post(url("a", place="database/things"), form.filled({"value": "mine"}))
    assert (await admin.read("things")).python() == {"_id": 1, "a": "mine", "b": 2}


async def test_a_saved_cell_can_be_taken_back(admin: Admin) -> None:
    stored = await admin.put("things", {"_id": 1, "a": 5.0, "b": 1})
    await save(admin, "a", "6", place="database/things")
    change = await admin.db.admin_changes.find_one({"verb": "edit"})
    form = await open_cell(admin, "a", place="database/things")
    await admin.post(f"/admin/undo/{change['_id']}", [("csrf_token", form.get("csrf_token"))])
    assert await admin.read("things") == stored


async def test_the_screen_is_asked_before_a_cell_is_written_and_told_after(open_admin: Any) -> None:
    screen = """
        from aiocms.admin import Screen

        class Notes(Screen):
            collection = "notes"
            columns = ("name", "text")

            async def check(self, request, document, before=None):
                return {"text": "Far too loud"} if document["text"].isupper() else {}

            async def saved(self, request, document_id, document, before):
                await request.db.told.insert_one({"text": document["text"], "before": before["text"]})
        """
    admin = await open_admin({"apps/desk/__init__.py": "", "apps/desk/admin.py": screen})
    await admin.put("notes", {"_id": 1, "name": "n", "text": "calm"})
    assert "Far too loud" in await save(admin, "text", "LOUD", 422, place="desk/notes")
    assert await admin.db.told.count_documents({}) == 0
    await save(admin, "text", "quiet", place="desk/notes")
    told = await admin.db.told.find_one({}, {"_id": 0})
    assert told == {"text": "quiet", "before": "calm"}


RULES = """
from aiocms.admin import Screen

class Orders(Screen):
    collection = "orders"
    columns = ("no", "state", "margin", "note", "items.qty")

    def scope(self, request, verb):
        return {"locked": {"$ne": True}} if verb == "edit" else True

    def field_access(self, request, path, document=None):
        if path == "note":
            return "edit" if document and document.get("state") == "open" else "read"
        return {"margin": "mask", "state": "read", "secret": "hide"}.get(path, "edit")
"""


async def test_cells_are_marked_only_where_this_user_may_edit_and_closed_everywhere_else(
    open_admin: Any,
) -> None:
    admin = await open_admin({"apps/sales/__init__.py": "", "apps/sales/admin.py": RULES})
    order = {"no": "A", "state": "s", "margin": 5, "note": "n", "secret": "word", "items": [{"qty": 1}]}
    await admin.db.orders.insert_many(
        [
            {"_id": 1, **order, "state": "open"},
            {"_id": 2, **order},
            {"_id": 3, **order, "state": "open", "locked": True},
        ]
    )
    page = await admin.get("/admin/sales/orders/?sort=_id&cols=no,state,margin,note,items.qty")
    rows = [part.partition("</tr>")[0] for part in page.split('<tr data-id="')[1:]]
    marked = [
        [name for name in ("no", "state", "margin", "note", "items.qty") if f'data-edit="{name}"' in row]
        for row in rows
    ]
    assert marked == [["note"], [], []]
    place = {"place": "sales/orders"}
    await admin.get(url("note", "~int32:1", **place))
    for path in ("state", "margin", "secret", "items.qty"):
        await admin.get(url(path, "~int32:1", **place), 404)
    await admin.get(url("note", "~int32:2", **place), 404)
    await admin.get(url("note", "~int32:3", **place), 403)


async def test_who_may_only_look_finds_no_cell_to_edit(open_admin: Any) -> None:
    admin = await open_admin(
        FILES, user={"superuser": False, "permissions": ("admin.enter", "shop.goods.view")}
    )
    await admin.put("goods", GOOD)
    assert "data-edit=" not in await admin.get("/admin/shop/goods/")
    await admin.get(url("low"), 403)
    preview = await admin.get("/admin/shop/goods/~int32:1/preview")
    assert "Cup" in preview
    assert "/cell?" not in preview


async def test_the_script_gets_the_row_as_it_is_now_and_others_go_back_to_their_list(admin: Admin) -> None:
    await admin.put("things", {"_id": 1, "name": "x", "a": 1, "b": "old"})
    place = "/admin/database/things/~int32:1/cell?path=b&next=/admin/database/things/%3Fa%3D1"
    form = FormPage(await admin.get(place), "data-cell")
    answer = await admin.post(place, form.filled({"value": "newer"}))
    assert answer.headers["Location"] == "/admin/database/things/?a=1"
    form = FormPage(await admin.get(place), "data-cell")
    answer = await admin.client.post(
        f"{place}&cols=b",
        data=form.filled({"value": "<b>newest"}),
        headers={"Origin": admin.origin, "X-Aiocms-Cell": "row"},
        allow_redirects=False,
    )
    page = await answer.text()
    assert answer.status == 200
    assert page.count("<tr") == 1
    assert "&lt;b&gt;newest" in page
    assert 'data-edit="b"' in page
    assert 'data-edit="a"' not in page
    assert "undo" in page


async def test_what_does_not_fit_into_a_cell_is_edited_on_its_page(admin: Admin) -> None:
    await admin.put("things", {"_id": 1, "many": list(range(500))})
    answer = await admin.client.get(url("many", place="database/things"), allow_redirects=False)
    assert answer.status == 303
    assert "at=many" in answer.headers["Location"]


async def test_a_cell_is_not_written_without_the_forms_token(admin: Admin) -> None:
    stored = await admin.put("things", {"_id": 1, "a": "x"})
    form = await open_cell(admin, "a", place="database/things")
    pairs = [pair for pair in form.filled({"value": "y"}) if pair[0] != "csrf_token"]
    await admin.post(url("a", place="database/things"), pairs, 422)
    assert await admin.read("things") == stored


async def test_whatever_a_cell_saves_every_other_path_keeps_its_bytes(open_admin: Any) -> None:
    admin = await open_admin()
    loop = asyncio.get_running_loop()
    typed = st.text(string.ascii_letters + string.digits, min_size=1, max_size=6)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(documents, st.integers(0, 10_000), typed)
    def check(document: dict[str, Any], choice: int, text: str) -> None:
        asyncio.run_coroutine_threadsafe(_save_one(admin, document, choice, text), loop).result(60)

    await asyncio.to_thread(check)


async def _save_one(admin: Admin, document: dict[str, Any], choice: int, typed: str) -> None:
    before = await admin.put("things", {"_id": 1, **document})
    paths = [path for path in _iter_paths(document, "") if path]
    if not paths:
        return
    path = paths[choice % len(paths)]
    target = URL("/admin/database/things/~int32:1/cell").with_query(path=path)
    answer = await admin.client.get(target, allow_redirects=False)
    page = await answer.text()
    if answer.status != 200:
        assert answer.status in (303, 404), page[-2000:]
        return
    form = FormPage(page, "data-cell")
    name = next((one for one in form.names() if form.kinds.get(one) in ("text", "textarea")), None)
    pairs = form.filled({name: typed}) if name else form.pairs
    answer = await admin.client.post(
        target, data=pairs, headers={"Origin": admin.origin}, allow_redirects=False
    )
    after = await admin.read("things")
    assert answer.status in (303, 422), (answer.status, (await answer.text())[-2000:])
    if answer.status == 422 or name is None:
        assert after == before
    parts = path.split(".")
    assert _without(after, parts) == _without(before, parts)


def _iter_paths(document: dict[str, Any], around: str) -> Any:
    """The paths that a column may name: plain keys, through objects."""
    for key, value in document.items():
        if not key or "." in key or key.startswith("$"):
            continue
        path = f"{around}.{key}" if around else key
        yield path
        if isinstance(value, dict):
            yield from _iter_paths(value, path)


def _without(value: Value, parts: list[str]) -> bytes:
    """The bytes of a document with nothing at a path, where something may be or not."""
    items = []
    for key, inner in value.items():
        if key != parts[0]:
            items.append((key, inner))
        elif len(parts) > 1:
            items.append((key, Value(inner.code, _without(inner, parts[1:])) if inner.code == 3 else inner))
    return Value.object(items).raw


async def test_a_reference_is_chosen_in_its_cell(open_admin: Any) -> None:
    screen = """
        from aiocms.admin import Column, Screen

        class Loans(Screen):
            collection = "loans"
            columns = ("no", Column("book", reference="books"))

        class Books(Screen):
            collection = "books"
            label = "{title}"
        """
    admin = await open_admin({"apps/lib/__init__.py": "", "apps/lib/admin.py": screen})
    first, second = ObjectId("65" * 12), ObjectId("66" * 12)
    await admin.db.books.insert_many([{"_id": first, "title": "One"}, {"_id": second, "title": "Two"}])
    await admin.put("loans", {"_id": 1, "no": 5, "book": first})
    page = await admin.get(url("book", place="lib/loans"))
    assert "data-suggest=" in page
    await save(admin, "book", str(second), name="value", place="lib/loans")
    assert await admin.read("loans") == Value.of({"_id": 1, "no": 5, "book": second})
    assert "Two" in await admin.get("/admin/lib/loans/")


LIBRARY = """
import wtforms

from aiocms.admin import Column, Screen
from aiocms.core.fields import ReferenceField
from aiocms.core.forms import Form

class LoanForm(Form):
    no = wtforms.IntegerField("No")
    book = ReferenceField("books", "Book")

class Loans(Screen):
    collection = "loans"
    form = LoanForm
    columns = ("no", "book")

class Plain(Screen):
    collection = "loans"
    columns = ("no", Column("book", reference="books"), "place.book")
    references = {"place.book": "books"}
    types = {"place.book": "objectId"}

class Books(Screen):
    collection = "books"
    label = "{title}"
"""


@pytest.mark.parametrize(
    ("place", "path"), [("lib/loans", "book"), ("lib/plain", "book"), ("lib/plain", "place.book")]
)
async def test_choose_leads_to_a_page_of_documents_and_back_into_the_cell(
    open_admin: Any, place: str, path: str
) -> None:
    admin = await open_admin({"apps/lib/__init__.py": "", "apps/lib/admin.py": LIBRARY})
    books = [ObjectId(f"{number:024}") for number in range(3)]
    await admin.db.books.insert_many([{"_id": one, "title": f"Book {n}"} for n, one in enumerate(books)])
    await admin.put("loans", {"_id": 1, "no": 5, "book": books[0]})
    form = await open_cell(admin, path, place=place)
    name = form.names()[-1]
    pairs = [*form.pairs, ("_op", f"choose:{name}")]
    page = (await admin.post(url(path, place=place), pairs, 200)).page
    assert f'value="pick:{name}={books[2]}"' in page and "Book 1" in page
    typed = FormPage(page, "data-choose").pairs
    found = [*typed, ("_choose", "Book 2"), ("_op", f"choose:{name}")]
    page = (await admin.post(url(path, place=place), found, 200)).page
    assert "Book 1" not in page and "Book 2" in page
    picked = [*typed, ("_op", f"pick:{name}={books[2]}")]
    answer = await admin.post(url(path, place=place), picked, 200)
    back = FormPage(answer.page, "data-cell")
    assert (name, str(books[2])) in back.pairs
    await admin.post(url(path, place=place), back.pairs)
    stored = await admin.db.loans.find_one({"_id": 1})
    assert (stored["place"]["book"] if "." in path else stored["book"]) == books[2]
