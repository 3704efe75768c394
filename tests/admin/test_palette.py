"""The palette finds screens, actions and documents, within the rights of who asks and by indexes only."""

from __future__ import annotations

from typing import Any

import pytest

from aiocms.admin.palette import palette
from tests.admin.conftest import Admin

FILES = {
    "apps/lib/__init__.py": "",
    "apps/lib/admin.py": """
from aiocms.admin import Screen, action

class Books(Screen):
    collection = "books"
    title = "Library books"
    label = "{title}"

    @action("Lend out")
    async def lend(self, request, rows): ...

    def scope(self, request, verb):
        return {"hidden": {"$ne": True}}

class Papers(Screen):
    collection = "papers"
    label = "{name}"
""",
}


async def ask(admin: Admin, query: str = "", here: str = "", page: str = "/admin/-/palette") -> str:
    return await admin.get(f"{page}?q={query}{here}")


async def test_screens_documents_and_actions_are_found_by_what_is_typed(open_admin: Any) -> None:
    admin = await open_admin(FILES)
    await admin.db.books.insert_many(
        [{"_id": 1, "title": "Winter <i>tale"}, {"_id": 2, "title": "Winter secret", "hidden": True}]
    )
    await admin.db.papers.insert_one({"_id": 1, "name": "Winter report"})
    found = await ask(admin, "winter")
    assert 'href="/admin/lib/books/~int32:1"' in found
    assert "Winter &lt;i&gt;tale" in found
    assert 'href="/admin/lib/papers/~int32:1"' in found
    assert "secret" not in found
    found = await ask(admin, "lib+boo")
    assert 'href="/admin/lib/books/"' in found
    assert 'href="/admin/lib/books/new"' in found
    assert "/admin/lib/papers/" not in found
    assert 'data-command="theme:dark"' in await ask(admin, "dark")
    assert 'role="option"' not in await ask(admin, "nothing-is-called-so")


async def test_the_lists_actions_are_offered_where_they_are_and_wait_for_ticked_rows(open_admin: Any) -> None:
    admin = await open_admin(FILES)
    assert "action:lend" not in await ask(admin)
    here = "&ns=lib&screen=books"
    option = (await ask(admin, "lend", here)).partition('data-command="action:lend"')[2].partition(">")[0]
    assert 'aria-disabled="true"' in option
    option = (await ask(admin, "lend", f"{here}&ticked=3")).partition('data-command="action:lend"')[2]
    assert 'aria-disabled="true"' not in option.partition(">")[0]
    assert "3 ticked" in option


async def test_opened_and_changed_documents_come_first_under_their_names_of_today(open_admin: Any) -> None:
    admin = await open_admin(FILES)
    await admin.put("books", {"_id": 1, "title": "Old name"})
    await admin.put("papers", {"_id": 1, "name": "Seen paper"})
    await admin.get("/admin/lib/books/~int32:1")
    await admin.get("/admin/lib/papers/~int32:1/preview")
    await admin.db.books.update_one({"_id": 1}, {"$set": {"title": "New name"}})
    found = await ask(admin)
    assert "Recent" in found
    assert 0 < found.index("Seen paper") < found.index("New name")
    assert "Old name" not in found
    await admin.db.books.update_one({"_id": 1}, {"$set": {"hidden": True}})
    assert "New name" not in await ask(admin)


async def test_who_may_see_one_screen_finds_nothing_of_the_others(open_admin: Any) -> None:
    admin = await open_admin(
        FILES, user={"superuser": False, "permissions": ("admin.enter", "lib.papers.view")}
    )
    await admin.db.books.insert_one({"_id": 1, "title": "Winter tale"})
    await admin.db.papers.insert_one({"_id": 1, "name": "Winter report"})
    found = await ask(admin, "winter", "&ns=lib&screen=books")
    assert "Winter report" in found
    assert "Winter tale" not in found
    assert "new" not in (await ask(admin, "paper")).partition("/admin/lib/papers/")[2][:40]
    await admin.get("/admin/lib/books/", 403)


async def test_a_large_collection_is_asked_by_its_indexes_only(
    open_admin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(palette, "_SMALL", 10)
    admin = await open_admin(FILES)
    await admin.db.books.insert_many([{"_id": n, "title": f"Tale {n}"} for n in range(20)])
    await admin.db.papers.insert_many([{"_id": n, "name": f"Tale {n}"} for n in range(20)])
    await admin.db.papers.create_index("name")
    found = await ask(admin, "tale+1")
    assert "/admin/lib/papers/~int32:1" in found
    assert "/admin/lib/books/~int32" not in found


async def test_the_same_is_a_page_for_who_has_no_script(open_admin: Any) -> None:
    admin = await open_admin(FILES)
    await admin.put("books", {"_id": 1, "title": "Winter tale"})
    page = await ask(admin, "winter", page="/admin/find")
    assert '<a class="a-palette-hit" href="/admin/lib/books/~int32:1">' in page
    assert 'value="winter"' in page
    assert "Nothing is called that" in await ask(admin, "zzzz", page="/admin/find")


async def test_odd_questions_are_answered(open_admin: Any) -> None:
    admin = await open_admin(FILES)
    await admin.db.books.insert_one({"_id": {"a": 1}, "title": "Object id"})
    for query in ("%24where", ".*%5B", "x" * 5000, "%22", "{}", "65" * 12):
        await ask(admin, query, "&ns=nope&screen=%2e%2e&ticked=-1")
    assert "Object id" in await ask(admin, "object+id")
