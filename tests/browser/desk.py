"""One site and one Chromium for all tests of a module: starting both takes longer than what most tests look at.

A test module gives ``SITE`` (files), ``SETTINGS`` and ``fill(db)``, which brings the documents back before each test.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page

from aiocms.auth import store
from aiocms.core import keys
from aiocms.core.application import create_app
from aiocms.testing import TEST_PASSWORD, SiteServer

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass
class Desk:
    """A running site and a browser; each set of browser options logs in once."""

    browser: Browser
    server: SiteServer
    contexts: dict[str, BrowserContext] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    @property
    def db(self) -> Any:
        """The site's database."""
        return self.server.app[keys.MONGO].db

    def url(self, path: str) -> str:
        """The address of a path."""
        return str(self.server.make_url(path))

    async def open(self, path: str, *, user: str = "admin", **options: Any) -> Page:
        """A page in the browser of a user; ``user=""`` is nobody. A page error or a violated CSP fails the test."""
        context = await self._context(user, {"viewport": DESK, "color_scheme": "light", **options})
        page = await context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "console", lambda said: self.faults.append(said.text) if "Content Security" in said.text else None
        )
        self.pages.append(page)
        await page.goto(self.url(path))
        return page

    async def _context(self, user: str, options: dict[str, Any]) -> BrowserContext:
        name = json.dumps([user, options], sort_keys=True)
        if name not in self.contexts:
            context = self.contexts[name] = await self.browser.new_context(**options)
            if user:
                # Through the form: a __Host- cookie cannot be put into Chromium from outside over plain HTTP.
                page = await context.new_page()
                await page.goto(self.url("/login?next=/account"))
                await page.fill("[name=username]", user)
                await page.fill("[name=password]", TEST_PASSWORD)
                await page.keyboard.press("Enter")
                await page.wait_for_url(self.url("/account"))
                await page.close()
        return self.contexts[name]

    async def close_pages(self) -> None:
        """Close what a test opened; the browsers stay logged in."""
        for page in self.pages:
            if not page.is_closed():
                # Chromium forgets to close a page that is on its way to another.
                await page.goto("about:blank")
                await page.close()
        self.pages.clear()


@asynccontextmanager
async def open_desk(
    folder: Path,
    browser: Browser,
    files: dict[str, str],
    users: dict[str, dict[str, Any]],
    settings: dict[str, Any],
) -> AsyncIterator[Desk]:
    """Write and start a site with these users; its database goes at the end."""
    values = {"apps": ["auth", "admin"], **settings}
    written = {"settings.py": "".join(f"{name} = {value!r}\n" for name, value in values.items()), **files}
    for name, text in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    server = SiteServer(create_app(folder))
    await server.start_server()
    desk = Desk(browser, server)
    try:
        for name, rights in users.items():
            await store.create_user(desk.db, name, TEST_PASSWORD, **rights)
        yield desk
    finally:
        for context in desk.contexts.values():
            await context.close()
        await desk.db.client.drop_database(desk.db.name)
        await server.close()
