"""The site of the admin's browser tests: books with a declared screen, papers with none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bson import Decimal128, Int64, ObjectId

FIRST = ObjectId("650000000000000000000001")
SCREENS = """
from aiocms.admin import Column, Filter, Group, Screen, action

class Books(Screen):
    collection = "library_books"
    title = "Books"
    label = "{title}"
    columns = (
        "title",
        Column("year", format="text"),
        "status",
        Column("author.name", label="Author"),
        Column("chapters", format="count"),
        Column("added", format="date"),
    )
    filters = ("year", Filter("status", choices=("in", "out", "lost")), "author.name")
    search = ("title",)
    order = ("year",)
    layout = (("title", "year"), Group("Inside", "chapters", "tags"))

    @action("Mark as lost", confirm="Mark these books as lost?", danger=True)
    async def lose(self, request, rows):
        count = 0
        async for row in rows:
            await rows.collection.update_one({"_id": row["_id"]}, {"$set": {"status": "lost"}})
            count += 1
        return f"{count} lost"
"""
SITE = {
    "routes.py": """
from aiocms import route, templ

async def index(request):
    return templ("index", request)

routes = [route("GET", "/", index, "index")]
""",
    "templ/index.tpl": '{% extends "core:layout" %}{% block content %}<h1>Library</h1>{% endblock %}',
    "apps/library/app.py": 'from aiocms import App\n\napp = App(title="Library")\n',
    "apps/library/admin.py": SCREENS,
    "apps/library/models.py": """
from aiocms import Index

indexes = (Index("library_books", [("year", 1)]), Index("library_books", [("title", 1)]))
""",
}
SETTINGS: dict[str, Any] = {"title": "Reading room", "languages": ["en", "ru", "ar"]}


def make_book(number: int) -> dict[str, Any]:
    """One of the books, with more BSON types than a form has inputs for."""
    return {
        "_id": ObjectId(FIRST.binary[:-2] + number.to_bytes(2, "big")),
        "title": f"Book {number:03}",
        "year": 1900 + number,
        "status": ("in", "out", "lost")[number % 3],
        "author": {"name": f"Author {number % 7}", "born": Int64(1850 + number)},
        "chapters": [
            {"title": f"{number}-{name}", "pages": 10 + at, "notes": {"seen": at > 0}}
            for at, name in enumerate(("Start", "Middle", "End"))
        ],
        "tags": ["old", "paper"],
        "weight": Decimal128("1.50"),
        "added": datetime(2024, 1, 1 + number % 28, tzinfo=UTC),
    }


async def fill(db: Any) -> None:
    """120 books and three papers, as they were."""
    await db.library_books.delete_many({})
    await db.library_books.insert_many([make_book(number) for number in range(1, 121)])
    await db.papers.delete_many({})
    await db.papers.insert_many(
        [{"_id": at, "headline": f"The paper of day {at}", "pages": at * 4} for at in (1, 2, 3)]
    )


async def find_book(db: Any, number: int = 1) -> dict[str, Any]:
    """A book as it is stored now."""
    found: dict[str, Any] = await db.library_books.find_one({"_id": make_book(number)["_id"]})
    return found


BOOKS = "/admin/library/books/"
BOOK = f"{BOOKS}{FIRST}"
