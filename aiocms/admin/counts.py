"""How many rows a list has, at a bounded price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pymongo.errors import ExecutionTimeout, OperationFailure


@dataclass(frozen=True, slots=True)
class Count:
    """A number of rows: exact, estimated from the collection's metadata, at least that many, or not known."""

    number: int
    kind: Literal["exact", "estimated", "least", "unknown"]


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
