"""Where the site is that a command works on."""

from __future__ import annotations

from pathlib import Path

import click

from aiocms.core.errors import AiocmsError
from aiocms.core.plan import Plan
from aiocms.core.site import plan_site


def find_site() -> Path:
    """The site's folder: ``--site``, or the nearest folder upwards that has a ``settings.py``.

    Raises:
        AiocmsError: there is none.
    """
    context = click.get_current_context(silent=True)
    given = context.find_root().params.get("site") if context else None
    if given:
        return Path(given).resolve()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "settings.py").is_file():
            return folder
    raise AiocmsError(
        f"There is no site in {str(here)!r} or above (no settings.py).\n"
        "Go to a site's folder, name one with --site, or make one with `aiocms startproject NAME`."
    )


def get_plan() -> Plan:
    """The Plan of the site that the command works on.

    Raises:
        AiocmsError: there is no site, or it has faults.
    """
    return plan_site(find_site())
