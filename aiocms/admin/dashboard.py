"""The first page: every screen the user may see with its size, and what was changed lately."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from pymongo.errors import OperationFailure

from aiocms.admin.charts.chart_view import charts_url
from aiocms.admin.charts.figures import find_charts
from aiocms.admin.labels import label_paths
from aiocms.admin.lists.list_view import describe_count
from aiocms.admin.masking import FieldRights
from aiocms.admin.nav import NavScreen, find_nav
from aiocms.admin.registry import get_registry
from aiocms.admin.store import find_scope, open_collection, open_store
from aiocms.admin.values.bsontypes import encode_id
from aiocms.admin.writes import history
from aiocms.core import keys
from aiocms.core.i18n import gettext
from aiocms.core.templates import templ
from aiocms.core.urls import url_for

_COUNT_MS = 300
_MOST_COUNTED = 200
_AT_ONCE = 8


async def show(request: web.Request) -> web.StreamResponse:
    """The dashboard; `?q=` narrows it to the screens whose names hold all the words."""
    words = request.query.get("q", "").lower().split()[:10]
    groups = await find_nav(request)
    for group in groups:
        group.screens = [
            one for one in group.screens if all(word in _text(group.title, one) for word in words)
        ]
        group.reports = [
            one
            for one in group.reports
            if all(word in f"{group.title} {one.title}".lower() for word in words)
        ]
    groups = [group for group in groups if group.screens or group.reports]
    found = [one for group in groups for one in group.screens]
    if words and len(found) == 1:
        raise web.HTTPSeeOther(found[0].url)
    counts = await _count_all(request, found)
    values = {
        "crumbs": [(gettext(request, "Overview"), None)],
        "searched": request.query.get("q", "").strip()[:100],
        "groups": [
            {
                "title": group.title,
                "screens": [_tile(request, one, counts.get(one.url, "")) for one in group.screens],
                "reports": group.reports,
            }
            for group in groups
        ],
        "changes": await _find_changes(request),
        "charts": [] if words else await _find_charts(request, found),
    }
    return templ("admin:index", request, values)


async def _find_charts(request: web.Request, screens: list[NavScreen]) -> list[dict[str, str]]:
    """Where the charts of each screen that has some for this page are to be had."""
    found: list[dict[str, str]] = []
    for one in screens:
        if not any(each.dashboard for each in await one.screen.get("charts", request)):
            continue
        if await find_scope(request, one.screen, "view") is None:
            continue
        charts = await find_charts(await open_store(request, one.screen))
        if any(each.dashboard for each in charts):
            address = charts_url(request, one.screen, [("on", "dashboard")])
            found.append({"title": one.title, "url": one.url, "icon": one.icon, "charts_url": address})
    return found


def _text(group: str, one: NavScreen) -> str:
    return f"{group} {one.title} {one.screen.collection}".lower()


def _tile(request: web.Request, one: NavScreen, count: str) -> dict[str, Any]:
    screen = one.screen
    may_add = screen.can_add and request[keys.USER].can(screen.permission("add"))
    create = url_for(request, "admin:create", ns=screen.namespace, screen=screen.name) if may_add else ""
    return {
        "title": one.title,
        "url": one.url,
        "icon": one.icon,
        "collection": screen.collection,
        "count": count,
        "create_url": create,
    }


async def _count_all(request: web.Request, screens: list[NavScreen]) -> dict[str, str]:
    """Bounded counts of screens by address; a few at a time, so one page does not take the whole pool."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def count(one: NavScreen) -> tuple[str, str]:
        async with gate:
            if await find_scope(request, one.screen, "view") is None:
                return one.url, ""
            store = await open_store(request, one.screen)
            limit = request.app[keys.SETTINGS].admin_count_limit
            return one.url, describe_count(
                request, await store.count(await store.match_all(), limit, _COUNT_MS)
            )

    return dict(await asyncio.gather(*(count(one) for one in screens[:_MOST_COUNTED])))


async def _find_changes(request: web.Request) -> list[dict[str, Any]]:
    """What happened lately to documents that the user may see."""
    open_collections: dict[str, Any] = {}
    registry = get_registry(request)
    for screen in await registry.all(request):
        if await find_scope(request, screen, "view") is not None:
            open_collections.setdefault(screen.collection, screen)
    try:
        changes = await history.recent_changes(
            request.app[keys.MONGO].db, collections=list(open_collections), limit=30
        )
    except OperationFailure:
        return []
    seen: dict[str, dict[Any, bool]] = {}
    open_labels: dict[str, bool] = {}
    shown: list[dict[str, Any]] = []
    for change in changes:
        screen = open_collections[change.collection]
        scope = await find_scope(request, screen, "view")
        identity = change.identity.python()
        if scope:
            # Narrowed to some rows: a document that is gone or out of reach stays unnamed.
            known = seen.setdefault(change.collection, {})
            key = encode_id(identity)
            if key not in known:
                known[key] = await (await open_store(request, screen)).get(identity) is not None
            if not known[key]:
                continue
        if change.collection not in open_labels:
            open_labels[change.collection] = await _may_see_labels(request, screen)
        label = change.label if open_labels[change.collection] else encode_id(identity)
        shown.append(_describe(request, screen, change, identity, label))
        if len(shown) >= 12:
            break
    return shown


async def _may_see_labels(request: web.Request, screen: Any) -> bool:
    """Whether labels written by others hold nothing that this user may not see."""
    rights = FieldRights(request, screen)
    if not rights.is_limited:
        return True
    fields = await get_registry(request).sampler.get(open_collection(request, screen.collection))
    return all(rights.may_name(path) for path in label_paths(await screen.get("label", request), fields))


def _describe(
    request: web.Request, screen: Any, change: history.Change, identity: Any, label: str
) -> dict[str, Any]:
    verbs = {
        "add": gettext(request, "added"),
        "edit": gettext(request, "changed"),
        "delete": gettext(request, "deleted"),
    }
    gone = change.verb == "delete" and not change.undone
    url = (
        ""
        if gone
        else url_for(request, "admin:edit", ns=screen.namespace, screen=screen.name, id=encode_id(identity))
    )
    return {
        "at": change.at,
        "who": change.username,
        "verb": verbs.get(change.verb, change.verb),
        "label": label,
        "screen": gettext(request, screen.shown_title) if screen.declared else screen.shown_title,
        "url": url,
        "undone": change.undone,
    }
