"""Long lists of a declared form: closed items have no inputs, are opened one by one, and keep every byte."""

from __future__ import annotations

from typing import Any

from bson import Int64

from aiocms.admin.values.rawbson import Value
from tests.admin.formpage import FormPage
from tests.admin.test_edit_declared import FILES, ORDER, SCREEN, URL

RULE = SCREEN.replace(
    """        if self.no.data == "bad":""",
    """        if sum(line.form.qty.data or 0 for line in self.lines) > 1_000_000:
            self.add_error("lines", "too much in all")
        if self.no.data == "bad":""",
).replace('name = StringField("Name")', 'name = StringField("Name", [Length(max=20)])')
LINE = {"gift": True, "extra": 0.5}


def make_lines(count: int) -> list[dict[str, Any]]:
    return [{"id": n, "name": f"line {n}", "qty": Int64(n), **LINE} for n in range(count)]


async def start(open_admin: Any, count: int = 40, screen: str = RULE, **values: Any) -> Any:
    admin = await open_admin({**FILES, "apps/sales/admin.py": screen})
    await admin.put("orders", {**ORDER, "lines": make_lines(count), **values})
    return admin


async def read_lines(admin: Any) -> list[Value]:
    found = (await admin.read("orders")).find("lines")
    return list(found.values())


async def press(
    admin: Any, form: FormPage, operation: str, changes: dict[str, str] | None = None
) -> FormPage:
    answer = await admin.post(URL, [*form.filled(changes), ("_op", operation)], status=200)
    return FormPage(answer.page)


def list_line_inputs(form: FormPage) -> list[str]:
    return [name for name in form.names() if name.startswith("lines-")]


async def test_a_long_list_comes_closed_and_untouched_items_keep_their_bytes(open_admin: Any) -> None:
    admin = await start(open_admin, 500)
    before = await admin.read("orders")
    page = await admin.get(URL)
    form = FormPage(page)
    assert list_line_inputs(form) == []
    assert page.count('data-item="lines-') == 500
    assert "line 499" in page
    await admin.post(URL, form.filled())
    assert await admin.read("orders") == before
    await admin.post(URL, form.filled({"no": "B"}))
    assert (await admin.read("orders")).find("lines") == before.find("lines")


async def test_a_short_list_comes_open(open_admin: Any) -> None:
    admin = await start(open_admin, 19)
    assert "lines-18-name" in FormPage(await admin.get(URL)).names()


async def test_an_opened_item_has_its_own_values_and_is_saved_alone(open_admin: Any) -> None:
    admin = await start(open_admin)
    before = await read_lines(admin)
    form = await press(admin, FormPage(await admin.get(URL)), "open:lines-17", {"no": "typed"})
    assert form.get("no") == "typed"
    assert list_line_inputs(form) == ["lines-17-name", "lines-17-qty", "lines-17-gift"]
    assert (form.get("lines-17-name"), form.get("lines-17-qty")) == ("line 17", "17")
    await admin.post(URL, form.filled({"lines-17-qty": "99"}))
    after = await read_lines(admin)
    assert after[17].python() == {**before[17].python(), "qty": Int64(99)}
    assert [*after[:17], *after[18:]] == [*before[:17], *before[18:]]


async def test_opening_without_changing_writes_nothing(open_admin: Any) -> None:
    admin = await start(open_admin)
    before = await admin.read("orders")
    form = await press(admin, FormPage(await admin.get(URL)), "open:lines-3")
    form = await press(admin, form, "open:lines-2")
    assert list_line_inputs(form)[0] == "lines-2-name"
    await admin.post(URL, form.filled())
    assert await admin.read("orders") == before
    form = await press(admin, form, "openall:lines")
    assert len(list_line_inputs(form)) == 120
    await admin.post(URL, form.filled())
    assert await admin.read("orders") == before


async def test_closed_items_are_moved_copied_added_and_removed(open_admin: Any) -> None:
    admin = await start(open_admin)
    before = await read_lines(admin)
    form = await press(admin, FormPage(await admin.get(URL)), "up:lines-39")
    form = await press(admin, form, "down:lines-0")
    form = await press(admin, form, "remove:lines-5")
    form = await press(admin, form, "dup:lines-7")
    assert form.get("lines-40-name") == "line 7"
    form = await press(admin, form, "add:lines")
    await admin.post(URL, form.filled({"lines-40-name": "twin", "lines-41-name": "last"}))
    after = await read_lines(admin)
    kept = [item for item in after if item in before]
    order = [1, 0, 2, 3, 4, 6, *range(7, 38), 39, 38]
    assert kept == [before[place] for place in order]
    names = [item.find("name").python() for item in after]
    assert names.index("twin") == names.index("line 7") + 1
    assert names[-1] == "last"


async def test_rules_of_the_form_see_closed_items_and_open_the_wrong_one(open_admin: Any) -> None:
    lines = make_lines(40)
    lines[30]["name"] = "far longer than it may be"
    admin = await start(open_admin, lines=lines)
    before = await admin.read("orders")
    form = FormPage(await admin.get(URL))
    assert list_line_inputs(form) == []
    answer = await admin.post(URL, form.filled({"no": "B"}), status=422)
    wrong = FormPage(answer.page)
    assert [name for name in list_line_inputs(wrong) if "-name" in name] == ["lines-30-name"]
    assert await admin.read("orders") == before
    await admin.post(URL, wrong.filled({"lines-30-name": "short"}))
    assert (await read_lines(admin))[30].find("name") == Value.of("short")
    form = await press(admin, FormPage(await admin.get(URL)), "open:lines-1")
    answer = await admin.post(URL, form.filled({"lines-1-qty": "9990000"}), status=422)
    assert "too much in all" in answer.page


async def test_others_change_closed_items_meanwhile(open_admin: Any) -> None:
    admin = await start(open_admin)
    form = await press(admin, FormPage(await admin.get(URL)), "open:lines-2")
    await admin.db.orders.update_one({"_id": 1}, {"$set": {"lines.20.name": "theirs", "lines.2.extra": 9.0}})
    await admin.post(URL, form.filled({"lines-2-qty": "77"}))
    after = await read_lines(admin)
    assert after[20].find("name") == Value.of("theirs")
    assert after[2].python() == {"id": 2, "name": "line 2", "qty": Int64(77), "gift": True, "extra": 9.0}


async def test_a_list_that_is_longer_than_the_form_takes_is_kept(open_admin: Any) -> None:
    screen = RULE.replace("FieldList(FormField(LineForm))", "FieldList(FormField(LineForm), max_entries=3)")
    admin = await start(open_admin, 5, screen)
    before = await admin.read("orders")
    form = FormPage(await admin.get(URL))
    assert "lines-2-name" in form.names() and "lines-3-name" not in form.names()
    await admin.post(URL, form.filled({"no": "B"}))
    assert (await admin.read("orders")).find("lines") == before.find("lines")


async def test_items_with_keys_that_wtforms_would_take_for_its_own(open_admin: Any) -> None:
    screen = RULE.replace("    qty = ", "    prefix = StringField('P')\n    qty = ")
    lines = [{"name": "a", "prefix": "Dr", "data": "x", "meta": {"csrf": True}, "obj": 1}]
    admin = await start(open_admin, screen=screen, lines=lines)
    form = FormPage(await admin.get(URL))
    assert form.get("lines-0-prefix") == "Dr"
    await admin.post(URL, form.filled({"lines-0-prefix": "Prof"}))
    assert (await read_lines(admin))[0].python() == {**lines[0], "prefix": "Prof"}
