"""Files in edit pages: taken in with the form or sent by the page's script, checked, looked up to be shown.

What a field takes is asked of the screen, never of the page: a declared form by its file fields, an inferred
one by the widget of the path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from aiohttp import web

from aiocms.admin.forms.declared import DeclaredEditor
from aiocms.admin.forms.names import BadName, unescape
from aiocms.admin.forms.opened import Opened, open_screen
from aiocms.admin.forms.tree import Node
from aiocms.admin.values.bsontext import BadText
from aiocms.admin.values.paths import BadPath, Path, dotted, parse
from aiocms.auth.carried import list_lost_files
from aiocms.core import csrf, keys
from aiocms.core.errors import UnknownRoute
from aiocms.core.i18n import N_, gettext
from aiocms.core.sessions import get_session
from aiocms.core.urls import url_for
from aiocms.files.intake import Wanted
from aiocms.files.known import find_refusal, get_received
from aiocms.files.receive import find_in_form, find_paths_in_form, iter_file_fields, learn, receive
from aiocms.files.views import answer_upload

AGAIN = N_("Choose this file again, the login had ended: %(file)s")


async def receive_files(opened: Opened) -> None:
    """Read the posted form of an edit page; its files are stored, their ids stand in their fields."""
    await receive(opened.request, await _find_wanted(opened))


async def take_upload(request: web.Request) -> web.StreamResponse:
    """One file that the page's script sends before the form, stored as a pending upload of one field.

    Whoever may add or edit documents of the screen and edit the field may do this; the answer is JSON.
    """
    opened = await _open_for_upload(request)
    await get_session(request)
    if not csrf.is_valid_token(request, request.headers.get(csrf.HEADER)):
        text = gettext(request, N_("This page was open too long. Go back, reload it and try again."))
        return web.json_response({"error": text}, status=403)
    wanted = (await _find_wanted(opened))(request.query.get("name", ""))
    if wanted is None:
        raise web.HTTPNotFound
    await receive(request, lambda name: wanted if name == "file" else None)
    return answer_upload(request)


async def learn_files(opened: Opened, editor: Any) -> bool:
    """Look up the files that the page is going to show, all at once.

    Returns:
        Whether the page's form can hold files.
    """
    request = opened.request
    if isinstance(editor, DeclaredEditor):
        fields = [one for _, one in iter_file_fields(editor.form)]
        takes = bool(find_paths_in_form(type(editor.form)))
        texts = [str(one.data or "") for one in fields]
    elif editor is not None:
        takes = any(isinstance(getattr(one, "wanted", None), Wanted) for one in opened.widgets.values())
        texts = [node.text for node, _ in _iter_file_nodes(editor.nodes)]
    else:
        return False
    if takes:
        known, screen = get_received(request), opened.screen
        place = {"ns": screen.namespace, "screen": screen.name}
        known.upload = url_for(
            request, "admin:upload", query={"at": request.query.get("at") or None}, **place
        )
        user = request.get(keys.USER)
        if user is not None and user.can("files.files.view"):
            known.library = url_for(request, "files:library")
        await learn(request, texts)
    return takes


def find_image_places(request: web.Request) -> dict[str, str]:
    """For images in rich text: where they are sent to, chosen from and read, as far as the user may."""
    user = request.get(keys.USER)
    may_add, may_view = (user is not None and user.can(f"files.files.{verb}") for verb in ("add", "view"))
    try:
        return {
            "upload": url_for(request, "files:upload") if may_add else "",
            "library": url_for(request, "files:library") if may_view else "",
            "files": url_for(request, "files:file", id="ID"),
        }
    except UnknownRoute:
        return {"upload": "", "library": "", "files": ""}


def tell_lost_files(opened: Opened, editor: Any, posted: Iterable[tuple[str, str]]) -> list[str]:
    """Say of files that an ended login left behind that they are to be chosen again: beside their fields.

    Returns:
        The same for the top of the page.
    """
    told: list[str] = []
    for name, file in list_lost_files(posted):
        text = gettext(opened.request, AGAIN, file=file)
        try:
            path = tuple(int(label) if label.isdigit() else unescape(label) for label in name.split("-"))
        except BadName:
            continue
        if editor is not None:
            editor.put_errors({path: text})
        told.append(f"{text} ({dotted(path)})")
    return told


def refuse_files(opened: Opened, nodes: Iterable[Node]) -> bool:
    """Tell at their inputs of ids that cannot be named here, and of uploads that were refused.

    Returns:
        Whether there is something to tell.
    """
    told = False
    errors = get_received(opened.request).errors
    for node, wanted in _iter_file_nodes(nodes):
        assert node.widget is not None  # noqa: S101 - these are the parts with a widget
        text = errors.get(node.name, "")
        was = node.widget.to_text(node.base) if node.base is not None else ""
        if not text and node.text and node.text != was:
            text = find_refusal(opened.request, node.text, wanted)
        if text:
            node.errors.append(BadText(text))
            told = True
    return told


def find_node_wanted(node: Node) -> Wanted | None:
    """What a part with the widget of a file takes; None for any other part."""
    found = getattr(node.widget, "wanted", None)
    return found if isinstance(found, Wanted) else None


async def _open_for_upload(request: web.Request) -> Opened:
    opened = await open_screen(request)
    if not (opened.may("add") or opened.may("edit")):
        raise web.HTTPForbidden
    return opened


async def _find_wanted(opened: Opened) -> Callable[[str], Wanted | None]:
    """What gives for the name of an input what its field takes, within the user's rights."""
    form = await opened.screen.get("form", opened.request, None)
    try:
        at = parse(opened.request.query.get("at", ""))
    except BadPath as error:
        raise web.HTTPNotFound from error
    declared = find_in_form(form) if form is not None and not at else None

    def find(name: str) -> Wanted | None:
        try:
            path = (*at, *(unescape(label) for label in name.split("-") if not label.isdigit()))
        except BadName:
            return None
        if not name or not _may_edit(opened, path):
            return None
        if declared is not None:
            return declared(name)
        found = getattr(opened.widgets.get(dotted(path)), "wanted", None)
        return found if isinstance(found, Wanted) else None

    return find


def _may_edit(opened: Opened, path: Path) -> bool:
    steps = [dotted(path[: depth + 1]) for depth in range(len(path))]
    return all(opened.access(step) == "edit" for step in steps)


def _iter_file_nodes(nodes: Iterable[Node]) -> Iterator[tuple[Node, Wanted]]:
    for top in nodes:
        for node in top.iter_all():
            wanted = find_node_wanted(node)
            if wanted is not None and node.editable and not node.removed:
                yield node, wanted
