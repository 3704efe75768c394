"""One cell of a list as something to edit: which cells may be, and the editor of one path of a document.

The inferred editor edits a part of a document; of a declared form only the field of the cell is asked for,
but all its rules are. Whatever a cell saves is a write to its own path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import wtforms
from aiohttp import web
from wtforms import FormField

from aiocms.admin.forms.called import make_names
from aiocms.admin.forms.declared import make_declared_base
from aiocms.admin.forms.editor import InferredEditor, make_base
from aiocms.admin.forms.fields import PostedTree
from aiocms.admin.forms.form_token import FormBase
from aiocms.admin.forms.opened import Opened
from aiocms.admin.forms.shown import Limits, has_stub
from aiocms.admin.known import KnownField, KnownFields
from aiocms.admin.lists.columns import path_label
from aiocms.admin.lists.declared_cell import DeclaredCell
from aiocms.admin.screens import Column, Screen
from aiocms.admin.store import find_currency
from aiocms.admin.values import paths
from aiocms.admin.values.paths import BadPath, Path
from aiocms.admin.values.rawbson import ARRAY, INT32, INT64, OBJECT, Value
from aiocms.core import formats
from aiocms.core.i18n import gettext
from aiocms.files.fields import FileField

LIMITS = Limits(inputs=80, value=16 * 1024, total=48 * 1024)
"""What fits into a cell; more is for the page of the document."""


class TooLarge(BadPath):
    """The value is there, but does not fit into a cell."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one document has the value of a column.

    Parameters:
        column: as the screen declares it, or made from the path.
        path: of the value; what of it is not there yet comes after ``found`` parts.
        value: what is stored; None when nothing is.
    """

    column: Column
    label: str
    path: Path
    found: int
    value: Value | None

    @property
    def missing(self) -> Path:
        """The end of the path that the document does not have yet."""
        return self.path[self.found :]


class CellRules:
    """Says which columns of a screen may be edited in its list."""

    def __init__(self, form: type[wtforms.Form] | None, fields: KnownFields, access: Callable[[str], str]):
        self._form = form() if form is not None else None
        self._fields = fields
        self._access = access

    def allows(self, column: Column) -> bool:
        """Whether a column's cells are values that this user may change one by one."""
        path = column.path
        if column.value is not None or not column.edit or path.partition(".")[0] == "_id":
            return False
        if column.format == "image":
            return False  # a file is uploaded or chosen on the document's own page
        parts = path.split(".")
        if any(self._access(".".join(parts[:end])) != "edit" for end in range(1, len(parts) + 1)):
            return False
        if self._form is not None:
            found = find_field(self._form, tuple(parts))
            return found is not None and not isinstance(found, FileField)
        known = self._fields.fields.get(path) or KnownField(path)
        return not known.array_at or known.array_at == path


async def find_columns(screen: Screen, request: web.Request) -> dict[str, Column]:
    """The declared columns by path."""
    declared = [Column(one) if isinstance(one, str) else one for one in await screen.get("columns", request)]
    return {one.path: one for one in declared}


async def find_spot(opened: Opened, path: str) -> Spot:
    """Where the document has a column's value.

    Raises:
        BadPath: such a cell is not edited: it is computed, lies in several places, or is not the user's.
    """
    request, screen = opened.request, opened.screen
    column = (await find_columns(screen, request)).get(path) or Column(path)
    form = await screen.get("form", request, None)
    if not path or not CellRules(form, opened.fields, opened.access).allows(column):
        raise BadPath(f"{path!r} is not edited in a list")
    known = opened.fields.fields.get(path)
    label = gettext(request, column.label) if column.label else (known.label if known else "")
    document = opened.document or Value.object(())
    here: Value | None = document
    way: list[str | int] = []
    found = 0
    for part in path.split("."):
        if here is not None and here.code == ARRAY:
            raise BadPath(f"{path!r} leads through a list")
        if here is not None and here.code != OBJECT:
            raise BadPath(f"{path!r} leads through a plain value")
        here = here.find(part) if here is not None else None
        way.append(part)
        found = len(way) if here is not None else found
    return Spot(column, label or path_label(path, request), tuple(way), found, here)


def make_cell_base(opened: Opened, spot: Spot) -> FormBase:
    """The base of a cell's form: the value alone, or nothing in the object that it will be put into.

    Raises:
        TooLarge: the value does not fit.
    """
    if spot.value is None:
        return FormBase(Value.object(()), spot.path[: spot.found])
    base = make_base(opened, spot.path, limits=LIMITS)
    whole = base.base.code == spot.value.code and (
        not spot.value.is_container or len(base.base.items()) == len(spot.value.items())
    )
    if not whole or has_stub(base.base):
        raise TooLarge(f"{paths.show(spot.path)} does not fit into a cell")
    return base


class InferredCell(InferredEditor):
    """The editor of one value without a declared form.

    An amount in minor units is shown and typed in major ones, as in the list.
    """

    def __init__(
        self,
        opened: Opened,
        spot: Spot,
        base: FormBase,
        posted: PostedTree | None,
        context: Mapping[str, Any],
        digits: int,
    ) -> None:
        self.spot, self.digits = spot, digits
        self._key = str(spot.missing[0]) if spot.missing else ""
        super().__init__(opened, base, self._bring_down(posted), context)
        if spot.missing:
            for field in self.form._fields.values():
                field.skip_empty = True
            if posted is None:
                self.form.skip_empty = True
                self.form.add(str(spot.missing[-1]), _usual_kind(opened.fields, spot.column.path))

    async def read(self) -> Value | None:
        """The edited value; None when something typed is wrong."""
        read = await super().read()
        if read is None or not self.spot.missing:
            return read
        # Whatever else was posted: a cell has one value.
        value = read.find(str(self.spot.missing[-1]))
        for part in reversed(self.spot.missing):
            value = Value.object(((str(part), value),)) if value is not None else None
        return value if value is not None else self.base.base

    def show_amounts(self) -> None:
        """Write amounts as a person reads them, before the form is shown."""
        for node in self.nodes:
            if self.digits and node.kind in ("int32", "int64"):
                node.text = _to_major(node.text, self.digits)

    def _bring_down(self, posted: PostedTree | None) -> PostedTree | None:
        if posted is None or not self.digits:
            return posted
        pairs = [
            (name, _to_minor(text, self.digits) if name == "value" else text) for name, text in posted.pairs
        ]
        return PostedTree(pairs)


async def make_editor(
    opened: Opened, spot: Spot, base: FormBase, posted: PostedTree | None, context: Mapping[str, Any]
) -> InferredCell | DeclaredCell:
    """The editor of a cell: over the declared form when the screen has one."""
    form = await opened.screen.get("form", opened.request, None)
    if form is not None:
        return DeclaredCell(opened, spot.path, base, make_declared_base(opened, form), posted, form)
    return InferredCell(opened, spot, base, posted, context, await _find_digits(opened, spot))


async def name_parts(opened: Opened, editor: InferredCell | DeclaredCell, base: FormBase) -> Any:
    """What the parts of a cell's form are called."""
    return await make_names(opened, base.at, getattr(editor, "nodes", ()))


def find_field(form: Any, path: Path) -> wtforms.Field | None:
    """The field of a form at a path, through forms in forms."""
    here: Any = form
    for part in path:
        inner = here.form if isinstance(here, FormField) else here
        here = inner._fields.get(str(part)) if hasattr(inner, "_fields") else None
        if here is None:
            return None
    return here if isinstance(here, wtforms.Field) else None


async def _find_digits(opened: Opened, spot: Spot) -> int:
    is_whole = spot.value is not None and spot.value.code in (INT32, INT64)
    if spot.column.format != "money" or not is_whole:
        return 0
    currency = spot.column.currency or await find_currency(opened.request, opened.screen)
    return formats.exponent(currency)


def _usual_kind(fields: KnownFields, path: str) -> str:
    known = fields.fields.get(path) or KnownField(path)
    if known.array_at == path:
        return "array"
    usual = ("string", "date", "bool", "double", "decimal", "int64", "int32", "objectId", "object")
    return next((kind for kind in usual if kind in known.types), "string")


def _to_major(text: str, digits: int) -> str:
    # Anything but whole minor units is what somebody typed and what was refused: it stays as typed.
    return f"{Decimal(text).scaleb(-digits):.{digits}f}" if text.removeprefix("-").isdecimal() else text


def _to_minor(text: str, digits: int) -> str:
    """The minor units of an amount; text that is no exact amount stays, so that it is refused as typed."""
    try:
        amount = Decimal(text.strip()).scaleb(digits)
    except InvalidOperation:
        return text
    return str(int(amount)) if amount.is_finite() and amount == int(amount) else text
