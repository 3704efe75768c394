"""`aiocms run`: serve the site."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import shlex
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import watchfiles
from aiohttp import web

from aiocms.cli.site import find_site
from aiocms.core import keys, logs
from aiocms.core.application import create_app
from aiocms.core.discover import BUNDLED_ROOT
from aiocms.core.errors import AiocmsError
from aiocms.core.faults import Faults
from aiocms.core.mongod import EmbeddedMongod
from aiocms.core.settings import Settings
from aiocms.core.site import plan_site


@click.command()
@click.option("--host", help="Address to listen on; default: the setting `host`.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; default: the setting `port`.")
@click.option("--reload", is_flag=True, help="Start again when Python, templates or settings change.")
def run(host: str | None, port: int | None, reload: bool) -> None:
    """Serve the site until Ctrl-C.

    \b
    Examples:
      aiocms run
      aiocms run --reload
      aiocms run --host 0.0.0.0 --port 8000
    """
    site = find_site()
    if reload:
        _run_reloading(site, host, port)
    else:
        serve_site(create_app(site), host, port)


def serve_site(app: web.Application, host: str | None = None, port: int | None = None) -> None:
    """Serve an application until it is stopped, draining running requests.

    Raises:
        AiocmsError: the address cannot be listened on.
    """
    settings = app[keys.SETTINGS]
    address = (host or settings.host, int(settings.port) if port is None else port)
    listener = listen(*address)
    shown = f"http://{address[0]}:{listener.getsockname()[1]}/"

    if not settings.database and not (settings.var / "mongo").exists():
        click.echo(
            f"Setting up a database in {settings.var / 'mongo'}; this is done once and takes a moment."
        )

    async def announce(_: web.Application) -> None:
        # A closed terminal must end the site as properly as Ctrl-C does, its database included.
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, _stop)
        click.echo(f"{settings.title} on {shown}  (Ctrl-C stops it)")
        if settings.secure_cookies and not _is_loopback(listener):
            click.echo(
                "Other machines cannot log in over plain http: browsers keep secure cookies on https and "
                "localhost alone.\nPut a proxy with TLS in front, or set secure_cookies = False to develop."
            )

    app.on_startup.append(announce)
    web.run_app(
        app,
        sock=listener,
        print=None,
        shutdown_timeout=settings.shutdown_timeout,
        access_log=logs.ACCESS_LOGGER,
        access_log_class=logs.AccessLogger,
    )


def _stop() -> None:
    raise web.GracefulExit


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, bound before anything else starts, so that a taken port costs nothing.

    Raises:
        AiocmsError: the port is taken or may not be used, or the host is not of this machine.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise AiocmsError(f"Cannot listen on {host}:{port}: {_explain_listen(error)}") from error


def _is_loopback(listener: socket.socket) -> bool:
    return ipaddress.ip_address(listener.getsockname()[0]).is_loopback


def _explain_listen(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "the port is taken. Stop the other server, or choose another with --port."
    if error.errno == errno.EACCES:
        return "ports below 1024 need root. Choose another with --port."
    return f"{error.strerror or error}. Use an address of this machine with --host."


def _run_reloading(site: Path, host: str | None, port: int | None) -> None:
    command = [sys.executable, "-m", "aiocms", "--site", str(site), "run"]
    command += ["--host", host] if host else []
    command += ["--port", str(port)] if port is not None else []
    settings = _find_settings(site)
    # With debug on, templates are read anew for each request and need no restart.
    suffixes = (".py", ".po") if settings and settings.debug else (".py", ".po", ".tpl", ".xml", ".txt")

    def is_wanted(_: watchfiles.Change, path: str) -> bool:
        return path.endswith(suffixes) and "/var/" not in path.removeprefix(str(site))

    with _embedded_database(settings):
        watchfiles.run_process(
            site,
            BUNDLED_ROOT,
            target=shlex.join(command),
            target_type="command",
            watch_filter=is_wanted,
            callback=lambda changes: click.echo(f"Changed: {', '.join(sorted(path for _, path in changes))}"),
            sigint_timeout=10,
        )


def _find_settings(site: Path) -> Settings | None:
    """The site's settings, or None while it has faults, which the child shows."""
    try:
        return plan_site(site).settings
    except Faults:
        return None


@contextmanager
def _embedded_database(settings: Settings | None) -> Iterator[None]:
    """Keep the site's embedded mongod, if it uses one, so that a restart of the site does not restart it."""
    if settings is None or settings.database:
        yield
        return
    mongod = EmbeddedMongod(settings.var / "mongo", cache_mb=settings.mongod_cache_mb)
    mongod.attach()
    try:
        yield
    finally:
        mongod.detach()


commands = (run,)
