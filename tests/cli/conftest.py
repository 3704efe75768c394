"""The command line, run inside the test's process, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from aiocms.cli import main


@dataclass(frozen=True)
class Outcome:
    """What a command did: exit code and what it wrote."""

    code: int
    out: str
    err: str


RunCli = Callable[..., Outcome]


@pytest.fixture
def run_cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> RunCli:
    """Gives a function that runs ``aiocms ARGS`` in a folder (default: the test's own)."""

    def run(*args: str, cwd: Path = tmp_path) -> Outcome:
        monkeypatch.chdir(cwd)
        capsys.readouterr()
        code = 0
        try:
            main(list(args))
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else int(bool(error.code))
        written = capsys.readouterr()
        return Outcome(code, written.out, written.err)

    return run


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with one app of its own."""
    return write(
        tmp_path / "mysite",
        {
            "settings.py": "",
            "apps/blog/templ/index.tpl": "<h1>Blog</h1>\n",
            "apps/blog/static/blog.css": "h1 { color: teal; }\n" * 100,
            "static/logo.svg": "<svg/>",
        },
    )


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write files below a folder, which is given back."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
