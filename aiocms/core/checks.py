"""Checks that are too slow for every start: all templates parse, and what they name exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import jinja2
from aiohttp import web
from jinja2 import meta, nodes

from aiocms.core import keys
from aiocms.core.errors import find_nearest
from aiocms.core.faults import Fault
from aiocms.core.plan import Plan
from aiocms.core.static import StaticFiles, to_path
from aiocms.core.template_loader import LayerLoader


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A template's file under the name that means this very layer of it."""

    name: str
    file: Path
    tree: nodes.Template


def check_templates(app: web.Application) -> Iterator[Fault]:
    """Faults of all templates of all layers: syntax errors, and names that no layer holds.

    Addresses are looked at in those templates alone that a page can meet: the original beneath an override
    that does not extend it may name a route that was dropped.
    """
    env, plan = app[keys.ENV], app[keys.PLAN]
    parsed: dict[Path, _Parsed] = {}
    for name, file in _iter_files(plan):
        try:
            tree = env.parse(file.read_text(encoding="utf-8"), filename=str(file))
        except jinja2.TemplateSyntaxError as error:
            yield Fault("core.E040", f"Template syntax: {error.message}", f"{file}:{error.lineno}")
        except UnicodeDecodeError:
            yield Fault("core.E041", "The template is no UTF-8", str(file))
        else:
            parsed[file] = _Parsed(name, file, tree)
    loader = LayerLoader(plan)
    for one in parsed.values():
        yield from _check_templates_named(env, loader, one)
    for file in _find_met(env, loader, parsed):
        yield from _check_addresses_named(plan, parsed[file])


def _iter_files(plan: Plan) -> Iterator[tuple[str, Path]]:
    for namespace in plan.namespaces.values():
        for number, layer in enumerate(namespace.layers):
            for file in sorted(layer.templ.rglob("*.*")) if layer.templ.is_dir() else ():
                inner = file.relative_to(layer.templ)
                # A folder in the site's templ that is named like an app belongs to that app.
                is_of_other = (
                    namespace.name == "site" and len(inner.parts) > 1 and inner.parts[0] in plan.namespaces
                )
                if file.is_file() and not is_of_other:
                    yield f"{number}!{namespace.name}:{inner.as_posix()}", file


def _check_templates_named(env: jinja2.Environment, loader: LayerLoader, one: _Parsed) -> Iterator[Fault]:
    for wanted in _iter_wanted(one.tree):
        if wanted is not None and loader.find(env.join_path(wanted, one.name)) is None:
            yield Fault(
                "core.E042",
                f"The template names {wanted!r}, which no layer holds",
                str(one.file),
                "`aiocms explain` shows where a name is looked for",
            )


def _find_met(env: jinja2.Environment, loader: LayerLoader, parsed: dict[Path, _Parsed]) -> list[Path]:
    """The files that win their name, and those that these extend, include or import."""
    waiting = [found[1] for name in loader.list_templates() if (found := loader.find(name))]
    met: dict[Path, None] = {}
    while waiting:
        file = waiting.pop()
        if file in met or file not in parsed:
            continue
        met[file] = None
        for wanted in _iter_wanted(parsed[file].tree):
            found = loader.find(env.join_path(wanted, parsed[file].name)) if wanted else None
            if found:
                waiting.append(found[1])
    return sorted(met)


def _check_addresses_named(plan: Plan, one: _Parsed) -> Iterator[Fault]:
    """Routes and static files that are named by a plain text, of apps that the site has.

    The bundled templates name routes of apps that a site may lack, and ask before.
    """
    files = StaticFiles(plan)
    for line, function, text in _iter_calls(one.tree, ("url_for", "static")):
        name = text if ":" in text else f"site:{text}"
        if name.partition(":")[0] not in plan.namespaces:
            continue
        if function == "url_for" and name not in plan.routes:
            nearest = _suggest(name, plan.routes)
            yield Fault(
                "core.E043",
                f"The template links to {text!r}, which no route is named",
                f"{one.file}:{line}",
                nearest,
            )
        if function == "static" and files.find(to_path(name)) is None:
            nearest = _suggest(text, (path.replace("/", ":", 1) for path, _ in files.iter_all()))
            yield Fault(
                "core.E044",
                f"The template names the static file {text!r}, which no layer holds",
                f"{one.file}:{line}",
                nearest,
            )


def _iter_wanted(tree: nodes.Template) -> Iterator[str | None]:
    """The templates that a template needs; None for a name that is made when it is rendered."""
    yield from meta.find_referenced_templates(tree)
    for _, _, name in _iter_calls(tree, ("once",)):
        yield name


def _iter_calls(tree: nodes.Template, functions: Iterable[str]) -> Iterator[tuple[int, str, str]]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in functions and call.args:
            first = call.args[0]
            if isinstance(first, nodes.Const) and isinstance(first.value, str):
                yield call.lineno, call.node.name, first.value


def _suggest(name: str, known: Iterable[str]) -> str:
    nearest = find_nearest(name, known)
    return f"did you mean {nearest!r}?" if nearest else ""
