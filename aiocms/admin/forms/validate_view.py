"""Checking a form while it is filled in: everything that a save would find, and nothing is written."""

from __future__ import annotations

from aiohttp import web

from aiocms.admin.forms.copying import make_copy
from aiocms.admin.forms.edit_view import bring_back
from aiocms.admin.forms.opened import Opened, open_document, open_new
from aiocms.admin.forms.schema import find_problems
from aiocms.admin.forms.uniqueness import find_taken
from aiocms.admin.values import paths
from aiocms.admin.values.paths import Path
from aiocms.admin.values.rawbson import Value
from aiocms.admin.writes.hooks import Hooks
from aiocms.admin.writes.refusals import Refused, say, say_fields
from aiocms.admin.writes.write import Edit, merge_edit
from aiocms.core import csrf
from aiocms.core.sessions import get_session


async def validate(request: web.Request) -> web.StreamResponse:
    """The errors of a posted form as JSON: ``errors`` by the names of inputs, ``messages`` on the whole."""
    opened = await (open_new if request.match_info["id"] == "new" else open_document)(request)
    if opened.read_only_reason():
        raise web.HTTPForbidden
    posted = [(key, value) for key, value in (await request.post()).items() if isinstance(value, str)]
    asked = dict(posted)
    await get_session(request)
    if not csrf.is_valid_token(request, asked.get(csrf.FIELD) or request.headers.get(csrf.HEADER)):
        raise web.HTTPForbidden
    page = await bring_back(opened, posted, asked)
    if page.editor is None or page.messages:
        return web.json_response({"errors": {}, "messages": []})
    await page.editor.read()
    messages: list[str] = []
    mine = page.editor.last
    if mine is not None:
        whole = _merge(opened, Edit(page.base, mine, page.editor.origins))
        messages = page.editor.put_errors(await _find_faults(opened, whole))
    errors: dict[str, list[str]] = {}
    for name, text in page.editor.iter_errors():
        found = errors.setdefault(name, [])
        if text not in found:
            found.append(text)
    return web.json_response({"errors": errors, "messages": messages})


def _merge(opened: Opened, edit: Edit) -> Value:
    """The document as it would be, as far as nobody else is in the way."""
    assert edit.mine is not None  # noqa: S101 - asked by the caller
    if opened.document is None:
        return edit.mine if opened.source is None else make_copy(opened.source, edit, opened.access)
    at, merged = merge_edit(opened.document, edit, opened.access)
    return paths.replace(opened.document, at, merged.value)


async def _find_faults(opened: Opened, whole: Value) -> dict[Path, str]:
    request = opened.request
    found: dict[Path, str] = {}
    if opened.hints.schema:
        found |= {
            path: say(request, said) for path, said in find_problems(opened.hints.schema, whole).items()
        }
        if opened.document is None:
            found.pop(("_id",), None)
    found |= {path: say(request, text) for path, text in (await find_taken(opened, whole)).items()}
    try:
        await Hooks(request, opened.screen).check(whole, opened.document, opened.access)
    except Refused as refused:
        found |= say_fields(request, refused)
    # What the user may not know of is said, if at all, when the form is saved.
    return {
        path: text for path, text in found.items() if path and opened.access(paths.dotted(path)) == "edit"
    }
