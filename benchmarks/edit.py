"""The edit page of a document with 500 sub-documents, against a handler that renders its fields alone."""

from __future__ import annotations

import asyncio
import http.client
import os
import re
import secrets
import statistics
import time
import urllib.parse
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import MongoClient

from benchmarks.lists import SITE, _make_admin, log_in
from benchmarks.measure import median_time, pair, serving, show

ITEMS = 500
ROUNDS = 7
PAGE = "/admin/database/bench_edit/~int32:1"


def run() -> None:
    """Fill, measure and print."""
    fill()
    password = secrets.token_urlsafe(12)
    asyncio.run(_make_admin(password))
    with serving("benchmarks.ours", str(SITE)) as ours, serving("benchmarks.bare") as bare:
        cookie = log_in(ours, password)
        ratio = pair(
            ROUNDS,
            lambda: median_time(f"{ours}{PAGE}", cookie, 10),
            lambda: median_time(f"{bare}/edit/bench_edit", times=10),
        )
        show(f"edit page of {ITEMS} sub-documents, time to bare fields'", ratio, "< 10", ratio.median < 10)
        form = read_form(ours, cookie)
        ratio = pair(
            ROUNDS,
            lambda: median_post(ours, cookie, [*form, ("_op", "openall:rows")], 5),
            lambda: median_time(f"{bare}/edit/bench_edit", times=10),
        )
        show("the same with the inputs of all of them opened", ratio, "< 10", ratio.median < 10)
        ratio = pair(
            ROUNDS,
            lambda: median_post(ours, cookie, [*form, ("_op", "open:rows-250"), ("_part", "rows-250")], 10),
            lambda: median_time(f"{bare}/edit/bench_edit", times=10),
        )
        show("opening one of them in the page", ratio, "< 10", ratio.median < 10)


def fill() -> None:
    """The document."""
    start = datetime(2024, 1, 1, tzinfo=UTC)
    rows = [
        {
            "sku": f"SKU-{number:05d}",
            "title": f"Sub-document number {number}",
            "qty": number % 17,
            "price": number * 1.25,
            "ready": number % 3 == 0,
            "when": start + timedelta(hours=number),
        }
        for number in range(ITEMS)
    ]
    with MongoClient[dict[str, Any]](os.environ["BENCH_URI"]) as client:
        client["bench"]["bench_edit"].drop()
        client["bench"]["bench_edit"].insert_one({"_id": 1, "title": "Many", "rows": rows})


def read_form(address: str, cookie: str) -> list[tuple[str, str]]:
    """What the page posts with every button: its token and its base."""
    host = urllib.parse.urlsplit(address).netloc
    connection = http.client.HTTPConnection(host)
    connection.request("GET", PAGE, headers={"Cookie": cookie})
    page = connection.getresponse().read().decode()
    connection.close()
    names = ("csrf_token", "_base")
    return [(name, re.search(rf'name="{name}" value="([^"]*)"', page)[1]) for name in names] + [("_end", "1")]  # type: ignore[index]


def median_post(address: str, cookie: str, pairs: list[tuple[str, str]], times: int) -> float:
    """Median seconds of one post after another."""
    host = urllib.parse.urlsplit(address).netloc
    headers = {"Cookie": cookie, "Origin": address, "Content-Type": "application/x-www-form-urlencoded"}
    taken = []
    for _ in range(times):
        connection = http.client.HTTPConnection(host)
        start = time.perf_counter()
        connection.request("POST", PAGE, urllib.parse.urlencode(pairs), headers)
        answer = connection.getresponse()
        answer.read()
        taken.append(time.perf_counter() - start)
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"the page answered {answer.status}")
    return statistics.median(taken)
