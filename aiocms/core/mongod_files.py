"""The files of the embedded mongod: its folder, its locks, its secrets.

``var/mongo/`` holds ``data/`` (mongod's own), ``keyfile``, ``state.json`` (port and passwords),
``mongod.log`` and two lock files. The kernel frees a lock when its process dies, however it dies, so no
process id is kept that could be recycled:

* ``lock`` is held, exclusively and briefly, by whoever looks at the server or changes it;
* ``users`` is held, shared, by every process of the site as long as it uses the server. Who can get it
  exclusively is the last one;
* ``data/mongod.lock`` is held by a running mongod, and holds its process id.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Self

from aiocms.core.errors import AiocmsError

LOG_LIMIT = 16 * 1024 * 1024


class MongodError(AiocmsError):
    """The embedded MongoDB cannot be had; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class State:
    """What must be known to reach the server: its port and the passwords of its two users."""

    port: int
    owner_password: str
    site_password: str

    @classmethod
    def make(cls, port: int) -> Self:
        """A state with new passwords."""
        return cls(port, secrets.token_urlsafe(32), secrets.token_urlsafe(32))

    def with_port(self, port: int) -> State:
        """The same at another port."""
        return replace(self, port=port)

    def __repr__(self) -> str:
        return f"State(port={self.port})"


class MongodFiles:
    """The folder ``var/mongo`` of one site."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.keyfile = self.folder / "keyfile"
        self.state = self.folder / "state.json"
        self.log = self.folder / "mongod.log"

    def make(self) -> None:
        """Make the folder and the key file where they are missing.

        Raises:
            MongodError: the place cannot be written to.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.data.mkdir(exist_ok=True, mode=0o700)
            self.open_lock("lock").close()
            if not self.keyfile.exists():
                with self.exclusive():  # several processes may start at once, and only one key may win
                    if not self.keyfile.exists():
                        write_private(self.keyfile, base64.b64encode(secrets.token_bytes(384)).decode())
        except OSError as error:
            raise self._unwritable(error) from error

    def read_state(self) -> State | None:
        """The stored state, or None on the first start.

        Raises:
            MongodError: the file is damaged, or is missing although there is a database.
        """
        try:
            return State(**json.loads(self.state.read_text("utf-8")))
        except FileNotFoundError:
            if (self.data / "WiredTiger").exists():
                raise self._lost_state("is missing") from None
            return None
        except (ValueError, TypeError) as error:
            raise self._lost_state("is damaged") from error
        except OSError as error:
            raise self._unwritable(error) from error

    def write_state(self, state: State) -> None:
        """Keep the state, readable by its owner only.

        Raises:
            MongodError: the folder cannot be written.
        """
        try:
            write_private(self.state, json.dumps(asdict(state)))
        except OSError as error:
            raise self._unwritable(error) from error

    def open_lock(self, name: str) -> IO[bytes]:
        """The lock file, open, not yet locked; closing it gives the lock back."""
        return os.fdopen(os.open(self.folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")

    @contextmanager
    def exclusive(self, timeout: float = 150.0) -> Iterator[None]:
        """Keep every other process of the site from looking at or changing the server meanwhile.

        Raises:
            MongodError: another process kept the lock for too long.
        """
        end = time.monotonic() + timeout
        with self._open_or_explain("lock") as file:
            while not try_lock(file, exclusive=True):
                if time.monotonic() > end:
                    raise MongodError(
                        f"Another process holds {str(self.folder / 'lock')!r} for more than {timeout:.0f} s. "
                        f"Find it with `fuser -v {self.folder / 'lock'}` and end it."
                    )
                time.sleep(0.02)
            yield

    def share(self) -> IO[bytes]:
        """A lease on the server: the file ``users``, open and locked with others."""
        file = self._open_or_explain("users")
        fcntl.flock(file, fcntl.LOCK_SH)
        return file

    def running_pid(self) -> int | None:
        """The process id of the mongod that has our data open, or None when there is none.

        Call it with ``exclusive`` held: it takes mongod's lock for a moment.
        """
        try:
            with (self.data / "mongod.lock").open("rb") as file:
                if try_lock(file, exclusive=False):
                    return None
                return int(file.read() or b"0")
        except FileNotFoundError:
            return None

    def log_size(self) -> int:
        """Size of the server's log in bytes; 0 when there is none."""
        try:
            return self.log.stat().st_size
        except OSError:
            return 0

    def set_log_aside(self) -> None:
        """Keep the log as ``mongod.log.1`` and let a new one begin; at most two are kept."""
        with suppress(FileNotFoundError):
            self.log.replace(self.log.with_name("mongod.log.1"))

    def _open_or_explain(self, name: str) -> IO[bytes]:
        try:
            return self.open_lock(name)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> MongodError:
        return MongodError(
            f"The embedded MongoDB cannot use {error.filename or str(self.folder)!r}: {error.strerror}. "
            f"Make {str(self.folder)!r} writable for this user, set `var` to another folder, "
            "or set `database` to the address of a MongoDB server."
        )

    def _lost_state(self, what: str) -> MongodError:
        return MongodError(
            f"{str(self.state)!r}, which holds the passwords of the embedded MongoDB, {what}. Bring it back "
            f"from a backup; or, to begin with an empty database, move {str(self.folder)!r} away."
        )


def try_lock(file: IO[bytes], *, exclusive: bool) -> bool:
    """Lock the open file if nobody else holds it.

    Returns:
        Whether it is locked now.
    Raises:
        MongodError: the file system has no locks.
    """
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise MongodError(
            f"Files in var/mongo cannot be locked: {error.strerror}. Set `var` to a folder on a local disk."
        ) from error
    return True


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
