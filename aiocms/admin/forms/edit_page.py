"""The edit page: what its template gets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from bson import ObjectId
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from aiocms.admin.fallback import find_name
from aiocms.admin.forms.called import make_names
from aiocms.admin.forms.conditional import kind_of_field
from aiocms.admin.forms.declared import DeclaredEditor
from aiocms.admin.forms.editor import Editor, list_hidden_keys
from aiocms.admin.forms.fields import DocumentForm
from aiocms.admin.forms.file_inputs import find_image_places, learn_files
from aiocms.admin.forms.form_token import FormBase, seal
from aiocms.admin.forms.layout import arrange
from aiocms.admin.forms.names import escape
from aiocms.admin.forms.nodes import Node
from aiocms.admin.forms.opened import Opened
from aiocms.admin.forms.shown import read_stub
from aiocms.admin.links.pickers import make_page_pickers
from aiocms.admin.values import paths
from aiocms.admin.values.bsontext import CHOICES, BadText
from aiocms.admin.values.bsontypes import encode_id
from aiocms.admin.values.paths import BadPath, Path
from aiocms.admin.values.rawbson import OBJECT, STUB, Value
from aiocms.admin.writes.history import recent_changes
from aiocms.core import keys
from aiocms.core.errors import UnknownRoute
from aiocms.core.i18n import N_, gettext
from aiocms.core.templates import TemplateResponse, templ
from aiocms.core.urls import url_for


@dataclass(slots=True)
class Page:
    """An edit page on its way: what is opened, its form or its text, and what went wrong."""

    opened: Opened
    base: FormBase
    editor: Editor | None = None
    text: str = ""
    json_error: BadText | None = None
    messages: list[str] = field(default_factory=list)
    focus: str = ""
    touched: bool = False
    status: int = 200
    revive: str = ""

    @property
    def is_json(self) -> bool:
        """Whether this is the tab of Extended JSON."""
        return self.editor is None


async def render(page: Page) -> TemplateResponse:
    """The answer with the edit page, by the fallback names of its template."""
    opened = page.opened
    request = opened.request
    title = opened.label if opened.document is not None else gettext(request, N_("New"))
    takes_files = await learn_files(opened, page.editor)
    context: dict[str, Any] = {
        **make_context(opened),
        "crumbs": make_crumbs(opened, title),
        "takes_files": takes_files,
        "images": find_image_places(request),
        "page": page,
        "editor": page.editor,
        "declared": isinstance(page.editor, DeclaredEditor),
        "token": seal(request, opened.owner, page.base),
        "messages": page.messages,
        "revive": page.revive,
        "json_text": page.text,
        "json_error": page.json_error,
        "focus": page.focus,
        "touched": page.touched,
        "at": paths.show(page.base.at),
        "base_path": page.base.at,
        "shown_paths": lambda change: [path for path in change.paths if _may_know(opened, path)],
        "window": _describe_window(page),
        "names": await make_names(opened, page.base.at, getattr(page.editor, "nodes", ())),
        "pickers": await make_page_pickers(opened, page.base.at, page.editor),
        "sections": [],
        "conditions": page.editor.find_rules() if page.editor is not None else {},
        "kind_of": kind_of_field,
        "draft": _describe_draft(page),
        "validate_url": _find_validation(page),
        "login_url": _find_login(request),
        "copied": opened.label if opened.source is not None else "",
        "also": [],
        "changes": [],
        "removed_names": page.editor.removed_names if isinstance(page.editor, DeclaredEditor) else (),
    }
    if page.editor is not None:
        context["sections"] = arrange(page.editor, opened.hints.layout)
        for key, value, changed in list_hidden_keys(page.editor, opened):
            path = (*page.base.at, key)
            stored = opened.document is not None and paths.find(opened.document, path) is not None
            context["also"].append({**_describe_part(path, value), "changed": changed, "stored": stored})
    if opened.document is not None and opened.identity is not None:
        context["changes"] = await recent_changes(
            opened.door.db, collection=opened.screen.collection, identity=opened.identity, limit=8
        )
    return templ(opened.names("edit"), request, context, status=page.status)


def _describe_draft(page: Page) -> dict[str, Any] | None:
    """By what the browser keeps what is typed: the user, the document and the part of it that is edited."""
    opened = page.opened
    days = int(opened.request.app[keys.SETTINGS].admin_draft_days)
    if opened.read_only_reason() or days <= 0:
        return None
    place = (opened.owner, paths.show(page.base.at), page.base.offset)
    stored = opened.document.raw if opened.document is not None else b""
    kind = "json" if page.is_json else "form"
    return {
        "key": f"{hashlib.sha256(repr(place).encode('utf-8', 'replace')).hexdigest()[:32]}.{kind}",
        "revision": hashlib.sha256(stored).hexdigest()[:16],
        "days": days,
    }


def _find_validation(page: Page) -> str:
    """Where the form is checked while it is filled in; nothing for Extended JSON and parts of documents."""
    opened = page.opened
    if page.is_json or page.base.at or opened.read_only_reason():
        return ""
    return opened.url("validate", next=None)


def _find_login(request: web.Request) -> str:
    try:
        return url_for(request, "auth:login", query={"next": request.path_qs})
    except UnknownRoute:
        return ""


async def render_part(page: Page, name: str) -> TemplateResponse | None:
    """The answer with one part of the form, for a page that is open; None when there is none of that name."""
    opened, editor = page.opened, page.editor
    form = getattr(editor, "form", None)
    node: Any = None
    parent: Any = None
    if isinstance(form, DocumentForm):
        node, parent = form.find_node(name), form.find_parent(name)
    elif isinstance(editor, DeclaredEditor):
        node, parent = editor.find_part(name)
        await learn_files(opened, editor)
    if node is None:
        return None
    declared = isinstance(editor, DeclaredEditor)
    context: dict[str, Any] = {
        **make_context(opened),
        "focus": page.focus,
        "at": paths.show(page.base.at),
        "base_path": page.base.at,
        "names": await make_names(opened, page.base.at, () if declared else [node]),
        "pickers": await make_page_pickers(opened, page.base.at, editor),
        "node": node,
        "parent": parent,
        "editor": editor,
        "declared": declared,
    }
    if isinstance(editor, DeclaredEditor):
        context |= {"conditions": editor.find_rules(), "kind_of": kind_of_field}
        context["removed_names"] = editor.removed_names
    return templ(opened.names("edit_part"), opened.request, context)


def _may_know(opened: Opened, path: str) -> bool:
    """Whether a path of the history may be named to the user."""
    try:
        return opened.access(paths.dotted(paths.parse(path))) != "hide"
    except BadPath:
        return False


def make_context(opened: Opened) -> dict[str, Any]:
    """What every page of a document gets."""
    identity = opened.identity
    return {
        "opened": opened,
        "screen": opened.screen,
        "kinds": CHOICES,
        "request": opened.request,
        "reason": opened.read_only_reason(),
        "document_id": encode_id(identity) if identity is not None else "",
        "created": _find_birth(identity),
        "size": opened.document.size if opened.document is not None else 0,
        "list_url": opened.list_url,
        "part_names": {part: find_name(opened.request, opened.names(part)) for part in ("field", "declared")},
        "inner": _strip_svg,
        "widget_input": _make_widget_input(opened),
        "label_of": escape,
    }


def _make_widget_input(opened: Opened) -> Callable[..., Markup]:
    """For templates: the input of a part that has a widget, by the macro of the widget's own template."""
    modules: dict[str, Any] = {}

    @pass_context
    def widget_input(context: Context, node: Node, attrs: str = "") -> Markup:
        widget = node.widget
        assert widget is not None  # noqa: S101 - the caller asks only for parts with a widget
        if widget.part not in modules:
            names = (widget.part,) if ":" in widget.part else opened.names(widget.part)
            name = find_name(opened.request, names)
            modules[widget.part] = context.environment.get_template(name).make_module(context.get_all())
        found: Markup = modules[widget.part].input(node.name, node.text, node, attrs)
        return found

    return widget_input


def _strip_svg(picture: Markup) -> Markup:
    """What is inside the ``<svg>`` of an icon, for a ``<symbol>``."""
    return Markup(picture.partition(">")[2].rpartition("</svg>")[0])  # noqa: S704 - of an installed package


def make_crumbs(opened: Opened, title: str, *, below: bool = False) -> list[tuple[str, str]]:
    """The trail: admin, list, then this page; `below` the document's own page, that one before it."""
    request, screen = opened.request, opened.screen
    name = gettext(request, screen.shown_title) if screen.declared else screen.shown_title
    return [
        (gettext(request, N_("Admin")), url_for(request, "admin:index")),
        (name, opened.list_url),
        *([(opened.label, opened.url("edit"))] if below else []),
        (title, ""),
    ]


def _find_birth(identity: Value | None) -> datetime | None:
    found = identity.python() if identity is not None else None
    born = found.generation_time if isinstance(found, ObjectId) else None
    # An id that was made from something else, a hash say, tells no time; some are seen by lying ahead.
    return born if born is not None and born <= datetime.now(UTC) else None


def _describe_part(path: Path, value: Value) -> dict[str, Any]:
    stub = read_stub(value) if value.code == STUB else None
    return {
        "name": paths.show(path),
        "kind": stub.kind if stub else value.code,
        "size": stub.size if stub else value.size,
        "at": paths.show(path),
    }


def _describe_window(page: Page) -> dict[str, int] | None:
    """Of a window of a long list: its first item, how many it shows, how many there are."""
    opened, base = page.opened, page.base
    part = paths.find(opened.document, base.at) if opened.document is not None and base.at else None
    if part is None or not part.is_container or part.code == OBJECT:
        return None
    total, shown = len(part.items()), len(base.base.items())
    if total <= shown:
        return None
    return {"start": base.offset, "shown": shown, "total": total, "step": max(shown, 1)}
