"""Message catalogs: the ``messages.po`` of every layer, merged per message.

``locale/<language>/LC_MESSAGES/messages.po`` of a layer is parsed at start-up; no compiled file is needed.
A higher layer's message wins over a lower one's, and all namespaces share one catalog per language.
"""

from __future__ import annotations

import gettext as stdlib_gettext
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from babel.core import Locale, UnknownLocaleError
from babel.messages.pofile import PoFileError, read_po

PATH = "locale/{language}/LC_MESSAGES/messages.po"


@dataclass(frozen=True, slots=True)
class Plural:
    """The forms of one message and the rule that picks among them."""

    forms: tuple[str, ...]
    rule: Callable[[int], int]

    def pick(self, number: int) -> str:
        """The form for a number."""
        index = self.rule(abs(int(number)))
        return self.forms[index] if index < len(self.forms) else self.forms[-1]


@dataclass(slots=True)
class Catalog:
    """The messages of one language. An untranslated message is absent."""

    language: str
    messages: dict[str, str] = field(default_factory=dict)
    plurals: dict[str, Plural] = field(default_factory=dict)

    def gettext(self, message: str) -> str:
        """The translation, or the message itself."""
        return self.messages.get(message, message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """The form for the number, or the English one."""
        found = self.plurals.get(singular)
        if found is not None:
            return found.pick(number)
        return singular if number == 1 else plural

    def merge(self, file: Path) -> None:
        """Lay a file's messages over those that are here. Fuzzy and empty ones do not count.

        Raises:
            ValueError: the file is no message catalog, or its plural rule makes no sense.
        """
        try:
            with file.open("rb") as stream:
                source = read_po(stream, locale=self.language, ignore_obsolete=True, abort_invalid=True)
        except (PoFileError, UnicodeDecodeError, UnknownLocaleError, OSError) as error:
            raise ValueError(str(error)) from error
        rule = stdlib_gettext.c2py(source.plural_expr)
        for message in source:
            if not message.id or message.fuzzy:
                continue
            if isinstance(message.id, tuple | list):
                forms = tuple(message.string) if isinstance(message.string, tuple | list) else ()
                if forms and all(forms):
                    self.plurals[message.id[0]] = Plural(forms, rule)
            elif isinstance(message.string, str) and message.string:
                self.messages[message.id] = message.string


Catalogs = Mapping[str, Catalog]


def read_catalogs(
    languages: Iterable[str], folders: Iterable[Path], add_fault: Callable[[str, Path], None]
) -> dict[str, Catalog]:
    """The catalogs of the languages.

    Parameters:
        folders: of all layers, lowest first.
        add_fault: told of every file that cannot be read.
    """
    catalogs = {language: Catalog(language) for language in languages}
    places = list(folders)
    for language, catalog in catalogs.items():
        for folder in places:
            file = folder / PATH.format(language=language)
            if file.is_file():
                try:
                    catalog.merge(file)
                except ValueError as error:
                    add_fault(str(error), file)
    return catalogs


def is_language(code: str) -> bool:
    """Whether Babel knows the language, e.g. ``en`` or ``pt_BR``."""
    try:
        Locale.parse(code)
    except (ValueError, UnknownLocaleError):
        return False
    return True
