"""`aiocms check`, `routes` and `explain`: what the site is made of."""

from __future__ import annotations

import traceback

import click

from aiocms.cli.site import find_site, get_plan
from aiocms.core import keys
from aiocms.core.application import create_app
from aiocms.core.checks import check_templates
from aiocms.core.explain import explain as explain_name
from aiocms.core.faults import Faults
from aiocms.core.plan import get_required
from aiocms.core.routes import iter_in_router_order


@click.command()
@click.option("--settings", "show_settings", is_flag=True, help="List all settings with their values.")
@click.option(
    "--traceback", "show_traceback", is_flag=True, help="Show whole tracebacks of modules that fail."
)
def check(show_settings: bool, show_traceback: bool) -> None:
    """Check the site without starting it: no socket, no database.

    \b
    Examples:
      aiocms check
      aiocms check --settings
    """
    site = find_site()
    try:
        app = create_app(site)
    except Faults as error:
        if show_traceback:
            for fault in error.faults:
                if fault.error is not None:
                    click.echo("".join(traceback.format_exception(fault.error)), err=True)
        raise
    plan = app[keys.PLAN]
    if show_settings:
        for name in plan.settings:
            click.echo(f"{name} = {plan.settings.show(name)}")
    faults = tuple(check_templates(app))
    if faults:
        raise Faults(faults)
    click.echo(f"{site}: {len(plan.namespaces)} apps, {len(plan.routes)} routes, no faults.")


@click.command()
def routes() -> None:
    """List all routes in the order of the router.

    \b
    Example:
      aiocms routes | grep shop
    """
    plan = get_plan()
    rows = [
        (method, merged.path, merged.name, get_required(plan.namespaces, merged.name, one) or "-", one.where)
        for merged in iter_in_router_order(plan.routes)
        for method, one in merged.methods.items()
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    for row in rows:
        click.echo(
            "  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[4]])
        )


@click.command()
@click.argument("name")
def explain(name: str) -> None:
    """Show where NAME is looked for and which layer wins.

    NAME is a template or route (shop:product), a static path or name.

    \b
    Examples:
      aiocms explain shop:product
      aiocms explain /static/shop/shop.css
    """
    click.echo(explain_name(get_plan(), name))


commands = (check, routes, explain)
