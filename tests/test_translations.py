"""Every text of the bundled apps is there in Russian, with the placeholders of the English one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent / "aiocms"
APPS = ("core", "auth", "files", "admin", "shop")
_PLACEHOLDER = re.compile(r"%\(\w+\)s")
_MARKERS = frozenset(("N_", "gettext", "ngettext", "_"))


def iter_messages(folder: Path) -> Iterator[tuple[str, str]]:
    """Every message of an app with its place."""
    env = jinja2.Environment(
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
    )
    for file in sorted((folder / "templ").rglob("*.tpl")):
        for line, _, message in env.extract_translations(file.read_text(encoding="utf-8")):
            text = message[0] if isinstance(message, tuple) else message
            if text:
                yield text, f"{file}:{line}"
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                texts = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
                if name in _MARKERS and texts and isinstance(texts[0], str):
                    yield texts[0], f"{file}:{node.lineno}"


def read_catalogs() -> Catalog:
    merged = Catalog("ru")
    for app in APPS:
        file = ROOT / app / "locale/ru/LC_MESSAGES/messages.po"
        if file.is_file():
            with file.open("rb") as stream:
                for message in read_po(stream, locale="ru"):
                    if message.id:
                        merged[message.id] = message
    return merged


@pytest.mark.parametrize("app", APPS)
def test_every_text_is_translated_into_russian(app: str) -> None:
    catalog = read_catalogs()
    missing = []
    for text, where in iter_messages(ROOT / app):
        found = catalog.get(text)
        strings = [] if found is None else [found.string] if isinstance(found.string, str) else found.string
        if not strings or not all(strings):
            missing.append(f"{where}: {text!r}")
    assert missing == []


def test_translations_keep_the_placeholders() -> None:
    for message in read_catalogs():
        if message.id and isinstance(message.id, str):
            wanted = sorted(set(_PLACEHOLDER.findall(message.id)))
            assert sorted(set(_PLACEHOLDER.findall(str(message.string)))) == wanted, message.id
        elif message.id:
            known = set(_PLACEHOLDER.findall(" ".join(message.id)))
            for form in message.string:
                assert set(_PLACEHOLDER.findall(form)) <= known, message.id


def test_plural_forms_are_the_three_of_russian() -> None:
    plurals = [message for message in read_catalogs() if isinstance(message.id, tuple)]
    assert all(len(message.string) == 3 and all(message.string) for message in plurals)
