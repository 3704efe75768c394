"""shell: the site's database, with await at the top level."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import write


@pytest.fixture
def site(tmp_path: Path, mongo_uri: str, db_name: str) -> Path:
    """A site without apps on the tests' server."""
    text = f"database = {mongo_uri!r}\ndatabase_name = {db_name!r}\n"
    return write(tmp_path / "mysite", {"settings.py": text})


def run_shell(site: Path, *args: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "aiocms", "shell", *args]
    return subprocess.run(
        command, cwd=site, input=stdin, capture_output=True, text=True, timeout=60, check=False
    )


def test_piped_program_awaits_the_database(site: Path) -> None:
    done = run_shell(
        site,
        stdin=(
            "await db.things.insert_many([{'n': n} for n in range(3)])\n"
            "async for thing in db.things.find(sort=[('n', -1)]):\n"
            "    print(thing['n'])\n"
            "total = await db.things.count_documents({})\n"
            "print('total', total)\n"
        ),
    )
    assert (done.returncode, done.stdout.split()) == (0, ["2", "1", "0", "total", "3"]), done.stderr


def test_one_line_on_the_command_line(site: Path) -> None:
    done = run_shell(site, "-c", "print(settings.database_name, (await db.command('ping'))['ok'])")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[1] == "1.0"


def test_failing_program_shows_its_traceback_and_fails(site: Path) -> None:
    done = run_shell(site, stdin="print('before')\nraise ValueError('oh no')\n")
    assert done.returncode == 1
    assert done.stdout == "before\n"
    assert "ValueError: oh no" in done.stderr


def test_exit_code_of_the_program_is_kept(site: Path) -> None:
    assert run_shell(site, stdin="raise SystemExit(7)\n").returncode == 7
    assert run_shell(site, stdin="def broken(:\n").returncode == 1


def test_prompt_awaits_and_goes_on_after_an_error(site: Path) -> None:
    master, slave = pty.openpty()
    typed = (
        b"await db.things.insert_one({'n': 41}) and None\n1/0\n(await db.things.find_one())['n'] + 1\n\x04"
    )
    with subprocess.Popen(
        [sys.executable, "-m", "aiocms", "shell"],
        cwd=site,
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "TERM": "dumb"},
    ) as process:
        os.write(master, typed)
        out, _ = process.communicate(timeout=60)
    os.close(slave)
    os.close(master)
    text = out.decode()
    assert process.returncode == 0, text
    assert "ZeroDivisionError" in text
    assert "\n42\n" in text.replace("\r", "").replace(">>> ", "\n")
