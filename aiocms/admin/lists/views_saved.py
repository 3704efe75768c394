"""Saved views: a list's filter, columns, order and page size under a name, for oneself or for roles.

A view is kept as the text of an address and read like one, with the rights of whoever opens it: it can show
nobody more than the same address would.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from bson import ObjectId
from bson.errors import InvalidId
from pymongo.errors import DuplicateKeyError

from aiocms.admin.lists.preferences import screen_key
from aiocms.admin.models import VIEWS
from aiocms.admin.screens import Screen
from aiocms.auth.models import ROLES
from aiocms.core import keys
from aiocms.core.i18n import N_

EVERYBODY = "*"
MOST_VIEWS = 50
LONGEST_NAME = 60
LONGEST_QUERY = 8000


class BadView(ValueError):
    """A view that cannot be kept; the message is for gettext."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """One view. `query` is the text of an address; `roles` are ids of roles as text, or `EVERYBODY`."""

    id: str
    name: str
    query: str
    owner: Any
    owner_name: str
    roles: tuple[str, ...] = ()


async def list_views(request: web.Request, screen: Screen) -> list[SavedView]:
    """The views that the request's user may use: own ones first, then shared ones, by name."""
    match, limit = views_query(request, screen)
    cursor = _collection(request).find(match, limit=limit, max_time_ms=2000)
    return read_views(request, [one async for one in cursor])


def views_query(request: web.Request, screen: Screen) -> tuple[dict[str, Any], int]:
    """The filter and the greatest number of the views that the request's user may use."""
    user = request[keys.USER]
    who: list[dict[str, Any]] = [
        {"owner": user.id},
        {"roles": {"$in": [EVERYBODY, *(str(one) for one in user.roles)]}},
    ]
    if user.is_superuser:
        who.append({"roles.0": {"$exists": True}})
    return {"screen": screen_key(screen), "$or": who}, 2 * MOST_VIEWS


def read_views(request: web.Request, documents: Iterable[Mapping[str, Any]]) -> list[SavedView]:
    """The views of their documents, own ones first, by name."""
    user = request[keys.USER]
    return sorted(map(_read, documents), key=lambda one: (one.owner != user.id, one.name.casefold()))


async def get_view(request: web.Request, screen: Screen, identity: str) -> SavedView:
    """One of the views that the user may use.

    Raises:
        HTTPNotFound: there is none.
    """
    for one in await list_views(request, screen):
        if one.id == identity:
            return one
    raise web.HTTPNotFound


def may_change(request: web.Request, view: SavedView) -> bool:
    """Whether the user may change and delete a view: it is their own, or they are a superuser."""
    user = request[keys.USER]
    return bool(view.owner == user.id or user.is_superuser)


def may_share(request: web.Request, screen: Screen) -> bool:
    """Whether the user may give views of this screen to roles."""
    return bool(request[keys.USER].can(screen.permission("share")))


async def find_roles(request: web.Request) -> dict[str, str]:
    """The roles that the user may share with: their own, or all for who may see the roles. Id → title."""
    user = request[keys.USER]
    match = {} if user.can("auth.roles.view") else {"_id": {"$in": list(user.roles)}}
    cursor = request.app[keys.MONGO].db[ROLES].find(match, {"name": 1, "title": 1}, limit=200)
    return {str(one["_id"]): str(one.get("title") or one.get("name")) async for one in cursor}


async def add_view(
    request: web.Request, screen: Screen, name: str, query: str, roles: Iterable[str] = ()
) -> str:
    """Keep a new view of the user's own.

    Returns:
        Its id.
    Raises:
        BadView: the name is missing or taken, or there are too many.
    """
    user = request[keys.USER]
    values = _check(name, query)
    if (
        await _collection(request).count_documents(
            {"screen": screen_key(screen), "owner": user.id}, limit=MOST_VIEWS
        )
        >= MOST_VIEWS
    ):
        raise BadView(N_("You have many views of this list already; delete one first."))
    view = {
        "screen": screen_key(screen),
        "owner": user.id,
        "owner_name": str(user),
        **values,
        "roles": list(roles),
    }
    try:
        return str((await _collection(request).insert_one(view)).inserted_id)
    except DuplicateKeyError as error:
        raise BadView(N_("You have a view of this name already.")) from error


async def change_view(
    request: web.Request, view: SavedView, name: str, query: str, roles: Iterable[str] | None
) -> None:
    """Change a view; `roles` None leaves it shared as it is.

    Raises:
        BadView: the name is missing or taken.
        HTTPForbidden: it belongs to somebody else.
    """
    values = _check(name, query)
    if roles is not None:
        values["roles"] = list(roles)
    if not may_change(request, view):
        raise web.HTTPForbidden
    try:
        await _collection(request).update_one({"_id": ObjectId(view.id)}, {"$set": values})
    except DuplicateKeyError as error:
        raise BadView(N_("You have a view of this name already.")) from error


async def delete_view(request: web.Request, view: SavedView) -> None:
    """Delete a view.

    Raises:
        HTTPForbidden: it belongs to somebody else.
    """
    if not may_change(request, view):
        raise web.HTTPForbidden
    await _collection(request).delete_one({"_id": ObjectId(view.id)})


def is_id(text: str) -> bool:
    """Whether a text can be the id of a view."""
    try:
        return bool(ObjectId(text))
    except (InvalidId, TypeError):
        return False


def _check(name: str, query: str) -> dict[str, Any]:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadView(N_("A view needs a name of up to 60 characters."))
    if len(query) > LONGEST_QUERY:
        raise BadView(N_("This list has too long an address to be kept."))
    return {"name": name, "query": query}


def _read(one: Mapping[str, Any]) -> SavedView:
    return SavedView(
        str(one["_id"]),
        str(one.get("name", "")),
        str(one.get("query", "")),
        one.get("owner"),
        str(one.get("owner_name", "")),
        tuple(map(str, one.get("roles") or ())),
    )


def _collection(request: web.Request) -> Any:
    return request.app[keys.MONGO].db[VIEWS]
