"""The connection: its options, its errors, and how it lives through the death of the server."""

from __future__ import annotations

import asyncio
import datetime
import logging
import os
import signal
import socket
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import bson
import pytest
from pymongo.errors import (
    AutoReconnect,
    DuplicateKeyError,
    ExecutionTimeout,
    NotPrimaryError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
)

from aiocms.core.errors import AiocmsError
from aiocms.core.faults import FaultList
from aiocms.core.indexes import Index
from aiocms.core.mongo import Database, DatabaseAway, Mongo, is_away, open_database
from aiocms.core.mongo_blocking import open_blocking
from aiocms.core.mongo_commands import record_commands
from aiocms.core.mongo_uri import check_uri, get_client_options, get_database_name, hide_password, parse
from aiocms.core.mongod import EmbeddedMongod
from aiocms.core.mongod_files import MongodError
from aiocms.testing import make_settings


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """A folder for an embedded server, of which nothing is left afterwards."""
    yield tmp_path / "var"
    folder = tmp_path / "var" / "mongo"
    assert EmbeddedMongod(folder).destroy_unused() or not folder.exists()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[EmbeddedMongod]:
    """A server "elsewhere", which nobody but the test starts again."""
    server = EmbeddedMongod(tmp_path / "elsewhere")
    await asyncio.to_thread(server.attach)
    yield server
    await asyncio.to_thread(server.ensure)
    await asyncio.to_thread(server.detach)
    server.destroy_unused()


def get_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def send(server: EmbeddedMongod, number: signal.Signals) -> int:
    pid = server.files.running_pid()
    assert pid
    os.kill(pid, number)
    return pid


def all_threads_stand(pid: int) -> bool:
    states = [
        file.read_text().rpartition(")")[2].split()[0] for file in Path(f"/proc/{pid}/task").glob("*/stat")
    ]
    return set(states) == {"T"}


async def wait_until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        # What is waited for happens in another process, so there is no event to wait on.
        while not (await result if asyncio.iscoroutine(result := condition()) else result):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("localhost:27017", "mongodb://"),
        ("postgres://localhost/x", "mongodb://"),
        ("mongodb://", "host"),
        ("mongodb://localhost:99999", "Port"),
        ("mongodb://localhost:abc", "Port"),
        ("mongodb://localhost/?nonsense=1", "nonsense"),
        ("mongodb://localhost/a.b", "dot"),
        ("mongodb://ann:se/cr@et@localhost/x", "%2F"),
        ("mongodb://ann:secr:et@localhost:port/x", "escaped"),
        ("mongodb+srv://", "host"),
    ],
)
def test_bad_address_is_a_fault_that_names_it_without_the_password(uri: str, words: str) -> None:
    faults = FaultList()
    check_uri(make_settings(database=uri), faults)
    (fault,) = faults
    assert fault.id == "core.E060"
    assert words.lower() in fault.message.lower()
    for piece in ("secr", "se/cr", "cr@et"):
        assert piece not in str(fault)


@pytest.mark.parametrize(
    "uri",
    [
        None,
        "mongodb://localhost",
        "mongodb://ann:p%40ss@a:1,b:2/site?replicaSet=rs&tls=true&authSource=admin",
        "mongodb+srv://ann:pass@cluster.invalid/site?retryWrites=true",
        "mongodb://[::1]:27017",
    ],
)
def test_good_address_is_no_fault_and_asks_no_network(uri: str | None) -> None:
    faults = FaultList()
    check_uri(make_settings(database=uri), faults)
    assert not list(faults)


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a.b", "a$b", "x" * 64, "й" * 32])
def test_impossible_database_name_is_a_fault(name: str) -> None:
    faults = FaultList()
    check_uri(make_settings(database_name=name), faults)
    assert [fault.id for fault in faults] == ["core.E061"]


def test_password_is_hidden_in_any_address() -> None:
    assert hide_password("mongodb://ann:secret@host/x") == "mongodb://ann:…@host/x"
    assert hide_password("mongodb://ann:sec@ret@host/x") == "mongodb://ann:…@host/x"
    assert hide_password("mongodb://host/x") == "mongodb://host/x"
    assert "secret" not in hide_password("ann:secret@host")


def test_database_name_is_that_of_the_setting_then_of_the_address() -> None:
    assert get_database_name("mongodb://host/fromuri", "own") == "own"
    assert get_database_name("mongodb://host/fromuri", "aiocms") == "fromuri"
    assert get_database_name("mongodb://host/?w=1", "aiocms") == "aiocms"


def test_options_are_safe_and_the_address_wins() -> None:
    options = get_client_options("mongodb://host", make_settings(database_timeout=1.5, database_pool=7))
    assert (options["w"], options["journal"]) == ("majority", True)
    assert options["retryWrites"] and options["retryReads"]
    assert (options["serverSelectionTimeoutMS"], options["maxPoolSize"], options["appname"]) == (
        1500,
        7,
        "aiocms",
    )
    options = get_client_options("mongodb://host/?w=2&MaxPoolSize=3", make_settings())
    assert not {"w", "journal", "maxPoolSize"} & set(options)


def test_srv_address_is_parsed_without_dns() -> None:
    assert parse("mongodb+srv://ann:pass@cluster.invalid/site")["database"] == "site"


async def test_values_come_as_aware_times_uuids_and_dates_beyond_python(db: Database) -> None:
    moment = datetime.datetime(2026, 5, 4, 3, 2, 1, tzinfo=datetime.UTC)
    far = bson.DatetimeMS(10**15)
    one = uuid.uuid4()
    await db.things.insert_one({"_id": 1, "moment": moment, "far": far, "one": one})
    assert await db.things.find_one({"one": one}) == {"_id": 1, "moment": moment, "far": far, "one": one}
    assert db.client.options.pool_options.appname == "aiocms"
    assert db.write_concern.document == {"w": "majority", "j": True}


def test_database_before_start_is_an_error_that_says_so() -> None:
    with pytest.raises(AiocmsError, match="not started yet"):
        Mongo(make_settings()).db  # noqa: B018 - asking is the test


async def test_start_does_not_block_the_loop(var: Path) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    async with Mongo(make_settings(var=var)) as mongo:
        assert await mongo.ping()
    ticking.cancel()
    assert ticks > 20


async def test_embedded_server_stops_with_the_application(var: Path) -> None:
    async with Mongo(make_settings(var=var)) as mongo:
        await mongo.db.things.insert_one({"_id": 1})
        assert EmbeddedMongod(var / "mongo").files.running_pid()
    assert EmbeddedMongod(var / "mongo").files.running_pid() is None


async def test_two_applications_of_one_process_share_the_embedded_server(var: Path) -> None:
    async with Mongo(make_settings(var=var)) as one:
        async with Mongo(make_settings(var=var)) as two:
            await two.db.things.insert_one({"_id": 1})
        assert await one.db.things.find_one() == {"_id": 1}


async def test_killed_embedded_server_comes_back_by_itself(var: Path) -> None:
    async with Mongo(make_settings(var=var, database_timeout=20.0)) as mongo:
        await mongo.db.things.insert_one({"_id": 1})
        server = EmbeddedMongod(var / "mongo")
        killed = send(server, signal.SIGKILL)
        # The driver waits for a server and tries again: this very operation succeeds.
        assert await mongo.db.things.find_one() == {"_id": 1}
        await mongo.db.things.insert_one({"_id": 2})
        assert server.files.running_pid() not in (None, killed)


async def test_embedded_server_that_comes_back_at_another_port_is_followed(var: Path) -> None:
    async with Mongo(make_settings(var=var)) as mongo:
        await mongo.db.things.insert_one({"_id": 1})
        files = EmbeddedMongod(var / "mongo").files
        state = files.read_state()
        assert state
        with files.exclusive():  # nobody starts it again before the port is taken
            send(EmbeddedMongod(var / "mongo"), signal.SIGKILL)
            await wait_until(lambda: files.running_pid() is None)
            rival = await asyncio.start_server(
                lambda _reader, writer: writer.close(), "127.0.0.1", state.port
            )
        async with rival:
            await wait_until(mongo.ping)
            assert await mongo.db.things.find_one() == {"_id": 1}
            moved = files.read_state()
            assert moved
            assert moved.port != state.port


async def test_start_that_is_interrupted_leaves_no_server(var: Path) -> None:
    starting = asyncio.create_task(Mongo(make_settings(var=var)).start())
    await wait_until((var / "mongo" / "state.json").exists)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert EmbeddedMongod(var / "mongo").files.running_pid() is None


async def test_failing_embedded_server_fails_the_start_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file in the way")
    with pytest.raises(MongodError, match="writable"):
        await Mongo(make_settings(var=tmp_path / "var")).start()


async def test_server_elsewhere_that_is_away_is_reported_as_away_and_recovers(server: EmbeddedMongod) -> None:
    settings = make_settings(database=server.owner_uri(), database_timeout=0.5)
    async with Mongo(settings) as mongo:
        await mongo.db.things.insert_one({"_id": 1})
        send(server, signal.SIGKILL)
        with pytest.raises(PyMongoError) as caught:
            await mongo.db.things.find_one()
        assert is_away(caught.value)
        assert not await mongo.ping()
        await asyncio.to_thread(server.ensure)
        await wait_until(mongo.ping)
        assert await mongo.db.things.find_one() == {"_id": 1}


async def test_crowd_of_requests_fails_together_and_later_ones_at_once(server: EmbeddedMongod) -> None:
    async with Mongo(make_settings(database=server.owner_uri(), database_timeout=1.0)) as mongo:
        things = mongo.db.things
        await things.insert_one({"_id": 1})
        send(server, signal.SIGKILL)
        crowd = await asyncio.gather(*(things.find_one() for _ in range(500)), return_exceptions=True)
        assert all(isinstance(error, BaseException) and is_away(error) for error in crowd)
        # Five hundred waits, a few at a time, would take minutes; they are given up in the queue.
        assert sum(isinstance(error, WaitQueueTimeoutError) for error in crowd) > 400
        with record_commands() as commands, pytest.raises(DatabaseAway, match="has been away for"):
            await mongo.db.things.find_one()
        assert commands == []
        await asyncio.to_thread(server.ensure)
        await wait_until(mongo.ping)
        assert await mongo.db.things.find_one() == {"_id": 1}


async def test_frozen_server_is_reported_as_away_and_recovers(server: EmbeddedMongod) -> None:
    settings = make_settings(database=server.owner_uri(), database_timeout=0.5)
    async with Mongo(settings) as mongo:
        await mongo.db.things.insert_one({"_id": 1})
        pid = send(server, signal.SIGSTOP)
        try:
            await wait_until(lambda: all_threads_stand(pid))
            with pytest.raises(PyMongoError) as caught:
                await mongo.db.things.find_one()
            assert is_away(caught.value)
        finally:
            send(server, signal.SIGCONT)
        await wait_until(mongo.ping)
        assert await mongo.db.things.find_one() == {"_id": 1}


async def test_application_starts_without_its_database_and_makes_the_indexes_when_it_comes(
    server: EmbeddedMongod, caplog: pytest.LogCaptureFixture
) -> None:
    uri = server.owner_uri()
    send(server, signal.SIGKILL)
    index = Index("things", [("slug", 1)], unique=True)
    with caplog.at_level(logging.WARNING, "aiocms.mongo"):
        async with Mongo(make_settings(database=uri, database_timeout=0.3), [index]) as mongo:
            with pytest.raises((ServerSelectionTimeoutError, DatabaseAway)):
                await mongo.db.things.find_one()
            await asyncio.to_thread(server.ensure)
            await wait_until(lambda: has_index(mongo, "things", "slug_1"))
    assert "is away" in caplog.text
    assert uri.partition("owner:")[2].partition("@")[0] not in caplog.text


async def has_index(mongo: Mongo, collection: str, name: str) -> bool:
    return await mongo.ping() and name in await mongo.db[collection].index_information()


async def test_indexes_are_made_before_the_first_request(mongo_uri: str, db_name: str) -> None:
    settings = make_settings(database=mongo_uri, database_name=db_name)
    async with Mongo(settings, [Index("things", "slug", unique=True)]) as mongo:
        await mongo.db.things.insert_one({"slug": "a"})
        with pytest.raises(DuplicateKeyError):
            await mongo.db.things.insert_one({"slug": "a"})
        await mongo.client.drop_database(db_name)


async def test_conflicting_index_is_told_in_the_log_and_left(
    db: Database, mongo_uri: str, caplog: pytest.LogCaptureFixture
) -> None:
    await db.things.create_index("slug")
    settings = make_settings(database=mongo_uri, database_name=db.name)
    async with Mongo(settings, [Index("things", "slug", unique=True)]):
        pass
    assert "Index 'slug_1' of 'things' has unique=None, but unique=True is declared" in caplog.text
    assert "unique" not in (await db.things.index_information())["slug_1"]


async def test_command_without_its_database_gets_one_plain_error() -> None:
    settings = make_settings(
        database=f"mongodb://ann:secret@127.0.0.1:{get_free_port()}/site", database_timeout=0.3
    )
    with pytest.raises(DatabaseAway) as caught:
        async with open_database(settings):
            pass
    assert "127.0.0.1" in str(caught.value)
    with pytest.raises(AiocmsError) as blocking, open_blocking(settings):
        pass
    for error in (caught, blocking):
        assert "cannot be used" in str(error.value)
        assert "secret" not in str(error.value)
        assert "\n" not in str(error.value)


async def test_wrong_password_is_named_as_such_and_not_shown(mongo_uri: str) -> None:
    user, _colon, rest = mongo_uri.removeprefix("mongodb://").partition(":")
    uri = f"mongodb://{user}:wrongword@{rest.partition('@')[2]}"
    with pytest.raises(DatabaseAway, match="Authentication failed") as caught:
        async with open_database(make_settings(database=uri)):
            pass
    assert "wrongword" not in str(caught.value)


async def test_missing_certificate_file_is_a_plain_error() -> None:
    settings = make_settings(database="mongodb://ann:secret@127.0.0.1/?tls=true&tlsCAFile=/none.pem")
    with pytest.raises(AiocmsError, match=r"none\.pem") as caught:
        await Mongo(settings).start()
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (ServerSelectionTimeoutError("none"), True),
        (AutoReconnect("cut"), True),
        (NotPrimaryError("stepped down"), True),
        (OperationFailure("shutting down", 91), True),
        (OperationFailure("refused", 18), True),
        (MongodError("none to be had"), True),
        (DuplicateKeyError("twice", 11000), False),
        (ExecutionTimeout("slow", 50), False),
        (OperationFailure("bad query", 2), False),
        (ValueError("other"), False),
        (None, False),
    ],
    ids=repr,
)
def test_errors_that_mean_away(error: BaseException | None, away: bool) -> None:
    assert is_away(error) is away


def test_cause_of_an_error_counts() -> None:
    try:
        try:
            raise AutoReconnect("cut")
        except AutoReconnect as cut:
            raise RuntimeError("the view failed") from cut
    except RuntimeError as error:
        assert is_away(error)


async def test_commands_are_recorded_for_the_task_that_asked_only(db: Database) -> None:
    async def work(number: int) -> list[tuple[str, str, Any]]:
        with record_commands() as commands:
            await db.things.insert_one({"_id": number})
            await asyncio.sleep(0)
            await db.things.find({"_id": number}).to_list(None)
        return [(command.name, command.collection, command.body.get("filter")) for command in commands]

    for number, recorded in enumerate(await asyncio.gather(*map(work, range(10)))):
        assert recorded == [("insert", "things", None), ("find", "things", {"_id": number})]


async def test_recorded_command_tells_time_database_and_failure(db: Database) -> None:
    with record_commands() as commands:
        await db.things.count_documents({})
        with pytest.raises(OperationFailure):
            await db.things.find({"$nonsense": 1}).to_list(None)
        async for _document in db.things.aggregate([{"$match": {}}]):
            pass
    await db.things.find_one()
    good, bad, last = commands
    assert (good.name, good.database, good.failure) == ("aggregate", db.name, None)
    assert good.seconds is not None
    assert "nonsense" in str(bad.failure)
    assert last.name == "aggregate"


async def test_later_pages_of_a_cursor_are_recorded_under_their_collection(db: Database) -> None:
    await db.things.insert_many([{"_id": number} for number in range(5)])
    with record_commands() as commands:
        await db.things.find(batch_size=2).to_list(None)
    assert [(command.name, command.collection) for command in commands] == [
        ("find", "things"),
        ("getMore", "things"),
        ("getMore", "things"),
    ]


async def test_large_documents_of_several_writers_do_not_hold_each_other_up(db: Database) -> None:
    # All of them and the log of all of them are in a small cache at once.
    await asyncio.gather(*(db.large.insert_one({"_id": n, "data": os.urandom(15_000_000)}) for n in range(6)))
    assert await db.large.count_documents({}) == 6
