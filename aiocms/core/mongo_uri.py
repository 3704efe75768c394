"""The address of the database: checked before use, shown without its password, with the client's options."""

from __future__ import annotations

import re
import warnings
from typing import Any

from pymongo.errors import PyMongoError
from pymongo.uri_parser import parse_uri

from aiocms.core.errors import AiocmsError
from aiocms.core.faults import FaultList

DEFAULT_NAME = "aiocms"


def check_uri(settings: Any, faults: FaultList) -> None:
    """Note a fault when ``settings.database`` or ``settings.database_name`` cannot be used; no network."""
    uri = settings.database
    if uri:
        try:
            parse(uri)
        except AiocmsError as error:
            faults.add(
                "core.E060",
                str(error),
                "settings.py",
                "docs/reference/database.md says how an address is written",
            )
    wrong = find_name_fault(settings.database_name)
    if wrong:
        message = f"Setting 'database_name' {settings.database_name!r} {wrong}"
        faults.add("core.E061", message, "settings.py", "use letters, digits, - and _")


def parse(uri: str) -> dict[str, Any]:
    """The parts of a MongoDB address, without asking DNS.

    Returns:
        What ``pymongo.uri_parser.parse_uri`` gives; of ``mongodb+srv`` the name of the service.
    Raises:
        AiocmsError: it is not a good address.
    """
    plain = re.sub(r"^mongodb\+srv://", "mongodb://", uri)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            parts = dict(parse_uri(plain))
            if parts.get("collection"):
                raise ValueError("the database's name must not hold a dot")
            return parts
        except (PyMongoError, ValueError, TypeError, OSError, Warning) as error:
            raise AiocmsError(
                f"Bad database address {hide_password(uri)!r}: {_explain(uri, error)}"
            ) from None


def get_client_options(uri: str, settings: Any) -> dict[str, Any]:
    """Keyword arguments of the driver's client; what the address says itself is left out and so wins."""
    seconds = settings.database_timeout
    options = {
        "appname": "aiocms",
        "w": "majority",
        "journal": True,
        "retryWrites": True,
        "retryReads": True,
        "maxPoolSize": int(settings.database_pool) or 50,
        "waitQueueTimeoutMS": int(seconds * 1000),
        "serverSelectionTimeoutMS": int(seconds * 1000),
        # A server that is frozen or cut off, not just down, is noticed after the sum of these two; with the
        # wait for another server a page then answers within 5 s.
        "connectTimeoutMS": min(int(seconds * 1000) or 1400, 1400),
        "heartbeatFrequencyMS": 500,
        "tz_aware": True,
        "uuidRepresentation": "standard",
        # Dates beyond Python's years 1 to 9999 come as bson.DatetimeMS instead of as an error.
        "datetime_conversion": "DATETIME_AUTO",
    }
    given = {name.lower() for name in parse(uri)["options"]}
    if "w" in given:
        options.pop("journal")  # w=0 with journal contradict each other
    return {name: value for name, value in options.items() if name.lower() not in given}


def get_database_name(uri: str, name: str) -> str:
    """The database to use: ``database_name`` when set, else the one of the address, else "aiocms"."""
    if name != DEFAULT_NAME:
        return name
    return parse(uri).get("database") or DEFAULT_NAME


def hide_password(uri: str) -> str:
    """The address with "…" for its password, also when it is malformed."""
    scheme, mark, rest = uri.rpartition("://")
    login, at, hosts = rest.rpartition("@")
    if not at:
        return uri
    user = login.partition(":")[0]
    return f"{scheme}{mark}{user}:…@{hosts}"


def find_name_fault(name: str) -> str | None:
    """Why MongoDB would refuse a database of this name, as the end of a sentence; None when it would not."""
    if not name:
        return "is empty"
    bad = sorted(set(name) & set('/\\. "$*<>:|?\0'))
    if bad:
        return f"holds {bad[0]!r}"
    return "is longer than 63 bytes" if len(name.encode()) > 63 else None


def _explain(uri: str, error: Exception) -> str:
    """The driver's words, unless they could hold a piece of the password."""
    login = uri.rpartition("@")[0].rpartition("://")[2]
    pieces = [piece for piece in re.split(r"[:@/?#%]", login.partition(":")[2]) if piece]
    text = str(error).rstrip(".")
    if any(piece in text for piece in pieces) or ("Port" in text and pieces):
        text = "it cannot be read; in user name and password, write @ : / ? # % as %40 %3A %2F %3F %23 %25"
    return text
