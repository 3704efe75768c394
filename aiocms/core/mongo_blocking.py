"""The site's database for commands that move much data: the blocking driver, without an event loop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import pymongo
from pymongo.database import Database
from pymongo.errors import PyMongoError

from aiocms.core.errors import AiocmsError
from aiocms.core.mongo_away import first_words
from aiocms.core.mongo_uri import get_client_options, get_database_name, hide_password
from aiocms.core.mongod import EmbeddedMongod
from aiocms.core.settings import Settings

BlockingDatabase: TypeAlias = Database[dict[str, Any]]


@contextmanager
def open_blocking(settings: Settings) -> Iterator[BlockingDatabase]:
    """The site's database, connected and known to answer; starts and stops the embedded server as needed.

    Raises:
        AiocmsError: the database cannot be had.
    """
    embedded = None
    uri = settings.database
    if not uri:
        embedded = EmbeddedMongod(settings.var / "mongo", cache_mb=settings.mongod_cache_mb)
        uri = embedded.attach()
    try:
        with _connect(uri, settings) as client:
            yield client[get_database_name(uri, settings.database_name)]
    finally:
        if embedded:
            embedded.detach()


def _connect(uri: str, settings: Settings) -> pymongo.MongoClient[dict[str, Any]]:
    shown = hide_password(uri).partition("?")[0]
    try:
        client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(
            uri, **get_client_options(uri, settings)
        )
    except (PyMongoError, ValueError, OSError) as error:
        raise AiocmsError(f"Bad database address {shown!r}: {error}") from None
    try:
        client.admin.command("ping")
    except PyMongoError as error:
        client.close()
        raise AiocmsError(f"The database at {shown} cannot be used: {first_words(error)}") from error
    return client
