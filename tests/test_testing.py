"""The fixtures that sites get for their tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aiocms.core import keys
from aiocms.core.mongo import Database
from aiocms.core.mongod import EmbeddedMongod
from aiocms.testing import Login, MakeClient, MakeSite

PAGES = {
    "routes.py": (
        "from aiohttp import web\n"
        "from aiocms import route\n"
        "async def count(request):\n"
        "    return web.Response(text=str(await request.db.things.count_documents({})))\n"
        "routes = [route('GET', '/count', count, 'count')]\n"
    ),
}


async def test_client_sees_the_database_of_the_test(
    make_site: MakeSite, make_client: MakeClient, db: Database
) -> None:
    client = await make_client(make_site(PAGES))
    await db.things.insert_many([{}, {}])
    answer = await client.get("/count")
    assert (answer.status, await answer.text()) == (200, "2")


async def test_client_takes_settings_and_applications(make_site: MakeSite, make_client: MakeClient) -> None:
    site = make_site(PAGES)
    first = await make_client(site, title="Other")
    assert first.app is not None
    assert first.app[keys.SETTINGS].title == "Other"
    second = await make_client(site / "settings.py")
    assert (await second.get("/count")).status == 200


@pytest.mark.parametrize("number", [1, 2])
async def test_each_test_has_an_empty_database(db: Database, number: int) -> None:
    assert await db.list_collection_names() == []
    await db.things.insert_one({"_id": number})


async def test_login_gives_a_session_of_a_new_user(
    make_site: MakeSite, make_client: MakeClient, login: Login, db: Database
) -> None:
    client = await make_client(make_site({}, apps=["auth"]))
    user = await login(client, "ann", superuser=False, permissions=("shop.products.view",))
    assert user.username == "ann"
    assert await db.auth_users.count_documents({"username": "ann"}) == 1
    assert (await client.get("/account", allow_redirects=False)).status == 200


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["-n2"]], ids=["one process", "two workers"])
def test_run_has_one_server_and_leaves_nothing(tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ("aiocms.testing",)\n')
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n")
    (tmp_path / "test_own.py").write_text(
        "import pathlib, pytest\n"
        "@pytest.mark.parametrize('number', range(6))\n"
        "async def test_own(db, mongo_uri, number):\n"
        "    await db.things.insert_one({})\n"
        f"    file = pathlib.Path({str(tmp_path)!r}) / 'uris'\n"
        "    file.open('a').write(mongo_uri + '\\n')\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stdout
    uris = set((tmp_path / "uris").read_text().splitlines())
    assert len(uris) == 1
    port = int(uris.pop().rpartition("@")[2].partition(":")[2].partition("/")[0])
    from aiocms.core.mongod_binary import is_free

    assert is_free(port)


def test_killed_run_is_cleared_away_by_the_next(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from aiocms import testing

    monkeypatch.setattr(testing, "_get_scratch", lambda: tmp_path)
    left = tmp_path / "aiocms-test-killed"
    code = (
        "import os, signal, sys; from pathlib import Path; from aiocms.core.mongod import EmbeddedMongod\n"
        "EmbeddedMongod(Path(sys.argv[1])).attach(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(left)], check=False, cwd=Path.cwd())
    assert EmbeddedMongod(left).files.running_pid()
    used = EmbeddedMongod(tmp_path / "aiocms-test-used")
    used.attach()
    testing._sweep()
    assert not left.exists()
    assert used.files.running_pid()
    used.detach()
