"""What a list will cost, asked from the server before it is read."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo.errors import OperationFailure

from aiocms.admin.lists.keyset import SortKey


@dataclass(frozen=True, slots=True)
class Cost:
    """How the server would read a list.

    `in_order` and `with_id` are what `PageQuery` asks. `scans`: every document may have to be looked at,
    because no index serves the filter. `sorts`: all rows are sorted first, because no index has their order.
    """

    indexes: tuple[str, ...] = ()
    in_order: bool = False
    with_id: bool = False
    scans: bool = True
    sorts: bool = True


@dataclass(frozen=True, slots=True)
class Measure:
    """What reading a page really took. `is_known` is False when the time was over before it was read."""

    indexes: tuple[str, ...] = ()
    rows: int = 0
    documents: int = 0
    entries: int = 0
    time_ms: int = 0
    sorts: bool = False
    is_known: bool = False


class CostCache:
    """The costs of lists seen lately; one for a site, so paging on does not ask again."""

    def __init__(self, seconds: float = 30.0) -> None:
        self._seconds = seconds
        self._kept: dict[tuple[str, str, str], tuple[float, Cost]] = {}

    async def get(self, collection: Any, match: Mapping[str, Any], sort: Sequence[SortKey]) -> Cost:
        """The cost of reading the rows of `match` in this order."""
        key = (collection.name, repr(match), ",".join(map(str, sort)))
        kept = self._kept.get(key)
        if kept and time.monotonic() - kept[0] < self._seconds:
            return kept[1]
        cost = await explain(collection, match, sort)
        if len(self._kept) > 500:
            self._kept.clear()
        self._kept[key] = (time.monotonic(), cost)
        return cost

    def forget(self, name: str) -> None:
        """Ask anew what lists of a collection cost."""
        self._kept = {key: kept for key, kept in self._kept.items() if key[0] != name}


async def explain(collection: Any, match: Mapping[str, Any], sort: Sequence[SortKey]) -> Cost:
    """The plan that the server would choose, without running it."""
    keys = [key for key in sort if key.path != "_id"] or list(sort)
    order = {key.path: -1 if key.descending else 1 for key in keys}
    command = {"find": collection.name, "filter": dict(match), "sort": order, "limit": 50}
    try:
        answer = await collection.database.command(
            {"explain": command, "verbosity": "queryPlanner", "maxTimeMS": 2000},
            codec_options=collection.codec_options,
        )
    except OperationFailure:
        return Cost(scans=bool(match))
    plan = answer.get("queryPlanner", {}).get("winningPlan")
    if not plan or "shards" in plan:
        return Cost(scans=bool(match))
    return _judge(list(_iter_stages(plan.get("queryPlan", plan))), match, keys)


async def measure(
    collection: Any, match: Mapping[str, Any], sort: Sequence[SortKey], size: int, time_ms: int
) -> Measure:
    """Read a page on the server, for its numbers alone, within a time."""
    order = {key.path: -1 if key.descending else 1 for key in sort}
    command = {"find": collection.name, "filter": dict(match), "sort": order, "limit": size + 1}
    try:
        answer = await collection.database.command(
            {"explain": command, "verbosity": "executionStats", "maxTimeMS": time_ms},
            codec_options=collection.codec_options,
        )
    except OperationFailure:
        return Measure()
    stats = answer.get("executionStats", {})
    plan = answer.get("queryPlanner", {}).get("winningPlan", {})
    stages = list(_iter_stages(plan.get("queryPlan", plan)))
    return Measure(
        indexes=tuple(dict.fromkeys(str(one["indexName"]) for one in stages if "indexName" in one)),
        rows=min(int(stats.get("nReturned", 0)), size),
        documents=int(stats.get("totalDocsExamined", 0)),
        entries=int(stats.get("totalKeysExamined", 0)),
        time_ms=int(stats.get("executionTimeMillis", 0)),
        sorts=any(str(one.get("stage")) == "SORT" for one in stages),
        is_known=bool(stats) and stats.get("executionSuccess") is not False,
    )


def _judge(stages: list[Mapping[str, Any]], match: Mapping[str, Any], keys: Sequence[SortKey]) -> Cost:
    names = [str(stage.get("stage")) for stage in stages]
    scans = [
        stage for stage in stages if stage.get("stage") in ("IXSCAN", "CLUSTERED_IXSCAN", "EXPRESS_IXSCAN")
    ]
    sorts = any(name.startswith("SORT") and name != "SORT_MERGE" for name in names)
    # Only a view gives its rows another shape: they may then lack their `_id`, or share one.
    shaped = any(name.startswith("PROJECTION") for name in names)
    express = any(name.startswith(("IDHACK", "EXPRESS", "EOF")) for name in names)
    reads_all = "COLLSCAN" in names or any(_is_whole(stage) for stage in scans)
    paths = {key.path for key in keys}
    lists = any(_has_list(stage, paths) for stage in scans)
    return Cost(
        indexes=tuple(dict.fromkeys(str(stage["indexName"]) for stage in scans if "indexName" in stage)),
        in_order=not sorts and not lists and not shaped and (bool(scans) or express),
        with_id=bool(scans) and all(_ends_with_id(stage, keys) for stage in scans),
        scans=reads_all and bool(match) and not express,
        sorts=sorts,
    )


def _iter_stages(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for name in ("inputStage", "outerStage", "innerStage", "thenStage", "elseStage"):
        if isinstance(plan.get(name), Mapping):
            yield from _iter_stages(plan[name])
    for inner in plan.get("inputStages", ()):
        yield from _iter_stages(inner)


def _is_whole(stage: Mapping[str, Any]) -> bool:
    """Whether an index is read from one end to the other, only for its order."""
    bounds = stage.get("indexBounds") or {}
    return bool(bounds) and all(
        part in (["[MinKey, MaxKey]"], ["[MaxKey, MinKey]"])
        for part in bounds.values()
        if isinstance(part, list)
    )


def _has_list(stage: Mapping[str, Any], paths: set[str]) -> bool:
    if not stage.get("isMultiKey"):
        return False
    lists = stage.get("multiKeyPaths")
    return not isinstance(lists, Mapping) or any(lists.get(path, ["?"]) for path in paths)


def _ends_with_id(stage: Mapping[str, Any], keys: Sequence[SortKey]) -> bool:
    pattern = list((stage.get("keyPattern") or {}).items())
    names = [name for name, _ in pattern]
    if keys[-1].path == "_id":
        return True
    if keys[-1].path not in names or names[-1] != "_id" or names[-2:-1] != [keys[-1].path]:
        return False
    return bool(pattern[-1][1] == pattern[-2][1])  # the order of _id is that of the key before it
