"""How many rows a list has, at a bounded price."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pymongo.errors import ExecutionTimeout, OperationFailure


@dataclass(frozen=True, slots=True)
class Count:
    """A number of rows: exact, estimated from the collection's metadata, at least that many, or not known."""

    number: int
    kind: Literal["exact", "estimated", "least", "unknown"]


class CountCache:
    """Counts that reached their limit, one cache for a site: a list of very many rows is not counted anew for
    every page of it. That there are at least so many rows stays true for a minute or can be borne; an exact
    count is never kept."""

    def __init__(self, seconds: float = 60.0) -> None:
        self._seconds = seconds
        self._kept: dict[tuple[str, str, int], float] = {}

    async def get(
        self,
        collection: Any,
        match: Mapping[str, Any],
        limit: int,
        time_ms: int,
        collation: Mapping[str, Any] | None = None,
    ) -> Count:
        """The number of documents that match, as `count_rows` gives it."""
        key = (collection.name, repr(match), limit)
        if time.monotonic() - self._kept.get(key, -self._seconds) < self._seconds:
            return Count(limit, "least")
        count = await count_rows(collection, match, limit, time_ms, collation)
        if count.kind == "least":
            if len(self._kept) > 500:
                self._kept.clear()
            self._kept[key] = time.monotonic()
        return count


async def count_rows(
    collection: Any,
    match: Mapping[str, Any],
    limit: int,
    time_ms: int,
    collation: Mapping[str, Any] | None = None,
) -> Count:
    """The number of documents that match: without a filter the server's own, else counted up to `limit`."""
    try:
        if not match:
            return Count(await collection.estimated_document_count(maxTimeMS=time_ms), "estimated")
        options: dict[str, Any] = {"limit": limit + 1, "maxTimeMS": time_ms}
        if collation:
            options["collation"] = collation
        number = await collection.count_documents(match, **options)
    except (ExecutionTimeout, OperationFailure):
        return Count(0, "unknown")
    return Count(limit, "least") if number > limit else Count(number, "exact")
