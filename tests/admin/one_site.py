"""One running site for all tests of a module, with somebody logged in for each set of rights."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.test_utils import TestClient

from aiocms.auth import store
from aiocms.core import keys
from aiocms.core.application import create_app
from aiocms.testing import TEST_PASSWORD, SiteServer
from tests.admin.conftest import Admin
from tests.admin.formpage import FormPage


@asynccontextmanager
async def open_site(
    folder: Path,
    mongo_uri: str,
    files: Mapping[str, str],
    users: Mapping[str, Mapping[str, Any]],
    **settings: Any,
) -> AsyncIterator[dict[str, Admin]]:
    """Start a site with these users.

    Returns:
        By the name of each user a client that is logged in.
    """
    values = {
        "apps": ["auth", "admin"],
        "database": mongo_uri,
        "database_name": f"test_{uuid.uuid4().hex[:20]}",
        **settings,
    }
    written = {"settings.py": "".join(f"{name} = {value!r}\n" for name, value in values.items()), **files}
    for name, text in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    server = SiteServer(create_app(folder))
    await server.start_server()
    db = server.app[keys.MONGO].db
    clients: list[Any] = []
    try:
        admins: dict[str, Admin] = {}
        for name, rights in users.items():
            await store.create_user(db, name, TEST_PASSWORD, **rights)
            jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=[server.make_url("/")])
            clients.append(TestClient(server, cookie_jar=jar))
            admins[name] = Admin(clients[-1], str(server.make_url("/")).rstrip("/"))
            await _log_in(admins[name], name)
        yield admins
    finally:
        await db.client.drop_database(db.name)
        for client in clients:
            await client.close()
        await server.close()


async def _log_in(admin: Admin, name: str) -> None:
    page = FormPage(await admin.get("/login"), "method")
    changes = {"username": name, "password": TEST_PASSWORD}
    await admin.post("/login", [(key, changes.get(key, value)) for key, value in page.pairs])
