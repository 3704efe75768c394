"""Widgets of inferred forms: one input for a value of any type, found by name, overridable, told when wrong."""

from __future__ import annotations

import types
from dataclasses import replace
from typing import Any

from bson import Int64

from aiocms.admin.checks import check
from aiocms.core import keys
from tests.admin.conftest import OpenAdmin

BLOG = """
from aiocms.admin import BadText, Filter, Screen, Value, Widget

def write(value):
    return "*" * value.python() if value.code == 16 else None

def read(text, base):
    if text.strip("*"):
        raise BadText("Only stars, please.")
    return Value.of(len(text))

widgets = (Widget("stars", to_text=write, from_text=read, kinds=frozenset(("int32",)), new_kind="int32"),)

class Posts(Screen):
    collection = "blog_posts"
    filters = (Filter("status", choices=("draft", "public")),)
    widgets = {"text": "textarea", "status": "select", "votes.mark": "stars"}
"""
STARS = """{# blog:admin/widgets/stars #}
{% macro input(name, text, node, attrs) %}<input class="stars" id="{{ name }}" name="{{ name }}" value="{{ text }}"{{ attrs }}>{% endmacro %}
"""
SITE = {"apps/blog/admin.py": BLOG, "apps/blog/templ/admin/widgets/stars.tpl": STARS}
POST: dict[str, Any] = {
    "text": "short",
    "status": "public",
    "votes": [{"mark": 2}, {"mark": 5}, {"mark": Int64(3)}],
}


async def test_a_widget_gives_the_input_and_unchanged_text_keeps_the_bytes(open_admin: OpenAdmin) -> None:
    admin = await open_admin(SITE)
    before = await admin.put("blog_posts", POST)
    url = admin.url("posts", 1, ns="blog")
    form = await admin.open("posts", 1, ns="blog")
    assert form.kinds["text"] == "textarea"
    assert form.kinds["status"] == "select"
    assert [form.get(f"votes-{place}-mark") for place in range(3)] == ["**", "*****", "3"]
    assert (await admin.get(url)).count('class="stars"') == 2
    await admin.post(url, form.filled())
    assert await admin.read("blog_posts") == before


async def test_a_widget_reads_its_text_and_tells_what_is_wrong_at_its_field(open_admin: OpenAdmin) -> None:
    admin = await open_admin(SITE)
    await admin.put("blog_posts", POST)
    url = admin.url("posts", 1, ns="blog")
    form = await admin.open("posts", 1, ns="blog")
    answer = await admin.post(url, form.filled({"votes-0-mark": "nine"}), 422)
    assert "Only stars, please." in answer.page
    assert 'value="nine"' in answer.page
    await admin.post(url, form.filled({"votes-0-mark": "****", "status": "draft", "text": "a\r\nb"}))
    assert (await admin.read("blog_posts")).python() == {
        "_id": 1,
        "text": "a\nb",
        "status": "draft",
        "votes": [{"mark": 4}, {"mark": 5}, {"mark": 3}],
    }


async def test_a_new_item_of_a_list_has_the_widget_too(open_admin: OpenAdmin) -> None:
    admin = await open_admin(SITE)
    await admin.put("blog_posts", POST)
    url = admin.url("posts", 1, ns="blog")
    form = await admin.open("posts", 1, ns="blog")
    answer = await admin.post(url, form.filled(_op="add:votes"), 200)
    assert answer.page.count('class="stars"') == 3


async def test_a_select_keeps_a_value_that_is_no_choice(open_admin: OpenAdmin) -> None:
    admin = await open_admin(SITE)
    before = await admin.put("blog_posts", {**POST, "status": "lost"})
    form = await admin.open("posts", 1, ns="blog")
    assert form.get("status") == "lost"
    await admin.post(admin.url("posts", 1, ns="blog"), form.filled())
    assert await admin.read("blog_posts") == before


async def test_unknown_widgets_are_told_at_start_with_the_near_one(open_admin: OpenAdmin) -> None:
    wrong = """
from aiocms.admin import Screen

widgets = ("stars",)

class Posts(Screen):
    collection = "blog_posts"
    widgets = {"text": "textaera", "$x": "select"}
"""
    admin = await open_admin(SITE)
    plan = admin.client.app[keys.PLAN]
    assert list(check(plan)) == []
    module = types.ModuleType("blog_admin")
    exec(wrong, module.__dict__)
    loaded = next(one for one in plan.modules["admin"] if one.layer.namespace == "blog")
    other = replace(
        plan,
        modules={**plan.modules, "admin": (replace(loaded, module=module),)},
        screens={("blog", "Posts"): module.Posts},
    )
    faults = {fault.id: fault for fault in check(other)}
    assert set(faults) == {"admin.E009", "admin.E010", "admin.E005"}
    assert "textarea" in faults["admin.E009"].hint
