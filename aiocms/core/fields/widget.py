"""How a form field shows itself by a template, which a site may override like any other."""

from __future__ import annotations

from typing import Any

import wtforms
from markupsafe import Markup
from wtforms.widgets import html_params

from aiocms.core import i18n, keys
from aiocms.core.errors import AiocmsError
from aiocms.core.forms import find_request


class TemplateWidget:
    """A WTForms widget that renders a template.

    The template gets ``field``, ``text`` (what the input shows), ``attrs`` (attributes of the input, ready),
    ``request``, ``user``, ``settings``, ``language``, ``text_direction``.

    Parameters:
        template: e.g. ``"core:fields/markdown"``.
    """

    def __init__(self, template: str) -> None:
        self.template = template

    def __call__(self, field: wtforms.Field, **attributes: Any) -> Markup:
        """The HTML of the field.

        Raises:
            AiocmsError: the form was not made for a request, so there are no templates to look in.
        """
        request = find_request(field.meta)
        if request is None:
            name = type(field).__name__
            raise AiocmsError(
                f"{name} {field.name!r} needs the request: make the form with `await Form.load(request)`"
            )
        values: dict[str, Any] = {
            "request": request,
            "user": request.get(keys.USER),
            "settings": request.app[keys.SETTINGS],
            "language": request.get(keys.LANGUAGE),
            "text_direction": i18n.text_direction(request),
            "field": field,
            "text": field._value() if hasattr(field, "_value") else "",
            "attrs": Markup(" " + html_params(**attributes)),  # noqa: S704 - WTForms escapes the values
        }
        html = request.app[keys.ENV].get_template(self.template).render(values)
        return Markup(html)  # noqa: S704 - a template, which escapes
