"""Work on images: in threads, a few at a time, and never twice the same at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from aiohttp import web

T = TypeVar("T")


class Workshop:
    """What bounds the work on images in one process.

    Parameters:
        threads: how many images are worked on at the same time.
    """

    def __init__(self, threads: int) -> None:
        self._places = asyncio.Semaphore(max(1, threads))
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    async def run(self, work: Callable[..., T], *args: object, **kwargs: object) -> T:
        """What a blocking function gives, in a thread of its own when there is a place."""
        async with self._places:
            return await asyncio.to_thread(work, *args, **kwargs)

    @asynccontextmanager
    async def alone(self, key: str) -> AsyncIterator[None]:
        """One at a time for each key; others with the same key wait."""
        lock, waiting = self._locks.get(key, (asyncio.Lock(), 0))
        self._locks[key] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._locks.pop(key)
            if waiting > 1:
                self._locks[key] = (lock, waiting - 1)


WORKSHOP: web.AppKey[Workshop] = web.AppKey("aiocms_files_workshop", Workshop)
