"""Accounts in the database: making, finding and changing them."""

import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from aiocms.auth.models import BROWSERS, PASSWORDS, ROLES, USERS
from aiocms.auth.passwords import hash_password
from aiocms.auth.permissions import parse
from aiocms.auth.superusers import AccountError, LastSuperuserError, keep_a_superuser
from aiocms.auth.users import User, read_user
from aiocms.core.sessions import revoke_user

__all__ = [
    "WITH_ROLES",
    "AccountError",
    "LastSuperuserError",
    "create_user",
    "delete_user",
    "end_sessions",
    "find_hash",
    "find_user",
    "find_user_by_name",
    "get_user",
    "normalize_username",
    "renew_hash",
    "save_profile",
    "save_role",
    "set_active",
    "set_password",
    "set_rights",
]

LONGEST_NAME = 150
WITH_ROLES: dict[str, Any] = {
    "$lookup": {"from": ROLES, "localField": "roles", "foreignField": "_id", "as": "role_documents"}
}
"""The stage that joins the roles of a user as ``read_user`` wants them."""


async def create_user(
    db: Any,
    username: str,
    password: str | None,
    *,
    superuser: bool = False,
    roles: Iterable[str] = (),
    permissions: Iterable[str] = (),
    email: str = "",
) -> User:
    """A new active account; `password` None makes one that nobody can log in to, `roles` are role names.

    The password is stored first: cut between the two writes, a hash without a user remains, and does nothing.
    Raises: AccountError for a bad or taken name, UnusablePasswordError, PermissionSyntaxError.
    """
    document = {
        "_id": ObjectId(),
        "username": normalize_username(username),
        "email": email,
        "display_name": username.strip(),
        "active": True,
        "superuser": superuser,
        "roles": await _get_role_ids(db, roles),
        "permissions": _read_permissions(permissions),
        "stamp": _make_stamp_seed(),
        "created": _now(),
    }
    if password is not None:
        await _store_hash(db, document["_id"], await hash_password(password))
    try:
        await db[USERS].insert_one(document)
    except DuplicateKeyError as error:
        await db[PASSWORDS].delete_one({"_id": document["_id"]})
        raise AccountError(f"The user name {document['username']!r} is taken") from error
    return await get_user(db, document["_id"])


async def save_role(db: Any, name: str, permissions: Iterable[str], *, title: str = "") -> Any:
    """The id of the role `name`, made or brought to these permissions."""
    await db[ROLES].update_one(
        {"name": {"$eq": name}},
        {"$set": {"permissions": _read_permissions(permissions), "title": title or name}},
        upsert=True,
    )
    return (await db[ROLES].find_one({"name": {"$eq": name}}, {"_id": 1}))["_id"]


async def find_user(db: Any, user_id: Any) -> User | None:
    """The active user of this id, with the permissions of their roles, in one query."""
    return await _find(db, {"_id": {"$eq": user_id}, "active": True})


async def find_user_by_name(db: Any, username: str) -> User | None:
    """The active user of this name, however it is written."""
    try:
        name = normalize_username(username)
    except AccountError:
        return None
    return await _find(db, {"username": {"$eq": name}, "active": True})


async def get_user(db: Any, user_id: Any) -> User:
    """The active user of this id. Raises: AccountError."""
    user = await find_user(db, user_id)
    if user is None:
        raise AccountError(f"There is no active user with the id {user_id!r}")
    return user


async def find_hash(db: Any, user_id: Any) -> str | None:
    """The stored password hash of a user."""
    document = await db[PASSWORDS].find_one({"_id": {"$eq": user_id}}, {"hash": 1})
    stored = document and document.get("hash")
    return stored if isinstance(stored, str) else None


async def set_password(
    db: Any, user_id: Any, password: str | None, *, except_token: str | None = None
) -> None:
    """Set a password, or with None take it away, and end the user's sessions.

    The session with `except_token` stays stored, but needs the new stamp (`log_in`) to be of use.

    The stamp changes before and after the password: cut in between, the sessions are ended already, and a
    login that checked the old password meanwhile ends with the second change.
    """
    new_hash = None if password is None else await hash_password(password)
    await _change_stamp(db, user_id)
    if new_hash is None:
        await db[PASSWORDS].delete_one({"_id": {"$eq": user_id}})
    else:
        await _store_hash(db, user_id, new_hash)
    await _change_stamp(db, user_id)
    await end_sessions(db, user_id, except_token=except_token)


async def renew_hash(db: Any, user_id: Any, old: str, new: str) -> None:
    """Replace a hash that has aged, unless the password was changed meanwhile."""
    await db[PASSWORDS].update_one({"_id": user_id, "hash": {"$eq": old}}, {"$set": {"hash": new}})


async def end_sessions(db: Any, user_id: Any, *, except_token: str | None = None) -> None:
    """End the user's sessions and forget the browsers that they have logged in from."""
    await revoke_user(db, user_id, except_token)
    await db[BROWSERS].delete_many({"user_id": {"$eq": user_id}})


async def set_rights(
    db: Any, user_id: Any, *, superuser: bool | None = None, roles: Iterable[str] | None = None,
    permissions: Iterable[str] | None = None,
) -> None:  # fmt: skip
    """Change what a user may do; parts left out stay. Ends their sessions.

    Raises: LastSuperuserError, AccountError for an unknown role, PermissionSyntaxError.
    """
    changes: dict[str, Any] = {}
    if superuser is not None:
        changes["superuser"] = superuser
    if roles is not None:
        changes["roles"] = await _get_role_ids(db, roles)
    if permissions is not None:
        changes["permissions"] = _read_permissions(permissions)
    if changes:
        await _change(db, user_id, {"$set": changes}, risky=superuser is False)


async def set_active(db: Any, user_id: Any, active: bool) -> None:
    """Let a user in again, or shut them out at once. Raises: LastSuperuserError."""
    await _change(db, user_id, {"$set": {"active": active}}, risky=not active)


async def delete_user(db: Any, user_id: Any) -> None:
    """Remove an account with its password and sessions. Raises: LastSuperuserError.

    The user goes first: what a cut leaves behind belongs to nobody.
    """

    async def delete(session: Any) -> None:
        await db[USERS].delete_one({"_id": {"$eq": user_id}}, session=session)

    await keep_a_superuser(db, user_id, delete)
    await db[PASSWORDS].delete_one({"_id": {"$eq": user_id}})
    await end_sessions(db, user_id)


async def save_profile(db: Any, user_id: Any, profile: Mapping[str, str]) -> None:
    """Store what people choose for themselves.

    Raises:
        AccountError: the profile has a key that is not one of these.
    """
    unknown = set(profile) - {"display_name", "email", "language", "time_zone", "theme"}
    if unknown:
        raise AccountError(f"No part of a profile: {sorted(unknown)}")
    await db[USERS].update_one({"_id": {"$eq": user_id}}, {"$set": dict(profile)})


def normalize_username(username: str) -> str:
    """The one way a name is stored and compared: NFKC, case folded, no space around it.

    Raises: AccountError for an empty, long or unprintable name.
    """
    name = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold()).strip()
    # isprintable is false for control characters, line breaks and lone surrogates.
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise AccountError(f"A user name has 1 to {LONGEST_NAME} printable characters")
    return name


async def _find(db: Any, query: Mapping[str, Any]) -> User | None:
    pipeline = [{"$match": query}, {"$limit": 1}, WITH_ROLES]
    async for document in db[USERS].aggregate(pipeline, maxTimeMS=5000):
        return read_user(document)
    return None


async def _change(db: Any, user_id: Any, update: Mapping[str, Any], *, risky: bool) -> None:
    async def change(session: Any) -> None:
        await db[USERS].update_one({"_id": {"$eq": user_id}}, update, session=session)

    if risky:
        await keep_a_superuser(db, user_id, change)
    else:
        await change(None)
    # The stamp in their sessions no longer fits; deleting them is tidiness.
    await end_sessions(db, user_id)


async def _get_role_ids(db: Any, names: Iterable[str]) -> list[Any]:
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return []
    found = {
        role["name"]: role["_id"] async for role in db[ROLES].find({"name": {"$in": wanted}}, {"name": 1})
    }
    missing = [name for name in wanted if name not in found]
    if missing:
        raise AccountError(f"There is no role {missing[0]!r}")
    return [found[name] for name in wanted]


def _read_permissions(permissions: Iterable[str]) -> list[str]:
    texts = list(dict.fromkeys(permissions))
    for text in texts:
        parse(text)
    return texts


async def _store_hash(db: Any, user_id: Any, new_hash: str) -> None:
    await db[PASSWORDS].update_one(
        {"_id": {"$eq": user_id}}, {"$set": {"hash": new_hash, "changed": _now()}}, upsert=True
    )


async def _change_stamp(db: Any, user_id: Any) -> None:
    result = await db[USERS].update_one({"_id": {"$eq": user_id}}, {"$set": {"stamp": _make_stamp_seed()}})
    if not result.matched_count:
        raise AccountError(f"There is no user with the id {user_id!r}")


def _make_stamp_seed() -> str:
    return secrets.token_urlsafe(16)


def _now() -> datetime:
    return datetime.now(UTC)
