"""The gunicorn worker of sites: aiohttp's, with the access log of ``aiocms run``.

aiohttp's own worker cannot be told another class of access log: its lines would lack the ids of requests.
"""

from __future__ import annotations

from aiohttp import web
from aiohttp.worker import GunicornWebWorker

from aiocms.core.logs import ACCESS_LOGGER, AccessLogger


class Worker(GunicornWebWorker):
    """For ``worker_class = "aiocms.cli.worker.Worker"``."""

    def load_wsgi(self) -> None:
        """gunicorn's hook: the application, in a runner of our making."""
        super().load_wsgi()
        app: object = self.wsgi  # type: ignore[has-type]
        if not isinstance(app, web.Application):
            return

        async def make_runner() -> web.AppRunner:
            return web.AppRunner(
                app,
                logger=self.log,
                keepalive_timeout=self.cfg.keepalive,
                access_log=ACCESS_LOGGER,
                access_log_class=AccessLogger,
                shutdown_timeout=self.cfg.graceful_timeout * 0.95,
            )

        self.wsgi = make_runner
