"""Parts of pages that are the same for every visitor: rendered once for each language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jinja2
from aiohttp import web
from markupsafe import Markup

from aiocms.core import i18n, keys
from aiocms.core.errors import RequestError

_KNOWN: tuple[Any, ...] = (keys.LANGUAGE, keys.CATALOG)


class NobodysRequest:
    """What a part sees of the request: the site and the language, nothing of who asks.

    What it shows is kept for everybody, so a name or a token in it would be shown to strangers.
    """

    def __init__(self, request: web.Request, part: str) -> None:
        self.app = request.app
        self._part = part
        self._values = {key: request[key] for key in _KNOWN}

    def __getitem__(self, key: Any) -> Any:
        if key in self._values:
            return self._values[key]
        raise self._refuse(key)

    def get(self, key: Any, default: Any = None) -> Any:
        """The language or its texts."""
        return self[key]

    def __getattr__(self, name: str) -> Any:
        raise self._refuse(name)

    def _refuse(self, what: Any) -> RequestError:
        return RequestError(
            f"The template {self._part!r} is shown by once(), the same to every visitor, and asks the "
            f"request for {str(what)!r}. Show it by {{% include %}} instead, or give once() the value if it "
            "is the same for everybody."
        )


def make_once(debug: bool) -> Callable[..., Markup]:
    """The function ``once(name, **values)`` of templates.

    Parameters:
        debug: render each time, as templates may have changed.
    """
    made: dict[tuple[str, str], tuple[Mapping[str, Any], Markup]] = {}

    @jinja2.pass_context
    def once(context: jinja2.runtime.Context, name: str, /, **values: Any) -> Markup:
        request = context["request"]
        language = i18n.get_language(request)
        known = made.get((name, language))
        if known is not None and known[0] == values and not debug:
            return known[1]
        template = context.environment.get_template(name)
        text = template.render(
            values,
            request=NobodysRequest(request, name),
            settings=request.app[keys.SETTINGS],
            language=language,
            text_direction=i18n.text_direction(request),
            debug=debug,
        )
        markup = Markup(text)  # noqa: S704 - escaped when it was rendered
        made[name, language] = (values, markup)
        return markup

    return once
