"""A site keeps an active superuser, however many people change accounts at the same moment."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

from pymongo.errors import OperationFailure, PyMongoError

from aiocms.auth.models import LOCKS, USERS
from aiocms.core.errors import AiocmsError

Change = Callable[[Any], Awaitable[None]]
_NO_TRANSACTIONS = (20, 263)
_AGAIN = ("TransientTransactionError", "UnknownTransactionCommitResult")


class AccountError(AiocmsError):
    """An account cannot be made or changed like this; the text says why."""


class LastSuperuserError(AccountError):
    """The change would leave the site without an active superuser."""


async def keep_a_superuser(db: Any, user_id: Any, change: Change) -> None:
    """Run a change of this user in a transaction that fails if no other active superuser is left.

    Every such change writes one and the same lock document, so of two at a time one starts again and then
    sees what the other did; counting alone would let two people remove each other.
    Raises: LastSuperuserError.
    """

    async def run(session: Any) -> None:
        lock = {"$inc": {"changes": 1}}
        await db[LOCKS].update_one({"_id": "superusers"}, lock, upsert=True, session=session)
        query, fields = {"_id": {"$eq": user_id}}, {"superuser": 1, "active": 1}
        target = await db[USERS].find_one(query, fields, session=session)
        if target and target.get("superuser") is True and target.get("active") is True:
            others = {"_id": {"$ne": user_id}, "superuser": True, "active": True}
            if await db[USERS].find_one(others, {"_id": 1}, session=session) is None:
                raise LastSuperuserError("This is the last active superuser: make another one first")
        await change(session)

    await _run_in_transaction(db, run)


async def _run_in_transaction(db: Any, run: Callable[[Any], Awaitable[None]]) -> None:
    """Run in a transaction, again after a conflict; `run` does nothing the second time it succeeds.

    Motor's with_transaction commits while leaving its own `async with`, where a conflict is not retried.
    """
    for attempt in range(20):
        try:
            async with await db.client.start_session() as session, session.start_transaction():
                await run(session)
            return
        except PyMongoError as error:
            if isinstance(error, OperationFailure) and error.code in _NO_TRANSACTIONS:
                # A lone server has none. The check stays, but two changes at the same moment may both pass.
                return await run(None)
            if attempt == 19 or not any(map(error.has_error_label, _AGAIN)):
                raise
            await asyncio.sleep(random.uniform(0, 0.01 * 2 ** min(attempt, 5)))  # noqa: S311
