"""Fixtures of the admin's tests: a site with the admin, somebody logged in, and the raw documents."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest_asyncio
from bson.raw_bson import RawBSONDocument

from aiocms.admin.values.bsontypes import encode_id
from aiocms.admin.values.rawbson import RAW, Value
from aiocms.core import keys
from tests.admin.formpage import FormPage, Pairs


@dataclass
class Admin:
    """A client in the admin."""

    client: Any
    origin: str

    @property
    def db(self) -> Any:
        return self.client.app[keys.MONGO].db

    def url(self, collection: str, identity: Any = None, query: str = "", ns: str = "database") -> str:
        place = "new" if identity is None else encode_id(identity)
        return f"/admin/{ns}/{collection}/{place}{query}"

    async def get(self, url: str, status: int = 200) -> str:
        answer = await self.client.get(url)
        text = await answer.text()
        assert answer.status == status, (answer.status, text[-3000:])
        return str(text)

    async def open(
        self, collection: str, identity: Any = None, query: str = "", ns: str = "database"
    ) -> FormPage:
        return FormPage(await self.get(self.url(collection, identity, query, ns)))

    async def post(self, url: str, pairs: Pairs, status: int = 303) -> Any:
        answer = await self.client.post(
            url, data=pairs, headers={"Origin": self.origin}, allow_redirects=False
        )
        answer.page = await answer.text()
        assert answer.status == status, (answer.status, answer.page[-3000:])
        return answer

    async def put(self, collection: str, document: Any) -> Value:
        """Store a document by its bytes."""
        raw = document if isinstance(document, Value) else Value.of(document)
        if raw.find("_id") is None:
            raw = Value.object((("_id", Value.of(1)), *raw.items()))
        identity = raw.find("_id").python()  # type: ignore[union-attr]
        await self.raw(collection).delete_one({"_id": identity})
        await self.raw(collection).insert_one(RawBSONDocument(raw.raw, RAW))
        return await self.read(collection, identity)

    async def read(self, collection: str, identity: Any = 1) -> Value:
        """A document as its bytes."""
        found = await self.raw(collection).find_one({"_id": identity})
        assert found is not None
        return Value.document(found)

    def raw(self, collection: str) -> Any:
        return self.db.get_collection(collection, codec_options=RAW)


OpenAdmin = Callable[..., Awaitable[Admin]]


@pytest_asyncio.fixture
async def open_admin(make_site: Any, make_client: Any, login: Any) -> OpenAdmin:
    """Start a site with the admin and log in: ``await open_admin({"apps/x/admin.py": "…"})``."""

    async def start(
        files: dict[str, str] | None = None, *, user: dict[str, Any] | None = None, **settings: Any
    ) -> Admin:
        site = make_site(files, apps=["auth", "admin"], **settings)
        client = await make_client(site)
        await login(client, **(user or {}))
        return Admin(client, str(client.make_url("/")).rstrip("/"))

    return start


@pytest_asyncio.fixture
async def admin(open_admin: OpenAdmin) -> Admin:
    """A superuser in a site without declared screens."""
    return await open_admin()
