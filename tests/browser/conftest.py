"""Fixtures of tests in a real browser: Chromium on a running site."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from aiocms.testing import TEST_PASSWORD, Client, Login

Open = Callable[..., Awaitable[Page]]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium when it is there, else the one Playwright brought."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=os.environ.get("AIOCMS_TEST_CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox"],
        )
        yield browser
        await browser.close()


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
