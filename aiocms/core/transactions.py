"""Work in a transaction, done again after a conflict at whatever moment it shows.

Motor's ``with_transaction`` commits while leaving its own ``async with``, where nothing is retried; but some
conflicts show at the commit only, two first writes to one new collection for instance.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pymongo.errors import OperationFailure, PyMongoError

from aiocms.core.errors import AiocmsError
from aiocms.core.mongo_away import is_away

T = TypeVar("T")
PATIENCE = 20.0
"""Seconds after which work that meets conflicts all the time is given up."""
_COMMITS = 3
_ILLEGAL, _NOT_IN_TRANSACTION = 20, 263


class ContendedError(AiocmsError):
    """Others have changed the same documents again and again; nothing was written."""


async def run_in_transaction(db: Any, work: Callable[[Any], Awaitable[T]]) -> T:
    """What ``work(session)`` returns, its writes committed together.

    The work may run several times, so it does nothing but reads and writes with its session. A server by
    itself has no transactions: there it runs once, with None. So it does when it writes into a collection
    that takes part in none, a capped one or a time series; nothing of the first try is kept.

    Raises:
        ContendedError: there were conflicts for too long.
        Whatever the work raises; nothing is written then.
    """
    if not await has_transactions(db):
        return await work(None)
    latest = time.monotonic() + PATIENCE
    async with await db.client.start_session() as session:
        for attempt in itertools.count():
            session.start_transaction()
            try:
                result = await work(session)
                await _commit(session)
                return result
            except PyMongoError as error:
                if _is_without_transactions(error):
                    break
                if not error.has_error_label("TransientTransactionError"):
                    raise
                # The driver waits for a lost server by itself; more of that would only be a longer wait.
                if is_away(error) and attempt >= 2:
                    raise
                if time.monotonic() > latest:
                    raise ContendedError("Others are changing the same documents all the time") from error
            finally:
                if session.in_transaction:
                    await session.abort_transaction()
            await asyncio.sleep(random.uniform(0, 0.01 * 2 ** min(attempt, 5)))  # noqa: S311
    return await work(None)


def _is_without_transactions(error: PyMongoError) -> bool:
    """Whether the server says that this collection is not written in transactions."""
    if not isinstance(error, OperationFailure):
        return False
    return error.code == _NOT_IN_TRANSACTION or (
        error.code == _ILLEGAL and "multi-document transaction" in str(error)
    )


async def _commit(session: Any) -> None:
    for attempt in range(1, _COMMITS + 1):
        try:
            await session.commit_transaction()
            return
        except PyMongoError as error:
            # The answer was lost. The same commit again tells what became of it and writes nothing twice.
            if attempt == _COMMITS or not error.has_error_label("UnknownTransactionCommitResult"):
                raise


async def has_transactions(db: Any) -> bool:
    """Whether the server is a replica set or a cluster of them, as the driver's monitor sees it."""
    client = db.client
    if _find_kinds(client) <= {"Unknown"}:
        await client.admin.command("ping")  # the first of all calls: nobody has looked yet
    return bool(_find_kinds(client) - {"Standalone"})


def _find_kinds(client: Any) -> set[str]:
    servers = client.topology_description.server_descriptions().values()
    return {one.server_type_name for one in servers}
