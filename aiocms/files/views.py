"""Views of files: the content, thumbnails, the page that uploads into the library, a file that was picked."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from aiocms.core import keys
from aiocms.core.csrf import HEADER, is_valid_token
from aiocms.core.flash import flash
from aiocms.core.i18n import N_, gettext, ngettext
from aiocms.core.sessions import get_session
from aiocms.core.templates import templ
from aiocms.core.urls import redirect, url_for
from aiocms.files import library, store
from aiocms.files.images import BadImage
from aiocms.files.intake import Wanted
from aiocms.files.known import get_received
from aiocms.files.receive import receive
from aiocms.files.serve import Content, send
from aiocms.files.sniff import IMAGES
from aiocms.files.store import Record
from aiocms.files.thumbs import find_box, get_thumb
from aiocms.files.work import WORKSHOP

_MANY = 50


async def show(request: web.Request) -> web.StreamResponse:
    """The content of a file. One that may not be read answers like one that is not there."""
    record = await _get_readable(request)
    content = Content(
        blob=record.content,
        size=record.size,
        type=record.type,
        name=record.name,
        tag=record.id[:40],
        inline=record.is_image,
        public=record.is_public,
    )
    return await send(request, request.app[keys.MONGO].db, content)


async def show_thumb(request: web.Request) -> web.StreamResponse:
    """A thumbnail in one of the sizes of ``files_thumbnails``."""
    box = find_box(request.app[keys.SETTINGS].files_thumbnails, request.match_info["size"])
    record = await _get_readable(request)
    if box is None or not record.is_image:
        raise web.HTTPNotFound
    db = request.app[keys.MONGO].db
    try:
        thumb = await get_thumb(db, request.app[WORKSHOP], record, box)
    except BadImage as error:
        raise web.HTTPNotFound from error
    tag = f"{record.id[:40]}-{box[0]}x{box[1]}"
    content = Content(
        thumb.content, thumb.size, thumb.type, f"{tag}.webp", tag, inline=True, public=record.is_public
    )
    return await send(request, db, content)


async def show_upload(request: web.Request) -> web.StreamResponse:
    """The page that uploads files into the library."""
    _check_entry(request)
    return _show_page(request, 200)


async def upload(request: web.Request) -> web.StreamResponse:
    """Put files into the library: several from the page, or one from its script, which wants JSON.

    With ``only=images`` nothing but images is taken.
    """
    _check_entry(request)
    await get_session(request)
    wants_json = "application/json" in request.headers.get("Accept", "")
    if wants_json and not is_valid_token(request, request.headers.get(HEADER)):
        raise web.HTTPForbidden(text=N_("This page was open too long. Go back, reload it and try again."))
    wanted = Wanted(tuple(IMAGES) if request.query.get("only") == "images" else (), keep=True)
    places = iter(range(_MANY))

    def find(name: str) -> Wanted | None:
        return wanted if name == "file" and next(places, None) is not None else None

    known = await receive(request, find)
    if wants_json:
        return answer_upload(request)
    if known.errors or not known.records:
        if not known.errors:
            known.errors["file"] = gettext(request, N_("Choose a file first."))
        return _show_page(request, 422)
    done = len(known.records)
    flash(
        request,
        ngettext(request, "%(num)s file is in the library.", "%(num)s files are in the library.", done),
        "success",
    )
    raise redirect(request, _library(request))


async def show_library(request: web.Request) -> web.StreamResponse:
    """The files that the user may read, newest first, to choose one from; for the drawer."""
    _check_entry(request)
    query = request.query
    only, text = query.get("only", "images"), query.get("q", "")[:100].strip()
    found, more = await library.find_page(
        request.app[keys.MONGO].db,
        await library.make_scope(request),
        text=text,
        images=only == "images",
        after=query.get("after", ""),
    )
    context = {
        "crumbs": [
            (gettext(request, N_("Admin")), url_for(request, "admin:index")),
            (gettext(request, N_("Library")), ""),
        ],
        "files": found,
        "only": only,
        "text": text,
        "next_url": url_for(request, "files:library", query={"only": only, "q": text or None, "after": more})
        if more
        else "",
    }
    return templ(_in_admin("files:library"), request, context)


async def pick(request: web.Request) -> web.StreamResponse:
    """What the drawer reads when a file of the library was chosen."""
    _check_entry(request)
    record = await _get_readable(request)
    return templ("files:picked", request, {"record": record})


def answer_upload(request: web.Request, status: int = 422) -> web.Response:
    """The answer for a script that uploaded one file: what the file is, or what is wrong with it."""
    known = get_received(request)
    if known.errors:
        return web.json_response({"error": next(iter(known.errors.values()))}, status=status)
    if not known.records:
        return web.json_response({"error": gettext(request, N_("Choose a file first."))}, status=status)
    return web.json_response(describe(request, list(known.records.values())[-1]))


def describe(request: web.Request, record: Record) -> dict[str, Any]:
    """A file for a script: id, name, type, size, url, and of an image thumb, width and height."""
    told: dict[str, Any] = {
        "id": record.id,
        "name": record.name,
        "type": record.type,
        "size": record.size,
        "url": url_for(request, "files:file", id=record.id),
    }
    if record.is_image:
        told["thumb"] = url_for(request, "files:thumb", id=record.id, size="small")
        told |= {"width": record.width, "height": record.height}
    return told


def _in_admin(name: str) -> tuple[str, ...]:
    """The names of a page within the admin's frame: with the second come the values of its sidebar."""
    return name, "admin:layout"


def _show_page(request: web.Request, status: int) -> web.StreamResponse:
    if "admin" not in request.app[keys.PLAN].namespaces:
        raise web.HTTPNotFound
    known = get_received(request)
    settings = request.app[keys.SETTINGS]
    context = {
        "crumbs": [
            (gettext(request, N_("Admin")), url_for(request, "admin:index")),
            (gettext(request, N_("Files")), _library(request)),
            (gettext(request, N_("Upload")), ""),
        ],
        "errors": list(known.errors.values()),
        "done": list(known.records.values()),
        "max_size": settings.files_max_size,
        "library_url": _library(request),
    }
    return templ(_in_admin("files:upload"), request, context, status=status)


def _library(request: web.Request) -> str:
    return url_for(request, "admin:list", ns="files", screen="files")


def _check_entry(request: web.Request) -> None:
    """The library is a part of the admin: rights over files alone let nobody in.

    Raises:
        HTTPForbidden: the user may not enter the admin.
    """
    user = request.get(keys.USER)
    if user is None or not user.can("admin.enter"):
        raise web.HTTPForbidden


async def _get_readable(request: web.Request) -> Record:
    record = await store.find_record(request.app[keys.MONGO].db, request.match_info["id"])
    if record is None or not store.may_read(record, request.get(keys.USER)):
        raise web.HTTPNotFound
    return record
