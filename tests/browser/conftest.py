"""Fixtures of tests in a real browser: Chromium on a running site."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from aiocms.testing import TEST_PASSWORD, Client, Login
from tests.browser.desk import DESK, PHONE, Desk, open_desk

Open = Callable[..., Awaitable[Page]]

__all__ = ("DESK", "PHONE", "Open")
# As long as actions wait: a machine with much else to do is slow, and that is no fault.
expect.set_options(timeout=15_000)


def find_chromium() -> str | None:
    """The browser's program; None: Playwright knows."""
    own = os.environ.get("AIOCMS_TEST_CHROMIUM")
    return own or shutil.which("chromium-headless-shell") or shutil.which("chromium")


@asynccontextmanager
async def launch() -> AsyncIterator[Browser]:
    """Debian's Chromium when it is there, the light one first, else the one Playwright brought."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--no-sandbox"],
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser for one test."""
    async with launch() as browser:
        yield browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def module_desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, mongo_uri: str
) -> AsyncIterator[Desk]:
    """The site that a module describes, and one browser."""
    module = request.module
    settings = {"database": mongo_uri, "database_name": f"test_{uuid.uuid4().hex[:20]}", **module.SETTINGS}
    users = {"admin": {"superuser": True}, **getattr(module, "USERS", {})}
    async with (
        launch() as browser,
        open_desk(tmp_path_factory.mktemp("site"), browser, module.SITE, users, settings) as desk,
    ):
        yield desk


@pytest_asyncio.fixture(loop_scope="module")
async def desk(request: pytest.FixtureRequest, module_desk: Desk) -> AsyncIterator[Desk]:
    """The module's site with its documents as they were."""
    await request.module.fill(module_desk.db)
    yield module_desk
    await module_desk.close_pages()
    faults = list(module_desk.faults)
    module_desk.faults.clear()
    assert not faults


@pytest.fixture
def open_page(browser: Browser, login: Login) -> Iterator[Open]:
    """Open a path of a site in a browser of its own: ``page = await open_page(client, "/admin/")``.

    A page error or a violated content security policy fails the test. With ``user=""`` nobody is logged in.
    """
    known: set[str] = set()
    faults: list[str] = []

    async def open_path(client: Client, path: str, *, user: str = "admin", **options: Any) -> Page:
        if user and user not in known:
            await login(client, user)
            known.add(user)
        context = await browser.new_context(**{"viewport": DESK, **options})
        page = await context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        if user:
            # Through the form: a __Host- cookie cannot be put into Chromium from outside over plain HTTP.
            await page.goto(str(client.make_url("/login").with_query(next="/account")))
            await page.fill("[name=username]", user)
            await page.fill("[name=password]", TEST_PASSWORD)
            await page.keyboard.press("Enter")
            await page.wait_for_url(str(client.make_url("/account")))
        await page.goto(str(client.make_url(path)))
        return page

    yield open_path
    assert not faults
