"""Queries of the archive; no requests here."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

CARD = {
    "title": 1,
    "slug": 1,
    "year": 1,
    "genres": 1,
    "scores.critics": 1,
    "runtime": 1,
    "directors": 1,
    "poster": 1,
}
_TIME_MS = 3000


async def find_page(
    db: Any, *, genre: str = "", before: tuple[int, Any] | None = None, size: int = 24
) -> list[dict[str, Any]]:
    """Films, newest first, one more than `size` when there is a next page.

    Parameters:
        before: year and `_id` of the last film of the page before.
    """
    query: dict[str, Any] = {"genres": {"$eq": genre}} if genre else {}
    if before:
        year, last = before
        query["$or"] = [{"year": {"$lt": year}}, {"year": {"$eq": year}, "_id": {"$lt": last}}]
    cursor = db.films_films.find(query, CARD, limit=size + 1, sort=[("year", -1), ("_id", -1)])
    return await cursor.max_time_ms(_TIME_MS).to_list(size + 1)


async def find_film(db: Any, slug: str) -> dict[str, Any] | None:
    """A film by its address."""
    return await db.films_films.find_one({"slug": {"$eq": slug}})


async def find_best(db: Any, size: int) -> list[dict[str, Any]]:
    """Films that critics agree on, with at least 150 reviews."""
    query = {"scores.reviews": {"$gte": 150}}
    cursor = db.films_films.find(query, CARD, limit=size, sort=[("scores.critics", -1), ("_id", -1)])
    return await cursor.max_time_ms(_TIME_MS).to_list(size)


async def find_titles(db: Any, text: str, size: int = 12) -> list[dict[str, Any]]:
    """Films whose title begins with a text, by the index on the lower-case title."""
    start = re.escape(text.casefold().strip())
    cursor = db.films_films.find({"lower": {"$regex": f"^{start}"}}, CARD, limit=size, sort=[("lower", 1)])
    return await cursor.max_time_ms(_TIME_MS).to_list(size)


async def find_genres(db: Any) -> list[str]:
    """All genres, by name."""
    return sorted(genre for genre in await db.films_films.distinct("genres") if genre)


async def find_next_programme(db: Any) -> dict[str, Any] | None:
    """The programme that runs now or opens next, with the titles of its films."""
    now = datetime.now(UTC)
    programme = await db.films_programmes.find_one({"closes": {"$gte": now}}, sort=[("opens", 1)])
    programme = programme or await db.films_programmes.find_one({}, sort=[("opens", -1)])
    if programme is None:
        return None
    wanted = [slot["film"] for hall in programme["halls"] for slot in hall["slots"]]
    films = db.films_films.find(
        {"_id": {"$in": wanted}}, {"title": 1, "slug": 1, "year": 1}, limit=len(wanted)
    )
    titles = {film["_id"]: film for film in await films.to_list(len(wanted))}
    return {**programme, "films": titles}


async def count_all(db: Any) -> dict[str, int]:
    """About how many films and people there are."""
    return {
        "films": await db.films_films.estimated_document_count(),
        "people": await db.films_people.estimated_document_count(),
    }
