"""One field of a screen's own form, for a cell of its list.

The other fields hold what is stored, so rules that look at several fields still hold. A fault that the
document has already, elsewhere, does not keep anybody from changing this field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import wtforms
from multidict import MultiDict
from wtforms import Field, FieldList, FormField

from aiocms.admin.forms.declared import DeclaredEditor, put_back, take_out
from aiocms.admin.forms.declared_data import Pick
from aiocms.admin.forms.fields import PostedTree
from aiocms.admin.forms.form_token import FormBase
from aiocms.admin.forms.opened import Opened
from aiocms.admin.values import paths
from aiocms.admin.values.paths import BadPath, Path
from aiocms.admin.values.rawbson import Value
from aiocms.admin.writes.merge import Origins
from aiocms.core.forms import Form
from aiocms.core.i18n import gettext


class DeclaredCell(DeclaredEditor):
    """The editor of one path through a declared form.

    Parameters:
        path: of the field.
        cell: the base of the cell: its value as it was shown.
        stored: the base of the whole form, as the document is now.
    """

    _folds = False

    def __init__(
        self,
        opened: Opened,
        path: Path,
        cell: FormBase,
        stored: FormBase,
        posted: PostedTree | None,
        form: type[wtforms.Form],
    ) -> None:
        self.path, self.cell = path, cell
        self.faults: list[str] = []
        super().__init__(opened, FormBase(_put(stored.base, path, cell)), posted, form)

    @property
    def field(self) -> Field:
        """The field of the cell.

        Raises:
            BadPath: this user's form has none.
        """
        return _find(self.form, self.path)

    def _make(self, formdata: MultiDict[Any] | None, pick: Pick | None = None) -> wtforms.Form:
        form = super()._make(None, pick)
        _fill_raw(form)
        if formdata is not None:
            field = _find(form, self.path)
            field.process(form.meta.wrap_formdata(form, formdata), field.object_data)
        return form

    async def read(self) -> Value | None:
        """The part that the cell's base stands for, edited; None when something is wrong."""
        off = {name for name, rule in self.find_rules().items() if rule.off}
        around = {"-".join(map(str, self.path[:end])) for end in range(1, len(self.path) + 1)}
        # As in the form: a field that is hidden is neither validated nor written.
        hidden = take_out(self.form, off - around)
        try:
            return await self._read_cell()
        finally:
            put_back(hidden)

    async def _read_cell(self) -> Value | None:
        form = self.form
        await _validate(form, self.opened.request)
        own = str(self.path[0])
        others = {name: errors for name, errors in form.errors.items() if name != own}
        if others:
            before = super()._make(None)
            _fill_raw(before)
            await _validate(before, self.opened.request)
            others = {name: errors for name, errors in others.items() if before.errors.get(name) != errors}
        self.faults = [text for name, errors in others.items() for text in self._tell(name, errors)]
        if self.faults or form.errors.get(own):
            return None
        self._origins = {}
        known = paths.find(self.base.base, self.path)
        value = self._read(self.field, known, self.path)
        if form.errors.get(own):  # a text that the stored type has no value for
            return None
        for part in reversed(self.path[len(self.cell.at) :]):
            value = Value.object(((str(part), value),)) if value is not None else Value.object(())
        return value

    @property
    def origins(self) -> Origins:
        """Where the items of lists come from, after ``read``, as seen from the cell's base."""
        depth = len(self.cell.at)
        return {path[depth:]: places for path, places in self._origins.items()}

    def put_errors(self, fields: Mapping[Path, str]) -> list[str]:
        """Put messages beside the field when they are about it; the others come back as text."""
        own = {path: text for path, text in fields.items() if path[: len(self.path)] == self.path}
        rest = [f"{paths.show(path)}: {text}" for path, text in fields.items() if path not in own]
        return [*super().put_errors(own), *rest]

    def _tell(self, name: str | None, errors: object) -> list[str]:
        request = self.opened.request
        field = self.form._fields.get(name) if name else None
        label = f"{gettext(request, field.label.text)}: " if field is not None else ""
        return [f"{label}{gettext(request, text)}" for text in _iter_texts(errors)]


def _find(form: wtforms.Form, path: Path) -> Field:
    here: Any = form
    for part in path:
        inner = here.form if isinstance(here, FormField) else here
        here = inner._fields.get(str(part)) if hasattr(inner, "_fields") else None
    if not isinstance(here, Field):
        raise BadPath(f"the form has no field at {paths.show(path)}")
    return here


def _put(stored: Value, path: Path, cell: FormBase) -> Value:
    """The stored values with the cell's as it was shown."""
    if cell.at != path:
        return stored
    try:
        return paths.replace(stored, path, cell.base)
    except BadPath:
        return stored


async def _validate(form: wtforms.Form, request: Any) -> None:
    """All rules of a form; what awaits runs although another field is wrong already."""
    form.validate()
    if isinstance(form, Form):
        await form.clean(request)


def _fill_raw(form: Any) -> None:
    """Let the fields look as if they came with the post: some rules ask whether something was sent."""
    for field in form:
        if isinstance(field, FormField):
            _fill_raw(field.form)
        elif isinstance(field, FieldList):
            _fill_raw(field.entries)
        else:
            field.raw_data = [_write(field)] if field.data not in (None, "", []) else []


def _write(field: Field) -> Any:
    """What a browser would send: fields of times and numbers show the text that was sent as it is."""
    write = getattr(field, "_value", None)
    return field.data if write is None or isinstance(field.data, str | bool) else write()


def _iter_texts(errors: object) -> Sequence[str]:
    if isinstance(errors, Mapping):
        return [text for inner in errors.values() for text in _iter_texts(inner)]
    if isinstance(errors, list | tuple):
        return [text for inner in errors for text in _iter_texts(inner)]
    return [str(errors)]
