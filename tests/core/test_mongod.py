"""The embedded mongod: started, shared, found again, stopped; and what it says when it cannot be had."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pymongo
import pytest
from pymongo.errors import OperationFailure, PyMongoError

from aiocms.core.mongod import EmbeddedMongod
from aiocms.core.mongod_binary import find_free_port, find_mongod, launch
from aiocms.core.mongod_files import LOG_LIMIT, MongodError, MongodFiles, State

MakeServer = Callable[..., EmbeddedMongod]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "my site" / "var" / "mongo"


@pytest.fixture
def make_server(folder: Path) -> Iterator[MakeServer]:
    """Gives servers of one folder; nothing of them is left afterwards."""
    servers: list[EmbeddedMongod] = []

    def make(where: Path = folder, **options: Any) -> EmbeddedMongod:
        servers.append(EmbeddedMongod(where, **options))
        return servers[-1]

    yield make
    for server in servers:
        server.detach()
    for server in servers:
        assert server.destroy_unused() or not server.files.folder.exists()


@pytest.fixture
def start_process(folder: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts processes that use the folder's server until their stdin ends, and are ready when this returns."""
    processes: list[subprocess.Popen[str]] = []
    code = (
        "import sys; from pathlib import Path; from aiocms.core.mongod import EmbeddedMongod\n"
        "server = EmbeddedMongod(Path(sys.argv[1])); print(server.attach(), flush=True)\n"
        "sys.stdin.read(); server.detach()"
    )

    def start() -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(folder)], stdin=pipe, stdout=pipe, text=True, cwd=Path.cwd()
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def get_pid(server: EmbeddedMongod) -> int | None:
    return server.files.running_pid()


def insert(uri: str, value: int) -> None:
    with pymongo.MongoClient[dict[str, Any]](uri) as client:
        client.app.things.insert_one({"_id": value})


def read(uri: str) -> list[int]:
    with pymongo.MongoClient[dict[str, Any]](uri) as client:
        return [document["_id"] for document in client.app.things.find(sort=[("_id", 1)])]


def kill(pid: int | None) -> None:
    assert pid
    os.kill(pid, signal.SIGKILL)


def wait_for_end(server: EmbeddedMongod) -> None:
    while get_pid(server) is not None:
        time.sleep(0.01)


def test_server_is_a_replica_set_with_login_journal_and_no_javascript(make_server: MakeServer) -> None:
    server = make_server()
    uri = server.attach()
    with pymongo.MongoClient[dict[str, Any]](server.owner_uri()) as client:
        assert client.admin.command("hello")["setName"] == "aiocms"
        options = client.admin.command("getCmdLineOpts")["parsed"]
        assert client.admin.command("serverStatus")["wiredTiger"]["log"]["log write operations"] >= 0
    assert options["net"]["bindIp"] == "127.0.0.1"
    assert options["net"]["unixDomainSocket"]["enabled"] is False
    with pymongo.MongoClient[dict[str, Any]](uri) as client:
        client.app.things.insert_one({"a": 1})
        with pytest.raises(OperationFailure, match=r"globalScriptEngine|(?i:javascript|scripting)"):
            list(client.app.things.find({"$where": "true"}))


def test_stranger_on_the_machine_gets_nothing(make_server: MakeServer) -> None:
    server = make_server()
    uri = server.attach()
    port = uri.rpartition("@")[2].partition("/")[0]
    with pymongo.MongoClient[dict[str, Any]](f"mongodb://{port}", directConnection=True) as client:
        with pytest.raises(OperationFailure, match="requires authentication"):
            client.app.things.find_one()
        with pytest.raises(OperationFailure):
            client.admin.command("createUser", "me", pwd="x", roles=["root"])


def test_server_listens_on_one_loopback_address_only(make_server: MakeServer) -> None:
    server = make_server()
    server.attach()
    state = server.files.read_state()
    assert state
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", state.port), timeout=5).close()
    socket.create_connection(("127.0.0.1", state.port), timeout=5).close()


def test_server_does_not_speak_zlib(make_server: MakeServer) -> None:
    server = make_server()
    server.attach()
    with pymongo.MongoClient[dict[str, Any]](server.owner_uri()) as client:
        answer = client.admin.command("hello", compression=["zlib", "snappy"])
        assert answer["compression"] == ["snappy"]
        assert (
            "zlib"
            not in client.admin.command("getCmdLineOpts")["parsed"]["net"]["compression"]["compressors"]
        )


def test_user_of_the_site_may_neither_stop_the_server_nor_make_users(make_server: MakeServer) -> None:
    with pymongo.MongoClient[dict[str, Any]](make_server().attach()) as client:
        for command in ("shutdown", "replSetStepDown"):
            with pytest.raises(OperationFailure, match="not authorized"):
                client.admin.command(command, 1)
        with pytest.raises(OperationFailure, match="not authorized"):
            client.admin.command("createUser", "me", pwd="x", roles=["root"])
        with pytest.raises(OperationFailure, match="not authorized"):
            list(client.admin["system.users"].find())


def test_secrets_are_readable_by_their_owner_only(make_server: MakeServer, folder: Path) -> None:
    make_server().attach()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("keyfile", "state.json", "mongod.log", "lock", "users"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name
    state = make_server().files.read_state()
    assert state
    assert state.owner_password not in repr(state)
    command_line = Path(f"/proc/{get_pid(make_server())}/cmdline").read_text()
    assert state.owner_password not in command_line
    assert state.site_password not in command_line


def test_server_is_in_a_session_of_its_own(make_server: MakeServer) -> None:
    server = make_server()
    server.attach()
    pid = get_pid(server)
    assert pid
    assert os.getsid(pid) != os.getsid(0)
    assert os.getpgid(pid) != os.getpgid(0)


def test_data_are_there_after_stop_and_start(make_server: MakeServer) -> None:
    first = make_server()
    insert(first.attach(), 1)
    first.detach()
    assert get_pid(first) is None
    assert read(make_server().attach()) == [1]


def test_acknowledged_write_survives_kill_of_the_server(make_server: MakeServer) -> None:
    server = make_server()
    uri = server.attach()
    for number in range(20):
        insert(uri, number)
    kill(get_pid(server))
    assert server.ensure() == uri
    assert read(uri) == list(range(20))


def test_ensure_leaves_a_living_server_alone(make_server: MakeServer) -> None:
    server = make_server()
    uri = server.attach()
    pid = get_pid(server)
    assert server.ensure() == uri
    assert get_pid(server) == pid


def test_processes_share_one_server_and_the_last_stops_it(
    make_server: MakeServer, start_process: Callable[[], subprocess.Popen[str]]
) -> None:
    one, two, three = (start_process() for _ in range(3))
    uris = {process.stdout.readline() for process in (one, two, three) if process.stdout}
    assert len(uris) == 1
    server = make_server()
    pid = get_pid(server)
    assert pid
    for process in (one, two):
        process.communicate()
        assert get_pid(server) == pid
    three.communicate()
    assert get_pid(server) is None


def test_server_is_found_again_after_kill_of_the_only_process(
    make_server: MakeServer, start_process: Callable[[], subprocess.Popen[str]]
) -> None:
    process = start_process()
    assert process.stdout
    uri = process.stdout.readline().strip()
    insert(uri, 7)
    server = make_server()
    pid = get_pid(server)
    kill(process.pid)
    process.wait()
    assert get_pid(server) == pid
    assert server.attach() == uri
    assert get_pid(server) == pid
    assert read(uri) == [7]
    server.detach()
    assert get_pid(server) is None, "the killed process still counts as a user"


def test_both_killed_is_no_obstacle(
    make_server: MakeServer, start_process: Callable[[], subprocess.Popen[str]]
) -> None:
    process = start_process()
    assert process.stdout
    uri = process.stdout.readline().strip()
    insert(uri, 7)
    server = make_server()
    kill(process.pid)
    kill(get_pid(server))
    assert read(server.attach()) == [7]


def test_stale_process_id_that_now_belongs_to_another_is_not_taken_for_the_server(
    make_server: MakeServer, folder: Path
) -> None:
    server = make_server()
    insert(server.attach(), 1)
    kill(get_pid(server))
    wait_for_end(server)
    (folder / "data" / "mongod.lock").write_text(f"{os.getpid()}\n")
    assert get_pid(server) is None
    assert read(server.ensure()) == [1]


@pytest.mark.parametrize("cut_after", ["state", "launch", "initiate"])
def test_first_start_that_was_cut_short_is_completed(
    make_server: MakeServer, folder: Path, cut_after: str
) -> None:
    files = MongodFiles(folder)
    files.make()
    state = State.make(find_free_port())
    files.write_state(state)
    if cut_after != "state":
        assert launch(find_mongod(), files, state.port, 256)
    if cut_after == "initiate":
        with pymongo.MongoClient[dict[str, Any]]("127.0.0.1", state.port, directConnection=True) as client:
            members = [{"_id": 0, "host": f"127.0.0.1:{state.port}"}]
            client.admin.command("replSetInitiate", {"_id": "aiocms", "members": members})
    if cut_after == "launch":
        kill(files.running_pid())
    uri = make_server().attach()
    insert(uri, 1)
    assert read(uri) == [1]


def test_server_moves_when_its_port_was_taken_meanwhile(make_server: MakeServer) -> None:
    server = make_server()
    uri = server.attach()
    insert(uri, 1)
    server.detach()
    state = server.files.read_state()
    assert state
    with _Rival(state.port):
        moved = server.attach()
        assert moved != uri
        assert read(moved) == [1]
        insert(moved, 2)
    server.detach()
    assert server.attach() == moved, "the new port is not remembered"
    assert read(moved) == [1, 2]


def test_copied_site_gets_a_server_of_its_own(make_server: MakeServer, folder: Path, tmp_path: Path) -> None:
    original = make_server()
    insert(original.attach(), 1)
    original.detach()
    shutil.copytree(folder, tmp_path / "copy")
    uri = original.attach()
    copy = make_server(tmp_path / "copy")
    copied_uri = copy.attach()
    insert(copied_uri, 2)
    assert read(uri) == [1]
    assert read(copied_uri) == [1, 2]


def test_path_longer_than_a_unix_socket_may_have_works(make_server: MakeServer, tmp_path: Path) -> None:
    long = tmp_path / ("folder " * 30) / ("й" * 100) / "mongo"
    uri = make_server(long).attach()
    insert(uri, 1)
    assert read(uri) == [1]


def test_detached_process_does_not_start_the_server_again(make_server: MakeServer) -> None:
    server = make_server()
    server.attach()
    server.detach()
    server.detach()
    with pytest.raises(MongodError, match="not in use"):
        server.ensure()
    assert get_pid(server) is None


def test_grown_log_is_set_aside_while_the_server_runs(make_server: MakeServer, folder: Path) -> None:
    server = make_server()
    uri = server.attach()
    with (folder / "mongod.log").open("r+b") as file:
        file.truncate(LOG_LIMIT + 1)
    server.tend()
    assert (folder / "mongod.log").stat().st_size < LOG_LIMIT
    assert (folder / "mongod.log.1").stat().st_size > LOG_LIMIT
    insert(uri, 1)
    server.tend()
    assert sorted(path.name for path in folder.glob("mongod.log*")) == ["mongod.log", "mongod.log.1"]


def test_no_mongod_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, make_server: MakeServer) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(importlib.metadata, "distributions", lambda: iter(()))
    with pytest.raises(MongodError) as caught:
        make_server().attach()
    assert "pip install 'aiocms[mongod]'" in str(caught.value)
    assert "`database`" in str(caught.value)


def test_mongod_on_path_comes_before_the_packaged_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    packaged = find_mongod()
    own = tmp_path / "mongod"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_mongod() == own
    assert packaged != own


def test_missing_system_library_is_named(make_server: MakeServer, tmp_path: Path) -> None:
    broken = tmp_path / "mongod"
    broken.write_text(
        "#!/bin/sh\necho 'mongod: error while loading shared libraries: libcurl.so.4: no file' >&2\nexit 127\n"
    )
    broken.chmod(0o755)
    with pytest.raises(MongodError, match=r"libcurl\.so\.4.*apt-get install"):
        make_server(binary=broken).attach()


def test_program_that_is_no_program_is_named(make_server: MakeServer, tmp_path: Path) -> None:
    broken = tmp_path / "mongod"
    broken.write_bytes(b"\0\1\2")
    broken.chmod(0o755)
    with pytest.raises(MongodError, match="cannot be run"):
        make_server(binary=broken).attach()


@pytest.mark.parametrize("where", ["file in the way", "/proc/aiocms"])
def test_place_that_cannot_be_written_is_named_with_remedy(tmp_path: Path, where: str) -> None:
    place = Path(where) if where.startswith("/") else tmp_path / "var" / "mongo"
    if place.is_relative_to(tmp_path):
        (tmp_path / "var").write_text("I am a file")
    with pytest.raises(MongodError) as caught:
        EmbeddedMongod(place).attach()
    assert str(place) in str(caught.value)
    assert "writable" in str(caught.value)
    assert "`database`" in str(caught.value)


@pytest.mark.parametrize("damage", ["missing", "empty", "no json", "other shape"])
def test_lost_passwords_are_an_error_and_the_data_stay(
    make_server: MakeServer, folder: Path, damage: str
) -> None:
    server = make_server()
    insert(server.attach(), 1)
    server.detach()
    state = folder / "state.json"
    good = state.read_text()
    if damage == "missing":
        state.unlink()
    else:
        state.write_text({"empty": "", "no json": "{", "other shape": '{"a": 1}'}[damage])
    with pytest.raises(MongodError, match=r"state\.json.*backup"):
        server.attach()
    assert get_pid(server) is None
    state.write_text(good)
    assert read(server.attach()) == [1]


def test_passwords_of_another_database_are_an_error(make_server: MakeServer, folder: Path) -> None:
    server = make_server()
    insert(server.attach(), 1)
    server.detach()
    state = server.files.read_state()
    assert state
    server.files.write_state(State.make(state.port))
    with pytest.raises(MongodError, match="do not fit"):
        server.attach()
    server.files.write_state(state)
    assert read(server.attach()) == [1]


def test_damaged_data_are_an_error_that_tells_reason_and_remedy(
    make_server: MakeServer, folder: Path
) -> None:
    server = make_server()
    server.attach()
    server.detach()
    (folder / "data" / "WiredTiger.turtle").write_text("rubbish")
    with pytest.raises(MongodError) as caught:
        server.attach()
    text = str(caught.value)
    assert "did not start" in text
    assert "mongod.log" in text
    assert "backup" in text
    assert "\n" not in text
    assert get_pid(server) is None


def test_folder_in_use_is_not_destroyed(make_server: MakeServer, folder: Path) -> None:
    user = make_server()
    uri = user.attach()
    assert EmbeddedMongod(folder).destroy_unused() is False
    insert(uri, 1)
    user.detach()
    assert EmbeddedMongod(folder).destroy_unused() is True
    assert not folder.exists()


def test_stopped_server_answers_no_more(make_server: MakeServer) -> None:
    server = make_server()
    uri = server.attach()
    server.detach()
    with (
        pymongo.MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=200) as client,
        pytest.raises(PyMongoError),
    ):
        client.admin.command("ping")


class _Rival:
    """Another program's server on the port: takes connections and ends them."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_server(("127.0.0.1", port))

    def __enter__(self) -> None:
        import threading

        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            connection.close()

    def __exit__(self, *_error: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
