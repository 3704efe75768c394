"""The Plan of a site's folder: settings → discover → layers → load → merge → check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aiocms.core.discover import discover, load_module, name_site_package
from aiocms.core.errors import AiocmsError
from aiocms.core.faults import FaultList
from aiocms.core.layers import Layer
from aiocms.core.mongo_uri import check_uri
from aiocms.core.plan import Plan, load_app_settings, make_plan
from aiocms.core.settings import SETTINGS, load_settings, read_settings_file
from aiocms.core.theme import check_theme


def plan_site(site: str | Path, **overrides: Any) -> Plan:
    """The Plan of a site, without an application: what ``aiocms check`` and ``explain`` read.

    Raises:
        Faults: the site has mistakes.
        AiocmsError: there is no such folder.
    """
    folder = _find_folder(site)
    faults = FaultList()
    given = _read_site_settings(folder, faults)
    apps = _get_apps(folder, given, overrides)
    namespaces = discover(folder, apps, faults)
    rows = (*SETTINGS, *load_app_settings(namespaces, faults))
    settings = load_settings(folder, given, overrides, rows, faults)
    plan = make_plan(folder, settings, namespaces, faults)
    check_uri(settings, faults)
    check_theme(plan, faults)
    faults.raise_any()
    return plan


def _find_folder(site: str | Path) -> Path:
    path = Path(site).resolve()
    folder = path.parent if path.is_file() else path
    if not folder.is_dir():
        raise AiocmsError(f"There is no site folder {str(folder)!r}; `aiocms startproject NAME` makes one")
    return folder


def _read_site_settings(folder: Path, faults: FaultList) -> dict[str, Any]:
    package = name_site_package(folder)
    layer = Layer("site", "app", folder, package, folder / "templ", folder / "static")
    return read_settings_file(load_module(layer, "settings", faults))


def _get_apps(folder: Path, given: dict[str, Any], overrides: dict[str, Any]) -> tuple[str, ...]:
    """``settings.apps``, read before the apps' own settings are known; its faults come later."""
    known = {"apps": given["apps"]} if "apps" in given else {}
    chosen = {"apps": overrides["apps"]} if "apps" in overrides else {}
    return tuple(load_settings(folder, known, chosen, SETTINGS, FaultList()).apps)
