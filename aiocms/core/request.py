"""Request: aiohttp's request with the few attributes that every view wants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from aiocms.core import body, keys

if TYPE_CHECKING:
    from multidict import MultiDictProxy

    from aiocms.core.mongo import Database
    from aiocms.core.plan import Plan
    from aiocms.core.settings import Settings


class Request(web.Request):
    """The request that views get.

    Reading a malformed or oversized body raises an HTTP 4xx error instead of a bare exception.
    """

    ATTRS = web.Request.ATTRS

    @property
    def db(self) -> Database:
        """The site's database."""
        return self.app[keys.MONGO].db

    @property
    def user(self) -> Any:
        """The visitor as the auth app knows them, or None on a site without auth."""
        return self.get(keys.USER)

    @property
    def settings(self) -> Settings:
        """The site's settings."""
        return self.app[keys.SETTINGS]

    @property
    def plan(self) -> Plan:
        """The site's Plan."""
        return self.app[keys.PLAN]

    @property
    def language(self) -> str:
        """Language code of the answer, e.g. ``en``."""
        return self.get(keys.LANGUAGE) or str(self.settings.languages[0])

    @property
    def request_id(self) -> str:
        """The id that log lines and error pages of this request show."""
        return self.get(keys.REQUEST_ID, "-")

    async def read(self) -> bytes:
        """The whole body, within ``settings.body_limit`` and ``settings.body_timeout``.

        Raises:
            web.HTTPException: 400, 408, 413 or 415.
        """
        return await body.read_bytes(self, super().read)

    async def text(self) -> str:
        """The body as text. Raises as ``read`` does."""
        return await body.read_text(self, super().text)

    async def json(self, *args: Any, **kwargs: Any) -> Any:
        """The body parsed as JSON. Raises as ``read`` does."""
        return await body.read_json(self)

    async def post(self) -> MultiDictProxy[str | bytearray | web.FileField]:
        """The posted form. Raises as ``read`` does."""
        return await body.read_form(self, super().post)
