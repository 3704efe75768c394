"""The connection to MongoDB. The only module that imports Motor.

Motor's successor (PyMongo's asyncio client) can replace it here: other modules use collections, and of this
module ``Mongo``, ``Database``, ``open_database`` and ``is_away``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias

from aiohttp import web
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import monitoring
from pymongo.errors import (
    AutoReconnect,
    ConfigurationError,
    ConnectionFailure,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)

from aiocms.core import keys
from aiocms.core.errors import AiocmsError
from aiocms.core.indexes import Index, ensure
from aiocms.core.mongo_commands import CommandRecorder
from aiocms.core.mongo_uri import check_uri, get_client_options, get_database_name, hide_password
from aiocms.core.mongod import EmbeddedMongod
from aiocms.core.mongod_files import MongodError
from aiocms.core.settings import Settings

__all__ = (
    "Collection",
    "Database",
    "DatabaseAway",
    "Mongo",
    "check_uri",
    "is_away",
    "lifespan",
    "open_database",
)

log = logging.getLogger("aiocms.mongo")

Client: TypeAlias = AsyncIOMotorClient[dict[str, Any]]
Database: TypeAlias = AsyncIOMotorDatabase[dict[str, Any]]
Collection: TypeAlias = AsyncIOMotorCollection[dict[str, Any]]

INDEX_PATIENCE = 5.0
TEND_EVERY = 600.0


class DatabaseAway(AiocmsError):
    """The database does not answer; the text names its address, without the password."""


@asynccontextmanager
async def lifespan(app: web.Application) -> AsyncIterator[None]:
    """Connect the application's ``Mongo`` for as long as the application runs."""
    async with app[keys.MONGO]:
        yield


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The site's database for a command: connected, and known to answer.

    Raises:
        AiocmsError: the database cannot be had.
    """
    async with Mongo(settings) as mongo:
        await mongo.check()
        yield mongo.db


class Mongo:
    """The site's database: an embedded mongod, or a server elsewhere.

    Making it connects nothing. Started, it comes up even when a server elsewhere is away: operations then
    fail within ``database_timeout`` and work again as soon as the server is back.

    Parameters:
        settings: the site's settings.
        indexes: made at start, in the background when that takes long.
    """

    def __init__(self, settings: Settings, indexes: Iterable[Index] = ()) -> None:
        self._settings = settings
        self._indexes = tuple(indexes)
        self._embedded: EmbeddedMongod | None = None
        if not settings.database:
            self._embedded = EmbeddedMongod(settings.var / "mongo", cache_mb=settings.mongod_cache_mb)
        self._uri = ""
        self._client: Client | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._lost = asyncio.Event()

    @property
    def client(self) -> Client:
        """The driver's client.

        Raises:
            AiocmsError: the application has not started.
        """
        if self._client is None:
            raise AiocmsError("The database is connected when the application starts; it has not started yet")
        return self._client

    @property
    def db(self) -> Database:
        """The site's database."""
        return self.client[self.name]

    @property
    def name(self) -> str:
        """The name of the database."""
        return get_database_name(self._uri or "mongodb://127.0.0.1", self._settings.database_name)

    @property
    def address(self) -> str:
        """Where the database is, without the password."""
        return hide_password(self._uri).partition("?")[0]

    async def __aenter__(self) -> Mongo:
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Connect, keep the embedded server alive, make the indexes.

        Raises:
            AiocmsError: the embedded server cannot be had, or the address is wrong.
        """
        self._uri = await _attach(self._embedded) if self._embedded else self._settings.database
        try:
            self._client = await self._connect(self._uri)
            if self._embedded:
                self._tasks.append(asyncio.create_task(self._keep(self._embedded)))
            if self._indexes:
                making = asyncio.create_task(self._make_indexes())
                self._tasks.append(making)
                # Usually a matter of milliseconds, and then the first request finds them made.
                await asyncio.wait({making}, timeout=INDEX_PATIENCE)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Disconnect; the embedded server stops when no other process uses it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        client, self._client = self._client, None
        if client is not None:
            await _close(client)
        if self._embedded:
            await asyncio.to_thread(self._embedded.detach)

    async def ping(self) -> bool:
        """Whether the database answers now."""
        try:
            await self.client.admin.command("ping")
        except PyMongoError:
            return False
        return True

    async def check(self) -> None:
        """Make sure that the database answers and is new enough.

        Raises:
            DatabaseAway: it does not answer, or refuses us.
            AiocmsError: it is older than MongoDB 5.0.
        """
        try:
            await self.db.command("ping")
            version = (await self.client.server_info())["versionArray"]
        except PyMongoError as error:
            raise DatabaseAway(
                f"The database at {self.address} cannot be used: {_first_words(error)}"
            ) from error
        if version[0] < 5:
            raise AiocmsError(
                f"The database at {self.address} is MongoDB {version[0]}.{version[1]}; 5.0 is needed"
            )

    async def _connect(self, uri: str) -> Client:
        options = get_client_options(uri, self._settings)
        listeners = [CommandRecorder(), _LossListener(asyncio.get_running_loop(), self._lost)]
        try:
            client: Client = AsyncIOMotorClient(
                uri, io_loop=asyncio.get_running_loop(), event_listeners=listeners, **options
            )
        except (ConfigurationError, ValueError, OSError) as error:
            raise AiocmsError(f"Bad database address {hide_password(uri)!r}: {error}") from None
        return client

    async def _keep(self, embedded: EmbeddedMongod) -> None:
        """Start the embedded server again whenever it is lost, and tend its log now and then."""
        delay = 0.0
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(delay or TEND_EVERY):
                    await self._lost.wait()
            await asyncio.sleep(delay)
            self._lost.clear()
            try:
                uri = await asyncio.to_thread(embedded.ensure)
                await asyncio.to_thread(embedded.tend)
                if uri != self._uri:
                    await self._move(uri)
                delay = 0.0
            except (AiocmsError, PyMongoError, OSError) as error:
                delay = min(max(delay * 2, 1.0), 30.0)
                log.error("%s Next attempt in %.0f s.", error, delay)

    async def _move(self, uri: str) -> None:
        """Use the server at its new port; running operations on the old client end in their own time-out."""
        old, self._client, self._uri = self._client, await self._connect(uri), uri
        if old is not None:
            await _close(old)

    async def _make_indexes(self) -> None:
        delay = 1.0
        while True:
            try:
                left = await ensure(self.db, self._indexes)
            except (PyMongoError, AiocmsError) as error:
                if not is_away(error):
                    log.error("The indexes could not be made: %s", _first_words(error))
                    return
                log.warning("The database at %s is away: %s", self.address, _first_words(error))
                await asyncio.sleep(delay)
                delay = min(delay * 2, 30.0)
                continue
            for problem in left.iter_problems():
                log.error("%s", problem)
            return


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
        if (
            isinstance(error, OperationFailure)
            and not isinstance(error, WTimeoutError)
            and error.code in _AWAY_CODES
        ):
            return True
        error = error.__cause__
        seen += 1
    return False


class _LossListener(monitoring.ServerHeartbeatListener):
    """Tells the loop as soon as the driver's monitor loses a server."""

    def __init__(self, loop: asyncio.AbstractEventLoop, lost: asyncio.Event) -> None:
        self._loop = loop
        self._lost = lost

    def started(self, event: monitoring.ServerHeartbeatStartedEvent) -> None:
        pass

    def succeeded(self, event: monitoring.ServerHeartbeatSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.ServerHeartbeatFailedEvent) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody is left to tell
            self._loop.call_soon_threadsafe(self._lost.set)


async def _attach(embedded: EmbeddedMongod) -> str:
    attaching = asyncio.ensure_future(asyncio.to_thread(embedded.attach))
    try:
        return await asyncio.shield(attaching)
    except asyncio.CancelledError:
        # Interrupted while mongod starts: a thread cannot be stopped, so wait and give it back.
        with suppress(AiocmsError):
            await attaching
            await asyncio.to_thread(embedded.detach)
        raise


async def _close(client: Client) -> None:
    # Ends the sessions on the server, which talks over the network.
    await asyncio.to_thread(client.delegate.close)


def _first_words(error: Exception) -> str:
    """The error without the driver's appendix about topology and time-outs."""
    text = str(error)
    for appendix in (", Timeout: ", ", full error: ", " (configured timeouts: "):
        text = text.partition(appendix)[0]
    return text
