"""Mistakes at start-up: one clear message with culprit and remedy, several at once, never a traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aiocms import create_app
from aiocms.core.errors import AiocmsError
from aiocms.core.settings import SETTINGS
from aiocms.testing import MakeClient, MakeSite

ROUTE = "from aiocms import route\nasync def view(request): ...\n"

# What is wrong with a site, and the words that its message must hold: culprit, place, rival or remedy.
BROKEN: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "unknown setting": ({"settings.py": "titel = 'x'"}, ("core.E001", "'titel'", "settings.py", "'title'")),
    "settings that are no Python": ({"settings.py": "title = \n"}, ("settings.py:1",)),
    "settings that are no UTF-8": ({"settings.py": "\udcff"}, ("settings.py",)),
    "one namespace twice": (
        {"settings.py": "apps = ['auth', 'auth']"}, ("core.E012", "'auth'", "twice", "settings.py"),
    ),
    "two apps with one namespace": (
        {"apps/Blog/app.py": "", "apps/blog/app.py": ""}, ("core.E014", "'Blog'", "'blog'"),
    ),
    "route clash": (
        {"apps/a/routes.py": ROUTE + "routes = [route('GET', '/x', view, 'one')]",
         "apps/b/routes.py": ROUTE + "routes = [route('GET', '/x', view, 'two')]"},
        ("a:one", "b:two", "apps/a/routes.py:3", "apps/b/routes.py:3", "/x"),
    ),
    "broken module": (
        {"apps/a/models.py": "import json\njson.loads('{')"}, ("core.E010", "models.py:2", "aiocms check --traceback"),
    ),
    "module that ends the program": ({"apps/a/routes.py": "import sys\nsys.exit('bye')"}, ("routes.py:2", "bye")),
    "module that is no UTF-8": ({"apps/a/routes.py": "# \udcff"}, ("routes.py",)),
    "module with a NUL": ({"apps/a/routes.py": "x = 1\0"}, ("routes.py",)),
    "import of nothing": ({"apps/a/views.py": "", "apps/a/routes.py": "from .view import x"}, ("routes.py:1", "view")),
    "import circle": (
        {"apps/a/routes.py": "from .admin import x", "apps/a/admin.py": "from .routes import routes\nx = 1"}, ("circular",),
    ),
    "routes of another kind": ({"apps/a/routes.py": "routes = [('GET', '/x')]"}, ("routes.py", "route(")),
    "routes missing": ({"apps/a/routes.py": "x = 1"}, ("routes.py", "routes")),
    "view that is no view": (
        {"apps/a/routes.py": "from aiocms import route\nroutes = [route('GET', '/x', None, 'x')]"}, ("routes.py:2",),
    ),
    "unknown app": ({"settings.py": "apps = ['shopp']"}, ("core.E013", "'shopp'", "'shop'")),
    "app of another kind": ({"apps/a/app.py": "app = 5"}, ("app.py",)),
    "missing need": ({"apps/a/app.py": "from aiocms import App\napp = App(needs=('auth',))"}, ("'auth'", "settings")),
    "bad database address": ({"settings.py": "database = 'postgres://u:geheim@x/'"}, ("database", "mongodb://")),
    "bad database port": ({"settings.py": "database = 'mongodb://u:geheim@127.0.0.1:99999/'"}, ("database", "99999")),
    "screen of another kind": (
        {"settings.py": "apps = ['auth', 'admin']",
         "apps/a/admin.py": "from aiocms.admin import Screen\nclass Things(Screen):\n    collection = 5"},
        ("Things",),
    ),
    "index that is none": ({"apps/a/models.py": "indexes = ('slug',)"}, ("models.py",)),
    "context that is none": ({"apps/a/context.py": "context = 5"}, ("context",)),
}  # fmt: skip


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in {"settings.py": "", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="surrogateescape")
    return folder


def aiocms(site: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "aiocms", *args],
        cwd=site,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


def check_message(done: subprocess.CompletedProcess[str], *words: str) -> None:
    told = done.stdout + done.stderr
    assert done.returncode == 1, told
    assert "Traceback" not in told and "geheim" not in told, told
    for word in words:
        assert word in told, (word, told)


@pytest.mark.parametrize("name", BROKEN)
def test_mistake_in_a_site_is_told_with_culprit_and_place(tmp_path: Path, name: str) -> None:
    files, words = BROKEN[name]
    site = write(tmp_path / "mysite", files)
    with pytest.raises(AiocmsError) as caught:
        create_app(site)
    told = str(caught.value)
    assert "Traceback" not in told and "geheim" not in told
    for word in words:
        assert word in told, (word, told)
    assert not (site / "var").exists()


def test_many_mistakes_are_shown_together_by_run_and_by_check(tmp_path: Path) -> None:
    one, two, three = BROKEN["unknown setting"], BROKEN["route clash"], BROKEN["broken module"]
    site = write(tmp_path / "mysite", {**one[0], **two[0], **three[0]})
    words = (*one[1], *two[1], *three[1])
    check_message(aiocms(site, "check"), *words)
    check_message(aiocms(site, "run", "--port", "0"), *words)
    (site / "app.py").write_text("from aiocms import create_app\napp = create_app(__file__)")
    started = subprocess.run([sys.executable, "app.py"], cwd=site, capture_output=True, text=True, timeout=60)
    assert started.returncode == 1
    for word in words:
        assert word in started.stderr


def test_taken_port_port_of_root_and_foreign_host_are_told(tmp_path: Path) -> None:
    site = write(tmp_path / "mysite", {})
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        check_message(aiocms(site, "run", "--port", port), "the port is taken", "--port")
        check_message(aiocms(site, "run", AIOCMS_PORT=port), "the port is taken", "--port")
    check_message(aiocms(site, "run", "--port", "0", "--host", "192.0.2.1"), "192.0.2.1", "--host")
    check_message(
        aiocms(site, "run", "--port", "0", "--host", "no.such.host.invalid"), "no.such.host.invalid", "--host"
    )
    assert not (site / "var" / "mongo").exists()


@pytest.mark.parametrize("where", ["a file", "/proc/aiocms", "/dev/null/var"])
def test_folder_that_cannot_be_written_is_named(tmp_path: Path, where: str) -> None:
    site = write(tmp_path / "mysite", {"settings.py": "apps = ['auth']"})
    if where == "a file":
        (site / "var").write_text("I am a file")
        where = str(site / "var")
    check_message(aiocms(site, "run", "--port", "0", AIOCMS_VAR=where), where)
    check_message(
        aiocms(
            site, "createuser", "--username", "ann", "--password", "three unrelated words 7", AIOCMS_VAR=where
        ),
        where,
    )


def test_no_mongod_says_how_to_get_one(tmp_path: Path) -> None:
    site = write(tmp_path / "mysite", {})
    # The packaged one is hidden from the program that is started.
    hide = tmp_path / "hide"
    write(
        hide, {"sitecustomize.py": "import importlib.metadata as m\nm.distributions = lambda **k: iter(())\n"}
    )
    done = aiocms(site, "run", "--port", "0", PATH="/nowhere", PYTHONPATH=str(hide))
    check_message(done, "no mongod", "pip install 'aiocms[mongod]'", "`database`")


def test_database_that_refuses_the_login_is_told_without_the_password(tmp_path: Path, mongo_uri: str) -> None:
    place = mongo_uri.rpartition("@")[2].partition("/")[0]
    site = write(
        tmp_path / "mysite", {"settings.py": f"apps = ['auth']\ndatabase = 'mongodb://u:geheim@{place}/'"}
    )
    check_message(
        aiocms(site, "createuser", "--username", "ann", "--password", "three unrelated words 7"), place
    )


ODD: tuple[Any, ...] = (
    None, "", "x", "\0", "\ud800", "ä" * 300, 0, -1, 2**70, 1.5, float("nan"), float("inf"), True, [], ["x"], [None], [[]], {},
    {"x": 1}, {1: 2}, (1,), b"x", object(), "../..", "mongodb://", "mongodb://[", "http://x", "//x", ["en", "en"], ["xx-yy-zz"],
)  # fmt: skip


@pytest.mark.parametrize("name", sorted(row.name for row in SETTINGS))
async def test_odd_value_of_a_setting_is_refused_with_its_name_or_works(
    make_site: MakeSite, make_client: MakeClient, name: str
) -> None:
    site = make_site(apps=["auth"])
    started = 0
    for value in ODD:
        try:
            app = create_app(site, **{name: value})
        except AiocmsError as error:
            assert name in str(error) or name == "apps", (value, str(error))
            continue
        # What names another database or machine has tests of its own.
        if name.startswith(("database", "mongod", "shutdown")) or started > 1:
            continue
        started += 1
        try:
            client = await make_client(app)
        except AiocmsError as error:
            assert name in str(error) or str(value) in str(error), (value, str(error))
            continue
        for path in ("/login", "/nothing"):
            assert (await client.get(path)).status < 500, value
        await client.close()
