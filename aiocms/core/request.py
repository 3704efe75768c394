"""Request: aiohttp's request with the few attributes that every view wants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import hdrs, web
from aiohttp.helpers import reify
from multidict import CIMultiDict, CIMultiDictProxy

from aiocms.core import body, keys, multipart
from aiocms.core.proxies import Forwarded, read_forwarded

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

    def __init__(self, message: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(message, *args, **kwargs)
        expected = self._headers.get(hdrs.EXPECT)
        if expected is not None and expected.lower() != "100-continue":
            # aiohttp answers it before any middleware runs, with a bare 500 when it is no UTF-8. A server may
            # pass over an expectation that it does not know (RFC 9110, 10.1.1).
            headers = CIMultiDict(self._headers)
            del headers[hdrs.EXPECT]
            self._headers = CIMultiDictProxy(headers)

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
        return str(self.get(keys.REQUEST_ID, "-"))

    @reify
    def remote(self) -> str | None:
        """The visitor's address; behind ``trusted_proxies`` the one that they forward."""
        remote: str | None = super().remote
        return self._forwarded.remote or remote

    @reify
    def scheme(self) -> str:
        """``http`` or ``https``; behind ``trusted_proxies`` the one that they forward."""
        return self._forwarded.scheme or str(super().scheme)

    @reify
    def host(self) -> str:
        """The Host header; behind ``trusted_proxies`` the one that they forward."""
        return self._forwarded.host or str(super().host)

    @reify
    def _forwarded(self) -> Forwarded:
        if self._match_info is None:  # a request that aiohttp could not parse reaches no application
            return Forwarded()
        return read_forwarded(self.headers, self.settings.trusted_proxies)

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

    async def post(self) -> MultiDictProxy[str | bytes | bytearray | web.FileField]:
        """The posted form. Raises as ``read`` does."""
        return await body.read_form(self, super().post)

    async def post_with_files(self, take: multipart.TakeFile) -> MultiDictProxy[Any]:
        """The posted form while its files go elsewhere; ``post`` gives the same afterwards.

        Parameters:
            take: called for each file as it comes in, see ``aiocms.core.multipart``.

        Raises:
            web.HTTPException: as ``read`` does.
        """
        if self._post is None and self.content_type == "multipart/form-data":
            self._post = await multipart.read_form(self, take)
        return await self.post()
