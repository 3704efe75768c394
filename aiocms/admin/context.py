"""Values of every admin template: `nav`, the groups of the sidebar; `shortcuts`, the keys of the help."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from aiocms.admin.nav import find_nav
from aiocms.admin.palette.keyboard import SHORTCUTS
from aiocms.core import keys


async def context(request: web.Request) -> dict[str, Any]:
    """The sidebar, for users who may enter."""
    user = request.get(keys.USER)
    if user is None or not user.can("admin.enter"):
        return {}
    return {"nav": await find_nav(request), "shortcuts": SHORTCUTS}
