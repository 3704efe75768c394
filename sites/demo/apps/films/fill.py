"""Documents of the archive from the film list of the package bokeh-sampledata.

Source: movies.db of bokeh-sampledata, from Wikidata, CC0.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from bson import Int64, ObjectId

from aiocms import AiocmsError

_COLUMNS = """
    o.ID, o.Title, o.Year, o.Rating, o.Runtime, o.Genre, o.Released, o.Director, o.Cast, o.Language,
    o.Country, o.Oscars, o.imdbID, t.Meter, t.Reviews, t.Fresh, t.Rotten, t.BoxOffice, t.Production
"""


def find_source() -> Path:
    """The film list's file.

    Raises:
        AiocmsError: the package is not installed.
    """
    spec = importlib.util.find_spec("bokeh_sampledata")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        file = Path(folder) / "_data" / "movies.db"
        if file.is_file():
            return file
    raise AiocmsError("The film list is missing. Run: pip install --no-deps bokeh-sampledata")


def iter_rows(source: Path) -> Iterator[tuple[Any, ...]]:
    """The rows of the film list that have a title and a year."""
    connection = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    try:
        query = f"SELECT {_COLUMNS} FROM omdb o LEFT JOIN tomatoes t ON t.ID = o.ID ORDER BY o.ID"  # noqa: S608
        for row in connection.execute(query):
            if row[1] and row[2]:
                yield row
    finally:
        connection.close()


def make_documents(rows: Iterator[tuple[Any, ...]]) -> dict[str, list[dict[str, Any]]]:
    """All documents, by collection; the same rows give the same documents."""
    films: list[dict[str, Any]] = []
    people: dict[str, dict[str, Any]] = {}
    grosses: list[dict[str, Any]] = []
    slugs: set[str] = set()
    for row in rows:
        film, gross = _make_film(row, slugs)
        if film["directors"]:
            film["director"] = _count_person(people, film["directors"][0], film["year"])
        films.append(film)
        if gross:
            grosses.append(gross)
    return {
        "films_films": films,
        "films_people": list(people.values()),
        "films_programmes": list(_iter_programmes(films)),
        "films_grosses": grosses,
    }


def _make_film(row: tuple[Any, ...], slugs: set[str]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    (number, title, year, rated, runtime, genre, released, director, cast, language, country, oscars, imdb,
     meter, reviews, fresh, rotten, box_office, production) = row  # fmt: skip
    slug = _make_slug(title, year, number, slugs)
    film: dict[str, Any] = {
        "_id": _make_id("film", str(number)),
        "title": title,
        "lower": title.casefold(),
        "slug": slug,
        "year": int(year),
        "genres": _split(genre),
        "countries": _split(country),
        "languages": _split(language),
        "directors": _split(director),
        "cast": [{"name": name, "billing": place} for place, name in enumerate(_split(cast), 1)],
        "oscars": int(oscars or 0),
        "imdb": imdb,
    }
    if runtime:
        film["runtime"] = int(runtime)
    if rated:
        film["rated"] = rated
    if released:
        film["released"] = datetime.fromisoformat(released).replace(tzinfo=UTC)
    if meter is not None:
        film["scores"] = {
            "critics": int(meter),
            "reviews": int(reviews or 0),
            "fresh": int(fresh or 0),
            "rotten": int(rotten or 0),
        }
    gross = None
    if box_office:
        gross = {"_id": _make_id("gross", str(number)), "film": film["_id"], "gross": Int64(box_office)}
        if production:
            gross["production"] = _split(production)
    return film, gross


def _count_person(people: dict[str, dict[str, Any]], name: str, year: int) -> ObjectId:
    person = people.setdefault(
        name,
        {"_id": _make_id("person", name), "name": name, "films": 0, "first_year": year, "last_year": year},
    )
    person["films"] += 1
    person["first_year"] = min(person["first_year"], year)
    person["last_year"] = max(person["last_year"], year)
    return ObjectId(person["_id"])


def _iter_programmes(films: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Weekly programmes of two halls: the films that critics liked most, in order."""
    liked = iter(sorted(films, key=lambda film: (-_weight(film), film["title"])))
    titles = {film["_id"]: film["title"] for film in films}
    monday = datetime(2026, 1, 5, 19, tzinfo=UTC)
    for week in range(104):
        opens = monday + timedelta(weeks=week)
        halls = [
            {
                "name": name,
                "seats": seats,
                "slots": [
                    {
                        "film": film["_id"],
                        "starts": opens + timedelta(days=day),
                        "price": {"amount": Int64(950), "cur": "EUR"},
                    }
                    for day, film in enumerate(islice(liked, 4))
                ],
            }
            for name, seats in (("Salon", 48), ("Saal", 180))
        ]
        yield {
            "_id": _make_id("programme", str(week)),
            "title": f"Week {opens.isocalendar().week}, {opens.year}",
            "opens": opens,
            "closes": opens + timedelta(days=7),
            "halls": halls,
            "intro": "Films that **critics loved**, four in each hall. Doors open _half an hour_ early.",
            "article": _make_article([hall["slots"] for hall in halls], titles),
        }


def _make_article(halls: list[list[dict[str, Any]]], titles: dict[Any, str]) -> dict[str, Any]:
    """A text of blocks about a week."""
    names = [escape(titles[slot["film"]]) for slots in halls for slot in slots]
    return {
        "blocks": [
            {"type": "header", "data": {"text": "The films of this week", "level": 2}},
            {"type": "list", "data": {"style": "unordered", "items": names}},
            {"type": "quote", "data": {"text": "Come early, stay late.", "caption": "The house"}},
        ]
    }


def _weight(film: dict[str, Any]) -> float:
    scores = film.get("scores")
    return scores["fresh"] * scores["critics"] / 100 if scores else 0.0


def _split(text: str | None) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in (text or "").split(",") if part.strip()))


def _make_slug(title: str, year: int, number: int, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = f"{re.sub(r'[^a-z0-9]+', '-', plain).strip('-') or 'film'}-{year}"
    slug = slug if slug not in taken else f"{slug}-{number}"
    taken.add(slug)
    return slug


def _make_id(kind: str, key: str) -> ObjectId:
    """An id made of its key, so that filling again changes nothing; dated the first of January 2026."""
    made = int(datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp()).to_bytes(4, "big")
    return ObjectId(made + hashlib.sha256(f"{kind}:{key}".encode()).digest()[:8])
