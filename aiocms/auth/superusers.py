"""A site keeps an active superuser, however many people change accounts at the same moment."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiocms.auth.models import LOCKS, USERS
from aiocms.core.errors import AiocmsError
from aiocms.core.transactions import run_in_transaction

Change = Callable[[Any], Awaitable[None]]


class AccountError(AiocmsError):
    """An account cannot be made or changed like this; the text says why."""


class LastSuperuserError(AccountError):
    """The change would leave the site without an active superuser."""


async def keep_a_superuser(db: Any, user_id: Any, change: Change) -> None:
    """Run a change of this user in a transaction that fails if no other active superuser is left.

    Every such change writes one and the same lock document, so of two at a time one starts again and then
    sees what the other did; counting alone would let two people remove each other. A lone server has no
    transactions: the check stays, but two changes at the same moment may both pass.

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

    await run_in_transaction(db, run)
