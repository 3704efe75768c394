"""The connection to MongoDB. The only module that imports Motor.

Motor's successor (PyMongo's asyncio client) can replace it here: other modules use collections, and of this
module ``Mongo``, ``Database``, ``open_database`` and ``is_away``.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias

from aiohttp import web
from bson import Timestamp
from motor.frameworks import asyncio as frameworks
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo.errors import ConfigurationError, PyMongoError

from aiocms.core import keys
from aiocms.core.errors import AiocmsError
from aiocms.core.indexes import Index, ensure
from aiocms.core.mongo_away import DatabaseAway, ImpatientThreads, Watch, first_words, is_away
from aiocms.core.mongo_commands import CommandRecorder
from aiocms.core.mongo_uri import check_uri, get_client_options, get_database_name, hide_password
from aiocms.core.mongod import EmbeddedMongod
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
THREADS = 5 * (os.cpu_count() or 1)  # as many as Motor's own; more only wait for each other's GIL


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
        self._db: Database | None = None
        self._watch: Watch | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._lost = asyncio.Event()

    @property
    def client(self) -> Client:
        """The driver's client.

        Raises:
            AiocmsError: the application has not started.
        """
        if self._db is None:
            raise AiocmsError("The database is connected when the application starts; it has not started yet")
        return self._db.client

    @property
    def db(self) -> Database:
        """The site's database.

        Raises:
            DatabaseAway: it has been away for longer than ``database_timeout``: no use waiting.
            AiocmsError: the application has not started.
        """
        if self._db is None:
            raise AiocmsError("The database is connected when the application starts; it has not started yet")
        away = self._watch.seconds_away if self._watch else 0.0
        # The watch hears of a server's return up to a second late; the description is of now.
        if (
            away > self._settings.database_timeout
            and not self._db.client.delegate.topology_description.has_writable_server()
        ):
            raise DatabaseAway(f"The database at {self.address} has been away for {away:.0f} s")
        return self._db

    @property
    def now(self) -> Timestamp | None:
        """The time of the last thing that the servers have told of, as change streams have it.

        None from a server without a replica set.
        """
        # The driver keeps it for its sessions and shows it nowhere.
        known: Mapping[str, Any] | None = self.client.delegate._topology.max_cluster_time()
        return known["clusterTime"] if known else None

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
            self._db = self._connect(self._uri)
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
        db, self._db = self._db, None
        if db is not None:
            await _close(db.client)
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
                f"The database at {self.address} cannot be used: {first_words(error)}"
            ) from error
        if version[0] < 5:
            raise AiocmsError(
                f"The database at {self.address} is MongoDB {version[0]}.{version[1]}; 5.0 is needed"
            )

    def _connect(self, uri: str) -> Database:
        options = get_client_options(uri, self._settings)
        _use_impatient_threads()
        watch = Watch(asyncio.get_running_loop(), self._lost)
        try:
            client: Client = AsyncIOMotorClient(
                uri, io_loop=asyncio.get_running_loop(), event_listeners=[CommandRecorder(), watch], **options
            )
        except (ConfigurationError, ValueError, OSError) as error:
            raise AiocmsError(f"Bad database address {hide_password(uri)!r}: {error}") from None
        self._watch = watch
        return client[get_database_name(uri, self._settings.database_name)]

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
        old, self._db, self._uri = self._db, self._connect(uri), uri
        if old is not None:
            await _close(old.client)

    async def _make_indexes(self) -> None:
        delay = 1.0
        while True:
            try:
                left = await ensure(self.db, self._indexes)
            except (PyMongoError, AiocmsError) as error:
                if not is_away(error):
                    log.error("The indexes could not be made: %s", first_words(error))
                    return
                log.warning("The database at %s is away: %s", self.address, first_words(error))
                await asyncio.sleep(delay)
                delay = min(delay * 2, 30.0)
                continue
            for problem in left.iter_problems():
                log.error("%s", problem)
            return


def _use_impatient_threads() -> None:
    """Give Motor, which has a pool of threads for the process, one whose queue does not grow for ever."""
    if not isinstance(frameworks._EXECUTOR, ImpatientThreads):
        idle, frameworks._EXECUTOR = frameworks._EXECUTOR, ImpatientThreads(THREADS, "aiocms-mongo")
        idle.shutdown(wait=False)


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
