"""Checks that are too slow for every start: all templates parse, and what they name exists."""

from __future__ import annotations

from collections.abc import Iterator

import jinja2
from aiohttp import web
from jinja2 import meta

from aiocms.core import keys
from aiocms.core.faults import Fault
from aiocms.core.templates import LayerLoader


def check_templates(app: web.Application) -> Iterator[Fault]:
    """Faults of all templates of all layers: syntax errors and names that no layer holds."""
    env, plan = app[keys.ENV], app[keys.PLAN]
    loader = LayerLoader(plan)
    for namespace in plan.namespaces.values():
        for number, layer in enumerate(namespace.layers):
            for file in sorted(layer.templ.rglob("*.*")) if layer.templ.is_dir() else ():
                name = f"{number}!{namespace.name}:{file.relative_to(layer.templ).as_posix()}"
                if not file.is_file() or (
                    namespace.name == "site" and _is_of_other(app, file.relative_to(layer.templ).parts)
                ):
                    continue
                try:
                    tree = env.parse(file.read_text(encoding="utf-8"), filename=str(file))
                except jinja2.TemplateSyntaxError as error:
                    yield Fault("core.E040", f"Template syntax: {error.message}", f"{file}:{error.lineno}")
                    continue
                except UnicodeDecodeError:
                    yield Fault("core.E041", "The template is no UTF-8", str(file))
                    continue
                for wanted in meta.find_referenced_templates(tree):
                    if wanted is not None and loader.find(env.join_path(wanted, name)) is None:
                        yield Fault(
                            "core.E042",
                            f"The template names {wanted!r}, which no layer holds",
                            str(file),
                            "`aiocms explain` shows where a name is looked for",
                        )


def _is_of_other(app: web.Application, parts: tuple[str, ...]) -> bool:
    """Whether a file of the site's root folder belongs to another namespace, whose own turn comes."""
    return len(parts) > 1 and parts[0] in app[keys.PLAN].namespaces
