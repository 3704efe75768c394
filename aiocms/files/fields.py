"""Fields of declared forms that hold a file: their value is the file's id, a text of 64 characters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from aiocms.core.fields.widget import TemplateWidget
from aiocms.core.forms import find_request
from aiocms.core.i18n import N_
from aiocms.files.intake import Wanted
from aiocms.files.known import FileInput, describe_input, find_refusal, get_received
from aiocms.files.sniff import IMAGES
from aiocms.files.store import EVERYBODY


class FileField(Field):  # type: ignore[misc,unused-ignore]
    """A file that is uploaded, or chosen from the library.

    Parameters:
        types: what is taken, ``("application/pdf", "image/*")``; empty: anything.
        max_size: in bytes; 0: as the site's settings say.
        requires: permission that reading the file needs; "": everybody who has the address.
    """

    widget = TemplateWidget("files:field")

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        types: Sequence[str] = (),
        max_size: int = 0,
        requires: str = EVERYBODY,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, list(validators or ()), **kwargs)
        self.wanted = Wanted(tuple(types), max_size, requires)

    def _value(self) -> str:
        return self.data if isinstance(self.data, str) else ""

    @property
    def shown(self) -> FileInput:
        """What its template needs; only in a form that belongs to a request."""
        request = find_request(self.meta)
        assert request is not None  # noqa: S101 - the widget has asked for it
        return describe_input(request, self.name, self._value(), self.wanted)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """WTForms' hook: the id that was posted, or that stands for the file that was."""
        if valuelist:
            self.data = str(valuelist[-1]).strip()

    def pre_validate(self, form: Any) -> None:
        """WTForms' hook: there is such a file, of the right type, and this user may name it.

        Raises:
            ValidationError: the words beside the field.
        """
        request = find_request(self.meta)
        if request is None:
            raise ValidationError(N_("This form cannot take files: load it with FileForm."))
        error = get_received(request).errors.get(self.name)
        if error:
            raise ValidationError(error)
        if self.data and self.data != self.object_data:
            refusal = find_refusal(request, self.data, self.wanted)
            if refusal:
                raise ValidationError(self.gettext(refusal))


class ImageField(FileField):
    """An image that is uploaded, or chosen from the library: JPEG, PNG, WebP, AVIF or GIF, made anew."""

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        types: Sequence[str] = tuple(IMAGES),
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, types=types, **kwargs)
