"""A form field for rich text, written with Editor.js."""

from __future__ import annotations

import json
from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from aiocms.core.blocks import BadBlocks, clean_blocks
from aiocms.core.fields.widget import TemplateWidget
from aiocms.core.i18n import N_

BROKEN = N_("This is no JSON: %(reason)s.")


class RichTextField(Field):  # type: ignore[misc,unused-ignore]
    """A text of blocks: headings, lists, tables, quotes, images. Its value is ``{"blocks": […]}`` or None.

    Show it with ``{{ body|richtext }}``. Without JavaScript its JSON is edited.
    """

    widget = TemplateWidget("core:fields/richtext")

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return write_json(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """WTForms' hook: what was posted, parsed and cleaned.

        Raises:
            ValidationError: it is no text of blocks.
        """
        if not valuelist:
            return
        text = str(valuelist[0]).strip()
        try:
            self.data = read_json(text) if text else None
        except BadBlocks as error:
            raise ValidationError(self.gettext(error.message) % error.values) from error


def write_json(value: Any) -> str:
    """A text of blocks as the JSON that the input holds."""
    return json.dumps(value, ensure_ascii=False, indent=1)


def read_json(text: str) -> dict[str, Any]:
    """The cleaned text of blocks of a JSON.

    Raises:
        BadBlocks: it is no JSON, or not of blocks.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadBlocks(BROKEN, reason=str(error)) from error
    return clean_blocks(value)
