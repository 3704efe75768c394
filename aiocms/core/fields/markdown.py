"""A form field for Markdown."""

from __future__ import annotations

from typing import Any

from wtforms import TextAreaField

from aiocms.core.fields.widget import TemplateWidget
from aiocms.core.markdown import clean_markdown


class MarkdownField(TextAreaField):  # type: ignore[misc,unused-ignore]
    """A text in Markdown, with buttons and a preview; raw tags that could harm are stored as text.

    Show it with ``{{ text|markdown }}``.
    """

    widget = TemplateWidget("core:fields/markdown")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """WTForms' hook: what was posted, cleaned."""
        super().process_formdata(valuelist)
        if isinstance(self.data, str):
            self.data = clean_markdown(self.data)
