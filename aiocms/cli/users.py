"""``aiocms createuser``: the one way to the first account."""

from __future__ import annotations

import asyncio
import sys

import click

from aiocms.cli.site import get_plan
from aiocms.core.errors import AiocmsError
from aiocms.core.mongo import open_database
from aiocms.core.plan import Plan


@click.command("createuser")
@click.option("--username", help="The name to log in with; asked for when missing.")
@click.option("--password", help="Asked for when missing; `-` reads it from standard input.")
@click.option("--email", default="", help="The address of the user.")
@click.option("--superuser", is_flag=True, help="May do everything.")
@click.option("--role", "roles", multiple=True, help="Name of a role; may be given several times.")
def createuser(
    username: str | None, password: str | None, email: str, superuser: bool, roles: tuple[str, ...]
) -> None:
    """Make an account that can log in.

    A password on the command line is seen by other users of this machine: let it be asked for, or send it
    to standard input with `--password -`.

    \b
    Examples:
      aiocms createuser --superuser
      aiocms createuser --username ann --role editor
      pwgen -s 20 1 | aiocms createuser --username ann --superuser --password -
    """
    plan = get_plan()
    if "auth" not in plan.namespaces:
        raise AiocmsError("This site has no accounts: add 'auth' to apps in settings.py")
    if username is None:
        username = click.prompt("User name")
    if password == "-":  # noqa: S105
        password = sys.stdin.readline().rstrip("\r\n")
    if password is None:
        password = _ask_password(plan, username)
    elif weakness := _find_weakness(plan, password, username):
        raise AiocmsError(weakness)
    name = asyncio.run(_create(plan, username, password, email, superuser, roles))
    click.echo(f"Made the {'superuser' if superuser else 'user'} {name!r}.")


def _ask_password(plan: Plan, username: str) -> str:
    while True:
        password: str = click.prompt("Password", hide_input=True, confirmation_prompt="Password again")
        weakness = _find_weakness(plan, password, username)
        if weakness is None:
            return password
        click.echo(weakness, err=True)


def _find_weakness(plan: Plan, password: str, username: str) -> str | None:
    from aiocms.auth.strength import find_weakness

    return find_weakness(password, username, [plan.settings.title])


async def _create(
    plan: Plan, username: str, password: str, email: str, superuser: bool, roles: tuple[str, ...]
) -> str:
    # Imported here: a site without accounts needs no passlib.
    from aiocms.auth import store
    from aiocms.core.indexes import ensure

    async with open_database(plan.settings) as db:
        # The unique index on names is what refuses a second account of the same name.
        await ensure(db, (index for index in plan.indexes if index.collection.startswith("auth_")))
        user = await store.create_user(db, username, password, superuser=superuser, roles=roles, email=email)
        return user.username


commands = (createuser,)
