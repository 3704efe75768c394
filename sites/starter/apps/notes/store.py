"""Queries of the app: they know the database, but no requests."""

from typing import Any

PAGE = 50


async def find_latest(db: Any) -> list[dict[str, Any]]:
    """The newest entries without their text."""
    found = db.notes_entries.find({}, {"text": 0}, sort=[("written", -1)], limit=PAGE)
    return await found.to_list(PAGE)


async def find_by_slug(db: Any, slug: str) -> dict[str, Any] | None:
    """The entry of this address, or None."""
    return await db.notes_entries.find_one({"slug": slug})
