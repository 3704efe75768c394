"""The MongoDB commands of a request, for the debug panel and for tests.

The driver runs a command in a thread with a copy of the caller's context, so a context variable tells to
whom a command belongs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from pymongo import monitoring


@dataclass(slots=True)
class Command:
    """One command that was sent.

    Parameters:
        name: find, insert, aggregate, …
        database: name of the database.
        body: the command as sent.
        seconds: how long it took; None while it runs.
        failure: the server's or the network's error, or None.
    """

    name: str
    database: str
    body: dict[str, Any]
    seconds: float | None = None
    failure: str | None = None

    @property
    def collection(self) -> str:
        """The collection it works on, or "" when on none."""
        value = self.body.get("collection" if self.name == "getMore" else self.name)
        return value if isinstance(value, str) else ""


@contextmanager
def record_commands() -> Iterator[list[Command]]:
    """Record the commands sent inside the ``with`` block by this task and by tasks it starts there.

    Returns:
        The list of them, which grows meanwhile.
    """
    commands: list[Command] = []
    token = _recording.set(_Recording(commands, {}))
    try:
        yield commands
    finally:
        _recording.reset(token)


@dataclass(frozen=True, slots=True)
class _Recording:
    commands: list[Command]
    open: dict[int, Command]


_recording: ContextVar[_Recording | None] = ContextVar("aiocms_mongo_commands", default=None)


# What the driver sends for itself, when it happens to open a connection or to end.
_HANDSHAKE = frozenset(("saslStart", "saslContinue", "hello", "isMaster", "endSessions", "killCursors"))


class CommandRecorder(monitoring.CommandListener):
    """The driver's listener that fills the lists of ``record_commands``; costs nothing where none is open."""

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        recording = _recording.get()
        if recording is not None and event.command_name not in _HANDSHAKE:
            command = Command(event.command_name, event.database_name, dict(event.command))
            recording.open[event.request_id] = command
            recording.commands.append(command)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        self._end(event, None)

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        failure = event.failure
        self._end(event, str(failure.get("errmsg") or failure.get("errorMessage") or failure))

    def _end(self, event: Any, failure: str | None) -> None:
        recording = _recording.get()
        command = recording.open.pop(event.request_id, None) if recording else None
        if command is not None:
            command.seconds = event.duration_micros / 1_000_000
            command.failure = failure
