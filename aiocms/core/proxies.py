"""What the visitor asked for, seen through the proxies in front.

``X-Forwarded-For``, ``-Proto`` and ``-Host`` are anybody's to send. Only as many hops as the setting
``trusted_proxies`` counts are believed, from the right; with 0 the headers are not looked at.

Source: allauth's notices on X-Forwarded-For; CVE-2026-3902 (header spoofing).
"""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What the trusted proxies say of the visitor; None where they say nothing."""

    remote: str | None = None
    scheme: str | None = None
    host: str | None = None


_NOTHING = Forwarded()


def read_forwarded(headers: Mapping[str, str], trusted: int) -> Forwarded:
    """The visitor's address, scheme and host as the outermost trusted proxy saw them.

    Parameters:
        headers: of the request, in any case of letters.
        trusted: how many proxies are ours.
    """
    if trusted <= 0:
        return _NOTHING
    scheme = (_pick(headers.get("X-Forwarded-Proto"), trusted) or "").lower()
    host = _pick(headers.get("X-Forwarded-Host"), trusted)
    return Forwarded(
        remote=_read_address(_pick(headers.get("X-Forwarded-For"), trusted)),
        scheme=scheme if scheme in ("http", "https") else None,
        host=host if host and is_host(host) else None,
    )


def is_host(text: str) -> bool:
    """Whether the text has the form of a Host header."""
    return _HOST.fullmatch(text) is not None


@functools.lru_cache(maxsize=1024)
def is_allowed_host(host: str, allowed: tuple[str, ...], site_url: str = "") -> bool:
    """Whether this site answers to the host.

    Parameters:
        host: the Host header.
        allowed: names without port; ``.example.org`` and ``*.example.org`` mean the name and all below it.
            None given: the host of ``site_url``, and this machine's own names; without that any host.
    """
    if not is_host(host):
        return False
    name = _strip_port(host).lower().rstrip(".")
    names = [one.lower() for one in allowed]
    if not names:
        if not site_url:
            return True
        names = [(urlsplit(site_url).hostname or "").lower(), "localhost", "127.0.0.1", "[::1]"]
    return any(_matches(name, one) for one in names)


def _matches(name: str, pattern: str) -> bool:
    if pattern == "*":
        return True
    if pattern.startswith(("*.", ".")):
        domain = pattern.lstrip("*.")
        return name == domain or name.endswith(f".{domain}")
    return name == pattern


def _strip_port(host: str) -> str:
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


def _pick(value: str | None, trusted: int) -> str | None:
    """The entry that the outermost trusted proxy wrote; a proxy that overwrites leaves only one."""
    entries = [entry.strip() for entry in (value or "").split(",") if entry.strip()]
    return entries[-min(trusted, len(entries))] if entries else None


def _read_address(text: str | None) -> str | None:
    if text is None:
        return None
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None
