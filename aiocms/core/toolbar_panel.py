"""The toolbar's panel of MongoDB commands. Imported only when aiohttp_debugtoolbar is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp_debugtoolbar.panels.base import DebugPanel
from bson import json_util

from aiocms.core.mongo_commands import Command, record_commands

TEMPLATES = Path(__file__).parent / "toolbar_templ"
MAX_SHOWN = 4000

_NOISE = ("$", "lsid", "txnNumber")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class MongoPanel(DebugPanel):
    """Which commands a request sent to MongoDB, and how long each took."""

    name = "Mongo"
    has_content = True
    template = "mongo.jinja2"
    title = "MongoDB commands"
    nav_title = "MongoDB"

    def __init__(self, request: web.Request) -> None:
        super().__init__(request)  # type: ignore[no-untyped-call]
        self.commands: list[Command] = []

    def wrap_handler(self, handler: Handler, context_switcher: object) -> Handler:
        """The toolbar's hook: run the request with its commands recorded."""

        async def recorded(request: web.Request) -> web.StreamResponse:
            with record_commands() as commands:
                self.commands = commands
                return await handler(request)

        return recorded

    async def process_response(self, response: web.StreamResponse) -> None:
        """The toolbar's hook: keep what is shown, as text."""
        total = sum(command.seconds or 0 for command in self.commands)
        self.nav_subtitle = f"{len(self.commands)} in {total * 1000:.1f} ms"
        self.data = {"commands": [_describe(command) for command in self.commands]}


def _describe(command: Command) -> dict[str, Any]:
    body = {key: value for key, value in command.body.items() if not key.startswith(_NOISE)}
    text = json_util.dumps(body, indent=1)
    return {
        "name": command.name,
        "collection": command.collection,
        "milliseconds": None if command.seconds is None else f"{command.seconds * 1000:.2f}",
        "failure": command.failure,
        "body": text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + " …",
    }
