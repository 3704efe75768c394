"""Conditional fields on the server: a hidden field is not validated and keeps what is stored."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from aiocms.admin.values.paths import show
from aiocms.core.faults import Faults
from tests.admin.formpage import FormPage

INFERRED = """
from aiocms.admin import Screen

class Goods(Screen):
    collection = "goods"
    show_if = {
        "sale_price": "on_sale and price > 0",
        "lines.reason": "discount != null and $.state == 'open'",
        "author": "kind == 'book'",
        "masked": "secret == 'x'",
    }

    def field_access(self, request, path, document=None):
        return "hide" if path == "secret" else "edit"
"""
DECLARED = """
import wtforms
from wtforms import BooleanField, FieldList, FormField, IntegerField, StringField
from wtforms.validators import DataRequired, NumberRange
from aiocms import Form
from aiocms.admin import Screen

class LineForm(wtforms.Form):
    gift = BooleanField("Gift")
    words = StringField("Words", [DataRequired()])

class GoodsForm(Form):
    on_sale = BooleanField("On sale")
    sale_price = IntegerField("Sale price", [DataRequired(), NumberRange(min=1)])
    lines = FieldList(FormField(LineForm))

class Goods(Screen):
    collection = "goods"
    form = GoodsForm
    show_if = {show_if}
"""
GOODS: dict[str, Any] = {
    "_id": 1,
    "on_sale": True,
    "price": 5,
    "sale_price": 4,
    "kind": "book",
    "author": {"name": "Ann"},
    "state": "open",
    "lines": [{"discount": 1, "reason": "a"}, {"discount": None, "reason": "b"}],
    "secret": "x",
    "masked": 1,
}
URL = "/admin/market/goods/~int32:1"
SHOW_IF = '{"sale_price": "on_sale", "lines.words": "gift"}'


def files(screen: str) -> dict[str, str]:
    return {"apps/market/__init__.py": "", "apps/market/admin.py": screen}


def rules(page: str) -> dict[str, Any]:
    found = re.findall(r'data-part="([^"]+)"[^>]*? data-if="([^"]+)"([^>]*)>', page)
    return {name: (json.loads(html.unescape(tree)), "data-off" in rest) for name, tree, rest in found}


async def test_a_page_has_the_conditions_as_trees_and_says_which_are_off(open_admin: Any) -> None:
    admin = await open_admin(files(INFERRED))
    await admin.put("goods", GOODS)
    found = rules(await admin.get(URL))
    assert found["sale_price"][1] is False
    assert found["sale_price"][0][0] == "and"
    assert (found["lines-0-reason"][1], found["lines-1-reason"][1]) == (False, True)
    assert found["author"][1] is False


async def test_what_a_user_may_not_see_reaches_the_page_as_a_result_only(open_admin: Any) -> None:
    admin = await open_admin(files(INFERRED))
    await admin.put("goods", GOODS)
    page = await admin.get(URL)
    assert rules(page)["masked"] == (["lit", True], False)
    assert "secret" not in page


async def test_a_hidden_field_keeps_what_is_stored_and_is_not_validated(open_admin: Any) -> None:
    admin = await open_admin(files(INFERRED))
    await admin.put("goods", GOODS)
    form = FormPage(await admin.get(URL))
    pairs = [
        (key, value)
        for key, value in form.filled(
            {"sale_price": "nonsense", "price": "6", "kind": "film", "author-name": "Bob"}
        )
        if not (key == "on_sale" and value == "true")
    ]
    await admin.post(URL, pairs)
    stored = (await admin.read("goods")).python()
    assert stored == {**GOODS, "price": 6, "kind": "film", "on_sale": False}


async def test_a_shown_field_is_validated(open_admin: Any) -> None:
    admin = await open_admin(files(INFERRED))
    before = await admin.put("goods", GOODS)
    form = FormPage(await admin.get(URL))
    answer = await admin.post(URL, form.filled({"sale_price": "nonsense"}), status=422)
    assert "nonsense" in answer.page
    assert await admin.read("goods") == before


async def test_conditions_inside_list_items_look_at_their_item(open_admin: Any) -> None:
    admin = await open_admin(files(INFERRED))
    await admin.put("goods", GOODS)
    form = FormPage(await admin.get(URL))
    await admin.post(URL, form.filled({"lines-0-reason": "changed", "lines-1-reason": "ignored"}))
    lines = (await admin.read("goods")).python()["lines"]
    assert [line["reason"] for line in lines] == ["changed", "b"]


async def test_a_part_of_a_document_asks_the_stored_document_for_the_rest(open_admin: Any) -> None:
    admin = await open_admin(files(INFERRED))
    await admin.put("goods", {**GOODS, "state": "closed"})
    page = await admin.get(f"{URL}?at={show(('lines', 0))}")
    tree, off = rules(page)["reason"]
    assert off is True
    assert tree == ["and", ["!=", ["get", False, ["discount"]], ["lit", None]], ["lit", False]]


async def test_a_declared_form_skips_validators_of_hidden_fields_also_in_lists(open_admin: Any) -> None:
    admin = await open_admin(files(DECLARED.replace("{show_if}", SHOW_IF)))
    await admin.put("goods", {**GOODS, "on_sale": False, "lines": [{"gift": False, "words": "old"}]})
    form = FormPage(await admin.get(URL))
    await admin.post(URL, form.filled({"sale_price": "", "lines-0-words": ""}))
    stored = (await admin.read("goods")).python()
    assert stored["sale_price"] == 4
    assert stored["lines"] == [{"gift": False, "words": "old"}]
    pairs = [*form.filled({"sale_price": "", "lines-0-words": ""}), ("on_sale", "y"), ("lines-0-gift", "y")]
    answer = await admin.post(URL, pairs, status=422)
    assert answer.page.count("This field is required.") == 2


async def test_without_scripts_hidden_fields_are_shown_with_a_note(open_admin: Any) -> None:
    admin = await open_admin(files(INFERRED))
    await admin.put("goods", {**GOODS, "on_sale": False})
    page = await admin.get(URL)
    assert "f-noscript" in page and "Some fields apply only when others have certain values." in page


@pytest.mark.parametrize(
    ("show_if", "fault", "words"),
    [
        ('{"sale_price": "on_sale =="}', "admin.E032", "at character 11"),
        ('{"sale_prize": "on_sale"}', "admin.E031", "did you mean 'sale_price'?"),
        ('{"sale_price": "onsale"}', "admin.E031", "asks for 'onsale'"),
        ('{"sale_price": 3}', "admin.E003", "no text"),
        ('["sale_price"]', "admin.E003", "must be a dict"),
    ],
)
async def test_a_wrong_condition_is_a_fault_at_start(
    open_admin: Any, show_if: str, fault: str, words: str
) -> None:
    with pytest.raises(Faults) as caught:
        await open_admin(files(DECLARED.replace("{show_if}", show_if)))
    assert fault in str(caught.value) and words in str(caught.value)
