"""Commands of apps: ``aiocms <namespace> <command>``, merged by name over the layers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import RunCli, write

COMMANDS = """
import click

@click.command()
def {0}():
    click.echo("{0} of {2}")

@click.command()
def {1}():
    click.echo("{1} of {2}")

commands = ({0}, {1})
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A site whose own layer lies over that of an installed package."""
    write(
        tmp_path / "lib" / "newsroom",
        {"__init__.py": "", "commands.py": COMMANDS.format("send", "tidy", "the package")},
    )
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))
    yield write(
        tmp_path / "mysite",
        {
            "settings.py": "apps = ['newsroom']\n",
            "apps/newsroom/commands.py": COMMANDS.format("tidy", "weigh", "the site"),
        },
    )
    for name in [name for name in sys.modules if name.partition(".")[0] == "newsroom"]:
        del sys.modules[name]


def test_commands_of_all_layers_are_there_and_the_higher_wins(site: Path, run_cli: RunCli) -> None:
    said = {name: run_cli("newsroom", name, cwd=site).out.strip() for name in ("send", "tidy", "weigh")}
    assert said == {
        "send": "send of the package",
        "tidy": "tidy of the site",
        "weigh": "weigh of the site",
    }


def test_help_of_an_app_lists_its_commands_with_examples(site: Path, run_cli: RunCli) -> None:
    done = run_cli("newsroom", "--help", cwd=site)
    assert done.code == 0
    assert "Commands of Newsroom." in done.out and "aiocms newsroom weigh --help" in done.out
    assert "newsroom" in run_cli("--help", cwd=site).out


def test_unknown_command_of_an_app_is_an_error(site: Path, run_cli: RunCli) -> None:
    done = run_cli("newsroom", "sned", cwd=site)
    assert done.code == 2 and "No such command" in done.err
