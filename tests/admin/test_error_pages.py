"""An error below /admin keeps the admin around it, for who may enter, and nobody else learns what is there."""

from __future__ import annotations

from typing import Any

import pytest

SCREENS = """
from aiocms.admin import Screen
class Goods(Screen):
    collection = "goods"
    icon = "box"
    def scope(self, request, verb):
        return verb == "view"
"""
FILES = {"apps/stall/admin.py": SCREENS}
MISSING = "/admin/stall/goods/" + "6" * 24


async def test_a_missing_document_is_told_inside_the_admin_with_the_way_to_its_list(open_admin: Any) -> None:
    admin = await open_admin(FILES)
    page = await admin.get(MISSING, 404)
    assert 'class="a-sidebar"' in page
    assert '<a class="btn btn-primary" href="/admin/stall/goods/">' in page


@pytest.mark.parametrize("path", ["/admin/nothing/here/", "/admin/no/route/at/all", "/admin/<script>x"])
async def test_an_address_that_leads_nowhere_keeps_the_sidebar(open_admin: Any, path: str) -> None:
    admin = await open_admin(FILES)
    page = await admin.get(path, 404)
    assert 'class="a-sidebar"' in page
    assert '<a class="btn btn-primary" href="/admin/">' in page
    assert "<script>x" not in page


async def test_what_is_not_allowed_is_told_inside_the_admin(open_admin: Any) -> None:
    admin = await open_admin(FILES)
    page = await admin.get("/admin/stall/goods/new", 403)
    assert 'class="a-sidebar"' in page
    assert '<a class="btn btn-primary" href="/admin/stall/goods/">' in page
    assert '<li><a href="/admin/stall/goods/">Goods</a></li>' in page
    assert "data-palette" in page.partition("<main")[2]


@pytest.mark.parametrize("path", [MISSING, "/admin/no/route/at/all"])
async def test_who_may_not_enter_sees_the_page_of_the_site(open_admin: Any, path: str) -> None:
    admin = await open_admin(FILES, user={"superuser": False, "permissions": ["stall.goods.view"]})
    answer = await admin.client.get(path)
    page = await answer.text()
    assert answer.status in (403, 404)
    assert "a-sidebar" not in page
    assert "Goods" not in page
    assert 'class="a-site"' in page


async def test_an_address_that_only_begins_like_the_admin_is_none_of_it(open_admin: Any) -> None:
    admin = await open_admin(FILES)
    assert "a-sidebar" not in await admin.get("/administration", 404)


async def test_a_site_overrides_the_page_of_one_status(open_admin: Any) -> None:
    admin = await open_admin({**FILES, "templ/admin/errors/404.tpl": "ours {{ status }} {{ nav | length }}"})
    assert (await admin.get("/admin/nothing/here/", 404)).startswith("ours 404")
    assert 'class="a-sidebar"' in await admin.get("/admin/stall/goods/new", 403)


async def test_an_app_of_the_site_has_error_pages_of_its_own(open_admin: Any) -> None:
    files = {
        "apps/blog/app.py": 'from aiocms import App\napp = App(prefix="/blog")',
        "apps/blog/templ/errors/error.tpl": "no such post: {{ status }}",
    }
    admin = await open_admin(files)
    assert (await admin.get("/blog/lost", 404)).startswith("no such post: 404")
    assert "no such post" not in await admin.get("/lost", 404)
