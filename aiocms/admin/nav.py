"""The screens of the sidebar and of the dashboard, grouped by app, as one user may see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from aiohttp import web
from bson import ObjectId

from aiocms.admin.registry import INFERRED, get_registry, iter_visible
from aiocms.admin.screens import Screen
from aiocms.core import keys
from aiocms.core.flash import Action
from aiocms.core.i18n import N_, gettext
from aiocms.core.urls import url_for


@dataclass(frozen=True, slots=True)
class NavScreen:
    """One link of the sidebar."""

    title: str
    url: str
    icon: str
    current: bool
    screen: Screen


@dataclass(frozen=True, slots=True)
class NavLink:
    """One link of the sidebar that leads to no list of documents."""

    title: str
    url: str
    icon: str
    current: bool


@dataclass(slots=True)
class NavGroup:
    """The screens of one app, and its reports."""

    title: str
    screens: list[NavScreen] = field(default_factory=list)
    reports: list[NavLink] = field(default_factory=list)


def list_url(request: web.Request, screen: Screen, query: list[tuple[str, str]] | None = None) -> str:
    """The address of a screen's list."""
    address = url_for(request, "admin:list", ns=screen.namespace, screen=screen.name)
    return with_query(address, query) if query else address


def with_query(address: str, pairs: list[tuple[str, str]]) -> str:
    """An address with these keys and values, kept readable: commas, colons and the tilde stay as they are."""
    text = "&".join(f"{quote(key, safe=':.~')}={quote(value, safe=':,.~')}" for key, value in pairs)
    return f"{address}?{text}" if text else address


def undo_url(request: web.Request, change: ObjectId) -> str:
    """The address that takes a change back, by the `_id` of its record."""
    return url_for(request, "admin:undo", change=str(change))


def undo_action(request: web.Request, change: ObjectId) -> Action:
    """The button of a message that takes a change back."""
    return Action(gettext(request, N_("Undo")), undo_url(request, change))


async def find_nav(request: web.Request) -> list[NavGroup]:
    """The groups of the sidebar, those of apps first, the database's other collections last."""
    here = (request.match_info.get("ns"), request.match_info.get("screen"))
    report_here = (request.match_info.get("ns"), request.match_info.get("report"))
    namespaces = request.app[keys.PLAN].namespaces
    groups: dict[str, NavGroup] = {}
    for screen in iter_visible(request, await get_registry(request).all(request)):
        if screen.hidden:
            continue
        name = screen.namespace
        if name not in groups:
            title = gettext(request, "Database") if name == INFERRED else namespaces[name].app.title or name
            groups[name] = NavGroup(title if name == INFERRED else gettext(request, title))
        title = gettext(request, screen.shown_title) if screen.declared else screen.shown_title
        current = here == (screen.namespace, screen.name)
        groups[name].screens.append(NavScreen(title, list_url(request, screen), screen.icon, current, screen))
    for report in iter_visible(request, list(get_registry(request).reports.values())):
        group = groups.get(report.namespace)
        if report.hidden or group is None:
            continue
        address = url_for(request, "admin:report", ns=report.namespace, report=report.name)
        current = report_here == (report.namespace, report.name)
        link = NavLink(
            gettext(request, report.shown_title), address, report.icon or "bar-chart-steps", current
        )
        group.reports.append(link)
    return list(groups.values())
