"""Languages: which one a request gets, and translation in views and templates.

The language is the user's own choice, else the ``language`` cookie, else the best of ``Accept-Language``,
else the first of ``settings.languages``.

    gettext(request, "Hello %(name)s", name=user.username)
    ngettext(request, "%(num)s page", "%(num)s pages", count)
    N_("Title")                     # only marks; translated where it is shown

In templates: ``{{ _("Hello %(name)s", name=name) }}`` gives plain text that is escaped like any other, and
``{% trans %}…{% endtrans %}`` may hold markup, in which only the values are escaped.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Any

import jinja2
from aiohttp import hdrs, web
from babel.core import Locale

from aiocms.core import formats, keys
from aiocms.core.catalogs import Catalog, Catalogs, is_language, read_catalogs
from aiocms.core.faults import Fault, Faults
from aiocms.core.plan import Plan

__all__ = (
    "COOKIE",
    "N_",
    "Catalogs",
    "choose_language",
    "get_catalog",
    "get_language",
    "get_time_zone",
    "gettext",
    "install",
    "load_catalogs",
    "ngettext",
    "remember_language",
    "text_direction",
)

COOKIE = "language"
_MAX_ACCEPT = 500
_ACCEPT_ITEM = re.compile(
    r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*"
)


def load_catalogs(plan: Plan) -> Catalogs:
    """The catalogs of all languages of the site.

    Raises:
        Faults: a language is unknown to Babel, or a catalog cannot be read.
    """
    languages = [str(language) for language in plan.settings.languages]
    faults = [
        Fault(
            "core.E050",
            f"Unknown language {language!r} in settings.languages",
            hint="use a code such as 'en'",
        )
        for language in languages
        if not is_language(language)
    ]
    if not languages:
        faults.append(Fault("core.E051", "settings.languages names no language", hint="languages = ['en']"))
    if faults:
        raise Faults(faults)
    # The root layer of an app is the site's own folder, which comes last, above all apps.
    folders = [
        layer.folder for namespace in plan.namespaces.values() for layer in namespace.iter_modules_layers()
    ]
    catalogs = read_catalogs(
        languages,
        dict.fromkeys(folders),
        lambda text, file: faults.append(
            Fault("core.E052", f"The catalog cannot be read: {text}", str(file))
        ),
    )
    if faults:
        raise Faults(faults)
    return catalogs


def choose_language(request: web.Request) -> str:
    """The language of the answer, noted on the request."""
    known = request.app[keys.CATALOGS]
    user = request.get(keys.USER)
    language = (
        _find_known(getattr(user, "language", None), known)
        or _find_known(request.cookies.get(COOKIE), known)
        or _find_accepted(request.headers.get(hdrs.ACCEPT_LANGUAGE, "")[:_MAX_ACCEPT], tuple(known))
        or next(iter(known))
    )
    request[keys.LANGUAGE] = language
    request[keys.CATALOG] = known[language]
    return language


def remember_language(request: web.Request, response: web.StreamResponse, language: str) -> None:
    """Keep a visitor's choice in a cookie for a year; an unknown language is ignored."""
    if language in request.app[keys.CATALOGS]:
        secure = request.app[keys.SETTINGS].secure_cookies
        response.set_cookie(COOKIE, language, max_age=31536000, path="/", secure=secure, samesite="Lax")


def get_language(request: web.Request) -> str:
    """The language chosen for the request."""
    return request.get(keys.LANGUAGE) or choose_language(request)


def get_catalog(request: web.Request) -> Catalog:
    """The messages in the request's language."""
    try:
        return request[keys.CATALOG]
    except KeyError:
        choose_language(request)
        return request[keys.CATALOG]


def get_time_zone(request: web.Request) -> str:
    """The user's time zone, else the site's."""
    chosen = getattr(request.get(keys.USER), "time_zone", None)
    return str(chosen or request.app[keys.SETTINGS].time_zone)


def gettext(request: web.Request, message: str, /, **values: Any) -> str:
    """The message in the visitor's language.

    Parameters:
        values: put in the places of ``%(name)s``. Without any the text is left as it is.
    """
    return _fill(get_catalog(request).gettext(message), message, values)


def ngettext(request: web.Request, singular: str, plural: str, num: int, /, **values: Any) -> str:
    """The message in the form for a number, which is also the value ``num``."""
    text = get_catalog(request).ngettext(singular, plural, num)
    return _fill(text, singular if num == 1 else plural, {"num": num, **values})


def N_(message: str) -> str:
    """Marks a message for translation where it is defined; it is translated where it is shown."""
    return message


def text_direction(request: web.Request) -> str:
    """``rtl`` for languages written from right to left, else ``ltr``."""
    return _text_direction(get_language(request))


@functools.cache
def _text_direction(language: str) -> str:
    return "rtl" if Locale.parse(language).character_order == "right-to-left" else "ltr"


def install(env: jinja2.Environment) -> None:
    """Give a Jinja environment ``_``, ``gettext``, ``ngettext``, ``{% trans %}`` and the format filters."""
    # Old style on purpose: `{% trans %}` is markup by Jinja's own hand, while the functions give plain text,
    # so `_(text)` of a visitor's text cannot become markup.
    env.newstyle_gettext = False  # type: ignore[attr-defined]
    env.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext)
    env.filters.update(
        number=_number, money=_money, date=_date, datetime=_datetime, relative=_relative, filesize=_filesize
    )


@jinja2.pass_context
def _gettext(context: jinja2.runtime.Context, message: object, /, **values: Any) -> str:
    return gettext(context["request"], str(message), **values)


@jinja2.pass_context
def _ngettext(context: jinja2.runtime.Context, singular: str, plural: str, num: Any, /, **values: Any) -> str:
    if not values:
        # `{% trans %}` comes here too and fills its places itself, so nothing but the number is put in.
        text = get_catalog(context["request"]).ngettext(singular, plural, num)
        return text.replace("%(num)s", str(num)) if isinstance(num, int | float) else text
    return ngettext(context["request"], singular, plural, num, **values)


@jinja2.pass_context
def _number(context: jinja2.runtime.Context, value: Any, decimals: int | None = None) -> str:
    return formats.number(value, get_language(context["request"]), decimals)


@jinja2.pass_context
def _money(context: jinja2.runtime.Context, value: Any, currency: str = "") -> str:
    return formats.money(value, currency, get_language(context["request"]))


@jinja2.pass_context
def _date(context: jinja2.runtime.Context, value: Any, style: str = "medium") -> str:
    request = context["request"]
    return formats.date(value, get_language(request), get_time_zone(request), style)


@jinja2.pass_context
def _datetime(context: jinja2.runtime.Context, value: Any, style: str = "medium") -> str:
    request = context["request"]
    return formats.datetime(value, get_language(request), get_time_zone(request), style)


@jinja2.pass_context
def _relative(context: jinja2.runtime.Context, value: Any) -> str:
    return formats.relative(value, get_language(context["request"]))


@jinja2.pass_context
def _filesize(context: jinja2.runtime.Context, value: Any) -> str:
    return formats.filesize(value, get_language(context["request"]))


def _fill(text: str, original: str, values: dict[str, Any]) -> str:
    if not values:
        return text
    try:
        return text % values
    except (KeyError, ValueError, TypeError):
        # A translation with a wrong placeholder must not take the page down.
        return original % values


def _find_known(code: object, known: Iterable[str]) -> str | None:
    """The site's language for a code: itself, the same in other letters, or its base (``ru-RU``: ``ru``)."""
    if not isinstance(code, str) or not code:
        return None
    wanted = code.replace("-", "_").lower()
    lowered = {language.replace("-", "_").lower(): language for language in known}
    while wanted:
        if wanted in lowered:
            return lowered[wanted]
        wanted = wanted.rpartition("_")[0]
    return None


# Browsers send few different headers, and each would be parsed on every request.
@functools.lru_cache(maxsize=512)
def _find_accepted(header: str, known: tuple[str, ...]) -> str | None:
    ranked: list[tuple[float, str]] = []
    for item in header.split(","):
        match = _ACCEPT_ITEM.fullmatch(item)
        if match and (quality := float(match.group(2) or 1)) > 0:
            ranked.append((-quality, match.group(1)))
    for _, code in sorted(ranked, key=lambda pair: pair[0]):
        found = known[0] if code == "*" else _find_known(code, known)
        if found is not None:
            return found
    return None
