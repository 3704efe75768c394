"""Log lines that carry the id of their request and can hold no line of their own.

The id is also in the answer's ``X-Request-ID`` and on the error page, so a visitor's report leads to the
lines of that request. It travels to ``logging`` in a context variable, because a log record knows nothing
of requests.

Source: CVE-2025-48432 (log injection by control characters), ASVS 5.0 16.4.1.
"""

from __future__ import annotations

import contextvars
import logging
import random
import re
import sys

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.http_exceptions import HttpProcessingError

from aiocms.core.keys import REQUEST_ID

LOGGER = logging.getLogger("aiocms")
ACCESS_LOGGER = logging.getLogger("aiocms.access")
SERVER_LOGGER = logging.getLogger("aiohttp.server")
FORMAT = "%(asctime)s %(levelname)s %(request_id)s %(name)s: %(message)s"

_current_id: contextvars.ContextVar[str] = contextvars.ContextVar("aiocms_request_id", default="-")
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CONTROL_BUT_NEWLINE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def start_request(request: web.Request, trusted: bool = False) -> str:
    """Give the request its id.

    Parameters:
        trusted: take over the ``X-Request-ID`` of the proxy in front.
    """
    given = request.headers.get("X-Request-ID", "") if trusted else ""
    # No secret; os.urandom would let go of the GIL, which among the driver's threads costs more than a page.
    made = f"{random.getrandbits(64):016x}"
    request_id = given if _GIVEN_ID.fullmatch(given) else made
    request[REQUEST_ID] = request_id
    _current_id.set(request_id)
    return request_id


def set_up(level: str = "INFO") -> None:
    """Write the log to standard error, unless the program has set up logging by itself.

    Called by ``aiocms run`` and at start-up; a second call changes nothing.
    """
    SERVER_LOGGER.addFilter(calm_down)
    root = logging.getLogger()
    if root.handlers or LOGGER.handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter(FORMAT))
    handler.addFilter(add_request_id)
    root.addHandler(handler)
    root.setLevel(level.upper())


def add_request_id(record: logging.LogRecord) -> bool:
    """A logging filter that passes every record, with ``request_id`` on it."""
    if not hasattr(record, "request_id"):
        record.request_id = _current_id.get()
    return True


def calm_down(record: logging.LogRecord) -> bool:
    """A logging filter that makes one plain line of a request that was no HTTP.

    aiohttp has answered it with 400 and reports it as an error with a traceback, so that whoever sends such
    requests could fill the log and hide what is really wrong.
    """
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    if isinstance(error, HttpProcessingError):
        record.msg, record.args = "%s: %s", (record.getMessage(), error.message.partition("\n")[0][:200])
        record.exc_info = None
        record.levelno, record.levelname = logging.INFO, "INFO"
    return logging.getLogger(record.name).isEnabledFor(record.levelno)


def escape(text: str) -> str:
    """The text with control characters written as escapes, on one line."""
    return _CONTROL.sub(_escape_one, text)


class Formatter(logging.Formatter):
    """One line a record; the lines of a traceback follow indented, so none can pass for a record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        add_request_id(record)
        record.message = escape(record.getMessage())
        if self.usesTime():
            record.asctime = self.formatTime(record, self.datefmt)
        lines = [self.formatMessage(record)]
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        for block in (record.exc_text, self.formatStack(record.stack_info) if record.stack_info else None):
            if block:
                lines.append(_CONTROL_BUT_NEWLINE.sub(_escape_one, block))
        return "\n".join(lines).replace("\n", "\n    ")


class AccessLogger(AbstractAccessLogger):
    """One line for each request: address, request line, status, bytes, milliseconds.

    For ``web.run_app(access_log_class=AccessLogger, access_log=ACCESS_LOGGER)``.
    """

    @property
    def enabled(self) -> bool:
        """Whether the line would be written at all."""
        return self.logger.isEnabledFor(logging.INFO)

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Write the line."""
        self.logger.info(
            '%s "%s %s" %d %d %.1fms "%s"',
            request.remote or "-",
            request.method,
            escape(request.raw_path),
            response.status,
            response.body_length,
            time * 1000,
            escape(request.headers.get("User-Agent", "-")).replace('"', r"\""),
            extra={"request_id": request.get(REQUEST_ID, "-")},
        )


def _escape_one(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode()
