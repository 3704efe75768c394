"""The start-up checks of screens: what is wrong in a declaration is a fault, never a surprise on a page."""

from __future__ import annotations

import difflib
import inspect
import linecache
import re
from collections.abc import Iterator, Sequence
from typing import Any

from aiocms.admin.charts.chart_checks import iter_chart_faults
from aiocms.admin.forms.form_checks import iter_form_faults
from aiocms.admin.forms.widgets import Widget, find_near, find_widgets
from aiocms.admin.links.reference_checks import iter_reference_faults
from aiocms.admin.reports.reports import Report
from aiocms.admin.screens import FORMATS, Column, Filter, Group, InferredScreen, Kind, Screen, Tab, sound_path
from aiocms.admin.values.bsontypes import own_type_name
from aiocms.admin.values.rawbson import NAMES
from aiocms.core.faults import Fault
from aiocms.core.plan import Plan

_PUBLIC = {name: value for name, value in vars(Screen).items() if not name.startswith("_")}
_HOOKS = frozenset(name for name, value in _PUBLIC.items() if inspect.isfunction(value))
_ATTRIBUTES = frozenset(_PUBLIC) - _HOOKS
_KNOWN = sorted(_ATTRIBUTES | _HOOKS | {f"get_{name}" for name in _ATTRIBUTES})
_OF_REPORTS = ("pipeline", "get_pipeline", "drill", "get_drill")
_SEQUENCES: dict[str, tuple[type, ...]] = {
    "columns": (str, Column),
    "filters": (str, Filter),
    "search": (str,),
    "order": (str,),
    "layout": (str, tuple, Group, Tab),
}


def check(plan: Plan) -> Iterator[Fault]:
    """The faults of all screens of a site."""
    taken: dict[tuple[str, str], type] = {}
    widgets = find_widgets(plan)
    for loaded in plan.modules.get("admin", ()):
        for one in getattr(loaded.module, "widgets", ()):
            if not isinstance(one, Widget):
                where = f"{loaded.layer.folder}/admin.py"
                message = f"{loaded.layer.namespace}/admin.py: widgets holds {one!r}, which is no Widget"
                yield Fault("admin.E010", message, where, 'write widgets = (Widget("name", …),)')
    for (namespace, name), screen in plan.screens.items():
        if not issubclass(screen, Screen):
            yield Fault("admin.E006", f"{namespace}/admin.py: {name} is no Screen", _where(screen))
            continue
        yield from iter_faults(screen)
        yield from _iter_unknown_widgets(screen, widgets)
        yield from _iter_wrong_kinds(screen)
        rival = taken.setdefault((namespace, name.lower()), screen)
        if rival is not screen:
            yield Fault(
                "admin.E007",
                f"Two screens share the address {namespace}/{name.lower()}: {rival.__name__} and {name}",
                f"{_where(rival)} and {_where(screen)}",
                "rename one class",
            )


def iter_faults(screen: type[Screen]) -> Iterator[Fault]:
    """The mistakes in one screen: no collection, unknown attributes, misspelt hooks, wrong values."""
    collection: object = screen.collection
    if not isinstance(collection, str) or not collection or collection.startswith("system."):
        message = f"The screen {screen.__name__} names no collection: {screen.collection!r}"
        yield Fault("admin.E002", message, _where(screen), 'write collection = "<namespace>_<plural>"')
    for owner in screen.__mro__:
        if issubclass(owner, Screen) and owner not in (Screen, InferredScreen, Report):
            yield from _iter_unknown(owner)
    for attribute, kinds in _SEQUENCES.items():
        yield from _iter_wrong(screen, attribute, kinds)
    yield from iter_form_faults(screen, _where(screen))
    yield from iter_reference_faults(screen, _where(screen))
    yield from iter_chart_faults(screen, _where(screen))
    for path, kind in screen.types.items():
        if own_type_name(kind) not in NAMES.values():
            yield Fault(
                "admin.E008",
                f"The screen {screen.__name__}: types names an unknown type {kind!r} for {path!r}",
                _where(screen),
                f"one of {', '.join(list(NAMES.values())[:17])}",
            )


def _iter_unknown_widgets(screen: type[Screen], known: dict[str, Widget]) -> Iterator[Fault]:
    for path, name in screen.widgets.items():
        subject = f"The screen {screen.__name__}: widgets"
        if name and name not in known:
            hint = find_near(str(name), known)
            yield Fault("admin.E009", f"{subject} names {name!r} for {path!r}", _where(screen), hint)
        elif not sound_path(path):
            yield Fault(
                "admin.E005", f"{subject} holds {path!r}, which is no path of a field", _where(screen)
            )


def _iter_wrong_kinds(screen: type[Screen]) -> Iterator[Fault]:
    for path, kinds in screen.kinds.items():
        told = f"The screen {screen.__name__}: kinds of {path!r}"
        declared: Sequence[Any] = kinds
        names = [kind.name for kind in declared if isinstance(kind, Kind)]
        if len(names) < len(kinds) or len(set(names)) < len(names) or not sound_path(path):
            hint = 'write kinds = {"path": (Kind("one"), Kind("other"))}'
            yield Fault("admin.E050", f"{told} are no different Kinds: {list(kinds)!r}", _where(screen), hint)
        elif len({kind.key for kind in kinds}) > 1:
            yield Fault("admin.E050", f"{told} are told apart by several keys", _where(screen), "use one key")


def _iter_unknown(owner: type[Screen]) -> Iterator[Fault]:
    known = [*_KNOWN, *_OF_REPORTS] if issubclass(owner, Report) else _KNOWN
    for name, value in vars(owner).items():
        if name.startswith("_") or name in known or getattr(value, "__aiocms_action__", None):
            continue
        near = difflib.get_close_matches(name, known, 1, 0.85)
        is_helper = callable(value) or isinstance(value, property | staticmethod | classmethod)
        if is_helper and not near and not name.startswith("get_"):
            continue
        hint = f"did you mean {near[0]!r}?" if near else "begin the names of your own helpers with _"
        yield Fault(
            "admin.E001",
            f"The screen {owner.__name__} has an unknown attribute {name!r}",
            _where(owner),
            hint,
        )


def _iter_wrong(screen: type[Screen], attribute: str, kinds: tuple[type, ...]) -> Iterator[Fault]:
    value: Any = getattr(screen, attribute)
    where, subject = _where(screen), f"The screen {screen.__name__}: {attribute}"
    if isinstance(value, str) or not isinstance(value, Sequence):
        hint = f"write {attribute} = ({value!r},)" if isinstance(value, str) else ""
        yield Fault("admin.E003", f"{subject} must be a tuple, not {type(value).__name__}", where, hint)
        return
    for item in value:
        if not isinstance(item, kinds):
            yield Fault("admin.E003", f"{subject} holds {item!r}, which names no field", where)
        elif isinstance(item, Column) and item.format not in FORMATS:
            near = difflib.get_close_matches(item.format, FORMATS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(sorted(FORMATS - {''}))}"
            yield Fault(
                "admin.E004", f"{subject}: {item.path!r} has an unknown format {item.format!r}", where, hint
            )
        elif not all(sound_path(path) for path in _iter_paths(item)):
            yield Fault("admin.E005", f"{subject} holds {item!r}, which is no path of a field", where)


def _iter_paths(item: object) -> Iterator[str]:
    match item:
        case str():
            yield item.removeprefix("-")
        case Column():
            yield from (item.path, *item.needs)
        case Filter():
            yield item.path
        case Tab() | Group():
            yield from _iter_paths(item.rows)
        case tuple():
            for part in item:
                yield from _iter_paths(part)


def _where(screen: type) -> str:
    """The file and line of a class; `inspect.getsourcelines` would parse the whole file for it."""
    try:
        file = inspect.getsourcefile(screen)
    except TypeError:
        file = None
    if file is None:
        return screen.__module__
    begins = re.compile(rf"\s*class\s+{re.escape(screen.__name__)}\b")
    lines = enumerate(linecache.getlines(file), 1)
    return next((f"{file}:{number}" for number, line in lines if begins.match(line)), file)
