"""Fixtures for testing a site, as a pytest plugin: ``pytest_plugins = ("aiocms.testing",)`` in conftest.py.

One real mongod serves all tests of a run, xdist workers too; each test has a database of its own. Set
``MONGODB_TEST_URI`` to a MongoDB address to use that server instead.

pytest-asyncio must be installed (``asyncio_mode = "auto"`` is the comfortable way).
"""

from __future__ import annotations

import os
import shutil
import tempfile
import textwrap
import uuid
from collections.abc import AsyncIterator, Awaitable, Iterator
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from aiocms.core.mongo import Database, Mongo
from aiocms.core.mongod import EmbeddedMongod
from aiocms.core.settings import SETTINGS, Settings

Client = TestClient[web.Request, web.Application]


class SiteServer(TestServer):
    """A test server that goes on with a request whose visitor has left, as a site in production does.

    aiohttp's own ends it wherever it is, which leaves open what a thread is just opening.
    """

    async def _make_runner(self, **settings: Any) -> web.BaseRunner:
        return await super()._make_runner(**{**settings, "handler_cancellation": False})


class MakeSite(Protocol):
    """The fixture ``make_site``."""

    def __call__(self, files: dict[str, str] | None = None, **settings: Any) -> Path: ...


class MakeClient(Protocol):
    """The fixture ``make_client``."""

    def __call__(self, site: str | Path | web.Application, **settings: Any) -> Awaitable[Client]: ...


class Login(Protocol):
    """The fixture ``login``."""

    def __call__(
        self,
        client: Client,
        username: str = "admin",
        superuser: bool = True,
        permissions: tuple[str, ...] = (),
    ) -> Awaitable[Any]: ...


@pytest.fixture(scope="session")
def mongo_uri(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a real mongod, shared by the whole run and stopped at its end."""
    given = os.environ.get("MONGODB_TEST_URI")
    if given:
        yield given
        return
    _sweep()
    worker = getattr(request.config, "workerinput", None)
    run = worker["testrunuid"] if worker else uuid.uuid4().hex
    folder = _get_scratch() / f"{_PREFIX}{run[:16]}"
    # It keeps the files of what was dropped for five minutes else, and hundreds of databases a minute would
    # take all the files that it may have open.
    mongod = EmbeddedMongod(folder, cache_mb=256, parameters={"minSnapshotHistoryWindowInSeconds": "0"})
    try:
        yield mongod.attach()
    finally:
        mongod.detach()
        _remove_unused(folder)


@pytest.fixture
def db_name() -> str:
    """The name of this test's own database."""
    return f"test_{uuid.uuid4().hex[:20]}"


@pytest_asyncio.fixture
async def db(mongo_uri: str, db_name: str) -> AsyncIterator[Database]:
    """This test's own, empty database; dropped afterwards."""
    async with Mongo(make_settings(database=mongo_uri, database_name=db_name)) as mongo:
        yield mongo.db
        await mongo.client.drop_database(db_name)


@pytest.fixture
def make_site(tmp_path: Path, mongo_uri: str, db_name: str) -> Iterator[MakeSite]:
    """Write a site and get its folder: ``make_site({"templ/index.tpl": "hello"}, apps=["auth"])``.

    The database is this test's own. ``settings.py`` is written from the keywords unless given; what all lines
    of a file are indented by is taken away.
    """
    made = 0

    def make(files: dict[str, str] | None = None, **settings: Any) -> Path:
        nonlocal made
        made += 1
        folder = tmp_path / f"site{made}"
        values = {"database": mongo_uri, "database_name": db_name, **settings}
        text = "".join(f"{name} = {value!r}\n" for name, value in values.items())
        for name, content in {"settings.py": text, **(files or {})}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(content), encoding="utf-8")
        return folder

    yield make


@pytest_asyncio.fixture
async def make_client(mongo_uri: str, db_name: str) -> AsyncIterator[MakeClient]:
    """Start a site and get a client that talks to it over real HTTP: ``await make_client(site, debug=True)``.

    Takes a folder, any file in it, or an application. The database is this test's own and is dropped
    afterwards. The client follows no redirects unless told, and keeps cookies, ``Secure`` ones too.
    """
    from aiocms.core.application import create_app

    clients: list[Client] = []

    async def make(site: str | Path | web.Application, **settings: Any) -> Client:
        app = site
        if not isinstance(app, web.Application):
            app = create_app(app, **{"database": mongo_uri, "database_name": db_name, **settings})
        server = SiteServer(app)
        await server.start_server()
        jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=[server.make_url("/")])
        client: Client = TestClient(server, cookie_jar=jar)
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.close()
    async with Mongo(make_settings(database=mongo_uri, database_name=db_name)) as mongo:
        await mongo.client.drop_database(db_name)


@pytest.fixture
def login() -> Login:
    """Create a user and log the client in: ``await login(client, "ann", superuser=False)``."""

    async def log_in(
        client: Client, username: str = "admin", superuser: bool = True, permissions: tuple[str, ...] = ()
    ) -> Any:
        from aiocms.auth import store
        from aiocms.core import keys

        app = client.app
        db = app[keys.MONGO].db
        user = await store.create_user(
            db, username, TEST_PASSWORD, superuser=superuser, permissions=permissions
        )
        path = app.router["auth:login"].url_for()
        form = {"username": username, "password": TEST_PASSWORD}
        origin = str(client.make_url("/")).rstrip("/")
        page = await client.get(path)
        form |= _find_hidden(await page.text())
        answer = await client.post(path, data=form, headers={"Origin": origin}, allow_redirects=False)
        if answer.status != 303:
            raise AssertionError(
                f"Login of {username!r} was answered with {answer.status}: {await answer.text()}"
            )
        return user

    return log_in


TEST_PASSWORD = "correct horse battery staple 7"  # noqa: S105 - of users that live for one test


def make_settings(**values: Any) -> Settings:
    """Settings with their defaults and the given values, for parts that want settings but no site."""
    known = {row.name: row.default for row in SETTINGS}
    known |= {"var": Path(tempfile.gettempdir()) / "aiocms-no-var", "site": Path()}
    return Settings({**known, **values}, {row.name for row in SETTINGS if row.secret})


_PREFIX = "aiocms-test-"


def _get_scratch() -> Path:
    """Memory when there is enough of it, else the disk: a mongod in memory is several times as fast."""
    memory = Path("/dev/shm")  # noqa: S108 - folders in it have random names and mode 0700
    try:
        if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 4 * 1024**3:
            return memory
    except OSError:
        pass
    return Path(tempfile.gettempdir())


def _sweep() -> None:
    """Stop and remove what killed test runs left behind."""
    for folder in _get_scratch().glob(f"{_PREFIX}*"):
        _remove_unused(folder)


def _remove_unused(folder: Path) -> None:
    """Stop the mongod of a folder and delete the folder, unless a living process uses it."""
    EmbeddedMongod(folder).destroy_unused()


def _find_hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms: the token against forged requests."""
    import re

    found = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") == "hidden" and "name" in attributes:
            found[attributes["name"]] = attributes.get("value", "")
    return found
