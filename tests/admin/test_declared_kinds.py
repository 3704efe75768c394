"""Lists of items of several kinds on declared forms: each kind has its form, unknown kinds are kept."""

from __future__ import annotations

from typing import Any

import pytest
from bson import Int64

from aiocms.admin.values.rawbson import Value
from aiocms.core.fields.kinds import _ICONS, guess_icon
from aiocms.core.icons import icon
from tests.admin.formpage import FormPage

SCREEN = """
from aiocms import Form
from aiocms.admin import Screen
from aiocms.core.fields import KindsField
from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import DataRequired, Optional

class TextForm(Form):
    text = StringField("Text", [DataRequired()], default="Hello")

class RateForm(Form):
    stars = IntegerField("Stars", [Optional()])
    shown = BooleanField("Shown")

class PageForm(Form):
    title = StringField("Title")
    blocks = KindsField({"text": TextForm, "rate-it": RateForm}, "Blocks", titles={"rate-it": "A rating"}, icons={"text": "pencil"})

class Pages(Screen):
    collection = "pages"
    form = PageForm
"""
BLOCKS = [
    {"type": "text", "text": "one", "more": 1},
    {"type": "rate-it", "stars": Int64(4), "shown": True},
    {"type": "old", "deep": {"a": [1.0]}},
    {"no": "kind"},
]
URL = "/admin/sales/pages/~int32:1"


async def start(open_admin: Any, blocks: list[dict[str, Any]]) -> tuple[Any, FormPage, str]:
    admin = await open_admin({"apps/sales/__init__.py": "", "apps/sales/admin.py": SCREEN})
    await admin.put("pages", {"_id": 1, "title": "A", "blocks": blocks})
    page = await admin.get(URL)
    return admin, FormPage(page), page


async def read_blocks(admin: Any) -> list[Value]:
    found = (await admin.read("pages")).find("blocks")
    return list(found.values())


async def press(admin: Any, form: FormPage, operation: str) -> FormPage:
    return FormPage((await admin.post(URL, [*form.filled(), ("_op", operation)], status=200)).page)


async def test_each_item_has_the_fields_of_its_kind_and_keeps_the_rest(open_admin: Any) -> None:
    admin, form, page = await start(open_admin, BLOCKS)
    before = await read_blocks(admin)
    assert [name for name in form.names() if name.startswith("blocks-") and not name.endswith("-type")] == [
        "blocks-0-text",
        "blocks-1-stars",
        "blocks-1-shown",
    ]
    assert "A rating</span>" in page
    assert page.count("Items of this kind have no fields here.") == 2
    await admin.post(URL, form.filled({"blocks-1-stars": "5"}))
    after = await read_blocks(admin)
    assert after[1] == Value.of({**BLOCKS[1], "stars": Int64(5)})
    assert [after[0], *after[2:]] == [before[0], *before[2:]]


async def test_a_new_item_has_its_kind_and_is_checked_by_its_form(open_admin: Any) -> None:
    admin, form, _ = await start(open_admin, BLOCKS[:2])
    buttons = [one for one in form.buttons if one.startswith("_op=add:blocks")]
    assert buttons == ["_op=add:blocks:text", "_op=add:blocks:rate.2d.it"]
    form = await press(admin, form, "add:blocks:rate.2d.it")
    form = await press(admin, form, "add:blocks:text")
    assert form.get("blocks-3-text") == "Hello"
    form = await press(admin, form, "up:blocks-3")
    await admin.post(URL, form.filled({"blocks-3-text": ""}), status=422)
    await admin.post(URL, form.filled({"blocks-2-stars": "2", "blocks-3-text": "new"}))
    after = (await admin.read("pages")).python()["blocks"]
    assert after[2:] == [{"text": "new", "type": "text"}, {"stars": 2, "shown": False, "type": "rate-it"}]
    assert after[:2] == BLOCKS[:2]
    again = await press(admin, FormPage(await admin.get(URL)), "add:blocks:unheard")
    assert len([key for key, _ in again.pairs if key.endswith("~p")]) == 4


async def test_a_long_list_of_kinds_comes_closed_with_its_kinds_shown(open_admin: Any) -> None:
    admin, form, page = await start(open_admin, BLOCKS * 10)
    before = await read_blocks(admin)
    assert not [name for name in form.names() if name.startswith("blocks-")]
    assert page.count("A rating</span>") == 10
    form = await press(admin, form, "open:blocks-5")
    form = await press(admin, form, "dup:blocks-4")
    await admin.post(URL, form.filled({"blocks-5-stars": "1", "blocks-40-text": "twin"}))
    after = await read_blocks(admin)
    assert after.pop(5).python() == {"text": "twin", "type": "text"}
    assert after[5] == Value.of({**BLOCKS[1], "stars": Int64(1)})
    assert [*after[:5], *after[6:]] == [*before[:5], *before[6:]]


async def test_kinds_are_told_apart_by_icons_in_the_menu_and_at_the_items(open_admin: Any) -> None:
    _, _, page = await start(open_admin, BLOCKS[:2])
    text, rating = str(icon("pencil")), str(icon("star-half"))
    assert page.count(f'<span class="a-item-kind">{text}Text</span>') == 1
    assert page.count(f'<span class="a-item-kind">{rating}A rating</span>') == 1
    menu = page.partition('class="a-menu a-kinds"')[2].partition("</details>")[0]
    assert f"{text}Text</button>" in menu
    assert f"{rating}A rating</button>" in menu


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("quote", "quote"),
        ("hero_image", "image"),
        ("imageGallery", "images"),
        ("rate-it", "star-half"),
        ("x", "app"),
    ],
)
def test_the_name_of_a_kind_suggests_its_icon(kind: str, name: str) -> None:
    assert guess_icon(kind) == name


def test_every_icon_that_is_suggested_exists() -> None:
    for name in {*_ICONS.values(), guess_icon("nothing known")}:
        assert "<svg" in icon(name)
