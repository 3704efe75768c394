"""aiocms: an admin and CMS batteries package on a modular aiohttp core with MongoDB."""

from aiocms.core.app import App
from aiocms.core.application import create_app
from aiocms.core.errors import AiocmsError
from aiocms.core.flash import flash
from aiocms.core.forms import Form
from aiocms.core.i18n import N_, gettext, ngettext
from aiocms.core.indexes import Index
from aiocms.core.request import Request
from aiocms.core.routes import route
from aiocms.core.settings import Setting
from aiocms.core.static import static
from aiocms.core.templates import render, templ
from aiocms.core.urls import redirect, safe_next, url_for

__version__ = "0.1.0"

__all__ = [
    "N_",
    "AiocmsError",
    "App",
    "Form",
    "Index",
    "Request",
    "Setting",
    "create_app",
    "flash",
    "gettext",
    "ngettext",
    "redirect",
    "render",
    "route",
    "safe_next",
    "static",
    "templ",
    "url_for",
]
