"""Every message of accounts is there in Russian."""

import ast
import re
from pathlib import Path

from babel.messages.pofile import read_po

import aiocms.auth

FOLDER = Path(aiocms.auth.__file__).parent


def find_messages():
    found = set()
    for file in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("N_", "gettext", "ngettext"):
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                found |= set(texts[:1])
    for file in FOLDER.rglob("*.tpl"):
        found |= set(re.findall(r'\b_\("([^"]+)"', file.read_text()))
    return found


def test_every_message_is_translated_with_the_same_values():
    with (FOLDER / "locale/ru/LC_MESSAGES/messages.po").open("rb") as stream:
        catalog = read_po(stream)
    wanted = find_messages()
    assert len(wanted) > 50
    for text in wanted:
        message = next(
            (one for one in catalog if text in (one.id if isinstance(one.id, tuple) else (one.id,))), None
        )
        assert message and message.string, text
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        names = re.findall(r"%\(\w+\)s", text)
        assert all(string and re.findall(r"%\(\w+\)s", string) == names for string in strings), text
