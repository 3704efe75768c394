"""The embedded MongoDB: a real mongod of the site's own, shared by the site's processes.

It starts with the first process and stops with the last; it lives through a ``kill -9`` of either side.
Everything here blocks: call it in a thread.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from pymongo.errors import ConnectionFailure, PyMongoError

from aiocms.core.mongod_binary import find_free_port, find_mongod, is_free, launch
from aiocms.core.mongod_files import LOG_LIMIT, MongodError, MongodFiles, State, try_lock
from aiocms.core.mongod_setup import connect, make_uri, prepare

log = logging.getLogger("aiocms.mongod")

ANSWER_TIMEOUT = 10.0


class EmbeddedMongod:
    """The mongod of one folder, as seen by one process of the site.

    Parameters:
        folder: ``var/mongo`` of the site.
        cache_mb: memory for its cache.
        binary: the program; found by itself when not given.
        parameters: of mongod besides our own, by name.
    """

    def __init__(
        self,
        folder: Path,
        *,
        cache_mb: int = 256,
        binary: Path | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        self.files = MongodFiles(folder)
        self._cache_mb = cache_mb
        self._binary = binary
        self._parameters = parameters or {}
        self._lease: IO[bytes] | None = None

    def attach(self) -> str:
        """Use the server from now on, starting it when it does not run.

        Returns:
            The URI of the site's user.

        Raises:
            MongodError: it cannot be had.
        """
        self.files.make()
        with self.files.exclusive():
            lease = self.files.share()
            try:
                uri = self._ensure()
            except BaseException:
                lease.close()
                raise
            self._lease = lease
            return uri

    def ensure(self) -> str:
        """Start the server again if it died; costs little when it lives.

        Returns:
            The URI of the site's user; its port may be another than before.
        Raises:
            MongodError: it cannot be had, or this process does not use it.
        """
        with self.files.exclusive():
            if self._lease is None:
                raise MongodError("The embedded mongod is not in use by this process any more.")
            return self._ensure()

    def detach(self) -> None:
        """Use the server no more; stops it when nobody else uses it."""
        lease = self._lease
        if lease is None:
            return
        with lease, self.files.exclusive():
            self._lease = None
            if try_lock(lease, exclusive=True):
                self._stop()

    def destroy_unused(self) -> bool:
        """Stop the server and delete its folder, data and all, unless a living process uses it; for tests.

        Returns:
            Whether it is gone.
        """
        try:
            with self.files.open_lock("lock") as lock, self.files.open_lock("users") as users:
                if not (try_lock(lock, exclusive=True) and try_lock(users, exclusive=True)):
                    return False
                self._stop()
                shutil.rmtree(self.files.folder, ignore_errors=True)
        except (FileNotFoundError, PermissionError):
            return False
        return True

    def tend(self) -> None:
        """Begin a new log file when the old one has grown large."""
        if self.files.log_size() < LOG_LIMIT:
            return
        with self.files.exclusive():
            state = self.files.read_state()
            if state and self.files.running_pid() is not None:
                self.files.set_log_aside()
                with connect(state, "owner") as client:
                    client.admin.command("logRotate", 1)

    def owner_uri(self) -> str:
        """The URI of the server's owner, who may do everything; for tools and tests.

        Raises:
            MongodError: the server never ran.
        """
        state = self.files.read_state()
        if state is None:
            raise MongodError(f"{str(self.files.folder)!r} holds no database yet.")
        return make_uri(state, "owner")

    def _ensure(self) -> str:
        end = time.monotonic() + ANSWER_TIMEOUT
        while True:
            state = self.files.read_state()
            if state is None or self.files.running_pid() is None or self._is_dying(state):
                state = self._start(state)
            try:
                prepare(state)
                return make_uri(state, "site")
            except ConnectionFailure as error:
                # It may have been killed a moment ago and still hold its lock: look again.
                if time.monotonic() > end:
                    raise self._silent(state, error) from error
            except PyMongoError as error:
                raise self._silent(state, error) from error

    def _silent(self, state: State, error: PyMongoError) -> MongodError:
        return MongodError(
            f"The embedded mongod (process {self.files.running_pid()}) runs but does not answer rightly on "
            f"127.0.0.1:{state.port}: {type(error).__name__}. {str(self.files.log)!r} may say why; "
            "end that process and start the site again."
        )

    def _is_dying(self, state: State) -> bool:
        """Whether the server, which still holds its lock, no longer listens and is gone in a moment."""
        return is_free(state.port) and self._wait_for_end(5.0)

    def _start(self, state: State | None) -> State:
        binary = self._binary or find_mongod()
        if state is None:
            state = State.make(find_free_port())
            # Written first: a database whose passwords nobody knows must never come to be.
            self.files.write_state(state)
        _wait_for_port(state.port)
        for _attempt in range(5):
            if launch(binary, self.files, state.port, self._cache_mb, self._parameters):
                return state
            log.warning("Port %d is taken; the embedded mongod takes another.", state.port)
            state = state.with_port(find_free_port())
            self.files.write_state(state)
        raise MongodError("The embedded mongod found no free port on 127.0.0.1 in five attempts.")

    def _stop(self) -> None:
        pid = self.files.running_pid()
        state = self.files.read_state()
        if pid is None or state is None:
            return
        with suppress(PyMongoError), connect(state, "owner") as client:
            client.admin.command("shutdown", force=True, timeoutSecs=0)
        if not self._wait_for_end(10.0):
            with suppress(OSError):
                os.kill(pid, signal.SIGTERM)
            if not self._wait_for_end(10.0):
                log.error("The embedded mongod (process %d) does not stop.", pid)
                return
        _wait_for_port(state.port)

    def _wait_for_end(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while self.files.running_pid() is not None:
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True


def _wait_for_port(port: int, seconds: float = 3.0) -> None:
    """Give the server before us, which may be ending still, time to leave the port."""
    end = time.monotonic() + seconds
    while not is_free(port) and time.monotonic() < end:
        time.sleep(0.02)
