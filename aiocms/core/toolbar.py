"""The debug toolbar: aiohttp_debugtoolbar with a panel of this request's MongoDB commands.

Shown with the settings ``debug`` and ``debugtoolbar``, when the package is installed, to this machine only.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
from typing import Any

from aiohttp import web

from aiocms.core.keys import SETTINGS

PREFIX = "/_debugtoolbar"
# The toolbar's own pages are full of inline scripts; they are served to this machine in debug only.
TOOLBAR_CSP = "default-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"

_LOGGER = logging.getLogger("aiocms.toolbar")


def setup(app: web.Application) -> bool:
    """Add the toolbar to the application if the settings ask for it.

    Returns:
        Whether it was added.
    """
    settings = app[SETTINGS]
    if not (settings.debug and settings.debugtoolbar):
        return False
    if importlib.util.find_spec("aiohttp_debugtoolbar") is None:
        _LOGGER.warning("aiohttp_debugtoolbar is not installed: pip install aiohttp_debugtoolbar")
        return False
    toolbar: Any = importlib.import_module("aiohttp_debugtoolbar")
    panel: Any = importlib.import_module("aiocms.core.toolbar_panel")
    # Just inside of the last resort: session and user are loaded by commands worth seeing too.
    app.middlewares.insert(1, toolbar.middleware)
    toolbar.setup(
        app,
        intercept_exc=False,
        intercept_redirects=False,
        extra_panels=(panel.MongoPanel,),
        extra_templates=str(panel.TEMPLATES),
        path_prefix=PREFIX,
    )
    app.on_response_prepare.insert(0, _relax_own_pages)
    return True


async def _relax_own_pages(request: web.Request, response: web.StreamResponse) -> None:
    if request.path.startswith(PREFIX):
        response.headers["Content-Security-Policy"] = TOOLBAR_CSP
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
