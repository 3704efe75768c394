"""Indexes being built: in the background, so that a large collection keeps nobody waiting."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal

from pymongo.errors import OperationFailure, PyMongoError

from aiocms.core.i18n import N_
from aiocms.core.indexes import Index

logger = logging.getLogger("aiocms.admin")
_WAIT = 3.0
_FAILURES = {
    13: N_("The database does not let this site create indexes."),
    67: N_("The collection has as many indexes as it may have."),
    85: N_("There is an index with these fields already, with other options."),
    86: N_("There is an index of this name already, with other fields."),
    171: N_("Two of these fields are lists; one index cannot hold both."),
}


class IndexFailed(ValueError):
    """An index that could not be made. `message` is for gettext, `reason` what the database says."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason


class Builds:
    """The builds that this process has begun and that have not ended."""

    def __init__(self) -> None:
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._failed: dict[tuple[str, str], IndexFailed] = {}

    def is_building(self, index: Index) -> bool:
        """Whether this index is being built."""
        return (index.collection, index.name) in self._tasks

    def find_failure(self, index: Index) -> IndexFailed | None:
        """Why this index could not be built lately."""
        return self._failed.get((index.collection, index.name))

    async def start(
        self, collection: Any, index: Index, done: Callable[[], None]
    ) -> Literal["built", "building"]:
        """Begin to build an index; a small one is there when this returns.

        The server goes on when this process ends: an index is never half there.

        Parameters:
            done: called when the index is there.
        Raises:
            IndexFailed: the database refuses at once.
        """
        key = (index.collection, index.name)
        if key not in self._tasks:
            self._failed.pop(key, None)
            self._tasks[key] = asyncio.create_task(self._build(collection, index, done))
        finished, _ = await asyncio.wait((self._tasks[key],), timeout=_WAIT)
        if failure := self._failed.get(key):
            raise failure
        return "built" if finished else "building"

    async def close(self) -> None:
        """Wait no longer for any build."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def _build(self, collection: Any, index: Index, done: Callable[[], None]) -> None:
        key = (index.collection, index.name)
        try:
            await collection.create_index(list(index.keys), name=index.name)
            logger.info("index %s of %s was created on demand", index.name, index.collection)
            done()
        except PyMongoError as error:
            self._failed[key] = _explain(error)
            logger.warning("index %s of %s could not be created: %s", index.name, index.collection, error)
        finally:
            self._tasks.pop(key, None)


def _explain(error: PyMongoError) -> IndexFailed:
    code = error.code if isinstance(error, OperationFailure) else None
    details = getattr(error, "details", None) or {}
    reason = str(details.get("errmsg") or error)[:300]
    return IndexFailed(_FAILURES.get(code or 0, N_("The database could not create the index.")), reason)
