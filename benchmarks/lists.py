"""The admin list at ten thousand, two hundred thousand and a million documents."""

from __future__ import annotations

import asyncio
import http.cookiejar
import os
import random
import re
import secrets
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import MongoClient

from aiocms.auth.store import create_user
from benchmarks.measure import median_time, pair, serving, show

SITE = Path(__file__).parent / "sites" / "lists"
SIZES = {"bench_small": 10_000, "bench_middle": 200_000, "bench_large": 1_000_000}
SCREENS = {"bench_small": "small", "bench_middle": "middle", "bench_large": "large"}
BATCH = 10_000
ROUNDS = 5
PAGES = {
    "first page": "",
    "last page": "?at=last",
    "indexed sort": "?sort=price",
    "indexed filter": "?category=tools",
}
WORDS = (
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "harbor",
    "karst",
    "lumen",
    "maple",
    "ocean",
)


def run() -> None:
    """Fill, measure and print."""
    fill()
    password = secrets.token_urlsafe(12)
    asyncio.run(_make_admin(password))
    with serving("benchmarks.ours", str(SITE)) as ours, serving("benchmarks.bare") as bare:
        cookie = log_in(ours, password)

        def list_time(collection: str, query: str) -> float:
            return median_time(f"{ours}/admin/bench/{SCREENS[collection]}/{query}", cookie)

        for query in PAGES.values():
            for collection in SIZES:
                list_time(collection, query)
        for name, query in PAGES.items():
            for collection in ("bench_middle", "bench_large"):
                ratio = pair(
                    ROUNDS,
                    lambda c=collection, q=query: list_time(c, q),  # type: ignore[misc]
                    lambda q=query: list_time("bench_small", q),  # type: ignore[misc]
                )
                show(
                    f"list of {SIZES[collection]:>9,}, {name}, time to 10,000's",
                    ratio,
                    "<= 1.3",
                    ratio.median <= 1.3,
                )
        # Many short rounds: both sides then see the machine in the same moods.
        ratio = pair(
            4 * ROUNDS + 1,
            lambda: median_time(f"{ours}/admin/bench/large/", cookie, 15),
            lambda: median_time(f"{bare}/rows/bench_large", times=15),
        )
        show("list of 1,000,000, first page, time to a bare handler's", ratio, "< 4", ratio.median < 4)


def fill() -> None:
    """The three collections, unless they are full already."""
    client: MongoClient[dict[str, Any]] = MongoClient(os.environ["BENCH_URI"])
    for name, size in SIZES.items():
        collection = client["bench"][name]
        if collection.estimated_document_count() == size:
            continue
        print(f"filling {name} with {size:,} documents", flush=True)
        collection.drop()
        for batch in _iter_batches(size):
            collection.insert_many(batch, ordered=False)
    client.close()


def _iter_batches(size: int) -> Iterator[list[dict[str, Any]]]:
    chance = random.Random(7)
    start = datetime(2020, 1, 1, tzinfo=UTC)
    categories = ("tools", "food", "toys", "sport", "garden", "books", "office")
    for first in range(0, size, BATCH):
        yield [
            {
                "name": f"{chance.choice(WORDS)} {chance.choice(WORDS)} {number}",
                "sku": f"SKU-{number:08d}",
                "category": chance.choice(categories),
                "price": chance.randrange(100, 100_000),
                "stock": chance.randrange(0, 500),
                "created": start + timedelta(minutes=number),
                "text": "lorem ipsum dolor sit amet " * 6,
            }
            for number in range(first, min(first + BATCH, size))
        ]


async def _make_admin(password: str) -> None:
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(os.environ["BENCH_URI"])
    await client["bench"]["auth_users"].drop()
    await client["bench"]["auth_passwords"].drop()
    await create_user(client["bench"], "bench", password, superuser=True)
    client.close()


def log_in(address: str, password: str) -> str:
    """The session cookie of the administrator, as a header's value."""
    jar = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https")))
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{address}/login").read().decode()
    fields = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    data = {**fields, "next": "/admin/", "username": "bench", "password": password}
    opener.open(f"{address}/login", urllib.parse.urlencode(data).encode())
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
