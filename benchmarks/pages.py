"""Pages and static files: requests per second against the same by hand."""

from __future__ import annotations

import os
from pathlib import Path

from pymongo import MongoClient

from benchmarks.measure import pair, requests_per_second, serving, show

SITE = str(Path(__file__).parent / "sites" / "pages")
ROUNDS = 5


def fill() -> None:
    """Twenty posts for the page with a query."""
    client: MongoClient[dict[str, object]] = MongoClient(os.environ["BENCH_URI"])
    posts = client["bench"]["bench_posts"]
    posts.drop()
    posts.insert_many(
        {
            "title": f"Post {n}",
            "slug": f"post-{n}",
            "text": "Some words of text. " * 12,
            "tags": ["a", "b", "c"],
        }
        for n in range(20)
    )
    client.close()


def run() -> None:
    """Measure and print."""
    fill()
    with serving("benchmarks.ours", SITE) as ours, serving("benchmarks.bare") as bare:
        for path, name, aim in (
            ("/query", "page with a query and a layout", 0.85),
            ("/plain", "page without a query", 0.6),
        ):
            for address in (ours, bare):
                requests_per_second(address + path, 1)
            ratio = pair(
                ROUNDS,
                lambda path=path: requests_per_second(ours + path),  # type: ignore[misc]
                lambda path=path: requests_per_second(bare + path),  # type: ignore[misc]
            )
            show(f"{name}, requests/s", ratio, f">= {aim}", ratio.median >= aim)


def run_static() -> None:
    """Measure a static file and print."""
    with serving("benchmarks.ours", SITE) as ours, serving("benchmarks.bare") as bare:
        ratio = pair(
            ROUNDS,
            lambda: requests_per_second(ours + "/static/big.css"),
            lambda: requests_per_second(bare + "/static/big.css"),
        )
        show("static file of 20 kB, requests/s", ratio, "-")
