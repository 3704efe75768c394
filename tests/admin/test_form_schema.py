"""A collection's $jsonSchema, checks while typing, defaults, words beside fields, copies."""

from __future__ import annotations

import json
import re
from typing import Any

from bson import ObjectId

from aiocms.testing import TEST_PASSWORD
from tests.admin.formpage import FormPage

SCREEN = """
from aiocms.admin import Screen

async def next_number(request):
    return await request.db.plants.count_documents({}) + 1

class Plants(Screen):
    collection = "plants"
    label = "{name}"
    labels = {"height": "Height in cm", "place.room": "Room"}
    help = {"name": "As on the label."}
    placeholders = {"name": "Rosa canina"}
    defaults = {"number": next_number, "place.room": "Hall", "tags": ["new"], "alive": True}

    async def check(self, request, document, before=None):
        return {"name": "Not this one."} if document.get("name") == "Weed" else {}
"""
FILES = {"apps/garden/__init__.py": "", "apps/garden/admin.py": SCREEN}
RULES = {
    "$jsonSchema": {
        "bsonType": "object",
        "required": ["name", "kind"],
        "properties": {
            "name": {"bsonType": "string", "minLength": 2, "maxLength": 20},
            "kind": {"enum": ["tree", "herb"], "description": "What it grows to."},
            "height": {"bsonType": ["int", "double"], "minimum": 1, "maximum": 300},
            "parts": {
                "bsonType": "array",
                "maxItems": 3,
                "items": {
                    "bsonType": "object",
                    "required": ["name"],
                    "properties": {"name": {"bsonType": "string"}},
                },
            },
        },
    }
}
URL = "/admin/garden/plants/"
PLANT = {"_id": 1, "name": "Rose", "kind": "tree", "height": 100, "code": "A"}


async def start(open_admin: Any) -> Any:
    admin = await open_admin(FILES)
    await admin.db.create_collection("plants", validator=RULES)
    await admin.db.plants.create_index([("code", 1)], unique=True, sparse=True)
    await admin.db.plants.create_index(
        [("badge", 1)], unique=True, partialFilterExpression={"badge": {"$gt": ""}}, name="badge"
    )
    await admin.db.plants.insert_one(PLANT)
    return admin


async def check(admin: Any, url: str, pairs: Any) -> dict[str, list[str]]:
    answer = await admin.post(f"{url}/validate", pairs, status=200)
    return dict(json.loads(answer.page)["errors"])


async def test_rules_of_the_collection_give_marks_selects_limits_and_help(open_admin: Any) -> None:
    admin = await start(open_admin)
    page = await admin.get(f"{URL}new")
    form = FormPage(page)
    assert form.kinds["kind"] == "select"
    assert "What it grows to." in page
    assert re.search(
        r'id="name"[^>]*aria-required="true"[^>]*maxlength="20"|id="name"[^>]*placeholder="Rosa', page
    )
    assert 'min="1" max="300"' in page
    assert dict(form.pairs)["height~t"] == "int32"


async def test_words_of_the_screen_stand_beside_inferred_fields(open_admin: Any) -> None:
    admin = await start(open_admin)
    page = await admin.get(f"{URL}~int32:1")
    assert "Height in cm" in page and "As on the label." in page and 'placeholder="Rosa canina"' in page
    assert re.search(r'aria-describedby="name-help"', page)


async def test_a_new_document_begins_with_the_defaults_and_an_edited_one_does_not(open_admin: Any) -> None:
    admin = await start(open_admin)
    form = FormPage(await admin.get(f"{URL}new"))
    assert (form.get("number"), form.get("place-room"), form.get("tags-0")) == ("2", "Hall", "new")
    await admin.post(f"{URL}new", form.filled({"name": "Oak", "kind": "tree"}))
    stored = await admin.db.plants.find_one({"name": "Oak"}, {"_id": 0})
    assert stored["place"] == {"room": "Hall"} and stored["tags"] == ["new"] and stored["alive"] is True
    assert type(stored["number"]) is int and "height" not in stored
    assert "Hall" not in await admin.get(f"{URL}~int32:1")


async def test_what_the_database_refuses_by_its_rules_is_said_beside_the_fields(open_admin: Any) -> None:
    admin = await start(open_admin)
    await admin.db.plants.update_one({"_id": 1}, {"$set": {"parts": [{"name": "leaf"}]}})
    form = FormPage(await admin.get(f"{URL}~int32:1"))
    typed = {"name": "R", "height": "999"}
    answer = await admin.post(f"{URL}~int32:1", form.filled(typed), status=422)
    assert re.search(r'id="height-errors">.*?This must be at most 300\.', answer.page, re.DOTALL)
    assert re.search(r'id="name-errors">.*?Use at least 2 characters\.', answer.page, re.DOTALL)
    assert "%(" not in answer.page
    assert FormPage(answer.page).get("height") == "999"


async def test_a_form_is_checked_without_being_saved(open_admin: Any) -> None:
    admin = await start(open_admin)
    await admin.db.plants.insert_one({"_id": 2, "name": "Lily", "kind": "herb", "code": "B", "badge": "gold"})
    url = f"{URL}~int32:1"
    form = FormPage(await admin.get(url))
    before = await admin.read("plants")
    assert await check(admin, url, form.filled()) == {}
    assert await check(admin, url, form.filled({"code": "B"})) == {
        "code": ["Another document already has this value."]
    }
    assert await check(admin, url, form.filled({"name": "Weed"})) == {"name": ["Not this one."]}
    assert await check(admin, url, form.filled({"height": "0"})) == {"height": ["This must be at least 1."]}
    assert set(await check(admin, url, form.filled({"height": "tall", "code": "B"}))) == {"height", "code"}
    assert await admin.read("plants") == before


async def test_a_partial_unique_index_is_asked_for_documents_that_it_holds(open_admin: Any) -> None:
    admin = await start(open_admin)
    await admin.db.plants.insert_many(
        [
            {"_id": n, "name": "Lily", "kind": "herb", "code": str(n), "badge": badge}
            for n, badge in ((2, ""), (3, "x"))
        ]
    )
    url = f"{URL}~int32:2"
    form = FormPage(await admin.get(url))
    assert await check(admin, url, form.filled({"badge": ""})) == {}
    assert set(await check(admin, url, form.filled({"badge": "x"}))) == {"badge"}


async def test_only_who_may_edit_may_ask_for_a_check(open_admin: Any) -> None:
    admin = await start(open_admin)
    form = FormPage(await admin.get(f"{URL}~int32:1"))
    answer = await admin.client.post(f"{URL}~int32:1/validate", data=[], headers={"Origin": admin.origin})
    assert answer.status == 403
    pairs = form.filled(csrf_token="wrong")
    answer = await admin.client.post(f"{URL}~int32:1/validate", data=pairs, headers={"Origin": admin.origin})
    assert answer.status == 403


async def test_save_as_new_leaves_the_document_and_explains_a_taken_value(open_admin: Any) -> None:
    admin = await start(open_admin)
    item = {"_id": ObjectId(), "n": 1}
    await admin.db.plants.update_one({"_id": 1}, {"$set": {"items": [item], "best": item["_id"]}})
    before = await admin.read("plants")
    form = FormPage(await admin.get(f"{URL}~int32:1"))
    answer = await admin.post(f"{URL}~int32:1", form.filled({"name": "Twin"}, _save="copy"), status=422)
    assert "Another document already has this value." in answer.page
    assert "A copy needs values of its own in the marked fields." in answer.page
    typed = FormPage(answer.page).filled({"code": "Z"}, _save="copy")
    answer = await admin.post(f"{URL}~int32:1", typed)
    assert await admin.read("plants") == before
    stored = await admin.db.plants.find_one({"code": "Z"})
    assert answer.headers["Location"].endswith(f"/plants/{stored['_id']}")
    assert stored["name"] == "Twin" and isinstance(stored["_id"], ObjectId)
    assert stored["items"][0]["_id"] != item["_id"] and stored["best"] == stored["items"][0]["_id"]


async def test_a_duplicate_begins_as_a_copy_and_stores_nothing_until_saved(open_admin: Any) -> None:
    admin = await start(open_admin)
    await admin.db.plants.update_one({"_id": 1}, {"$set": {"deep": {"list": [1, 2.0, {"x": None}]}}})
    page = await admin.get(f"{URL}new?copy=~int32:1")
    assert "A copy of Rose." in page
    assert await admin.db.plants.count_documents({}) == 1
    url = f"{URL}new?copy=~int32:1"
    await admin.post(url, FormPage(page).filled({"code": "C", "name": "Rose 2"}))
    stored = await admin.db.plants.find_one({"code": "C"})
    assert stored.pop("_id") != 1
    wanted = {**PLANT, "code": "C", "name": "Rose 2", "deep": {"list": [1, 2.0, {"x": None}]}}
    del wanted["_id"]
    assert stored == wanted


async def test_a_script_that_saves_is_told_where_to_go_and_the_message_waits(open_admin: Any) -> None:
    admin = await start(open_admin)
    form = FormPage(await admin.get(f"{URL}~int32:1"))
    answer = await admin.client.post(
        f"{URL}~int32:1",
        data=form.filled({"name": "Script"}, _save="stay"),
        headers={"Origin": admin.origin, "X-Aiocms-Save": "1"},
    )
    assert answer.status == 200
    told = (await answer.json())["location"]
    assert told.startswith(f"{URL}~int32:1")
    assert "Saved." in await admin.get(told)


async def test_a_form_posted_after_the_login_ended_comes_back_filled_in(open_admin: Any) -> None:
    admin = await start(open_admin)
    url = f"{URL}~int32:1"
    form = FormPage(await admin.get(url))
    before = await admin.read("plants")
    await admin.db.core_sessions.delete_many({})
    pairs = form.filled({"name": "Typed\u2028 late"}, _save="back")
    answer = await admin.client.post(url, data=pairs, headers={"Origin": admin.origin}, allow_redirects=False)
    page = await answer.text()
    assert answer.status == 401
    login = FormPage(page, form="action")
    assert login.get("next") == url
    filled = [(k, v) for k, v in login.pairs if k not in ("username", "password")]
    filled += [("username", "admin"), ("password", TEST_PASSWORD)]
    answer = await admin.post("/login", filled, status=200)
    resume = FormPage(answer.page, form="action")
    assert f'action="{url}"' in answer.page
    assert dict(resume.pairs)["name"] == "Typed\u2028 late"
    answer = await admin.post(url, resume.pairs, status=422)
    back = FormPage(answer.page)
    assert back.get("name") == "Typed\u2028 late"
    assert await admin.read("plants") == before
    await admin.post(url, back.filled())
    assert (await admin.read("plants")).python()["name"] == "Typed\u2028 late"


async def test_passwords_and_forged_bundles_are_not_carried(open_admin: Any) -> None:
    admin = await start(open_admin)
    await admin.db.core_sessions.delete_many({})
    pairs = [("name", "x"), ("new_password", "secret-word")]
    answer = await admin.client.post(
        f"{URL}~int32:1", data=pairs, headers={"Origin": admin.origin}, allow_redirects=False
    )
    login = FormPage(await answer.text(), form="action")
    forged = login.get("carried")[:-6] + "AAAAAA"
    filled = [(k, v) for k, v in login.pairs if k not in ("username", "password", "carried")]
    filled += [("username", "admin"), ("password", TEST_PASSWORD), ("carried", forged)]
    await admin.post("/login", filled, status=303)
