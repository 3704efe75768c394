"""Why the database or the rules refused a write, in words for the form, beside the fields where possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aiohttp import web
from pymongo.errors import DocumentTooLarge, OperationFailure

from aiocms.admin.forms.rule_words import NEEDED, UNKNOWN_KEY, Said, word_rule
from aiocms.admin.values.paths import Path, show
from aiocms.admin.values.rawbson import BrokenBSON, Value
from aiocms.core.errors import AiocmsError
from aiocms.core.i18n import N_, gettext

TAKEN = N_("Another document already has this value.")
_LARGEST = 16 * 1024 * 1024


def say(request: web.Request, text: str) -> str:
    """A message in the visitor's language, with its values."""
    return gettext(request, str(text), **(text.values if isinstance(text, Said) else {}))


class Refused(AiocmsError):
    """A write that was not carried out.

    Parameters:
        message: for the top of the form; may hold ``%(name)s``.
        fields: messages by path.
        values: for the message.
    """

    def __init__(self, message: str, fields: Mapping[Path, str] | None = None, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values
        self.fields = dict(fields or {})


def say_fields(request: web.Request, refused: Refused) -> dict[Path, str]:
    """The messages beside fields in the visitor's language."""
    return {path: say(request, text) for path, text in refused.fields.items()}


def list_texts(request: web.Request, refused: Refused) -> list[str]:
    """The messages beside fields as lines, for a page that does not show the fields."""
    return [f"{show(path)}: {say(request, text)}" for path, text in refused.fields.items()]


def explain_failure(error: BaseException, document: Value | None = None) -> Refused | None:
    """A refusal for an error of the driver, None when it is none that a person at a form can mend."""
    if isinstance(error, DocumentTooLarge) or (document is not None and document.size > _LARGEST):
        return Refused(N_("The document would be larger than 16 MB, the most that MongoDB keeps."))
    if isinstance(error, BrokenBSON):
        return Refused(N_("The database cannot keep this: %(reason)s"), reason=str(error))
    if not isinstance(error, OperationFailure):
        return None
    details = error.details or {}
    if error.code == 11000:
        return _explain_duplicate(details)
    if error.code == 121:
        return _explain_schema(details)
    if error.code == 388:
        busy = N_("The database has too much to do for a change of this size. Try again in a moment.")
        return Refused(busy)
    if "too large" in str(error).lower() or error.code in (10334, 17419, 17420):
        return Refused(N_("The document would be larger than 16 MB, the most that MongoDB keeps."))
    if error.code in (13, 8000):
        return Refused(N_("The database does not allow this site to write here."))
    # Transient errors, time-outs and losses of the server are told by the error pages.
    if error.has_error_label("TransientTransactionError") or error.code in (50, 91, 189, 262, 11600, 11602):
        return None
    return Refused(N_("The database refused: %(reason)s"), reason=str(details.get("errmsg") or error))


def _explain_duplicate(details: Mapping[str, Any]) -> Refused:
    keys = details.get("keyPattern") or {}
    fields: dict[Path, str] = {tuple(str(path).split(".")): TAKEN for path in keys}
    names = ", ".join(map(str, keys)) or "_id"
    return Refused(N_("Another document already has this %(names)s."), fields, names=names)


def _explain_schema(details: Mapping[str, Any]) -> Refused:
    info = details.get("errInfo", {}).get("details", {})
    fields: dict[Path, str] = {}
    for path, text in _iter_rules(info.get("schemaRulesNotSatisfied", ()), ()):
        fields.setdefault(path, text)
    named = {path: text for path, text in fields.items() if path}
    if named and len(named) == len(fields):
        return Refused(N_("The rules of this collection do not allow it."), named)
    # Rules of other kinds than $jsonSchema name no field: their own words are better than none.
    listed = "; ".join(f"{show(path) or '…'}: {_fill(text)}" for path, text in list(fields.items())[:5])
    message = N_("The rules of this collection do not allow it: %(reason)s")
    return Refused(message, named, reason=listed or "?")


def _fill(text: str) -> str:
    return str(text) % text.values if isinstance(text, Said) and text.values else str(text)


def _iter_rules(rules: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """The paths and reasons in the server's description of a failed ``$jsonSchema``."""
    for rule in rules if isinstance(rules, list | tuple) else ():
        if not isinstance(rule, Mapping):
            continue
        for prop in rule.get("propertiesNotSatisfied", ()):
            here = (*path, str(prop.get("propertyName", "")))
            inner = list(_iter_rules(prop.get("details", ()), here))
            yield from inner or [(here, str(prop.get("description", "")) or word_rule(prop))]
        for name in rule.get("missingProperties", ()):
            yield (*path, str(name)), Said(NEEDED)
        for name in rule.get("additionalProperties", ()):
            yield (*path, str(name)), Said(UNKNOWN_KEY)
        if "itemIndex" in rule:
            yield from _iter_rules(rule.get("details", ()), (*path, int(rule["itemIndex"])))
        elif not any(one in rule for one in _WITH_PARTS):
            inner = list(_iter_rules(rule.get("details", ()), path))
            yield from inner or [(path, word_rule(rule))]


_WITH_PARTS = ("propertiesNotSatisfied", "missingProperties", "additionalProperties")
