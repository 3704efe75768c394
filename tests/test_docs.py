"""The documentation names everything that a site's author may use, and its code is right."""

from __future__ import annotations

import ast
import re
import runpy
from dataclasses import fields
from pathlib import Path

import click
import pytest

import aiocms
from aiocms.admin import Column, Screen, Tab, action
from aiocms.cli import cli
from aiocms.core.discover import discover
from aiocms.core.faults import FaultList
from aiocms.core.plan import load_app_settings
from aiocms.core.settings import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md"])
APP_FILES = (
    "app.py", "routes.py", "views.py", "settings.py", "models.py", "forms.py", "store.py", "admin.py", "context.py",
    "lifespan.py", "commands.py", "guard.py", "checks.py", "templ/", "static/", "locale/",
)  # fmt: skip


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_every_setting_is_documented(tmp_path: Path) -> None:
    (tmp_path / "settings.py").touch()
    namespaces = discover(tmp_path, ("auth", "admin", "shop"), FaultList())
    rows = [*SETTINGS, *load_app_settings(namespaces, FaultList())]
    text = page("reference/settings.md")
    assert [row.name for row in rows if f"`{row.name}`" not in text] == []


def test_every_documented_setting_exists(tmp_path: Path) -> None:
    (tmp_path / "settings.py").touch()
    namespaces = discover(tmp_path, ("auth", "admin", "shop"), FaultList())
    known = {row.name for row in [*SETTINGS, *load_app_settings(namespaces, FaultList())]}
    named = set(re.findall(r"^\| `([a-z_]+)`", page("reference/settings.md"), re.MULTILINE))
    assert named - known == set()


def iter_commands(group: click.Group, before: str = "aiocms"):
    for name, command in group.commands.items():
        yield f"{before} {name}", command
        if isinstance(command, click.Group):
            yield from iter_commands(command, f"{before} {name}")


def test_every_command_and_option_is_documented() -> None:
    text = page("reference/commands.md")
    missing = []
    for name, command in iter_commands(cli):
        if name not in text:
            missing.append(name)
        for parameter in command.params:
            missing += [f"{name} {opt}" for opt in parameter.opts if opt.startswith("--") and opt not in text]
    assert missing == []


@pytest.mark.parametrize(("name", "command"), list(iter_commands(cli)))
def test_every_command_has_help_with_an_example(name: str, command: click.Command) -> None:
    help_text = command.get_help(click.Context(command, info_name=name))
    if not isinstance(command, click.Group):
        assert "Example" in help_text


def test_every_part_of_a_screen_is_documented() -> None:
    text = page("reference/screen.md")
    names = [name for name in vars(Screen) if not name.startswith("_")]
    names += [field.name for kind in (Column, Tab) for field in fields(kind)]
    names += [name for name in action.__annotations__ if name != "return"]
    assert [name for name in names if f"`{name}" not in text] == []


def test_every_public_name_is_documented() -> None:
    text = page("reference/api.md")
    assert [name for name in aiocms.__all__ if f"`{name}" not in text] == []


def test_every_app_file_is_documented() -> None:
    text = page("reference/app-files.md")
    assert [name for name in APP_FILES if f"`{name}`" not in text] == []


def test_every_fault_id_is_documented() -> None:
    ids: set[str] = set()
    for file in (ROOT / "aiocms").rglob("*.py"):
        ids |= set(re.findall(r'"([a-z]+\.[EW]\d{3})"', file.read_text(encoding="utf-8")))
    text = page("reference/checks.md")
    assert ids and [one for one in sorted(ids) if one not in text] == []


def test_every_bundled_template_says_what_it_gets_and_is_listed() -> None:
    text = page("reference/templates.md")
    silent, unlisted = [], []
    for app in ("core", "auth", "files", "admin", "shop"):
        folder = ROOT / "aiocms" / app / "templ"
        for file in sorted(folder.rglob("*.tpl")):
            name = f"{app}:{file.relative_to(folder).with_suffix('')}"
            if not file.read_text(encoding="utf-8").lstrip().startswith("{#"):
                silent.append(name)
            if f"`{name}`" not in text:
                unlisted.append(name)
    assert (silent, unlisted) == ([], [])


@pytest.mark.parametrize("name", ["settings", "commands", "templates"])
def test_generated_pages_follow_from_the_code(name: str, tmp_path: Path) -> None:
    runpy.run_path(str(ROOT / "tools" / "reference"))["main"](tmp_path)
    made = (tmp_path / f"{name}.md").read_text(encoding="utf-8")
    assert made == page(f"reference/{name}.md"), "run: make docs-reference"


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_python_in_the_documentation_parses_and_links_lead_somewhere(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for block in re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        ast.parse(block)
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (file.parent / target).exists(), f"{file}: {target}"


def test_the_readme_has_exactly_two_set_up_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^make ([a-z-]+)$", text, re.MULTILINE)) == {"demo", "test"}
