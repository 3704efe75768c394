"""Posters for the newest films and those that critics like most: drawn with Pillow, stored as uploads are."""

from __future__ import annotations

import hashlib
import io
import textwrap
from collections.abc import AsyncIterator
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from aiocms.files.intake import Intake, Wanted
from aiocms.files.work import Workshop

_SIZE = (400, 600)
_MANY = 48
_PAIRS = (
    ("#1d2b4f", "#e0694f"), ("#0f3d3e", "#f0c05a"), ("#4a1942", "#f29ca3"), ("#23395b", "#9ad1d4"),
    ("#3b2417", "#e8a33d"), ("#14342b", "#a8d08d"), ("#2d2a4a", "#c7a6ff"), ("#5c1a1b", "#f4d6a0"),
)  # fmt: skip


async def hang(db: Any, settings: Any) -> int:
    """Draw and store the posters; drawn again, the same ones are found in the library.

    Returns:
        How many films have one.
    """
    intake = Intake(db, settings, Workshop(int(settings.files_threads)))
    query = {"scores.reviews": {"$gte": 150}}
    best = db.films_films.find(query, limit=_MANY, sort=[("scores.critics", -1), ("_id", -1)])
    newest = db.films_films.find({}, limit=_MANY, sort=[("year", -1), ("_id", -1)])
    films = {film["_id"]: film for film in [*await best.to_list(_MANY), *await newest.to_list(_MANY)]}
    count = 0
    for film in films.values():
        drawn = draw(film["title"], film["year"], (film.get("directors") or [""])[0])
        record = await intake.take(Wanted(("image/*",)), f"{film['slug']}.png", _give(drawn))
        await db.films_films.update_one({"_id": film["_id"]}, {"$set": {"poster": record.id}})
        count += 1
    return count


def draw(title: str, year: int, director: str) -> bytes:
    """A poster as PNG; the same film always gives the same."""
    seed = hashlib.sha256(f"{title} {year}".encode()).digest()
    ground, light = _PAIRS[seed[0] % len(_PAIRS)]
    width, height = _SIZE
    image = Image.new("RGB", _SIZE, ground)
    pen = ImageDraw.Draw(image)
    if seed[1] % 3 == 0:
        for ring in range(7, 0, -1):
            pen.circle((200, 200), ring * (20 + seed[2] % 8), outline=light, width=2 + seed[ring] % 7)
    elif seed[1] % 3 == 1:
        for bar in range(12):
            top = 330 - seed[bar + 2] % 250
            pen.rectangle((28 + bar * 29, top, 46 + bar * 29, 350), fill=light)
    else:
        pen.circle((110 + seed[3] % 180, 170), 92, fill=light)
        for wave in range(4):
            points = [(x, 300 + wave * 18 + (seed[(x // 40 + wave) % 32] % 26)) for x in range(0, 441, 40)]
            pen.line(points, fill=light, width=3)
    lines = textwrap.wrap(title, 16)[:4]
    y = height - 60 - 46 * len(lines)
    for line in lines:
        pen.text((28, y), line, fill="#ffffff", font=ImageFont.load_default(42))
        y += 46
    pen.line((28, y + 4, width - 28, y + 4), fill=light, width=2)
    pen.text((28, y + 12), f"{year}   {director}"[:44], fill=light, font=ImageFont.load_default(17))
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


async def _give(data: bytes) -> AsyncIterator[bytes]:
    yield data
