"""Settings: one table, read once, frozen.

Order: the table's defaults < ``settings.py`` of the site < ``AIOCMS_*`` of the environment < arguments
of ``create_app``. Apps add rows with a ``settings`` tuple in their own ``settings.py``; a row of the app
``shop`` named ``currency`` is the setting ``shop_currency``.
"""

from __future__ import annotations

import ast
import os
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiocms.core.errors import find_nearest
from aiocms.core.faults import FaultList


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the settings table.

    Parameters:
        name: plain lower-case name.
        default: its type is the setting's type; None: text or None.
        help: one sentence for the reference.
        secret: never printed.
    """

    name: str
    default: Any
    help: str
    secret: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting("title", "aiocms", "The site's name, shown in titles, navigation and the admin."),
    Setting("apps", (), "Bundled apps and installed packages, lowest first, e.g. ['admin', 'auth', 'shop']."),
    Setting("debug", False, "Development mode: tracebacks in the browser, files read anew on each request."),
    Setting("database", None, "MongoDB URI; without it an embedded mongod runs in var/mongo.", secret=True),
    Setting("database_name", "aiocms", "Name of the database."),
    Setting("database_timeout", 3.0, "Seconds to look for a database server before a page answers 503."),
    Setting("database_pool", 50, "Greatest number of connections to the database in one process."),
    Setting("mongod_cache_mb", 256, "Memory that the embedded mongod may use as its cache, in MiB."),
    Setting("var", "var", "Folder of run-time files (key, embedded database), relative to the site."),
    Setting("secret_key", None, "Key of signatures; without it one is made in var/secret_key.", secret=True),
    Setting("site_url", "", "Public address such as https://example.org; used for links in mails and feeds."),
    Setting(
        "allowed_hosts", (), "Host names this site answers to; empty: any (with site_url: only its host)."
    ),
    Setting("host", "127.0.0.1", "Address that `aiocms run` listens on."),
    Setting("port", 8080, "Port that `aiocms run` listens on."),
    Setting("languages", ("en", "ru"), "Languages offered, the default first."),
    Setting("time_zone", "UTC", "Time zone of people who chose none, e.g. Europe/Berlin."),
    Setting("body_limit", 2 * 1024 * 1024, "Greatest size of a request's body, in bytes."),
    Setting("body_timeout", 30.0, "Seconds in which a request's whole body must have come."),
    Setting("max_fields", 1000, "Greatest number of fields in a form."),
    Setting("shutdown_timeout", 20.0, "Seconds given to running requests when the server stops."),
    Setting("trusted_proxies", 0, "How many proxies in front set X-Forwarded-For, -Proto and -Host."),
    Setting(
        "debugtoolbar", False, "Show aiohttp_debugtoolbar; works only with debug and when it is installed."
    ),
    Setting("log_level", "INFO", "Least level of log lines written."),
    Setting("secure_cookies", True, "False only for development over plain http: no Secure, no __Host-."),
    Setting("session_idle", 14 * 24 * 3600, "Seconds without a request after which a session ends."),
    Setting("session_lifetime", 30 * 24 * 3600, "Seconds after login at which a session ends in any case."),
    Setting(
        "theme",
        {},
        "Tokens of the look: accent, mark, paper, radius, size, font, mono, density; see the how-to.",
    ),
    Setting("logo", None, "Static file of the logo, e.g. 'logo.svg' in static/ of the site."),
    Setting("csp", {}, "Directives that replace or add to the Content-Security-Policy, {'img-src': …}."),
    Setting("hsts", 365 * 24 * 3600, "max-age of Strict-Transport-Security on https, in seconds; 0: none."),
)


class Settings:
    """The settings of one site: read by attribute, never changed, secrets never shown."""

    __slots__ = ("_secrets", "_values")

    def __init__(self, values: Mapping[str, Any], secrets: Iterable[str] = ()) -> None:
        object.__setattr__(self, "_values", dict(values))
        object.__setattr__(self, "_secrets", frozenset(secrets))

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            nearest = find_nearest(name, self._values)
            hint = f"; did you mean {nearest!r}?" if nearest else ""
            raise AttributeError(f"There is no setting {name!r}{hint}") from None

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Settings are frozen: set {name!r} in settings.py or AIOCMS_{name.upper()}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def show(self, name: str) -> str:
        """A setting's value as text; a secret that is set shows as dots."""
        value = getattr(self, name)
        return "…" if name in self._secrets and value else repr(value)

    def __repr__(self) -> str:
        return f"Settings({', '.join(f'{name}={self.show(name)}' for name in self)})"


def load_settings(
    site: Path,
    given: Mapping[str, Any],
    overrides: Mapping[str, Any],
    rows: Iterable[Setting],
    faults: FaultList,
) -> Settings:
    """The settings of the site.

    Parameters:
        site: the site's folder.
        given: the names of the site's ``settings.py``, as ``read_settings_file`` gives them.
        overrides: arguments of ``create_app``.
        rows: the table: ``SETTINGS`` and the rows of apps.
        faults: gets unknown names and values of a wrong type.

    Returns:
        Frozen settings; ``var`` is an absolute path, ``site`` the folder.
    """
    table = {row.name: row for row in rows}
    file = str(site / "settings.py")
    values: dict[str, Any] = {row.name: row.default for row in table.values()}
    sources: list[tuple[str, Mapping[str, Any]]] = [
        (file, given),
        ("the environment", _read_environment(table, faults)),
        ("create_app(...)", overrides),
    ]
    for where, names in sources:
        for name, value in names.items():
            row = table.get(name)
            if row is None:
                _add_unknown(name, where, table, faults)
                continue
            try:
                values[name] = _convert(row, value)
            except ValueError as error:
                faults.add("core.E002", f"Setting {name!r} {error}, got {value!r}", where)
    values["var"] = (site / str(values["var"])).resolve()
    values["site"] = site
    return Settings(values, (row.name for row in table.values() if row.secret))


def read_settings_file(module: types.ModuleType | None) -> dict[str, Any]:
    """The plain lower-case names of a loaded ``settings.py``; modules and functions are not settings.

    Returns:
        Name to value, in the order of the file.
    """
    if module is None:
        return {}
    return {
        name: value
        for name, value in vars(module).items()
        if name.islower()
        and not name.startswith("_")
        and not isinstance(value, types.ModuleType | types.FunctionType | types.BuiltinFunctionType | type)
    }


def _add_unknown(name: str, where: str, table: Mapping[str, Setting], faults: FaultList) -> None:
    nearest = find_nearest(name, table)
    hint = f"did you mean {nearest!r}?" if nearest else "`aiocms check --settings` lists all settings"
    faults.add("core.E001", f"Unknown setting {name!r}", where, hint)


def _read_environment(table: Mapping[str, Setting], faults: FaultList) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for variable, text in os.environ.items():
        if not variable.startswith("AIOCMS_"):
            continue
        name = variable.removeprefix("AIOCMS_").lower()
        row = table.get(name)
        if row is None and variable.startswith("AIOCMS_TEST_"):
            continue  # what a site's own tests are told: which database, which browser
        if row is None:
            _add_unknown(name, f"the environment, {variable}", table, faults)
            continue
        found[name] = _parse(row, text)
    return found


def _parse(row: Setting, text: str) -> Any:
    """A setting's value from the text of an environment variable."""
    if isinstance(row.default, bool):
        return {"1": True, "true": True, "yes": True, "on": True}.get(
            text.lower(), text.lower() not in _OFF and text
        )
    if isinstance(row.default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if isinstance(row.default, dict | list):
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError):
            return text
    return text


_OFF = frozenset(("", "0", "false", "no", "off"))


def _convert(row: Setting, value: Any) -> Any:
    """The value in its row's type.

    Raises:
        ValueError: it does not fit; the text says what is wanted.
    """
    default = row.default
    _check_text(value)
    if row.name == "site_url" and value and not _is_site_url(value):
        raise ValueError("must be an address such as 'https://example.org'")
    if default is None:
        if value is None or isinstance(value, str):
            return value or None
        raise ValueError("must be text or None")
    if isinstance(default, bool):
        if isinstance(value, bool):
            return value
        raise ValueError("must be True or False")
    if isinstance(default, tuple):
        if isinstance(value, list | tuple | set | frozenset):
            if row in SETTINGS and row.name != "apps" and not all(isinstance(one, str) for one in value):
                raise ValueError("must hold texts only")
            return tuple(value)
        raise ValueError("must be a list or a tuple")
    if isinstance(default, int | float):
        return _convert_number(type(default), value)
    if isinstance(default, str) and isinstance(value, Path):
        return str(value)
    if not isinstance(value, type(default)):
        raise ValueError(f"must be {type(default).__name__}")
    return value


def _convert_number(kind: type[int] | type[float], value: Any) -> int | float:
    if isinstance(value, bool):
        raise ValueError("must be a number")
    try:
        number = kind(value)
    except (TypeError, ValueError, OverflowError):
        raise ValueError("must be a number" if kind is float else "must be a whole number") from None
    if number < 0:
        raise ValueError("must not be negative")
    if not number <= _MOST:  # NaN is not, either
        raise ValueError(f"must not be more than {_MOST:,}")
    return number


# Seconds that are more than a date can be away would fail at the first request, not here.
_MOST = 10_000_000_000


def _check_text(value: Any) -> None:
    for one in value if isinstance(value, list | tuple | set | frozenset) else (value,):
        if isinstance(one, str) and ("\0" in one or any("\ud800" <= char <= "\udfff" for char in one)):
            raise ValueError("must be text without NUL and without halves of characters")


def _is_site_url(value: Any) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except (ValueError, TypeError, AttributeError):
        return False
