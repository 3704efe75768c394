"""The arrows of the design: who may import whom, and who alone may import what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "aiocms"
APPS = ("core", "auth", "files", "admin", "shop")
BELOW = {
    "core": (),
    "auth": ("core",),
    "files": ("core", "auth"),
    "admin": ("core", "auth", "files"),
    "shop": ("core", "auth", "files"),
}
"""What an app may import besides itself; only its admin.py may import aiocms.admin."""
PURE = (
    "permissions.py",
    "money.py",
    "derive.py",
    "rules.py",
    "tree.py",
    "merge.py",
    "patch.py",
    "paths.py",
    "showif.py",
)
"""Rules without I/O: they import no aiohttp."""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(file: Path) -> Iterator[str]:
    """Dotted names that a module imports, relative ones made absolute."""
    package = ".".join(file.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
            module = f"{base}.{node.module}" if node.level and node.module else node.module or base
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("app", APPS)
def test_imports_go_down_only(app: str) -> None:
    allowed = {app, *BELOW[app]}
    wrong = []
    for file in (PACKAGE / app).rglob("*.py"):
        may = allowed | {"admin"} if file.name == "admin.py" and file.parent == PACKAGE / app else allowed
        for name in imports(file):
            parts = name.split(".")
            if parts[0] == "aiocms" and len(parts) > 1 and parts[1] in APPS and parts[1] not in may:
                wrong.append(f"{file.relative_to(ROOT)} imports {name}")
    assert wrong == []


@pytest.mark.parametrize(
    ("library", "owner"),
    [("motor", "core/mongo.py"), ("passlib", "auth/passwords.py"), ("nh3", "core/sanitize.py")],
)
def test_a_library_has_one_importer(library: str, owner: str) -> None:
    importers = {
        file.relative_to(PACKAGE).as_posix()
        for file in modules()
        if any(name.split(".")[0] == library for name in imports(file))
    }
    assert importers == {owner}


def test_nothing_imports_a_site() -> None:
    assert [f for f in modules() if any(n.startswith(("sites", "aiocms.sites.")) for n in imports(f))] == []


def test_inside_an_app_stores_models_and_forms_know_no_views() -> None:
    wrong = []
    for app in APPS[1:]:
        for file in (PACKAGE / app).glob("*.py"):
            if file.stem in ("models", "store", "forms"):
                wrong += [f"{file}: {name}" for name in imports(file) if name.endswith((".views", ".routes"))]
    assert wrong == []


def test_rules_without_io_import_no_aiohttp() -> None:
    found = [file for file in modules() if file.name in PURE and file.parent.name != "core"]
    assert len(found) >= 5
    assert [file for file in found if any(name.split(".")[0] == "aiohttp" for name in imports(file))] == []


def test_modules_have_a_docstring_and_stay_one_idea() -> None:
    long, bare = [], []
    for file in modules():
        text = file.read_text(encoding="utf-8")
        if text.count("\n") > 400:
            long.append(file.relative_to(ROOT).as_posix())
        if text.strip() and not ast.get_docstring(ast.parse(text)):
            bare.append(file.relative_to(ROOT).as_posix())
    assert (long, bare) == ([], [])


def test_no_module_is_named_for_nothing() -> None:
    assert [
        file for file in modules() if file.stem in ("utils", "helpers", "manager", "common", "misc")
    ] == []


def test_no_template_or_script_breaks_the_content_security_policy() -> None:
    """No inline script, event handler or style attribute in any template of ours."""
    import re

    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)|\son[a-z]+\s*=\s*[\"']|\sstyle\s*=\s*[\"']|<style"
    )
    wrong = []
    for folder in (PACKAGE, ROOT / "sites"):
        for file in folder.rglob("*.tpl"):
            if "toolbar_templ" not in file.parts and inline.search(file.read_text(encoding="utf-8")):
                wrong.append(file.relative_to(ROOT).as_posix())
    assert wrong == []


def test_markup_is_made_in_few_places_only() -> None:
    """`Markup(` and `|safe` switch escaping off, so each place is listed here with its reason."""
    known = {
        "core/icons.py",  # files of an installed package
        "core/template_parts.py",  # a template, which escapes
        "core/templates.py",  # the hidden field of a token, filled by Markup.format
        "core/markdown.py",  # cleaned by nh3
        "core/blocks.py",  # cleaned by nh3
        "core/fields/widget.py",  # a template, which escapes
        "admin/forms/edit_page.py",  # the inside of an icon
        "admin/forms/fields.py",  # what a macro of admin:field gave, which escapes
        "admin/lists/cells.py",  # cells of lists; what comes from documents goes through html.escape there
    }
    found = {
        file.relative_to(PACKAGE).as_posix()
        for file in [*modules(), *PACKAGE.rglob("*.tpl")]
        if "Markup(" in file.read_text(encoding="utf-8")
        or "|safe" in file.read_text(encoding="utf-8").replace(" ", "")
    }
    assert found - known == set()
