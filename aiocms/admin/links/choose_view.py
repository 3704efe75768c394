"""The page to choose a reference's target from, for browsers that run no script; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from aiohttp import web

from aiocms.admin.forms.edit_page import make_context, make_crumbs
from aiocms.admin.forms.form_token import FormBase
from aiocms.admin.forms.opened import Opened
from aiocms.admin.links.autocomplete import LONGEST, find_options
from aiocms.admin.links.pickers import find_target
from aiocms.admin.store import open_store
from aiocms.admin.values.bsontypes import encode_id
from aiocms.admin.values.paths import dotted
from aiocms.admin.writes.write import Saved
from aiocms.core import csrf
from aiocms.core.forms import iter_leaves
from aiocms.core.i18n import N_, gettext
from aiocms.core.templates import templ

SEARCH = "_choose"
_SIZE = 50
_OWN = frozenset(("_op", SEARCH, csrf.FIELD))


def apply_pick(posted: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The posted form with the choice of the pressed button put into its input."""
    operation = next((value for key, value in posted if key == "_op"), "")
    if not operation.startswith("pick:"):
        return list(posted)
    name, _, identity = operation.removeprefix("pick:").partition("=")
    kept = [(key, value) for key, value in posted if key not in ("_op", SEARCH)]
    if any(key == name for key, _ in kept):
        kept = [(key, identity if key == name else value) for key, value in kept]
    else:
        kept.insert(0, (name, identity))
    return [*kept, ("_op", f"show:{name}")]


class Chooser(Protocol):
    """A form that has references: an edit page, or a cell of a list."""

    @property
    def opened(self) -> Opened:
        """The document."""

    @property
    def editor(self) -> Any:
        """Its editor, or None."""

    @property
    def base(self) -> FormBase:
        """What it was made for."""


async def show_choices(page: Chooser, name: str) -> web.StreamResponse:
    """The documents that the reference `name` may point to; each is a button that brings the form back.

    Raises:
        HTTPBadRequest: the form has no such reference.
    """
    opened = page.opened
    request = opened.request
    posted = [(key, value) for key, value in (await request.post()).items() if isinstance(value, str)]
    collection = _find_collection(page, name)
    target = await find_target(request, collection) if collection else None
    if target is None:
        raise web.HTTPBadRequest
    text = dict(posted).get(SEARCH, "")[:LONGEST].strip()
    found = await find_options(await open_store(request, target.screen), text, _SIZE)
    context = {
        **make_context(opened),
        "crumbs": make_crumbs(opened, gettext(request, N_("Choose")), below=opened.document is not None),
        "target": target,
        "found": found,
        "text": text,
        "name": name,
        "search": SEARCH,
        "typed": [(key, value) for key, value in posted if key not in _OWN],
    }
    return templ(opened.names("choose"), request, context)


def show_picked(opened: Opened, saved: Saved) -> web.StreamResponse:
    """The answer to a save in a page that was opened beside a form: id and label of what was saved."""
    document = saved.document or opened.document
    label = opened.door.describe(document.python()) if document is not None else opened.label
    identity = encode_id(saved.identity)
    context = {
        **make_context(opened),
        "crumbs": make_crumbs(opened, label),
        "id": identity,
        "label": label,
    }
    return templ(opened.names("picked"), opened.request, context)


def _find_collection(page: Chooser, name: str) -> str:
    editor = page.editor
    if editor is None:
        return ""
    form: Any = getattr(editor, "form", None)
    if hasattr(form, "find_node"):
        node = form.find_node(name)
        link = page.opened.links.get(dotted((*page.base.at, *node.path))) if node is not None else None
        return link.reference.collection if link is not None else ""
    field = next((one for one in iter_leaves(form) if one.name == name), None)
    return str(getattr(field, "collection", ""))
