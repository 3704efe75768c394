"""A form field for a document of another collection, chosen by its name."""

from __future__ import annotations

from typing import Any, Protocol

import wtforms
from aiohttp import web
from bson import ObjectId
from markupsafe import Markup
from wtforms.validators import ValidationError

from aiocms.core import keys
from aiocms.core.fields.widget import TemplateWidget
from aiocms.core.forms import find_request


class ReferenceSource(Protocol):
    """Who knows the documents by name; the admin is one, kept under ``keys.REFERENCES``."""

    def write(self, identity: Any) -> str:
        """An ``_id`` as the text of an input."""

    def read(self, text: str) -> Any:
        """The ``_id`` that ``write`` wrote; ValueError: the text is none."""

    async def resolve(self, request: web.Request, collection: str, text: str) -> Any:
        """The ``_id`` of the document that a typed id or name means; ValueError: which says what to do."""

    async def make_picker(self, request: web.Request, collection: str, text: str) -> Any:
        """What the template needs to offer documents, with its own ``template``; None: nothing."""


class ReferenceWidget(TemplateWidget):
    """The input with its list; classes are the template's own."""

    def __call__(self, field: wtforms.Field, **attributes: Any) -> Markup:
        """The HTML of the field."""
        attributes.pop("class", None)
        return super().__call__(field, **attributes)


class ReferenceField(wtforms.Field):  # type: ignore[misc,unused-ignore]
    """The ``_id`` of a document of `collection`: ``author = ReferenceField("auth_users", N_("Author"))``.

    Its ``data`` is the ``_id`` in the type that is stored, None when nothing is chosen. In the admin it is a
    list that is searched while one types; a name that is typed is looked up when the form is checked.
    Elsewhere it takes the id.
    """

    widget = ReferenceWidget("core:fields/reference")

    def __init__(
        self,
        collection: str,
        label: str | None = None,
        validators: list[Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.collection = collection
        self.picker: Any = None
        self._refusal = ""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self._write(self.data)

    def _write(self, identity: Any) -> str:
        source = self._find_source()
        return source.write(identity) if source is not None else str(identity)

    def _find_source(self) -> ReferenceSource | None:
        request = find_request(self.meta)
        return None if request is None else request.app.get(keys.REFERENCES)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """WTForms' hook: the id that was posted."""
        if not valuelist:
            return
        text = str(valuelist[0]).strip()
        source = self._find_source()
        try:
            known = source.read(text) if source is not None else _read_plain(text)
        except ValueError:
            known = text  # a name, perhaps: `prepare` looks it up
        self.data = known if text else None

    async def prepare(self, request: web.Request, *, resolve: bool) -> None:
        """Fetch the name of what is chosen; with ``resolve`` look up what was typed."""
        source = request.app.get(keys.REFERENCES)
        if source is None:
            return
        text = self._value().strip()
        if resolve and self.raw_data and text and text != self._write_stored():
            try:
                self.data = await source.resolve(request, self.collection, text)
                self.raw_data = [source.write(self.data)]
                self._refusal = ""
            except ValueError as error:
                self._refusal = str(error)
        self.picker = await source.make_picker(request, self.collection, self._value())

    def _write_stored(self) -> str:
        return "" if self.object_data is None else self._write(self.object_data)

    def pre_validate(self, form: Any) -> None:
        """WTForms' hook: what was typed is a document."""
        if self._refusal:
            raise ValidationError(self._refusal)


def _read_plain(text: str) -> Any:
    return ObjectId(text) if ObjectId.is_valid(text) else text
