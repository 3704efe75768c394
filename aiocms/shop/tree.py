"""Saving categories: a move takes the whole subtree and the products below with it.

What is cut in the middle is finished by the next ``settle_categories``: the same update that changes a
category marks it ``unsettled``, and the mark goes last.

1. the category changes, marked           cut after: old addresses still work, lists are the old ones
2. derived fields of the subtree, marked  cut after: new addresses work, old ones redirect, lists are old
3. tokens of the products below           cut within: some products are in the new lists, some in the old
4. the marks go
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from pymongo import UpdateOne

from aiocms import N_
from aiocms.core.errors import AiocmsError
from aiocms.shop.derive import category_token, derive_category, derive_tree
from aiocms.shop.facets import grow_version
from aiocms.shop.models import CATEGORIES, SITE, STATUSES, Database, Document
from aiocms.shop.rules import Problem, check_category
from aiocms.shop.save import TRIES, Conflict, refresh_products, still

_READ: Final = ("parent", "slug", "public", "version", "ancestors", "url_path", "ancestors_are_public")
# No slug begins so: an address that nobody can ask for.
_AWAY: Final = "~"


class Refused(AiocmsError):
    """A change that would break a rule."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("; ".join(map(str, problems)))


def new_category(given: Document) -> Document:
    """A category with the fields that every category has; ``settle_categories`` derives the rest."""
    now = dt.datetime.now(dt.UTC)
    defaults: Document = {
        "site": SITE,
        "parent": None,
        "order": 0,
        "public": True,
        "ancestors": [],
        "ancestors_are_public": True,
        "description": "",
        "old_paths": [],
        "seo": {},
        "version": 1,
        "created": now,
        "updated": now,
        "unsettled": True,
    }
    return {**defaults, "url_path": f"{_AWAY}{given['_id']}", **given}


async def save_category(db: Database, id: Any, changes: Document, version: int) -> None:
    """Change given fields of a category that is still at a version, and all that follows from it.

    Raises:
        Refused: a rule is broken, or the new address is taken.
        Conflict: the category is at another version, or gone.
    """
    category = await db[CATEGORIES].find_one({"_id": id})
    if category is None:
        raise Conflict(f"There is no category {id!r}")
    problems = await find_problems(db, {**category, **changes})
    if problems:
        raise Refused(problems)
    now = dt.datetime.now(dt.UTC)
    done = await db[CATEGORIES].update_one(
        {"_id": id, "version": version},
        {"$set": {**changes, "updated": now, "unsettled": True}, "$inc": {"version": 1}},
    )
    if not done.matched_count:
        raise Conflict(f"The category {id!r} is not at version {version} any more")
    await settle_categories(db)


async def find_problems(db: Database, category: Document) -> list[Problem]:
    """Every rule that a category as it would be stored breaks, by itself or among the others."""
    above = category.get("parent")
    parent = await db[CATEGORIES].find_one({"_id": {"$eq": above}}) if above is not None else None
    problems = check_category(category, parent)
    if above is not None and parent is None:
        problems.append(Problem("parent", N_("There is no such category.")))
    if not problems and (parent is None or "url_path" in parent):
        path = derive_category(category, parent)["url_path"]
        taken = {"site": SITE, "url_path": path, "_id": {"$ne": category["_id"]}}
        if await db[CATEGORIES].find_one(taken, {"_id": 1}):
            text = N_("Another category has the address %(path)s.")
            problems.append(Problem("slug", text, (("path", path),)))
    return problems


async def settle_categories(db: Database) -> int:
    """Derive the whole tree anew, then the products of every category that changed.

    The tree is small and read at once; what is written is guarded by what was read. May be run at any time.

    Returns:
        How many categories and products had to be changed.
    """
    changed = 0
    for _ in range(TRIES):
        tree: list[Document] = [category async for category in db[CATEGORIES].find({"site": SITE})]
        writes = _tree_writes(tree)
        if not writes:
            break
        done = await db[CATEGORIES].bulk_write(writes, ordered=True)
        changed += done.modified_count
    else:
        raise Conflict("The categories are being changed all the time")
    unsettled = [category for category in tree if category.get("unsettled")]
    if unsettled:
        tokens = [category_token(category["_id"]) for category in unsettled]
        wanted = {"site": SITE, "status": {"$in": list(STATUSES)}, "tokens": {"$in": tokens}}
        changed += await refresh_products(db, wanted)
        # The mark stays on a category that has changed again: whoever changed it settles it.
        marks = [{"_id": category["_id"], "version": category.get("version")} for category in unsettled]
        await db[CATEGORIES].bulk_write([UpdateOne(mark, {"$unset": {"unsettled": ""}}) for mark in marks])
        await grow_version(db)
    return changed


def _tree_writes(tree: list[Document]) -> list[UpdateOne]:
    """The updates that put every category's derived fields right.

    Addresses are unique at every moment: one that a category leaves and another takes in the same run is
    first given up.
    """
    derived = derive_tree(tree)
    changes = {
        category["_id"]: {
            name: value for name, value in derived[category["_id"]].items() if category.get(name) != value
        }
        for category in tree
    }
    targets = {fields["url_path"] for fields in changes.values() if "url_path" in fields}
    leaving: list[UpdateOne] = []
    moving: list[UpdateOne] = []
    for category in tree:
        fields = changes[category["_id"]]
        if not fields:
            continue
        update: Document = {"$set": {**fields, "unsettled": True}}
        path = category.get("url_path")
        if "url_path" in fields and isinstance(path, str):
            if not path.startswith(_AWAY):
                update["$addToSet"] = {"old_paths": path}
            if path in targets:
                away = f"{_AWAY}{category['_id']}"
                leaving.append(
                    UpdateOne(
                        still(category, _READ),
                        {"$set": {"url_path": away, "unsettled": True}, "$addToSet": {"old_paths": path}},
                    )
                )
                category = {**category, "url_path": away}
        moving.append(UpdateOne(still(category, _READ), update))
    return leaving + moving
