"""Markdown and rich text in inferred forms, and the preview that their inputs ask for."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from aiocms.admin.values.bsontext import BadText, from_text, to_text
from aiocms.admin.values.rawbson import OBJECT, STRING, Value
from aiocms.core import csrf, keys
from aiocms.core.blocks import BadBlocks
from aiocms.core.fields.richtext import read_json, write_json
from aiocms.core.markdown import clean_markdown, render_markdown
from aiocms.core.sessions import get_session


def write_markdown(value: Value) -> str | None:
    """The text of a string; other types get their ordinary inputs."""
    return to_text(value) if value.code == STRING else None


def read_markdown(text: str, base: Value | None) -> Value:
    """The string of what was typed, cleaned."""
    return from_text("string", clean_markdown(text))


def write_richtext(value: Value) -> str | None:
    """The JSON of a text of blocks; None of any other object, which gets its ordinary inputs."""
    found = value.python() if value.code == OBJECT else None
    if not isinstance(found, dict) or not isinstance(found.get("blocks"), list):
        return None
    try:
        return write_json(found)
    except (TypeError, ValueError):
        return None  # it holds types that JSON does not have


def read_richtext(text: str, base: Value | None) -> Value:
    """The text of blocks of a JSON; what else the object held stays as it was.

    Raises:
        BadText: it is no text of blocks.
    """
    try:
        blocks: dict[str, Any] = read_json(text) if text.strip() else {"blocks": []}
    except BadBlocks as error:
        raise BadText(error.message, **error.values) from error
    known = dict(base.items()) if base is not None and base.code == OBJECT else {}
    known["blocks"] = Value.of(blocks["blocks"])
    return Value.object(known.items())


async def show_text(request: web.Request) -> web.Response:
    """A text in Markdown as it will look, as a piece of HTML.

    Raises:
        HTTPForbidden: the user may not enter the admin, or the request is not from one of its pages.
    """
    user = request.get(keys.USER)
    if user is None or not user.can("admin.enter"):
        raise web.HTTPForbidden
    posted = await request.post()
    await get_session(request)
    if not csrf.is_valid_token(request, request.headers.get(csrf.HEADER)):
        raise web.HTTPForbidden
    html = render_markdown(str(posted.get("text", "")))
    return web.Response(text=str(html), content_type="text/html")
