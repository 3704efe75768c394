"""Every key of state kept on the application or on a request, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jinja2
from aiohttp import web

if TYPE_CHECKING:
    from aiocms.core.catalogs import Catalog
    from aiocms.core.fields.reference import ReferenceSource
    from aiocms.core.i18n import Catalogs
    from aiocms.core.mongo import Mongo
    from aiocms.core.plan import Plan
    from aiocms.core.secret import Secret
    from aiocms.core.settings import Settings
    from aiocms.core.static import StaticFiles
    from aiocms.core.theme import Theme

SETTINGS: web.AppKey[Settings] = web.AppKey("aiocms_settings", object)  # type: ignore[arg-type]
PLAN: web.AppKey[Plan] = web.AppKey("aiocms_plan", object)  # type: ignore[arg-type]
MONGO: web.AppKey[Mongo] = web.AppKey("aiocms_mongo", object)  # type: ignore[arg-type]
ENV: web.AppKey[jinja2.Environment] = web.AppKey("aiocms_jinja", jinja2.Environment)
STATIC: web.AppKey[StaticFiles] = web.AppKey("aiocms_static", object)  # type: ignore[arg-type]
THEME: web.AppKey[Theme] = web.AppKey("aiocms_theme", object)  # type: ignore[arg-type]
SECRET: web.AppKey[Secret] = web.AppKey("aiocms_secret", object)  # type: ignore[arg-type]
REFERENCES: web.AppKey[ReferenceSource] = web.AppKey("aiocms_references", object)  # type: ignore[type-var,arg-type,unused-ignore]
ADDRESSES: web.AppKey[dict[tuple[Any, ...], str]] = web.AppKey("aiocms_addresses", dict)
CATALOGS: web.AppKey[Catalogs] = web.AppKey("aiocms_catalogs", object)  # type: ignore[arg-type]

USER: web.RequestKey[Any] = web.RequestKey("aiocms_user", object)
CATALOG: web.RequestKey[Catalog] = web.RequestKey("aiocms_catalog", object)  # type: ignore[arg-type]
LANGUAGE: web.RequestKey[str] = web.RequestKey("aiocms_language", str)
REQUEST_ID: web.RequestKey[str] = web.RequestKey("aiocms_request_id", str)
SHARED: web.RequestKey[bool] = web.RequestKey("aiocms_shared", bool)
NAMESPACE: web.RequestKey[str] = web.RequestKey("aiocms_namespace", str)
