"""Paging by keys: every row once, in the server's own order, whatever the documents hold."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import Binary, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp
from bson.code import Code
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from motor.motor_asyncio import AsyncIOMotorClient

from aiocms.admin.lists.keyset import PageQuery, Place, SortKey, complete_sort, fetch_page

_NOW = datetime(2024, 5, 17, 12, 30, tzinfo=UTC)
# Few different values, so that equal keys are common.
_SCALARS = st.one_of(
    st.sampled_from([None, True, False, 0, 1, -1, 1.0, 0.5, Int64(1), Decimal128("1"), Decimal128("NaN")]),
    st.sampled_from([float("nan"), float("inf"), float("-inf"), -0.0, 2**40, 2**53 + 1, float(2**53)]),
    st.sampled_from(["", "a", "A", "b", "é", "\U0001f600", "zz"]),
    st.sampled_from([MinKey(), MaxKey(), Regex("^a", "i"), Code("x"), Timestamp(1, 2), Timestamp(1, 3)]),
    st.sampled_from([_NOW, _NOW + timedelta(days=1), datetime(1950, 1, 1, tzinfo=UTC)]),
    st.sampled_from([b"", b"abc", Binary(b"ab", 5), ObjectId("0" * 24), ObjectId("f" * 24)]),
    st.sampled_from([{}, {"x": 1}, {"x": "1"}, {"$gt": 1}]),
)
_LISTS = st.lists(st.one_of(_SCALARS, st.lists(_SCALARS, max_size=2)), max_size=3)


def _documents(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    nested = st.fixed_dictionaries({}, optional={"c": values})
    fields = st.fixed_dictionaries({}, optional={"a": values, "b": nested})
    return st.lists(fields, min_size=0, max_size=25)


_SORTS = st.sampled_from(
    [
        ("a",),
        ("-a",),
        ("a", "b.c"),
        ("-a", "b.c"),
        ("b.c", "-a"),
        ("_id",),
        ("-_id",),
        ("-a", "-b.c", "_id"),
        ("b",),
    ]
)


class Server:
    """The test server with its own event loop, because hypothesis calls a plain function many times."""

    def __init__(self, uri: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.client: Any = AsyncIOMotorClient(uri, io_loop=self.loop, tz_aware=True)
        self.name = f"test_keyset_{uuid.uuid4().hex[:12]}"
        self.collection = self.client[self.name].rows

    def run(self, coroutine: Any) -> Any:
        return self.loop.run_until_complete(coroutine)

    def close(self) -> None:
        self.run(self.client.drop_database(self.name))
        self.client.close()
        self.loop.close()


@pytest.fixture(scope="module")
def server(mongo_uri: str) -> Iterator[Server]:
    one = Server(mongo_uri)
    yield one
    one.close()


def _sort(names: tuple[str, ...]) -> tuple[SortKey, ...]:
    return complete_sort([SortKey(name.removeprefix("-"), name.startswith("-")) for name in names])


async def _fill(server: Server, documents: list[dict[str, Any]]) -> None:
    await server.collection.delete_many({})
    if documents:
        ids: list[Any] = [ObjectId(), -7, "text", 2.5, _NOW, b"raw", {"x": 1}]
        rows = [{"_id": ids[i] if i < len(ids) else i, **document} for i, document in enumerate(documents)]
        await server.collection.insert_many(rows)


async def _walk(server: Server, query: PageQuery, *, backward: bool) -> list[Any]:
    pages, place = [], Place("last" if backward else "first")
    for _ in range(100):
        page = await fetch_page(server.collection, query, place)
        assert len(page.rows) <= query.size
        pages.append([row["_id"] for row in page.rows])
        if not (page.has_before if backward else page.has_after):
            break
        place = Place("before", page.first) if backward else Place("after", page.last)
    else:
        raise AssertionError("paging does not end")
    if backward:
        pages.reverse()
    return [one for page in pages for one in page]


async def _check(server: Server, query: PageQuery) -> None:
    order = {key.path: -1 if key.descending else 1 for key in query.sort}
    cursor = server.collection.aggregate([{"$sort": order}, {"$project": {"_id": 1}}])
    expected = [row["_id"] async for row in cursor]
    assert await _walk(server, query, backward=False) == expected
    assert await _walk(server, query, backward=True) == expected


_SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@_SETTINGS
@given(_documents(st.one_of(_SCALARS, _LISTS)), _SORTS, st.integers(1, 7))
@example([{"a": []}, {"a": None}, {}, {"a": [[]]}, {"a": [1, None]}], ("a",), 1)
@example([{"a": [1, 9]}, {"a": 5}, {"a": [0, 20]}], ("-a",), 1)
def test_sorted_paging_visits_each_row_once_in_both_directions(
    server: Server, documents: list[dict[str, Any]], names: tuple[str, ...], size: int
) -> None:
    async def check() -> None:
        await _fill(server, documents)
        sort = _sort(names)
        parallel = len({key.path.split(".")[0] for key in sort}) > 2
        if parallel and any(
            isinstance(row.get("a"), list) and isinstance(row.get("b", {}).get("c"), list)
            for row in documents
        ):
            return  # the server refuses to sort by two lists of one document
        await _check(server, PageQuery({}, sort, {"_id": 1, "a": 1, "b": 1}, size, 5000))

    server.run(check())


@_SETTINGS
@given(_documents(_SCALARS), _SORTS, st.integers(1, 7), st.booleans())
@example([{"a": float("nan")}, {"a": 1}, {"a": Decimal128("NaN")}, {"a": float("-inf")}], ("-a",), 1, False)
@example([{"a": 1}, {"a": 1.0}, {"a": True}, {}, {"a": None}, {"a": MinKey()}], ("a",), 1, False)
def test_paging_along_an_index_visits_each_row_once_in_both_directions(
    server: Server, documents: list[dict[str, Any]], names: tuple[str, ...], size: int, with_id: bool
) -> None:
    async def check() -> None:
        await _fill(server, documents)
        sort = _sort(names)
        query = PageQuery({}, sort, {"_id": 1, "a": 1, "b": 1}, size, 5000, in_order=True, with_id=with_id)
        await _check(server, query)

    server.run(check())
