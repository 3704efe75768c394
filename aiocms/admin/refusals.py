"""Why the database or the rules refused a write, in words for the form, beside the fields where possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aiohttp import web
from pymongo.errors import DocumentTooLarge, OperationFailure

from aiocms.admin.paths import Path, show
from aiocms.admin.rawbson import BrokenBSON, Value
from aiocms.core.errors import AiocmsError
from aiocms.core.i18n import N_, gettext

_LARGEST = 16 * 1024 * 1024


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


def list_texts(request: web.Request, refused: Refused) -> list[str]:
    """The messages beside fields as lines, for a page that does not show the fields."""
    return [f"{show(path)}: {gettext(request, text)}" for path, text in refused.fields.items()]


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
    fields: dict[Path, str] = {
        tuple(str(path).split(".")): N_("Another document already has this value.") for path in keys
    }
    names = ", ".join(map(str, keys)) or "_id"
    return Refused(N_("Another document already has this %(names)s."), fields, names=names)


def _explain_schema(details: Mapping[str, Any]) -> Refused:
    info = details.get("errInfo", {}).get("details", {})
    fields: dict[Path, str] = {}
    for path, text in _iter_rules(info.get("schemaRulesNotSatisfied", ()), ()):
        fields.setdefault(path, text)
    listed = "; ".join(f"{show(path) or '…'}: {text}" for path, text in list(fields.items())[:5])
    message = N_("The rules of this collection do not allow it: %(reason)s")
    return Refused(message, {path: text for path, text in fields.items() if path}, reason=listed or "?")


def _iter_rules(rules: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """The paths and reasons in the server's description of a failed ``$jsonSchema``."""
    for rule in rules if isinstance(rules, list | tuple) else ():
        if not isinstance(rule, Mapping):
            continue
        for prop in rule.get("propertiesNotSatisfied", ()):
            here = (*path, str(prop.get("propertyName", "")))
            inner = list(_iter_rules(prop.get("details", ()), here))
            yield from inner or [(here, str(prop.get("description", "")) or _reason(prop))]
        if "missingProperties" in rule:
            for name in rule["missingProperties"]:
                yield (*path, str(name)), "required"
        if "itemIndex" in rule:
            yield from _iter_rules(rule.get("details", ()), (*path, int(rule["itemIndex"])))
        elif "propertiesNotSatisfied" not in rule and "missingProperties" not in rule:
            inner = list(_iter_rules(rule.get("details", ()), path))
            yield from inner or [(path, _reason(rule))]


def _reason(rule: Mapping[str, Any]) -> str:
    wanted = rule.get("specifiedAs") or {}
    text = ", ".join(f"{key}: {value}" for key, value in wanted.items() if key != "description")
    return text or str(rule.get("reason") or rule.get("operatorName") or "")
