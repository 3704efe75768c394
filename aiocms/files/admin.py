"""The screen of the library, and the widgets that hold files in inferred forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from aiocms import N_
from aiocms.admin.forms.widgets import Widget
from aiocms.admin.screens import Access, Column, Document, Filter, Screen
from aiocms.admin.values.rawbson import Value
from aiocms.core import keys
from aiocms.core.formats import filesize
from aiocms.core.i18n import get_language
from aiocms.files.intake import Wanted
from aiocms.files.known import FileInput, describe_input
from aiocms.files.library import make_scope
from aiocms.files.models import FILES, THUMBS
from aiocms.files.sniff import IMAGES
from aiocms.files.store import delete_thumbs


def write_id(value: Value) -> str | None:
    """The text of a value: an id, or whatever text stands there."""
    found = value.python()
    return found if isinstance(found, str) else "" if found is None else None


def read_id(text: str, base: Value | None) -> Value:
    """The value of an id; empty where nothing was stays what it was."""
    if not text and base is not None and base.python() is None:
        return base
    return Value.of(text)


@dataclass(frozen=True, slots=True)
class FileWidget(Widget):
    """A widget that holds a file: ``FileWidget("contract", wanted=Wanted(("application/pdf",)))``.

    Parameters:
        wanted: what it takes.
    """

    template: str = "files:widget"
    to_text: Callable[[Value], str | None] = write_id
    from_text: Callable[[str, Value | None], Value] = read_id
    kinds: frozenset[str] = frozenset(("string", "null"))
    wanted: Wanted = field(default_factory=Wanted)

    def show(self, request: web.Request, name: str, text: str) -> FileInput:
        """What the template of its input needs."""
        return describe_input(request, name, text, self.wanted)


widgets = (FileWidget("file"), FileWidget("image", wanted=Wanted(tuple(IMAGES))))


def _show_thumb(document: Document) -> str:
    """What a column of the format image takes: the id of an image."""
    return str(document["_id"]) if document.get("width") else ""


def _show_measures(document: Document) -> str | None:
    """`640 × 420`, or None for what is no image."""
    width, height = document.get("width"), document.get("height")
    return f"{width} × {height}" if width and height else None


class Files(Screen):
    """The library: every file there is, with where it is used. One that is used cannot be deleted."""

    collection = FILES
    title = N_("Files")
    icon = "images"
    label = "{name}"
    columns = (
        Column("preview", N_("Image"), format="image", value=_show_thumb, needs=("_id", "width")),
        Column("name", N_("Name")),
        Column("width", N_("Dimensions"), value=_show_measures, needs=("width", "height")),
        Column("size", N_("Size"), format="number"),
        Column("type", N_("Type")),
        Column("username", N_("By")),
        Column("created", N_("Uploaded"), format="relative"),
    )
    filters = (
        Filter("type", N_("Type")),
        Filter("size", N_("Size")),
        Filter("keep", N_("In the library")),
        Filter("created", N_("Uploaded")),
        Filter("username", N_("By")),
    )
    search = ("name",)
    order = ("-created",)
    layout = (
        ("name", "keep"),
        ("type", "size"),
        ("width", "height", "frames"),
        "grants",
        ("username", "created", "touched"),
    )
    can_add = False  # by the page of uploads, not by a form

    def get_columns(self, request: web.Request, document: Document | None = None) -> tuple[Column, ...]:
        """The columns, with sizes in a readable unit."""

        def show_size(document: Document) -> str:
            return filesize(document.get("size"), get_language(request))

        sized = Column("size", N_("Size"), value=show_size, needs=("size",))
        return tuple(sized if one.path == "size" else one for one in self.columns)

    async def scope(self, request: web.Request, verb: str) -> bool | dict[str, Any]:  # type: ignore[override]
        """The files that the user may read."""
        return await make_scope(request) or True

    def field_access(self, request: web.Request, path: str, document: Document | None = None) -> Access:
        """The name is anybody's to change; who may read a file is for superusers."""
        if path.partition(".")[0] == "grants":
            user = request.get(keys.USER)
            return "edit" if user is not None and user.is_superuser else "read"
        return "edit" if path in ("name", "keep") else "read"

    async def saved(
        self, request: web.Request, document_id: Any, document: Document | None, before: Document | None
    ) -> None:
        """After a delete the thumbnails go; the content stays for Undo until `aiocms files clean`."""
        if document is None:
            await delete_thumbs(request.app[keys.MONGO].db, str(document_id))


class Thumbnails(Screen):
    """Thumbnails that were made: a cache."""

    collection = THUMBS
    title = N_("Thumbnails")
    hidden = True
    can_add = False
    can_edit = False
