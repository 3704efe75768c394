"""``aiocms shell``: Python with the site's database at hand and ``await`` at the top level."""

from __future__ import annotations

import ast
import asyncio
import code
import inspect
import sys
import traceback
import types
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import click
from aiohttp import web

from aiocms.cli.site import find_site
from aiocms.core import keys, mongo
from aiocms.core.application import create_app

BANNER = """Python {version}, aiocms site {site}
Here are: db, settings, plan, app. `await` works at the top level:
  await db.list_collection_names()
Ctrl-D leaves."""


class Session:
    """Runs Python with top-level ``await`` on one event loop that the site's database lives on.

    The loop runs while a statement runs, in the main thread, so Ctrl-C ends what is awaited.
    """

    def __init__(self, site: Path) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._site = site
        self.names: dict[str, Any] = {"__name__": "__console__", "__doc__": None, "asyncio": asyncio}

    def __enter__(self) -> Session:
        self._runner.__enter__()
        try:
            app = create_app(self._site)
            self._runner.run(self._connect(app))
        except BaseException:
            self._runner.close()
            raise
        self.names.update(app=app, db=app[keys.MONGO].db, settings=app[keys.SETTINGS], plan=app[keys.PLAN])
        return self

    def __exit__(self, *exc_info: object) -> None:
        try:
            self._runner.run(self._stack.aclose())
        finally:
            self._runner.close()

    def run(self, compiled: types.CodeType) -> None:
        """Run compiled code to its end, whatever it awaits."""
        self._runner.run(self._call(compiled))

    async def _connect(self, app: web.Application) -> None:
        await self._stack.enter_async_context(mongo.lifespan(app))
        await app[keys.MONGO].check()

    async def _call(self, compiled: types.CodeType) -> None:
        # Even code without await runs inside the loop: driver calls look for a running one.
        result = types.FunctionType(compiled, self.names)()
        if inspect.iscoroutine(result):
            await _as_coroutine(result)


async def _as_coroutine(result: Coroutine[Any, Any, Any]) -> None:
    await result


class Console(code.InteractiveConsole):
    """The prompt."""

    def __init__(self, session: Session) -> None:
        super().__init__(session.names)
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._session = session

    def runcode(self, code: types.CodeType) -> None:
        """Run one statement; its error is shown and the prompt comes again."""
        try:
            self._session.run(code)
        except SystemExit:
            raise
        except KeyboardInterrupt:
            self.write("\nKeyboardInterrupt\n")
        except BaseException:  # noqa: BLE001 - a prompt shows whatever happened and goes on
            self.showtraceback()


def run_source(session: Session, source: str, name: str) -> bool:
    """Run a whole program.

    Returns:
        Whether it came to its end; if not, its traceback was written to stderr.
    """
    try:
        compiled = compile(source, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        session.run(compiled)
    except Exception:  # noqa: BLE001 - shown as Python shows it
        traceback.print_exc()
        return False
    return True


@click.command()
@click.option("-c", "source", metavar="CODE", help="Run this and leave.")
@click.pass_context
def shell(context: click.Context, source: str | None) -> None:
    """Python with the site's database: db, settings, plan, app.

    \b
    Examples:
      aiocms shell
      aiocms shell -c 'print(await db.auth_users.count_documents({}))'
      aiocms shell < tidy.py
    """
    with Session(find_site()) as session:
        if source is not None:
            finished = run_source(session, source, "<-c>")
        elif not sys.stdin.isatty():
            finished = run_source(session, sys.stdin.read(), "<stdin>")
        else:
            _interact(session)
            finished = True
    if not finished:
        context.exit(1)


def _interact(session: Session) -> None:
    try:
        import readline  # line editing, where Python has it
        import rlcompleter

        readline.set_completer(rlcompleter.Completer(session.names).complete)
        readline.parse_and_bind("tab: complete")
    except ImportError:
        pass
    version = ".".join(map(str, sys.version_info[:3]))
    Console(session).interact(BANNER.format(version=version, site=session.names["plan"].site), exitmsg="")


commands = (shell,)
