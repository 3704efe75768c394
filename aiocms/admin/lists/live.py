"""Live lists: one change stream a collection and process, shared by all who look at the collection.

The stream starts with the first viewer and stops a little after the last one has left. It carries ids alone;
what a viewer may hear of is decided for each viewer's own filter (live_view.py).

Each viewer hears of what happened since its page was read, by the clock of the database: not of what the page
shows already, and of all that came after it. A stream keeps its last changes for those who come later.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web
from bson import Timestamp
from pymongo.errors import OperationFailure, PyMongoError

from aiocms.admin.values.bsontypes import encode_id

log = logging.getLogger("aiocms.admin")

Kind = Literal["insert", "update", "delete"]
MOST_OF_USER = 4
MOST_CHANNELS = 50
MOST_WAITING = 200
MOST_KEPT = 1000
LONGEST_GAP = 300
"""Seconds: no older page is caught up with, as the server would read its log from there."""
_POLL = 0.4
_GRACE = 5.0
_LONGEST_PAUSE = 30.0
_PIPELINE = [
    {"$match": {"operationType": {"$in": ["insert", "update", "replace", "delete"]}}},
    {"$project": {"operationType": 1, "documentKey": 1, "clusterTime": 1}},
]
_KINDS: dict[str, Kind] = {"insert": "insert", "update": "update", "replace": "update", "delete": "delete"}
_NO_REPLICA_SET, _HISTORY_LOST, _NOT_ALLOWED = 40573, 286, 13


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a document, and when."""

    at: Timestamp
    identity: Any
    kind: Kind


@dataclass(slots=True, eq=False)
class Viewer:
    """One open list. `pending` holds the last change of each id; too many at once become `overrun`.

    Parameters:
        since: when its rows were read; None hears of all.
        is_old: not all that happened since then is known.
    """

    user: Any
    since: Timestamp | None = None
    is_old: bool = False
    pending: dict[str, tuple[Any, Kind]] = field(default_factory=dict)
    overrun: bool = False
    closed: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, change: Change) -> None:
        """Hear of a change."""
        if self.since is not None and change.at <= self.since:
            return
        identity, kind = change.identity, change.kind
        key = _key(identity)
        if key not in self.pending and len(self.pending) >= MOST_WAITING:
            self.pending.clear()
            self.overrun = True
        if not self.overrun:
            # New and then changed is still new.
            known = self.pending.get(key)
            is_new = kind == "update" and known is not None and known[1] == "insert"
            self.pending[key] = (identity, "insert" if is_new else kind)
        self.wake.set()

    def take(self) -> tuple[list[tuple[Any, Kind]], bool]:
        """What was heard since the last time, and whether it was too much to be told."""
        found, overrun = list(self.pending.values()), self.overrun
        self.pending.clear()
        self.overrun = False
        self.wake.clear()
        return found, overrun

    def close(self) -> None:
        """End the list's stream."""
        self.closed = True
        self.wake.set()


@dataclass(slots=True, eq=False)
class Channel:
    """The viewers of one collection and the task that reads its change stream.

    Parameters:
        since: `kept` holds all changes after it; None while that is not known.
        token: where the stream is, to go on from after an error.
    """

    collection: Any
    since: Timestamp | None = None
    token: Any = None
    kept: deque[Change] = field(default_factory=deque)
    viewers: set[Viewer] = field(default_factory=set)
    started: asyncio.Event = field(default_factory=asyncio.Event)
    supported: bool = True
    task: asyncio.Task[None] | None = None

    def add(self, viewer: Viewer) -> None:
        """Let a viewer hear, first of what it has missed."""
        self.viewers.add(viewer)
        if viewer.since is None:
            return
        if self.since is not None and viewer.since < self.since:
            viewer.is_old = True
        for change in self.kept:
            viewer.note(change)

    def tell(self, change: Change) -> None:
        """Let all viewers hear of a change."""
        self.kept.append(change)
        if len(self.kept) > MOST_KEPT:
            self.since = self.kept.popleft().at
        for viewer in self.viewers:
            viewer.note(change)

    def forget(self) -> None:
        """Begin anew after a gap: what happened in it is not known."""
        self.token = self.since = None
        self.kept.clear()
        for viewer in self.viewers:
            viewer.overrun = True
            viewer.wake.set()


class Hub:
    """All live lists of one process."""

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self.is_closed = False

    async def join(
        self, collection: Any, user: Any, since: Timestamp | None = None, now: Timestamp | None = None
    ) -> Viewer | None:
        """A viewer of a collection, or None where there are no change streams, or too many.

        The oldest list of a user gives way when there are too many of them.

        Parameters:
            since: the time of the database when the viewer's page was read; without it now.
            now: what time it is there. A page of long before is not caught up with.
        """
        is_old = since is not None and now is not None and not 0 <= now.time - since.time <= LONGEST_GAP
        if since is None or is_old:
            since = now
        channel = self.channels.get(collection.name)
        if self.is_closed or (channel is None and len(self.channels) >= MOST_CHANNELS):
            return None
        if channel is None:
            channel = self.channels[collection.name] = Channel(collection, since)
        if channel.since is None:
            channel.since = now
        own = [one for each in self.channels.values() for one in each.viewers if one.user == user]
        for one in own[: len(own) - MOST_OF_USER + 1]:
            one.close()
        viewer = Viewer(user, since, is_old)
        channel.add(viewer)
        if channel.task is None:
            channel.task = asyncio.create_task(self._follow(channel))
        with suppress(TimeoutError):
            await asyncio.wait_for(channel.started.wait(), 3.0)
        if not channel.supported:
            self.leave(collection.name, viewer)
            return None
        return viewer

    def leave(self, name: str, viewer: Viewer) -> None:
        """Let a viewer go; the channel ends by itself when nobody comes back soon."""
        viewer.close()
        if name in self.channels:
            self.channels[name].viewers.discard(viewer)

    def close_all(self) -> None:
        """End every list's stream, so that the server can stop."""
        self.is_closed = True
        for channel in self.channels.values():
            for viewer in channel.viewers:
                viewer.close()

    async def close(self) -> None:
        """Stop reading."""
        self.close_all()
        tasks = [channel.task for channel in self.channels.values() if channel.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.channels.clear()

    async def _follow(self, channel: Channel) -> None:
        pause = 1.0
        try:
            while channel.viewers or await _wait_for_viewers(channel):
                try:
                    await _read(channel)
                    pause = 1.0
                    continue
                except OperationFailure as error:
                    if error.code in (_NO_REPLICA_SET, _NOT_ALLOWED):
                        channel.supported = False
                        return
                    if error.code == _HISTORY_LOST:
                        channel.forget()
                    log.warning("The change stream of %s broke: %s", channel.collection.name, error)
                except PyMongoError as error:
                    log.warning("The change stream of %s broke: %s", channel.collection.name, error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
        finally:
            channel.started.set()
            for viewer in channel.viewers:
                viewer.close()
            if self.channels.get(channel.collection.name) is channel:
                del self.channels[channel.collection.name]


async def _read(channel: Channel) -> None:
    """Hand on changes until nobody listens."""
    # Polled: a waiting read would keep one of the driver's few threads for as long as it waits.
    start = channel.since if channel.token is None else None
    async with channel.collection.watch(
        _PIPELINE, resume_after=channel.token, start_at_operation_time=start, max_await_time_ms=20
    ) as stream:
        while channel.viewers:
            if not stream.alive:  # The collection was dropped, as by restoring a backup.
                channel.forget()
                await asyncio.sleep(_POLL)
                return
            change = await stream.try_next()
            channel.token = stream.resume_token
            channel.started.set()
            if change is None:
                await asyncio.sleep(_POLL)
                continue
            kind = _KINDS[change["operationType"]]
            channel.tell(Change(change["clusterTime"], change["documentKey"]["_id"], kind))


async def _wait_for_viewers(channel: Channel) -> bool:
    """Whether somebody comes within the time of grace, as when a page is followed by the next."""
    waited = 0.0
    while not channel.viewers and waited < _GRACE:
        await asyncio.sleep(0.5)
        waited += 0.5
    return bool(channel.viewers)


def _key(identity: Any) -> str:
    # Of every type text: an id may be of a type that no dictionary takes, such as code.
    return encode_id(identity)


HUB: web.AppKey[Hub] = web.AppKey("aiocms_admin_live", Hub)
