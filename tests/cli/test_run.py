"""`aiocms run`, `check`, `routes`, `explain` as programs, with the embedded server of the site."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

VIEWS = """
from aiohttp import web

async def index(request):
    return web.Response(text=str(await request.db.pages.count_documents({})))

async def slow(request):
    import asyncio
    await asyncio.sleep(1.5)
    return web.Response(text="finished")
"""
ROUTES = """
from aiocms import route
from . import views
routes = [route("GET", "/", views.index, "index"), route("GET", "/slow", views.slow, "slow")]
"""


def make_site(tmp_path: Path, **files: str) -> Path:
    site = tmp_path / "mysite"
    site.mkdir()
    (site / "settings.py").write_text(files.pop("settings", "title = 'Mine'\n"))
    (site / "views.py").write_text(VIEWS)
    (site / "routes.py").write_text(ROUTES)
    for name, text in files.items():
        (site / f"{name}.py").write_text(text)
    return site


def aiocms(*args: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "aiocms", *args],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def running(site: Path, *args: str, **env: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A running site: its address and its process; what it prints goes to `output.txt` beside it."""
    port = free_port()
    command = [sys.executable, "-m", "aiocms", "run", "--port", str(port), *args]
    with (site.parent / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            command, cwd=site, env={**os.environ, **env}, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(timeout=40)


def fetch(address: str, wait: float = 30) -> str:
    """The page's text, once the server answers 200."""
    end = time.monotonic() + wait
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as response:
                return str(response.read().decode())
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def test_a_site_runs_on_its_embedded_database_and_stops_cleanly(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    with running(site) as (address, process):
        assert fetch(address) == "0"
    assert process.returncode == 0
    assert "Traceback" not in (tmp_path / "output.txt").read_text()


def test_a_running_request_is_finished_when_the_server_stops(tmp_path: Path, mongo_uri: str) -> None:
    site = make_site(tmp_path)
    with running(site, AIOCMS_DATABASE=mongo_uri) as (address, process):
        fetch(address)
        with ThreadPoolExecutor(1) as pool:
            slow = pool.submit(fetch, f"{address}/slow")
            time.sleep(0.7)
            process.send_signal(signal.SIGTERM)
            assert slow.result(timeout=20) == "finished"
        process.wait(timeout=40)
    assert process.returncode == 0


def test_a_closed_terminal_ends_the_site_and_its_database(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    with running(site) as (address, process):
        fetch(address)
        process.send_signal(signal.SIGHUP)
        assert process.wait(timeout=40) == 0
    assert not any(str(site) in line for line in read_commands())


def read_commands() -> list[str]:
    """The command lines of all processes of this machine."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.append(file.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return found


def test_reload_starts_again_when_python_changes_and_survives_a_mistake(
    tmp_path: Path, mongo_uri: str
) -> None:
    site = make_site(tmp_path)
    with running(site, "--reload", AIOCMS_DATABASE=mongo_uri) as (address, _process):
        assert fetch(address) == "0"
        (site / "views.py").write_text("def broken(:\n")
        time.sleep(3)
        (site / "views.py").write_text(VIEWS.replace("str(await", "'new' + str(await"))
        end = time.monotonic() + 30
        while fetch(address) != "new0":
            assert time.monotonic() < end
            time.sleep(0.3)


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = aiocms("run", "--port", str(taken.getsockname()[1]), cwd=site)
    assert done.returncode == 1
    assert "the port is taken" in done.stderr and "--port" in done.stderr and "Traceback" not in done.stderr
    assert not (site / "var/mongo").exists()


def test_check_shows_all_faults_and_ends_with_one(tmp_path: Path) -> None:
    site = make_site(tmp_path, settings="colour = 1\napps = ['shopp']\n")
    done = aiocms("check", cwd=site)
    assert done.returncode == 1
    assert "core.E001" in done.stderr and "core.E013" in done.stderr and "Traceback" not in done.stderr


def test_check_of_a_sound_site_needs_neither_socket_nor_database_nor_var(tmp_path: Path) -> None:
    site = make_site(tmp_path, settings="database = 'mongodb://127.0.0.1:1/'\n")
    done = aiocms("check", "--settings", cwd=site)
    assert done.returncode == 0, done.stderr
    assert "no faults" in done.stdout and "mongodb://" not in done.stdout
    assert not (site / "var").exists()


def test_routes_and_explain_print_names_and_places(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    assert "site:index" in aiocms("routes", cwd=site).stdout
    assert "views.slow" in aiocms("explain", "slow", cwd=site).stdout
    lost = aiocms("explain", "site:indx", cwd=site)
    assert lost.returncode == 1 and "site:index" in lost.stderr and "Traceback" not in lost.stderr


def test_check_shows_the_whole_traceback_of_a_broken_module_when_asked(tmp_path: Path) -> None:
    site = make_site(tmp_path, models="import json\njson.loads('{')\n")
    short = aiocms("check", cwd=site)
    assert "models.py:2" in short.stderr and "Traceback" not in short.stderr
    assert "Traceback" in aiocms("check", "--traceback", cwd=site).stderr


def test_outside_of_a_site_the_way_out_is_said(tmp_path: Path) -> None:
    done = aiocms("routes", cwd=tmp_path)
    assert done.returncode == 1 and "startproject" in done.stderr


@pytest.mark.parametrize("word", ["chek", "rout"])
def test_an_unknown_command_names_the_nearest(tmp_path: Path, word: str) -> None:
    done = aiocms(word, cwd=tmp_path)
    assert done.returncode == 2 and "Did you mean" in done.stderr


def test_a_bad_database_address_is_a_fault_without_its_password(tmp_path: Path) -> None:
    site = make_site(tmp_path, settings="database = 'mongo://user:hunter2@host'\n")
    done = aiocms("check", cwd=site)
    assert done.returncode == 1 and "core.E060" in done.stderr and "hunter2" not in done.stderr


def test_while_the_database_is_away_pages_say_503_within_five_seconds(tmp_path: Path) -> None:
    site = make_site(tmp_path, settings="database = 'mongodb://127.0.0.1:9/'\n")
    with running(site) as (address, process):
        end = time.monotonic() + 20
        while True:
            try:
                urllib.request.urlopen(address, timeout=5).close()
            except urllib.error.HTTPError as error:
                with error:
                    assert error.code == 503 and error.headers["Retry-After"]
                break
            except OSError:
                assert time.monotonic() < end and process.poll() is None
                time.sleep(0.2)


def test_serving_other_machines_over_plain_http_says_that_logins_need_tls(
    tmp_path: Path, mongo_uri: str
) -> None:
    site = make_site(tmp_path)
    with running(site, "--host", "0.0.0.0", AIOCMS_DATABASE=mongo_uri) as (address, _process):
        fetch(address)
    assert "secure_cookies" in (tmp_path / "output.txt").read_text()
