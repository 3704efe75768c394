"""Editing one field through the real form leaves every other byte of the document as it was."""

from __future__ import annotations

import asyncio
import string
from typing import Any

import pytest
from bson import Binary, Code, DBRef, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp
from bson.datetime_ms import DatetimeMS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiocms.admin.values import paths
from aiocms.admin.values.bsontext import CHOICES, NUMBERS, to_text
from aiocms.admin.values.convert import convert
from aiocms.admin.values.points import read_point, write_point
from aiocms.admin.values.rawbson import NAMES, Value
from tests.admin.conftest import Admin

text = st.text(st.characters(blacklist_categories=("Cs",)), max_size=8)
keys = st.one_of(
    st.sampled_from(["a", "b.c", "$x", "", "0", "id", "é", "a b", "_x", "a-0", "x~t", "csrf_token", "op"]),
    st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), max_size=4),
)
scalars = st.one_of(
    text,
    st.sampled_from(["a\r\nb", "a\nb", "\nb", "a\rb", "", " ", "x" * 100, "<script>", '"&amp;']),
    st.integers(-(2**31), 2**31 - 1),
    st.integers(-(2**63), 2**63 - 1).map(Int64),
    st.floats(),
    st.sampled_from(
        [0.0, -0.0, 5, 5.0, Int64(5), Decimal128("5"), Decimal128("1.00"), Decimal128("NaN"), None]
    ),
    st.booleans(),
    st.binary(max_size=6).map(lambda data: Binary(data, 0x80)),
    st.binary(min_size=12, max_size=12).map(ObjectId),
    st.integers(-(2**62), 2**62).map(DatetimeMS),
    st.integers(0, 2_000_000_000_000).map(DatetimeMS),
    st.sampled_from(
        [Regex("a/b", "im"), Timestamp(1, 2), MinKey(), MaxKey(), Code("f()"), Code("f", {"a": 1})]
    ),
    st.integers(0, 9).map(lambda number: DBRef("c", number)),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=14,
)
documents = st.dictionaries(keys.filter(lambda key: key != "_id"), values, min_size=1, max_size=7)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
async def test_one_input_changed_changes_one_path(open_admin: Any, zone: str) -> None:
    admin = await open_admin(time_zone=zone)
    loop = asyncio.get_running_loop()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(documents, st.integers(0, 10_000), st.text(string.ascii_letters + " ", min_size=1, max_size=5))
    def check(document: dict[str, Any], choice: int, typed: str) -> None:
        asyncio.run_coroutine_threadsafe(_edit_one(admin, document, choice, typed + "q"), loop).result(60)

    await asyncio.to_thread(check)


async def _edit_one(admin: Admin, document: dict[str, Any], choice: int, typed: str) -> None:
    before = await admin.put("things", {"_id": 1, **document})
    form = await admin.open("things", 1)
    names = [
        name
        for name in form.names()
        if form.kinds.get(name) in ("text", "textarea") or name in _switches(form)
    ]
    if not names:
        await admin.post(admin.url("things", 1), form.filled())
        assert await admin.read("things") == before
        return
    name = names[choice % len(names)]
    old = form.get(name)
    if name in _switches(form):
        new = "false" if old == "true" else "true"
        # In its place: the order of what is posted is the order of a list.
        places = [i for i, pair in enumerate(form.pairs) if pair[0] == name]
        pairs = [
            (name, new) if i == places[0] else pair
            for i, pair in enumerate(form.pairs)
            if i not in places[1:]
        ]
    else:
        new = typed
        pairs = form.filled({name: new})
    answer = await admin.client.post(
        admin.url("things", 1), data=pairs, headers={"Origin": admin.origin}, allow_redirects=False
    )
    after = await admin.read("things")
    if answer.status != 303:
        # The new text is no value of that type: told at the form, nothing written, nothing lost.
        page = await answer.text()
        assert answer.status == 422, page[-2000:]
        assert after == before
        assert new in page
        return
    assert after != before
    changed = list(_iter_differences(before, after, ()))
    assert len(changed) == 1, (changed, before.python(), after.python())
    assert to_text(paths.find(after, changed[0])) == new  # type: ignore[arg-type]
    undo = await admin.db.admin_changes.find_one({"undone": False}, sort=[("_id", -1)])
    await admin.post(f"/admin/undo/{undo['_id']}", [("csrf_token", form.get("csrf_token"))])
    assert await admin.read("things") == before


def _switches(form: Any) -> set[str]:
    return {name for name, kind in form.kinds.items() if kind == "checkbox"}


def _iter_differences(one: Value, two: Value, path: Any) -> Any:
    if one == two:
        return
    if one.is_container and two.code == one.code:
        left, right = one.items(), two.items()
        if [key for key, _ in left] == [key for key, _ in right]:
            for number, ((key, a), (_, b)) in enumerate(zip(left, right, strict=True)):
                yield from _iter_differences(a, b, (*path, number if one.code == 4 else key))
            return
    yield path


rows = st.lists(st.dictionaries(keys, values, max_size=4), min_size=20, max_size=24)


async def test_items_that_only_move_keep_every_byte(admin: Admin) -> None:
    loop = asyncio.get_running_loop()

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(rows, st.randoms(use_true_random=False), st.dictionaries(keys, values, max_size=3))
    def check(items: list[dict[str, Any]], chance: Any, more: dict[str, Any]) -> None:
        order = list(range(len(items)))
        chance.shuffle(order)
        removed = chance.randrange(len(items))
        document = {**{key: value for key, value in more.items() if key != "_id"}, "rows": items}
        asyncio.run_coroutine_threadsafe(_move(admin, document, order, removed), loop).result(60)

    await asyncio.to_thread(check)


async def _move(admin: Admin, document: dict[str, Any], order: list[int], removed: int) -> None:
    before = await admin.put("things", {"_id": 1, **document})
    form = await admin.open("things", 1)
    pairs = [*form.filled(), ("rows~q", ",".join(map(str, order))), (f"rows-{removed}~x", "1")]
    await admin.post(admin.url("things", 1), pairs)
    after = await admin.read("things")
    old, new = dict(before.items()), dict(after.items())
    items = old.pop("rows").values()
    assert new.pop("rows").values() == [items[place] for place in order if place != removed]
    assert new == old


@given(st.floats(-180, 180), st.floats(-90, 90), st.dictionaries(keys, values, max_size=3))
def test_a_point_that_comes_back_as_it_went_out_keeps_its_bytes(
    longitude: float, latitude: float, more: dict[str, Any]
) -> None:
    members = {key: value for key, value in more.items() if key not in ("type", "coordinates")}
    value = Value.of({"type": "Point", **members, "coordinates": [longitude, latitude]})
    text = write_point(value)
    assert text is not None
    assert read_point(text, value) == value
    moved = read_point(f"{longitude!r}\n0.25", value)
    assert moved.python()["coordinates"] == [longitude, 0.25]
    assert [pair for pair in moved.items() if pair[0] != "coordinates"] == [
        pair for pair in value.items() if pair[0] != "coordinates"
    ]


def _amount(value: Value) -> Any:
    """The number; a decimal without the zeros at its end."""
    number = value.python()
    return number.to_decimal() if isinstance(number, Decimal128) else number


@given(values, st.sampled_from(CHOICES))
def test_a_value_that_changes_its_type_can_change_back(data: Any, kind: str) -> None:
    value = Value.of(data)
    found = convert(value, kind)
    if found is None or kind in ("null", "bool"):
        return
    assert NAMES[found.code] == kind
    if NAMES[value.code] in NUMBERS and kind in NUMBERS:
        back = convert(found, NAMES[value.code])
        assert back is not None
        assert to_text(back) == to_text(value) or _amount(back) == _amount(value)
