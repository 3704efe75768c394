"""Aggregations as read-only lists: within each user's scope and fields, bounded, and never a way to write."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from bson import Int64

from aiocms.admin import Report
from aiocms.admin.checks import iter_faults
from aiocms.admin.reports.report_rules import find_collections, find_pushed, iter_mistakes
from tests.admin.conftest import Admin, OpenAdmin

SCREEN = """
from aiocms.admin import Column, Report, Screen

class Films(Screen):
    collection = "films"
    label = "{title}"

    def field_access(self, request, path, document=None):
        return "hide" if path in ("cost", "deal.price") else "edit"

class Genres(Report):
    "Films by genre."
    collection = "films"
    pipeline = (
        {"$unwind": "$genres"},
        {"$group": {"_id": "$genres", "films": {"$sum": 1}, "minutes": {"$avg": "$runtime"}}},
    )
    columns = (Column("_id", label="Genre"), Column("films", format="number"), "minutes")
    order = ("-films",)
    drill = {"_id": "genres"}

class Costs(Report):
    collection = "films"
    pipeline = ({"$group": {"_id": "$title", "cost": {"$sum": "$cost"}, "all": {"$first": "$$ROOT"}}},)
    columns = ("_id", "cost", Column("all", format="json"))

class Joined(Report):
    collection = "films"
    pipeline = ({"$lookup": {"from": "people", "localField": "by", "foreignField": "_id", "as": "who"}},)
    columns = ("title", "who.name")

class People(Screen):
    collection = "people"
"""
GENRES = "/admin/-/reports/shopish/genres/"


@pytest.fixture
async def admin(open_admin: OpenAdmin) -> Admin:
    one = await open_admin({"apps/shopish/admin.py": SCREEN})
    await fill(one)
    return one


async def fill(admin: Admin) -> None:
    rows = [
        {
            "title": f"Film {i}",
            "genres": [("Drama", "Comedy", "War")[i % 3], "Any"],
            "runtime": Int64(90 + i),
            "cost": 47110815,
            "deal": {"price": 81504711, "with": "me"},
            "by": i % 2,
        }
        for i in range(30)
    ]
    await admin.db.films.insert_many(rows)
    await admin.db.people.insert_many([{"_id": 0, "name": "Ada"}, {"_id": 1, "name": "Bob"}])


def read_rows(page: str) -> list[list[str]]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [html.unescape(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)
    ]


async def test_rows_stand_in_the_declared_order_with_columns_and_count(admin: Admin) -> None:
    page = await admin.get(GENRES)
    rows = read_rows(page)
    assert [row[1] for row in rows] == ["30", "10", "10", "10"]
    assert rows[0][0] == "Any"
    assert '<b class="a-total">4</b> rows' in page
    assert "Films by genre." in page


async def test_a_row_leads_to_the_documents_behind_it(admin: Admin) -> None:
    page = await admin.get(GENRES)
    links = dict(re.findall(r'class="a-label"><a href="([^"]*)">(\w+)</a>', page))
    link = next(html.unescape(url) for url, name in links.items() if name == "Drama")
    assert link == "/admin/shopish/films/?genres=Drama"
    assert '<b class="a-total">10</b>' in await admin.get(link)


async def test_rows_are_sorted_filtered_searched_and_paged(admin: Admin) -> None:
    assert [row[0] for row in read_rows(await admin.get(f"{GENRES}?sort=_id"))] == [
        "Any",
        "Comedy",
        "Drama",
        "War",
    ]
    assert [row[0] for row in read_rows(await admin.get(f"{GENRES}?films.gt=10"))] == ["Any"]
    assert [row[0] for row in read_rows(await admin.get(f"{GENRES}?_id=War"))] == ["War"]
    assert [row[0] for row in read_rows(await admin.get(f"{GENRES}?q=dram"))] == ["Drama"]
    assert [row[0] for row in read_rows(await admin.get(f"{GENRES}?add=films&op=lt&value=20&q=com"))] == [
        "Comedy"
    ]
    first = await admin.get(f"{GENRES}?sort=_id&size=3")
    link = re.search(r'<a class="btn[^"]*" href="([^"]*)" aria-label="Next page"', first)
    assert link
    assert [row[0] for row in read_rows(await admin.get(html.unescape(link[1])))] == ["War"]
    assert "There is no field" in await admin.get(f"{GENRES}?nonsense=1")


async def test_fields_that_the_user_may_not_see_never_enter_the_pipeline(admin: Admin) -> None:
    page = await admin.get("/admin/-/reports/shopish/costs/")
    assert "Film 1" in page
    assert "47110815" not in page and "81504711" not in page


async def test_a_report_shows_only_the_users_part(open_admin: OpenAdmin) -> None:
    rights = ("admin.enter", "shopish.genres.view", "shopish.joined.view", "shopish.films.view|by=1")
    admin = await open_admin(
        {"apps/shopish/admin.py": SCREEN}, user={"superuser": False, "permissions": rights}
    )
    await fill(admin)
    assert [row[1] for row in read_rows(await admin.get(GENRES))] == ["15", "5", "5", "5"]
    page = await admin.get("/admin/-/reports/shopish/joined/")
    assert "You may not read the collection “people” as a whole." in page
    assert "Ada" not in page
    await admin.get("/admin/-/reports/shopish/costs/", 403)


async def test_the_right_to_a_report_is_none_to_its_documents(open_admin: OpenAdmin) -> None:
    admin = await open_admin(
        {"apps/shopish/admin.py": SCREEN},
        user={"superuser": False, "permissions": ("admin.enter", "shopish.genres.view")},
    )
    await fill(admin)
    await admin.get(GENRES, 403)  # not without the documents themselves
    one = await admin.db.films.find_one()
    await admin.get("/admin/shopish/genres/", 404)
    await admin.get(f"/admin/shopish/genres/{one['_id']}", 404)


async def test_who_may_see_all_joins(admin: Admin) -> None:
    page = await admin.get("/admin/-/reports/shopish/joined/")
    assert "Ada" in page


async def test_reports_stand_in_the_menu(admin: Admin) -> None:
    assert f'href="{GENRES}"' in await admin.get("/admin/")


PIPELINES = "/admin/-/pipelines/"
STAGES = '[\n  {"$match": {"by": 1}},\n  {"$group": {"_id": "$title", "cost": {"$sum": "$cost"}}}\n]'


async def write(admin: Admin, status: int = 400, **values: str) -> str:
    page = await admin.get(f"{PIPELINES}new")
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    pairs = {
        **dict(hidden),
        "name": "My report",
        "collection": "films",
        "text": STAGES,
        "do": "preview",
        **values,
    }
    answer = await admin.post(f"{PIPELINES}new", list(pairs.items()), status)
    return str(answer.headers["Location"] if status == 303 else html.unescape(answer.page))


async def test_a_written_pipeline_is_previewed_saved_and_read_like_a_list(admin: Admin) -> None:
    page = await write(admin, 200)
    assert '"_id": "Film ' in page
    assert "47110815" not in page
    address = await write(admin, 303, do="save")
    page = await admin.get(f"{address}?q=Film 1")
    assert '<b class="a-total">6</b>' in page
    assert "My report" in await admin.get(PIPELINES)


async def test_a_mistake_in_a_pipeline_is_told_with_its_line(admin: Admin) -> None:
    assert "Line 2" in await write(admin, text='[\n  {"$match" {}}\n]')
    assert "Line 3: The stage $out is not allowed here." in await write(
        admin, text='[\n  {"$match": {}},\n  {"$out": "films"}\n]'
    )
    assert "Line 2: The operator $where is not allowed here." in await write(
        admin, text='[\n  {"$match": {"$where": "1"}}\n]'
    )
    assert "Line 4: The database says" in await write(
        admin, text='[\n  {"$match": {}},\n\n  {"$group": {"no": 1}}\n]'
    )
    assert "Give the report a name." in await write(admin, do="save", name=" ")
    assert "You may not read this collection." in await write(admin, collection="core_sessions")
    assert "may not read the collection" in await write(
        admin, text='[{"$lookup": {"from": "auth_users", "pipeline": [], "as": "x"}}]'
    )
    assert "may not read the collection" in await write(admin, text='[{"$unionWith": "core_sessions"}]')


async def test_a_shared_report_shows_others_their_own_part_and_stays_its_owners(
    open_admin: OpenAdmin,
) -> None:
    rights = ("admin.enter", "shopish.films.view|title=Film 1")
    admin = await open_admin(
        {"apps/shopish/admin.py": SCREEN}, user={"superuser": False, "permissions": rights}
    )
    await fill(admin)
    row = {"name": "All", "collection": "films", "pipeline": STAGES, "owner": 1, "owner_name": "x"}
    own = await admin.db.admin_reports.insert_one({**row, "roles": []})
    shared = await admin.db.admin_reports.insert_one({**row, "roles": ["*"]})
    assert len(read_rows(await admin.get(f"{PIPELINES}{shared.inserted_id}/"))) == 1
    await admin.get(f"{PIPELINES}{own.inserted_id}/", 404)
    await admin.get(f"{PIPELINES}{shared.inserted_id}/edit", 403)
    await admin.get(f"{PIPELINES}new", 403)
    await admin.get("/admin/database/admin_reports/", 403)


@pytest.mark.parametrize(
    "stages",
    [
        [{"$out": "films"}],
        [{"$merge": {"into": "films"}}],
        [{"$facet": {"a": [{"$out": "films"}]}}],
        [{"$lookup": {"from": "x", "pipeline": [{"$merge": "y"}], "as": "z"}}],
        [{"$unionWith": {"coll": "x", "pipeline": [{"$currentOp": {}}]}}],
        [{"$match": {"$where": "1"}}],
        [{"$project": {"a": {"$function": {"body": "1", "args": [], "lang": "js"}}}}],
        [{"$group": {"_id": 1, "a": {"$accumulator": {}}}}],
        [{"$match": {"a": 1, "$or": [{"$and": [{"$where": "1"}]}]}}],
        [{"$collStats": {}}], [{"$indexStats": {}}], [{"$changeStream": {}}], [{"$documents": []}],
        [{"$_internalInhibitOptimization": {}}], [{"a": 1}], ["$match"], "x", {"$match": {}},
        [{"$match": {}, "$out": "x"}],
    ],
)  # fmt: skip
def test_a_pipeline_that_writes_or_runs_scripts_is_refused(stages: Any) -> None:
    assert list(iter_mistakes(stages))


def test_collections_are_found_however_deep() -> None:
    stages = [
        {"$match": {}},
        {"$facet": {"a": [{"$lookup": {"from": "one", "as": "x", "pipeline": [{"$unionWith": "two"}]}}]}},
        {"$graphLookup": {"from": "three"}},
        {"$lookup": {"from": {"db": "other", "coll": "four"}, "as": "x"}},
    ]
    assert find_collections(stages) == {"one": 1, "two": 1, "three": 2, "": 3}


def test_filters_go_in_front_only_where_they_change_nothing_else() -> None:
    group = {"$group": {"_id": "$genre", "n": {"$sum": 1}}}
    assert find_pushed([group], {"_id": "genre"}) == {"_id": "genre"}
    assert find_pushed([group, {"$sort": {"n": 1}}], {"_id": "genre"}) == {"_id": "genre"}
    assert find_pushed([{"$limit": 5}, group], {"_id": "genre"}) == {}
    assert find_pushed([group, {"$limit": 5}], {"_id": "genre"}) == {}
    assert find_pushed([group, {"$set": {"_id": "x"}}], {"_id": "genre"}) == {}
    assert find_pushed([group], {"_id": "other"}) == {}
    assert find_pushed([{"$set": {"genre": 1}}, group], {"_id": "genre"}) == {}
    both = {"$group": {"_id": {"g": "$genre", "y": "$year"}}}
    assert find_pushed([both], {"_id.g": "genre", "_id.y": "year"}) == {"_id.g": "genre", "_id.y": "year"}


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"pipeline": ({"$out": "x"},)}, "admin.E042"),
        ({"pipeline": ()}, "admin.E042"),
        ({"pipeline": ({"$match": {}},), "drill": {"_id": "$x"}}, "admin.E043"),
        ({"pipeline": ({"$match": {}},), "drills": {}}, "admin.E001"),
        ({"pipeline": ({"$match": {}},)}, ""),
    ],
)
def test_a_wrong_report_is_a_fault_at_start(values: dict[str, Any], fault: str) -> None:
    report = type("Bad", (Report,), {"collection": "bad", **values})
    assert [one.id for one in iter_faults(report)] == ([fault] if fault else [])
