"""When the database is away: how it is known, and how requests fail soon instead of queueing.

The driver waits ``database_timeout`` for a server to come back, which bridges a restart or an election. Two
things keep that wait from adding up. While no server is known for longer than that, ``Mongo.db`` refuses at
once. And a call that found no free thread for ``QUEUE_TIMEOUT`` is given up: behind a crowd of waiting calls
it would wait its own time only after theirs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from pymongo import monitoring
from pymongo.errors import (
    AutoReconnect,
    ConnectionFailure,
    OperationFailure,
    WaitQueueTimeoutError,
    WTimeoutError,
)

from aiocms.core.errors import AiocmsError
from aiocms.core.mongod_files import MongodError

QUEUE_TIMEOUT = 1.5


class DatabaseAway(AiocmsError):
    """The database does not answer; the text names its address, without the password."""


# Shutting down, not primary (any more), interrupted, network; and a refused login, which no page can mend.
_AWAY_CODES = frozenset((18, 6, 7, 89, 91, 133, 189, 9001, 10107, 11600, 11602, 13388, 13435, 13436))


def is_away(error: BaseException | None) -> bool:
    """Whether an error, or one that it came from, says that the database cannot be reached at the moment.

    Pages answer such an error with 503; it goes away by itself.
    """
    seen = 0
    while error is not None and seen < 10:
        if isinstance(error, DatabaseAway | MongodError | AutoReconnect | ConnectionFailure):
            return True
        if isinstance(error, OperationFailure) and not isinstance(error, WTimeoutError):
            if error.code in _AWAY_CODES:
                return True
        error = error.__cause__
        seen += 1
    return False


def first_words(error: Exception) -> str:
    """An error of the driver without its appendix about topology and time-outs."""
    text = str(error)
    for appendix in (", Timeout: ", ", full error: ", " (configured timeouts: "):
        text = text.partition(appendix)[0]
    return text


class Watch(monitoring.ServerHeartbeatListener):
    """Hears from the driver's monitor which servers there are.

    Parameters:
        loop: the loop of ``lost``.
        lost: set as soon as a server is lost.

    A listener of the topology would be told the same, but makes closing a client take half a second.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, lost: asyncio.Event) -> None:
        self._loop = loop
        self._lost = lost
        self._writable: set[tuple[str, int | None]] = set()
        self._away_since: float | None = None

    @property
    def seconds_away(self) -> float:
        """For how long no server that takes writes is known; 0 when there is one or nobody looked yet."""
        since = self._away_since
        return 0.0 if since is None else time.monotonic() - since

    def started(self, event: monitoring.ServerHeartbeatStartedEvent) -> None:
        pass

    def succeeded(self, event: monitoring.ServerHeartbeatSucceededEvent) -> None:
        self._note(event.connection_id, event.reply.is_writable)

    def failed(self, event: monitoring.ServerHeartbeatFailedEvent) -> None:
        self._note(event.connection_id, False)
        with suppress(RuntimeError):  # the loop is closed: nobody is left to tell
            self._loop.call_soon_threadsafe(self._lost.set)

    def _note(self, server: tuple[str, int | None], writable: bool) -> None:
        if writable:
            self._writable.add(server)
            self._away_since = None
            return
        self._writable.discard(server)
        if not self._writable and self._away_since is None:
            self._away_since = time.monotonic()


class ImpatientThreads(ThreadPoolExecutor):
    """Threads for the driver's calls, which give up a call that waited too long for one of them."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As the base class; the call raises ``WaitQueueTimeoutError`` when its turn came too late."""
        latest = time.monotonic() + QUEUE_TIMEOUT

        def run() -> Any:
            if time.monotonic() > latest:
                raise WaitQueueTimeoutError(f"No thread was free for the database within {QUEUE_TIMEOUT} s")
            return fn(*args, **kwargs)

        return super().submit(run)
