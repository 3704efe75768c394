"""Declared WTForms forms: types of the document stay, lists follow their items, what the form lacks is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bson import Decimal128, Int64

from aiocms.admin.values.rawbson import Value
from tests.admin.formpage import FormPage

SCREEN = """
from wtforms import (BooleanField, DateField, DateTimeLocalField, DecimalField, FieldList, FloatField, FormField,
                     IntegerField, SelectField, StringField, TextAreaField)
from wtforms.validators import DataRequired, Length, Optional
import wtforms
from aiocms import Form
from aiocms.admin import Screen, Tab

class LineForm(wtforms.Form):
    name = StringField("Name")
    qty = IntegerField("Quantity", [Optional()])
    gift = BooleanField("Gift")

class OrderForm(Form):
    no = StringField("Number", [DataRequired(), Length(max=10)])
    note = TextAreaField("Note")
    count = IntegerField("Count", [Optional()])
    ratio = FloatField("Ratio", [Optional()])
    total = DecimalField("Total", [Optional()], places=None)
    at = DateTimeLocalField("At", [Optional()], format=["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M"])
    day = DateField("Day", [Optional()])
    state = SelectField("State", choices=["open", "done"])
    paid = BooleanField("Paid")
    tags = FieldList(StringField("Tag"))
    lines = FieldList(FormField(LineForm))

    async def clean(self, request):
        if self.no.data == "bad":
            self.add_error("no", "not this one")

class Orders(Screen):
    collection = "orders"
    form = OrderForm
    label = "{no}"
    layout = (("no", "state"), Tab("Money", ("count", "total")))
"""
FILES = {"apps/sales/__init__.py": "", "apps/sales/admin.py": SCREEN}
ORDER = {
    "_id": 1,
    "no": "A-1",
    "note": "first\r\nsecond",
    "count": Int64(3),
    "ratio": 2.0,
    "total": Decimal128("12.50"),
    "at": datetime(2024, 7, 1, 22, 30, 15, 123000, tzinfo=UTC),
    "day": datetime(2024, 7, 1, tzinfo=UTC),
    "state": "open",
    "paid": True,
    "tags": ["a", "b", "c"],
    "lines": [
        {"id": n, "name": f"line {n}", "qty": Int64(n), "gift": False, "extra": n / 2} for n in range(3)
    ],
    "unknown": {"kept": [1, 2.0, Int64(3)]},
}
URL = "/admin/sales/orders/~int32:1"


async def start(open_admin: Any, **settings: Any) -> Any:
    admin = await open_admin(FILES, **settings)
    await admin.put("orders", ORDER)
    return admin


async def test_untouched_declared_form_writes_nothing(open_admin: Any) -> None:
    admin = await start(open_admin)
    before = await admin.read("orders")
    await admin.post(URL, FormPage(await admin.get(URL)).filled())
    assert await admin.read("orders") == before


async def test_times_and_days_of_a_declared_form_stay_exact_in_another_zone(open_admin: Any) -> None:
    admin = await start(open_admin, time_zone="America/New_York")
    before = await admin.read("orders")
    form = FormPage(await admin.get(URL))
    assert form.get("at").startswith("2024-07-01 18:30")
    assert form.get("day") == "2024-07-01"
    await admin.post(URL, form.filled({"no": "B"}))
    after = await admin.read("orders")
    assert (after.find("at"), after.find("day")) == (before.find("at"), before.find("day"))


async def test_changed_values_keep_the_type_of_the_document(open_admin: Any) -> None:
    admin = await start(open_admin)
    form = FormPage(await admin.get(URL))
    await admin.post(
        URL,
        form.filled({"count": "4", "ratio": "5", "total": "13.00", "lines-1-qty": "9", "day": "2024-07-02"}),
    )
    after = await admin.read("orders")
    assert after.find("count") == Value.of(Int64(4))
    assert after.find("ratio") == Value.of(5.0)
    assert after.find("total") == Value.of(Decimal128("13.00"))
    assert after.find("day") == Value.of(datetime(2024, 7, 2, tzinfo=UTC))
    line = after.find("lines").values()[1]  # type: ignore[union-attr]
    assert line.find("qty") == Value.of(Int64(9))
    assert line.find("extra") == Value.of(0.5)
    assert after.find("unknown") == Value.of(ORDER["unknown"])


async def test_list_buttons_of_a_declared_form_follow_the_items(open_admin: Any) -> None:
    admin = await start(open_admin)
    before = await admin.read("orders")

    async def press(form: FormPage, operation: str, changes: dict[str, str] | None = None) -> FormPage:
        answer = await admin.post(URL, [*form.filled(changes), ("_op", operation)], status=200)
        return FormPage(answer.page)

    form = await press(FormPage(await admin.get(URL)), "up:lines-2", {"no": "typed"})
    form = await press(form, "remove:lines-0")
    form = await press(form, "add:lines")
    form = await press(form, "down:tags-0")
    assert form.get("no") == "typed"
    await admin.post(URL, form.filled({"lines-3-name": "new"}))
    after = await admin.read("orders")
    lines = after.find("lines").values()  # type: ignore[union-attr]
    assert [line.find("name").python() for line in lines] == ["line 2", "line 1", "new"]  # type: ignore[union-attr]
    assert lines[0] == before.find("lines").values()[2]  # type: ignore[union-attr]
    assert after.python()["tags"] == ["b", "a", "c"]


async def test_errors_of_fields_and_of_clean_stand_beside_what_was_typed(open_admin: Any) -> None:
    admin = await start(open_admin)
    before = await admin.read("orders")
    form = FormPage(await admin.get(URL))
    answer = await admin.post(URL, form.filled({"no": "far too long for it", "count": "x"}), status=422)
    assert FormPage(answer.page).get("no") == "far too long for it"
    assert FormPage(answer.page).get("count") == "x"
    answer = await admin.post(URL, form.filled({"no": "bad"}), status=422)
    assert "not this one" in answer.page
    assert await admin.read("orders") == before


async def test_new_document_from_a_declared_form(open_admin: Any) -> None:
    admin = await start(open_admin)
    form = FormPage(await admin.get("/admin/sales/orders/new"))
    await admin.post("/admin/sales/orders/new", form.filled({"no": "N-1", "state": "done"}))
    found = await admin.db.orders.find_one({"no": "N-1"})
    assert found["state"] == "done"
    assert "total" not in found


async def test_concurrent_change_of_a_key_outside_the_form_is_kept(open_admin: Any) -> None:
    admin = await start(open_admin)
    form = FormPage(await admin.get(URL))
    await admin.db.orders.update_one({"_id": 1}, {"$set": {"unknown": "changed", "lines.0.extra": "changed"}})
    await admin.post(URL, form.filled({"lines-0-qty": "5"}))
    after = (await admin.read("orders")).python()
    assert (after["unknown"], after["lines"][0]["extra"], after["lines"][0]["qty"]) == (
        "changed",
        "changed",
        5,
    )


async def test_parts_of_a_form_are_overridden_by_the_fallback_names_of_the_page(open_admin: Any) -> None:
    mark = "{%% macro part(one) %%}%s{%% endmacro %%}{%% macro glyphs() %%}{%% endmacro %%}"
    keys = "{% macro add_key(name) %}{% endmacro %}"
    admin = await open_admin(
        {
            **FILES,
            "apps/sales/templ/admin/orders/declared.tpl": mark % "OURS {{ one.name }}",
            "templ/admin/field.tpl": (mark % "EVERYWHERE {{ one.name }}") + keys,
        }
    )
    await admin.put("orders", ORDER)
    await admin.put("loose", {"_id": 1, "a": 1})
    declared = await admin.get(admin.url("orders", 1, ns="sales"))
    assert "OURS note" in declared and "EVERYWHERE" not in declared
    assert "EVERYWHERE a" in await admin.get(admin.url("loose", 1))
