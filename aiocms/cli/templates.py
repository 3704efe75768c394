"""``aiocms templates``: copy, list, diff and check overrides of templates."""

from __future__ import annotations

import click

from aiocms.cli.site import get_plan
from aiocms.core.errors import UnknownNamespace
from aiocms.core.overrides import copy_template, diff_template, iter_overrides
from aiocms.core.template_loader import LayerLoader


@click.group()
def templates() -> None:
    """Override templates, and see what changed beneath.

    \b
    Examples:
      aiocms templates list admin
      aiocms templates copy admin:list
      aiocms templates check
    """


@templates.command("copy")
@click.argument("name")
@click.option("--force", is_flag=True, help="Overwrite the site's file.")
@click.option("--keep", is_flag=True, help="Keep the site's file, take the present original as seen.")
def copy_command(name: str, force: bool, keep: bool) -> None:
    """Copy the template NAME into the site, to be changed there.

    To change a block only, write a file of that name with {% extends "NAME" %} instead: it follows the
    original by itself.

    \b
    Examples:
      aiocms templates copy shop:product
      aiocms templates copy --keep shop:product      after an upgrade, when you have taken over what is new
    """
    target = copy_template(get_plan(), name, force=force, keep=keep)
    click.echo(f"{target} now {'follows the present original' if keep else 'overrides ' + name}.")


@templates.command("list")
@click.argument("namespace", required=False)
@click.option("--overrides", "only_overrides", is_flag=True, help="Only those that the site overrides.")
def list_command(namespace: str | None, only_overrides: bool) -> None:
    """List all templates, those of NAMESPACE, or the site's overrides.

    \b
    Examples:
      aiocms templates list shop
      aiocms templates list --overrides
    """
    plan = get_plan()
    if namespace and namespace not in plan.namespaces:
        raise UnknownNamespace(namespace, known=plan.namespaces)
    overrides = {one.name: one for one in iter_overrides(plan)}
    loader = LayerLoader(plan)
    names = [name for name in loader.list_templates() if not name.startswith("site:")]
    for name in names:
        if (namespace and name.partition(":")[0] != namespace) or (only_overrides and name not in overrides):
            continue
        found = loader.find(name)
        mark = f"  ({overrides[name].state} override)" if name in overrides else ""
        click.echo(f"{name:40} {found[1] if found else '-'}{mark}")


@templates.command("diff")
@click.argument("name")
def diff_command(name: str) -> None:
    """Show what changed beneath the override NAME since it was copied.

    \b
    Example:
      aiocms templates diff shop:product
    """
    text = diff_template(get_plan(), name)
    click.echo(text or f"Nothing changed beneath {name}.", nl=not text)


@templates.command("check")
@click.pass_context
def check_command(context: click.Context) -> None:
    """Tell which overrides are stale; exit code 1 when there are any.

    \b
    Example:
      aiocms templates check       after each upgrade, and in the site's CI
    """
    overrides = list(iter_overrides(get_plan()))
    stale = [one for one in overrides if one.state in ("stale", "gone")]
    for one in stale:
        what = "has changed" if one.state == "stale" else "is gone"
        click.echo(f"{one.name}: its original {what} since {one.copied_version}; {one.file}")
    if stale:
        click.echo(
            f"See `aiocms templates diff {stale[0].name}`, take over what you want, then copy it with --keep."
        )
        context.exit(1)
    click.echo(f"{len(overrides)} overrides, none is stale.")


commands = (templates,)
