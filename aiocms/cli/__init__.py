"""The command line: one file a command group, apps add their own under their namespace."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any

import click

from aiocms.cli.site import get_plan
from aiocms.core.errors import AiocmsError, find_nearest

_MODULES = ("start", "run", "inspect", "indexes", "users", "collect", "data", "shell", "templates", "deploy")


class SiteGroup(click.Group):
    """The commands of aiocms, and a group for each app of the site that has commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All command names, own ones first."""
        return [*super().list_commands(ctx), *sorted(_find_app_groups(quiet=True))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, looked for among the site's apps when it is not one of ours."""
        return super().get_command(ctx, cmd_name) or _find_app_groups(quiet=False).get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click, but an unknown command names the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            nearest = find_nearest(args[0], self.list_commands(ctx)) if args else None
            if nearest and "No such command" in error.message and "Did you mean" not in error.message:
                raise click.UsageError(f"{error.message} Did you mean {nearest!r}?", ctx) from error
            raise


def _find_app_groups(*, quiet: bool) -> dict[str, click.Group]:
    """A group for each namespace with a ``commands.py``."""
    try:
        plan = get_plan()
    except AiocmsError:
        if quiet or not _inside_site():
            return {}
        raise
    merged: dict[str, dict[str, click.Command]] = {}
    for loaded in plan.modules["commands"]:  # lowest layer first: a command of the same name higher up wins
        here = merged.setdefault(loaded.layer.namespace, {})
        here.update({one.name or "": one for one in loaded.module.commands})
    return {
        namespace: click.Group(
            namespace,
            commands,
            help=_describe_group(plan.namespaces[namespace].app.title or "", namespace, commands),
        )
        for namespace, commands in merged.items()
    }


def _describe_group(title: str, namespace: str, commands: Mapping[str, click.Command]) -> str:
    examples = "".join(f"  aiocms {namespace} {name} --help\n" for name in sorted(commands))
    return f"Commands of {title}.\n\n\b\nExamples:\n{examples}"


def _inside_site() -> bool:
    from aiocms.cli.site import find_site

    try:
        return bool(find_site())
    except AiocmsError:
        return False


@click.group(
    cls=SiteGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="aiocms")
@click.option(
    "--site", type=click.Path(exists=True, file_okay=False), help="The site's folder; default: here or above."
)
@click.option("-p", "project", metavar="NAME", help="The same as `startproject NAME`.")
@click.option("-a", "app", metavar="NAME", help="The same as `startapp NAME`.")
@click.pass_context
def cli(ctx: click.Context, site: str | None, project: str | None, app: str | None) -> None:
    """aiocms: sites with an admin over MongoDB.

    \b
    Examples:
      aiocms startproject mysite
      cd mysite && aiocms run
      aiocms explain shop:product
    """
    if ctx.invoked_subcommand is not None:
        return
    if project:
        ctx.invoke(cli.commands["startproject"], name=project)
    elif app:
        ctx.invoke(cli.commands["startapp"], name=app)
    else:
        click.echo(ctx.get_help())


def _add_commands() -> None:
    for name in _MODULES:
        for command in importlib.import_module(f"aiocms.cli.{name}").commands:
            cli.add_command(command)


_add_commands()


def main(args: list[str] | None = None) -> Any:
    """Run the command line; an error of aiocms is a line or two and exit code 1."""
    try:
        return cli.main(args=args, standalone_mode=True)
    except AiocmsError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
