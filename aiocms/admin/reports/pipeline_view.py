"""The pages of reports that users write: the list, the page where one is written, and the report itself."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from pymongo.errors import PyMongoError

from aiocms.admin.fallback import template_names
from aiocms.admin.registry import get_registry, iter_visible
from aiocms.admin.reports.pipelines import (
    EVERYBODY,
    BadText,
    OpenRights,
    SavedPipeline,
    WrittenReport,
    forget,
    get_saved,
    line_of,
    list_saved,
    read_stages,
    save,
    write_documents,
)
from aiocms.admin.reports.report_run import BadPipeline, ReportRun, open_pipeline
from aiocms.admin.reports.report_view import make_context, refused
from aiocms.auth.models import ROLES
from aiocms.core import keys
from aiocms.core.csrf import require_token
from aiocms.core.flash import flash
from aiocms.core.i18n import N_, gettext
from aiocms.core.templates import templ
from aiocms.core.urls import url_for

PREVIEW = 20
_EXAMPLE = '[\n  {"$group": {"_id": "$status", "count": {"$sum": 1}}},\n  {"$sort": {"count": -1}}\n]'


async def show_all(request: web.Request) -> web.StreamResponse:
    """The reports that this user may open."""
    _check_entry(request)
    values = {
        "crumbs": _crumbs(request),
        "saved": [
            {"one": one, "url": _url(request, one.id), "edit_url": _edit_url(request, one)}
            for one in await list_saved(request)
        ],
        "new_url": url_for(request, "admin:pipeline_new") if _may_write(request) else "",
    }
    return templ("admin:pipelines", request, values)


async def show(request: web.Request) -> web.StreamResponse:
    """One report, with the rights of who looks at it."""
    _check_entry(request)
    saved = await get_saved(request, request.match_info["id"])
    address = _url(request, saved.id)
    report = WrittenReport(saved.name, saved.collection, [])
    try:
        run = await _open(request, saved.name, saved.collection, saved.text)
        context = await make_context(run, address)
    except (BadText, BadPipeline) as error:
        message = gettext(request, error.message, **error.values)
        context = refused(request, report, address, message)
    crumbs = [*_crumbs(request), (saved.name, address)]
    context |= {"crumbs": crumbs, "edit_url": _edit_url(request, saved), "about": ""}
    return templ(template_names(report, "report"), request, context)


async def write(request: web.Request) -> web.StreamResponse:
    """The page where a report is written: preview, save, delete."""
    _check_entry(request)
    identity = request.match_info.get("id", "")
    saved = await get_saved(request, identity) if identity else None
    if saved is not None and not _is_own(request, saved):
        raise web.HTTPForbidden
    values: dict[str, Any] = {
        "name": saved.name if saved else "",
        "collection": saved.collection if saved else request.query.get("collection", ""),
        "text": saved.text if saved else _EXAMPLE,
        "roles": list(saved.roles) if saved else [],
        "fault": None,
        "preview": None,
    }
    status = 200
    if request.method == "POST":
        await require_token(request)
        status = await _take(request, identity, values)
    crumbs = [*_crumbs(request), (values["name"] or gettext(request, "New report"), None)]
    context = {**values, "crumbs": crumbs, "saved": saved, **await _offer(request)}
    return templ("admin:pipeline", request, context, status=status)


async def _take(request: web.Request, identity: str, values: dict[str, Any]) -> int:
    """What the form asks for.

    Raises:
        HTTPSeeOther: it is done.
    """
    data = await request.post()
    if data.get("do") == "delete" and identity:
        await forget(request, identity)
        flash(request, gettext(request, "The report was deleted."), "success")
        raise web.HTTPSeeOther(url_for(request, "admin:pipelines"))
    values |= {name: str(data.get(name, "")).strip() for name in ("name", "collection", "text")}
    values["roles"] = [str(one) for one in data.getall("roles", [])][:50]
    text = values["text"] = values["text"].replace("\r\n", "\n")
    try:
        run = await _open(request, values["name"], values["collection"], text)
        values["preview"] = await _preview(run)
        if data.get("do") == "save":
            if not values["name"]:
                raise BadText(N_("Give the report a name."))
            identity = await save(
                request, identity, values["name"], values["collection"], text, values["roles"]
            )
            raise web.HTTPSeeOther(_url(request, identity))
    except BadText as error:
        values["fault"] = {"text": gettext(request, error.message, **error.values), "line": error.line}
    except BadPipeline as error:
        line = 0 if error.stage is None else line_of(text, error.stage)
        values["fault"] = {"text": gettext(request, error.message, **error.values), "line": line}
    except (web.HTTPForbidden, web.HTTPNotFound):
        values["fault"] = {"text": gettext(request, "You may not read this collection."), "line": 0}
    return 200 if values["fault"] is None else 400


async def _open(request: web.Request, name: str, collection: str, text: str) -> ReportRun:
    report = WrittenReport(name, collection, read_stages(text))
    run = await open_pipeline(request, report, {})
    run.rights = OpenRights(request, report)
    return run


async def _preview(run: ReportRun) -> dict[str, Any]:
    try:
        rows = await run.preview(PREVIEW)
    except PyMongoError as error:
        raise await run.find_failing(error) from error
    return {"text": write_documents(rows), "count": len(rows)}


async def _offer(request: web.Request) -> dict[str, Any]:
    screens = iter_visible(request, await get_registry(request).all(request))
    roles = request.app[keys.MONGO].db[ROLES].find({}, {"name": 1, "title": 1}, limit=200, max_time_ms=2000)
    named = [(str(one["_id"]), str(one.get("title") or one.get("name") or one["_id"])) async for one in roles]
    return {
        "collections": sorted({one.collection for one in screens}),
        "offered_roles": [(EVERYBODY, gettext(request, "Everybody")), *named],
    }


def _check_entry(request: web.Request) -> None:
    user = request.get(keys.USER)
    if user is None or not user.can("admin.enter"):
        raise web.HTTPForbidden


def _may_write(request: web.Request) -> bool:
    return bool(request[keys.USER].can("admin.pipelines"))


def _is_own(request: web.Request, saved: SavedPipeline) -> bool:
    user = request[keys.USER]
    return bool(user.is_superuser or saved.owner == user.id)


def _url(request: web.Request, identity: str) -> str:
    return url_for(request, "admin:pipeline", id=identity)


def _edit_url(request: web.Request, saved: SavedPipeline) -> str:
    if not (_may_write(request) and _is_own(request, saved)):
        return ""
    return url_for(request, "admin:pipeline_edit", id=saved.id)


def _crumbs(request: web.Request) -> list[tuple[str, str | None]]:
    return [
        (gettext(request, "Admin"), url_for(request, "admin:index")),
        (gettext(request, "Saved reports"), url_for(request, "admin:pipelines")),
    ]
