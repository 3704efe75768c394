"""Inline icons: the SVG files of the bootstrap-icons package, read once."""

from __future__ import annotations

import functools
import importlib.resources
import re

from markupsafe import Markup

from aiocms.core.errors import AiocmsError

_NAME = re.compile(r"[a-z0-9-]+")


@functools.cache
def icon(name: str, cls: str = "") -> Markup:
    """An icon as inline SVG, hidden from screen readers.

    Parameters:
        name: of the bootstrap-icons set, e.g. ``pencil``.
        cls: more CSS classes.

    Returns:
        Markup that takes the size and colour of the text around it.
    Raises:
        AiocmsError: the set has no such icon.
    """
    folder = importlib.resources.files("js_lib_bootstrap_icons") / "static" / "bootstrap-icons"
    file = folder / f"{name}.svg"
    if not _NAME.fullmatch(name) or not file.is_file():
        raise AiocmsError(f"There is no icon {name!r} in bootstrap-icons")
    inner = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    return Markup(
        '<svg class="a-icon {}" width="1em" height="1em" viewBox="0 0 16 16" fill="currentColor" '
        'aria-hidden="true" focusable="false">{}</svg>'
    ).format(cls, Markup(inner.strip()))  # noqa: S704 - files of an installed package, not input
