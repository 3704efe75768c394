"""The stream of a live list: which of its rows others have changed, as server-sent events.

An event holds ids alone, of documents within the user's scope and the list's filter; of what was deleted only
those that stand on the page. Rights are looked at again every few seconds; when they differ the stream ends.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import hdrs, web
from bson import Timestamp
from pymongo.errors import PyMongoError

from aiocms.admin.lists.listing import read_listing
from aiocms.admin.lists.live import HUB, LONGEST_GAP, Kind, Viewer
from aiocms.admin.lists.preferences import load_preferences
from aiocms.admin.models import CHANGES
from aiocms.admin.registry import get_screen
from aiocms.admin.screens import Screen
from aiocms.admin.store import Store, find_scope, open_store
from aiocms.admin.values.bsontypes import encode_id
from aiocms.admin.values.rawbson import EXACT
from aiocms.auth.guard import load_user
from aiocms.core import keys, sessions

SINCE = "$since"
"""In the address, beside the list's own: when the page was read. No field of a filter is called so."""
HEARTBEAT = 15.0
RECHECK = 10.0
_GATHER = 0.3
_OWN_WITHIN = timedelta(seconds=LONGEST_GAP + 30)
_RETRY_MS = 5000


@dataclass(slots=True)
class _Watched:
    """What one viewer looks at."""

    store: Store
    match: Mapping[str, Any]
    on_page: dict[str, Any]

    @property
    def user(self) -> Any:
        return self.store.request[keys.USER]


async def show(request: web.Request) -> web.StreamResponse:
    """The events of the list at this address; where there are none 204, which a browser takes for the end."""
    screen = await get_screen(request)
    store = await open_store(request, screen)
    # The server has no change streams of views and time series.
    if (
        store.is_view
        or store.time_field
        or request.method == "HEAD"
        or not request.app[keys.SETTINGS].admin_live
    ):
        return web.Response(status=204)
    pairs = [(name, text) for name, text in request.query.items() if name != SINCE]
    since = _read_time(request.query.get(SINCE, ""))
    now = request.app[keys.MONGO].now
    viewer = await request.app[HUB].join(store.collection, request[keys.USER].id, since, now)
    if viewer is None:
        return web.Response(status=204)
    try:
        # After joining: what changes while the rows are read is heard of.
        chosen = await load_preferences(request, screen)
        listing = await read_listing(store, pairs, chosen)
        if listing.is_refused or listing.announced or listing.fault:
            return web.Response(status=204)
        rows = {encode_id(row["_id"]): row["_id"] for row in listing.page.rows}
        return await _stream(request, _Watched(store, listing.match, rows), viewer)
    finally:
        request.app[HUB].leave(screen.collection, viewer)


async def _stream(request: web.Request, watched: _Watched, viewer: Viewer) -> web.StreamResponse:
    response = web.StreamResponse(headers={hdrs.CONTENT_TYPE: "text/event-stream", "X-Accel-Buffering": "no"})
    await response.prepare(request)
    scope = repr(watched.store.scope)
    try:
        await response.write(f"retry: {_RETRY_MS}\n".encode())
        await _send(response, "rows", {"ids": list(watched.on_page)})
        if viewer.is_old:
            await _send(response, "old", {})
        heard = checked = time.monotonic()
        while not viewer.closed:
            await _wait(viewer, min(HEARTBEAT, RECHECK))
            if request.transport is None or request.transport.is_closing():
                return response  # Whoever looked at it has gone.
            now = time.monotonic()
            if now - checked >= RECHECK:
                checked = now
                if not await _is_still_allowed(request, watched.store.screen, scope):
                    break
            if viewer.wake.is_set() and not viewer.closed:
                await asyncio.sleep(_GATHER)
                heard = now
                await _tell(response, watched, viewer)
            elif now - heard >= HEARTBEAT:
                heard = now
                await response.write(b": still there\n\n")
        await _send(response, "end", {})
    except (ConnectionResetError, PyMongoError):
        pass  # gone, or the database is: the browser comes back by itself
    return response


def _read_time(text: str) -> Timestamp | None:
    seconds, _, number = text.partition(".")
    try:
        return Timestamp(int(seconds), int(number))
    except (ValueError, OverflowError):
        return None


async def _wait(viewer: Viewer, seconds: float) -> None:
    try:
        await asyncio.wait_for(viewer.wake.wait(), seconds)
    except TimeoutError:
        return


async def _tell(response: web.StreamResponse, watched: _Watched, viewer: Viewer) -> None:
    changes, overrun = viewer.take()
    if overrun:
        await _send(response, "many", {})
        return
    told = await find_told(watched.store, watched.match, watched.on_page, changes)
    if any(told.values()):
        await _send(response, "changes", told)


async def find_told(
    store: Store, match: Mapping[str, Any], on_page: dict[str, Any], changes: list[tuple[Any, Kind]]
) -> dict[str, Any]:
    """What a viewer is told: ids changed, new, deleted, and left (no longer in the list), and who did it."""
    own, names = await _find_authors(store, changes)
    changes = [(identity, kind) for identity, kind in changes if encode_id(identity) not in own]
    alive = [identity for identity, kind in changes if kind != "delete"]
    visible = await _find_visible(store, match, alive) if alive else set()
    told: dict[str, Any] = {"changed": [], "new": [], "deleted": [], "left": [], "by": {}}
    for identity, kind in changes:
        key = encode_id(identity)
        if key in on_page:
            name = "deleted" if kind == "delete" else "changed" if key in visible else "left"
            told[name].append(key)
        elif kind == "insert" and key in visible:
            told["new"].append(key)
        else:
            continue
        if key in names:
            told["by"][key] = names[key]
    return told


async def _find_visible(store: Store, match: Mapping[str, Any], identities: list[Any]) -> set[str]:
    wanted = {"$or": [{"_id": {"$eq": one}} for one in identities]}
    cursor = store.collection.find(
        {"$and": [wanted, dict(match)]} if match else wanted, {"_id": 1}, max_time_ms=3000
    )
    if store.collation:
        cursor = cursor.collation(store.collation)
    return {encode_id(row["_id"]) async for row in cursor}


async def _find_authors(store: Store, changes: list[tuple[Any, Kind]]) -> tuple[set[str], dict[str, str]]:
    """The ids that this user changed last, and who changed the others, as the history tells."""
    cursor = (
        store.request.app[keys.MONGO]
        .db.get_collection(CHANGES, codec_options=EXACT)
        .find(
            {
                "collection": store.screen.collection,
                "$or": [{"document": {"$eq": identity}} for identity, _ in changes],
                "at": {"$gt": datetime.now(UTC) - _OWN_WITHIN},
            },
            {"document": 1, "user": 1, "username": 1},
            sort=[("_id", 1)],
            max_time_ms=2000,
        )
    )
    last = {encode_id(row["document"]): row async for row in cursor}
    me = store.request[keys.USER].id
    own = {key for key, row in last.items() if row["user"] == me}
    return own, {key: str(row["username"]) for key, row in last.items() if key not in own}


async def _is_still_allowed(request: web.Request, screen: Screen, scope: str) -> bool:
    """Whether the session goes on and gives the same documents as at the beginning."""
    if not await sessions.is_alive(request):
        return False
    before = request[keys.USER]
    user = await load_user(request)
    if user.id != before.id or user.permissions != before.permissions or not user.can("admin.enter"):
        return False
    request[keys.USER] = user
    now = await find_scope(request, screen, "view")
    return now is not None and repr(now) == scope


async def _send(response: web.StreamResponse, event: str, data: Mapping[str, Any]) -> None:
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    await response.write(f"event: {event}\ndata: {text}\n\n".encode())
