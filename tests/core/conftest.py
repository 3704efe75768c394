"""Sites without a database, for what start-up reads and merges."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

WriteSite = Callable[[dict[str, str]], Path]


@pytest.fixture
def write_site(tmp_path: Path) -> WriteSite:
    """Gives a function that writes a site's files and returns its folder."""

    def write(files: dict[str, str], name: str = "mysite") -> Path:
        site = tmp_path / name
        site.mkdir(exist_ok=True)
        for path, text in {"settings.py": "", **files}.items():
            file = site / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text), encoding="utf-8")
        return site

    return write
