"""Rows, tabs and groups: where the fields of a form stand, and what is wrong with a layout at start."""

from __future__ import annotations

import re
from typing import Any

import pytest

from aiocms.core.faults import Faults
from tests.admin.formpage import FormPage

INFERRED = """
from aiocms.admin import Group, Screen, Tab

class Cars(Screen):
    collection = "cars"
    layout = (
        ("name", "year"),
        Tab("Owner", ("owner.name", "owner.mail"), "notes"),
        Tab("Engine", Group("Power", "engine", help="As measured."), Group("Papers", ("plate", "vin"), collapsed=True)),
    )
"""
DECLARED = """
import wtforms
from wtforms import FieldList, FormField, StringField
from wtforms.validators import DataRequired
from aiocms import Form
from aiocms.admin import Group, Screen, Tab

class OwnerForm(wtforms.Form):
    name = StringField("Owner's name")
    mail = StringField("Mail")

class CarForm(Form):
    name = StringField("Name")
    plate = StringField("Plate", [DataRequired()])
    owner = FormField(OwnerForm)
    tags = FieldList(StringField("Tag"))

class Cars(Screen):
    collection = "cars"
    form = CarForm
    layout = {layout}
"""
CAR: dict[str, Any] = {
    "_id": 1,
    "name": "Ada",
    "owner": {"name": "Ann", "mail": "ann@example.org", "phone": "1"},
    "engine": {"kw": 50},
    "extra": "kept",
}
URL = "/admin/garage/cars/~int32:1"


def files(screen: str) -> dict[str, str]:
    return {"apps/garage/__init__.py": "", "apps/garage/admin.py": screen}


def anchors(page: str) -> list[str]:
    return re.findall(r'<section class="a-section f-panel" id="([^"]+)"', page)


async def test_tabs_are_sections_with_links_and_what_is_not_named_has_the_last(open_admin: Any) -> None:
    admin = await open_admin(files(INFERRED))
    await admin.put("cars", CAR)
    page = await admin.get(URL)
    assert anchors(page) == ["tab-owner", "tab-engine", "tab-other"]
    assert re.findall(r'class="f-tab" href="#([^"]+)"', page) == anchors(page)
    other = page[page.index('id="tab-other"') :]
    assert 'name="extra"' in other and 'name="owner-phone"' in other
    assert page.count('name="owner-name"') == 1
    assert page.index('name="owner-name"') < page.index('id="tab-engine"')


async def test_a_form_in_tabs_saves_what_was_changed_and_nothing_else(open_admin: Any) -> None:
    admin = await open_admin(files(INFERRED))
    before = await admin.put("cars", CAR)
    form = FormPage(await admin.get(URL))
    await admin.post(URL, form.filled())
    assert await admin.read("cars") == before
    await admin.post(URL, form.filled({"owner-mail": "new@example.org", "engine-kw": "60"}))
    stored = (await admin.read("cars")).python()
    assert stored == {**CAR, "owner": {**CAR["owner"], "mail": "new@example.org"}, "engine": {"kw": 60}}


async def test_fields_that_the_layout_names_are_offered_and_stored_only_when_filled(open_admin: Any) -> None:
    admin = await open_admin(files(INFERRED))
    await admin.put("cars", CAR)
    form = FormPage(await admin.get(URL))
    assert form.get("plate") == "" and form.get("vin") == ""
    await admin.post(URL, form.filled({"plate": "B-1"}))
    assert (await admin.read("cars")).python() == {**CAR, "plate": "B-1"}


async def test_a_new_document_gets_nested_fields_of_the_layout(open_admin: Any) -> None:
    admin = await open_admin(files(INFERRED))
    form = FormPage(await admin.get("/admin/garage/cars/new"))
    await admin.post("/admin/garage/cars/new", form.filled({"name": "Eve", "owner-mail": "eve@example.org"}))
    stored = await admin.db.cars.find_one({"name": "Eve"}, {"_id": 0})
    assert stored == {"name": "Eve", "owner": {"mail": "eve@example.org"}}


async def test_groups_show_their_help_and_open_when_a_field_in_them_is_wrong(open_admin: Any) -> None:
    admin = await open_admin(files(INFERRED.replace('("plate", "vin")', '("plate", "built")')))
    await admin.put("cars", {**CAR, "built": 1999})
    page = await admin.get(URL)
    assert "As measured." in page
    assert re.search(r'<details class="f-group" id="group-papers">', page)
    answer = await admin.post(URL, FormPage(page).filled({"built": "long ago"}), status=422)
    assert re.search(r'<details class="f-group" id="group-papers" open>', answer.page)
    tab = re.search(r'href="#tab-engine">.*?</a>', answer.page, re.DOTALL)
    assert tab and 'data-errors="1"' in tab[0]


async def test_a_declared_form_is_laid_out_with_fields_taken_out_of_their_objects(open_admin: Any) -> None:
    layout = '("name", Tab("Owner", ("owner.name", "plate")), Tab("Rest", Group("All", "tags")))'
    admin = await open_admin(files(DECLARED.replace("{layout}", layout)))
    await admin.put("cars", {**CAR, "plate": "B-1", "tags": ["a"]})
    page = await admin.get(URL)
    assert anchors(page) == ["tab-owner", "tab-rest", "tab-other"]
    assert page.count('name="owner-name"') == 1 and page.count('name="owner-mail"') == 1
    assert page.index('name="owner-name"') < page.index('id="tab-rest"') < page.index('name="owner-mail"')
    answer = await admin.post(URL, FormPage(page).filled({"plate": "", "owner-name": "Bea"}), status=422)
    tab = re.search(r'href="#tab-owner">.*?</a>', answer.page, re.DOTALL)
    assert tab and 'data-errors="1"' in tab[0]
    await admin.post(URL, FormPage(answer.page).filled({"plate": "B-2"}))
    stored = (await admin.read("cars")).python()
    assert stored["owner"] == {**CAR["owner"], "name": "Bea"} and stored["plate"] == "B-2"


@pytest.mark.parametrize(
    ("layout", "fault", "words"),
    [
        ('("name", Tab("A", "name"))', "admin.E030", "'name' twice"),
        ('(Tab("A", "name"), Tab("A", "plate"))', "admin.E030", "two tabs with the title 'A'"),
        ('(Tab("", "name"),)', "admin.E030", "without a title"),
        ('(Group("A", Group("B", "name")),)', "admin.E030", "where only rows stand"),
        ('(Tab("A", Tab("B", "name")),)', "admin.E030", "where only rows stand"),
        ('("nmae",)', "admin.E031", "did you mean 'name'?"),
        ('("owner.nmae",)', "admin.E031", "did you mean 'owner.name'?"),
    ],
)
async def test_a_wrong_layout_is_a_fault_at_start(
    open_admin: Any, layout: str, fault: str, words: str
) -> None:
    with pytest.raises(Faults) as caught:
        await open_admin(files(DECLARED.replace("{layout}", layout)))
    assert fault in str(caught.value) and words in str(caught.value)
