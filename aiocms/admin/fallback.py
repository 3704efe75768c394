"""Fallback names of the admin's templates: of the screen, of its app, of the admin."""

from __future__ import annotations

from aiohttp import web

from aiocms.admin.registry import get_registry
from aiocms.admin.screens import Screen
from aiocms.core import keys
from aiocms.core.templates import find_template


def template_names(screen: Screen, part: str) -> tuple[str, ...]:
    """The names of an admin template from special to general.

    Returns:
        ``shop:admin/products/list``, ``shop:admin/list``, ``admin:list``; an inferred screen: the last.
    """
    general = f"admin:{part}"
    if not screen.declared:
        return (general,)
    return (f"{screen.namespace}:admin/{screen.name}/{part}", f"{screen.namespace}:admin/{part}", general)


def find_name(request: web.Request, names: tuple[str, ...]) -> str:
    """The first of these templates that exists; looked for once, unless the site is being worked on.

    Raises:
        UnknownTemplate: none exists.
    """
    kept = get_registry(request).templates
    if names not in kept or request.app[keys.SETTINGS].debug:
        kept[names] = find_template(request.app[keys.ENV], names).name or names[-1]
    return kept[names]
