"""No post, however malformed, breaks an edit page or changes what it does not name rightly."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.admin.conftest import Admin

ORDER = {
    "_id": 1,
    "no": "A-1",
    "items": [{"id": n, "tags": ["a", "b"], "deep": {"x.y": n}} for n in range(3)],
    "n": None,
}
labels = st.sampled_from(["no", "items", "0", "1", "7", "99999999999999999999", "²", "id", "tags", "deep", "x.2e.y", "..",
                          ".d800.", ".ffffff.", "", "n", "_base", "csrf_token", "__proto__"])  # fmt: skip
names = st.tuples(
    st.lists(labels, min_size=1, max_size=5).map("-".join),
    st.sampled_from(["", "~t", "~s", "~k", "~x", "~p", "~", "~~"]),
).map("".join)
values = st.one_of(
    st.sampled_from(
        ["", "1", "x", "string", "object", "array", "int32", "bool", "null", "kept", "code", "a\x01b"]
    ),
    st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=6),
)
operations = st.tuples(
    st.sampled_from(["add", "remove", "restore", "up", "down", "dup", "type", "rename", "show", "tab", ""]),
    names,
).map(":".join)


SCREEN = """
import wtforms
from aiocms import Form
from aiocms.admin import Screen

class Deep(wtforms.Form):
    no = wtforms.StringField()

class Line(wtforms.Form):
    id = wtforms.IntegerField()
    tags = wtforms.FieldList(wtforms.StringField())
    deep = wtforms.FormField(Deep)

class OrderForm(Form):
    no = wtforms.StringField()
    n = wtforms.IntegerField()
    items = wtforms.FieldList(wtforms.FormField(Line))

class Orders(Screen):
    collection = "orders"
    form = OrderForm
"""
FILES = {"apps/sales/__init__.py": "", "apps/sales/admin.py": SCREEN}


@pytest.mark.parametrize("ns", ["database", "sales"])
async def test_malformed_posts_are_answered_and_never_break(open_admin: Any, ns: str) -> None:
    admin: Admin = await open_admin(FILES if ns == "sales" else None)
    loop = asyncio.get_running_loop()
    await admin.put("orders", ORDER)
    form = await admin.open("orders", 1, ns=ns)

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(names, values), max_size=6), operations, st.booleans())
    def check(extra: list[tuple[str, str]], operation: str, press: bool) -> None:
        asyncio.run_coroutine_threadsafe(send(extra, operation, press), loop).result(60)

    async def send(extra: list[tuple[str, str]], operation: str, press: bool) -> None:
        await admin.put("orders", ORDER)
        pairs: Any = [*form.pairs, *extra, *([("_op", operation)] if press else [])]
        answer = await admin.client.post(
            admin.url("orders", 1, ns=ns), data=pairs, headers={"Origin": admin.origin}, allow_redirects=False
        )
        assert answer.status in (200, 303, 400, 409, 422), (answer.status, extra, operation)
        if press:
            assert (await admin.read("orders")).python() == ORDER

    await asyncio.to_thread(check)
