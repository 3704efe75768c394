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
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pymongo
from pymongo.errors import ConnectionFailure, OperationFailure, PyMongoError

from aiocms.core.mongod_binary import REPLICA_SET, find_free_port, find_mongod, is_free, launch
from aiocms.core.mongod_files import LOG_LIMIT, MongodError, MongodFiles, State, try_lock

log = logging.getLogger("aiocms.mongod")

Client = pymongo.MongoClient[dict[str, Any]]

ANSWER_TIMEOUT = 10.0


class EmbeddedMongod:
    """The mongod of one folder, as seen by one process of the site.

    Parameters:
        folder: ``var/mongo`` of the site.
        cache_mb: memory for its cache.
        binary: the program; found by itself when not given.
    """

    def __init__(self, folder: Path, *, cache_mb: int = 256, binary: Path | None = None) -> None:
        self.files = MongodFiles(folder)
        self._cache_mb = cache_mb
        self._binary = binary
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
                with _connect(state, "owner") as client:
                    client.admin.command("logRotate", 1)

    def owner_uri(self) -> str:
        """The URI of the server's owner, who may do everything; for tools and tests.

        Raises:
            MongodError: the server never ran.
        """
        state = self.files.read_state()
        if state is None:
            raise MongodError(f"{str(self.files.folder)!r} holds no database yet.")
        return _uri(state, "owner")

    def _ensure(self) -> str:
        end = time.monotonic() + ANSWER_TIMEOUT
        while True:
            state = self.files.read_state()
            if state is None or self.files.running_pid() is None or self._is_dying(state):
                state = self._start(state)
            try:
                _prepare(state)
                return _uri(state, "site")
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
            if launch(binary, self.files, state.port, self._cache_mb):
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
        with suppress(PyMongoError), _connect(state, "owner") as client:
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


_AUTHENTICATION_FAILED = 18
_UNAUTHORIZED = 13
_ALREADY_INITIALIZED = 23
_NOT_YET_INITIALIZED = 94
_SITE_ROLES = ("readWriteAnyDatabase", "dbAdminAnyDatabase", "clusterMonitor")


def _uri(state: State, user: str) -> str:
    password = state.owner_password if user == "owner" else state.site_password
    return (
        f"mongodb://{user}:{password}@127.0.0.1:{state.port}/"
        f"?authSource=admin&authMechanism=SCRAM-SHA-256&replicaSet={REPLICA_SET}"
    )


def _connect(state: State, user: str | None) -> Client:
    # Direct: the server may still carry its old port in its own configuration.
    address = _uri(state, user).partition("&replicaSet")[0] if user else f"mongodb://127.0.0.1:{state.port}/"
    return pymongo.MongoClient(
        address,
        directConnection=True,
        serverSelectionTimeoutMS=1000,
        connectTimeoutMS=1000,
        socketTimeoutMS=20000,
    )


def _prepare(state: State) -> None:
    """Make the running server ours: replica set of this port, primary, both users there. May be repeated."""
    try:
        with _connect(state, "owner") as client:
            _check_member(client, state.port)
    except OperationFailure as error:
        if error.code != _AUTHENTICATION_FAILED:
            raise
        _initiate(state)
    with _connect(state, "owner") as client:
        _wait_for_primary(client)
        _grant_site_user(client, state)


def _check_member(client: Client, port: int) -> None:
    """Tell the one-node replica set its new port, when it has one."""
    config = _read_config(client)
    member = config["members"][0]
    if member["host"] == f"127.0.0.1:{port}":
        return
    member["host"] = f"127.0.0.1:{port}"
    config["version"] += 1
    client.admin.command("replSetReconfig", config, force=True)


def _read_config(client: Client, seconds: float = 60.0) -> dict[str, Any]:
    """The replica set's configuration; mongod loads it shortly after it begins to listen."""
    end = time.monotonic() + seconds
    while True:
        try:
            config: dict[str, Any] = client.admin.command("replSetGetConfig")["config"]
            return config
        except OperationFailure as error:
            if error.code != _NOT_YET_INITIALIZED or time.monotonic() > end:
                raise
        time.sleep(0.02)


def _initiate(state: State) -> None:
    """First start: make the replica set and its owner through MongoDB's localhost exception."""
    with _connect(state, None) as client:
        config = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": f"127.0.0.1:{state.port}"}]}
        try:
            client.admin.command("replSetInitiate", config)
        except OperationFailure as error:
            if error.code not in (_ALREADY_INITIALIZED, _UNAUTHORIZED):
                raise
        _wait_for_primary(client)
        try:
            client.admin.command(
                "createUser", "owner", pwd=state.owner_password, roles=["root"], mechanisms=["SCRAM-SHA-256"]
            )
        except OperationFailure as error:
            raise MongodError(
                "The passwords in var/mongo/state.json do not fit the database in var/mongo/data. "
                "Bring both back from one backup; or, to begin with an empty database, move var/mongo away."
            ) from error


def _wait_for_primary(client: Client, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not client.admin.command("hello").get("isWritablePrimary"):
        if time.monotonic() > end:
            raise MongodError("The embedded mongod runs but did not become primary; see mongod.log.")
        time.sleep(0.02)


def _grant_site_user(client: Client, state: State) -> None:
    """The user of the site: reads and writes data, may not change users or stop the server."""
    if client.admin.command("usersInfo", "site")["users"]:
        return
    client.admin.command(
        "createUser", "site", pwd=state.site_password, roles=list(_SITE_ROLES), mechanisms=["SCRAM-SHA-256"]
    )
