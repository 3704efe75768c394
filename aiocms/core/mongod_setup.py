"""A running mongod made ours: its replica set and its two users.

"owner" may do everything and is used here only; "site" reads and writes data.
"""

from __future__ import annotations

import time
from typing import Any

import pymongo
from pymongo.errors import OperationFailure

from aiocms.core.mongod_binary import REPLICA_SET
from aiocms.core.mongod_files import MongodError, State

Client = pymongo.MongoClient[dict[str, Any]]

_AUTHENTICATION_FAILED = 18
_UNAUTHORIZED = 13
_ALREADY_INITIALIZED = 23
_NOT_YET_INITIALIZED = 94
_SITE_ROLES = ("readWriteAnyDatabase", "dbAdminAnyDatabase", "clusterMonitor")


def make_uri(state: State, user: str) -> str:
    """The address for one of the two users, "owner" or "site"."""
    password = state.owner_password if user == "owner" else state.site_password
    return (
        f"mongodb://{user}:{password}@127.0.0.1:{state.port}/"
        f"?authSource=admin&authMechanism=SCRAM-SHA-256&replicaSet={REPLICA_SET}"
    )


def connect(state: State, user: str | None) -> Client:
    """A client for this very server, whatever it believes its address to be; close it."""
    # Direct: the server may still carry its old port in its own configuration.
    address = (
        make_uri(state, user).partition("&replicaSet")[0] if user else f"mongodb://127.0.0.1:{state.port}/"
    )
    return pymongo.MongoClient(
        address,
        directConnection=True,
        serverSelectionTimeoutMS=1000,
        connectTimeoutMS=1000,
        socketTimeoutMS=20000,
    )


def prepare(state: State) -> None:
    """Make the running server ours: replica set of this port, primary, both users there. May be repeated."""
    try:
        with connect(state, "owner") as client:
            _check_member(client, state.port)
    except OperationFailure as error:
        if error.code != _AUTHENTICATION_FAILED:
            raise
        _initiate(state)
    with connect(state, "owner") as client:
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
    with connect(state, None) as client:
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
