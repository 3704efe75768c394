"""What a pipeline may hold, what it names, and which filters may go in front of it. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiocms.core.i18n import N_

Stage = Mapping[str, Any]
STAGES = frozenset(
    (
        "$addFields", "$bucket", "$bucketAuto", "$count", "$densify", "$facet", "$fill", "$graphLookup",
        "$group", "$limit", "$lookup", "$match", "$project", "$redact", "$replaceRoot", "$replaceWith",
        "$sample", "$set", "$setWindowFields", "$skip", "$sort", "$sortByCount", "$unionWith", "$unset",
        "$unwind",
    )
)  # fmt: skip
"""Stages that only read. Any other is refused, those of later servers too."""
MOST_STAGES = 50
_SCRIPTS = frozenset(("$function", "$accumulator", "$where"))
_BEFORE_GROUP = frozenset(("$match", "$unwind", "$lookup"))
_AFTER_GROUP = frozenset(("$match", "$sort", "$addFields", "$set", "$project", "$unset"))


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one stage, counted from 0; a message for gettext and its values."""

    stage: int
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)


def iter_mistakes(stages: Any, at: int | None = None) -> Iterator[Mistake]:
    """Everything in a pipeline that is no stage, writes, or runs a script."""
    if not isinstance(stages, Sequence) or isinstance(stages, str | bytes):
        yield Mistake(at or 0, N_("A pipeline is a list of stages."))
        return
    if len(stages) > MOST_STAGES:
        yield Mistake(at or 0, N_("A pipeline has at most %(most)s stages."), {"most": MOST_STAGES})
        return
    for index, stage in enumerate(stages):
        place = index if at is None else at
        if not isinstance(stage, Mapping) or len(stage) != 1:
            yield Mistake(place, N_("A stage is an object with one key, such as $match."))
            continue
        ((name, body),) = stage.items()
        if name not in STAGES:
            yield Mistake(place, N_("The stage %(name)s is not allowed here."), {"name": name})
            continue
        for operator in sorted(_find_scripts(body)):
            yield Mistake(place, N_("The operator %(name)s is not allowed here."), {"name": operator})
        for inner in _iter_inner(name, body):
            yield from iter_mistakes(inner, place)


def find_collections(stages: Sequence[Stage]) -> dict[str, int]:
    """Names of the other collections that a pipeline reads, with the number of the stage."""
    found: dict[str, int] = {}
    for index, stage in enumerate(stages):
        for name, body in stage.items():
            if name in ("$lookup", "$graphLookup") and isinstance(body, Mapping) and "from" in body:
                found.setdefault(_name_of(body["from"]), index)
            elif name == "$unionWith":
                named = body.get("coll") if isinstance(body, Mapping) else body
                if named is not None:
                    found.setdefault(_name_of(named), index)
            for inner in _iter_inner(name, body):
                for other in find_collections(inner):
                    found.setdefault(other, index)
    return found


def find_paths(value: Any) -> set[str]:
    """Every path that a pipeline may mean by a text or a key; too many rather than too few."""
    found: set[str] = set()
    _collect_paths(value, found)
    return found


def find_pushed(stages: Sequence[Stage], drill: Mapping[str, str]) -> dict[str, str]:
    """Paths of rows that are just a field of the documents, so that a filter may go in front as well.

    Only in a pipeline that groups once by these fields and neither makes new documents before nor counts rows
    after: there the rows that a filter leaves do not depend on the documents that it takes away.
    """
    names = [next(iter(stage)) for stage in stages]
    if names.count("$group") != 1:
        return {}
    at = names.index("$group")
    if not (set(names[:at]) <= _BEFORE_GROUP and set(names[at + 1 :]) <= _AFTER_GROUP):
        return {}
    key = stages[at]["$group"].get("_id")
    made = {"_id": key} if isinstance(key, str) else key if isinstance(key, Mapping) else {}
    found: dict[str, str] = {}
    for path, source in drill.items():
        wanted = made.get(path.removeprefix("_id.")) if path != "_id" else made.get("_id")
        is_kept = all(_leaves(stage, path) for stage in stages[at + 1 :])
        if wanted == f"${source}" and is_kept and not _is_made(stages[:at], source):
            found[path] = source
    return found


def _leaves(stage: Stage, path: str) -> bool:
    """Whether a stage behind the group leaves a path as it is."""
    ((name, body),) = stage.items()
    if name in ("$match", "$sort"):
        return True
    top = path.partition(".")[0]
    return isinstance(body, Mapping) and all(key.partition(".")[0] != top for key in body)


def _is_made(stages: Sequence[Stage], path: str) -> bool:
    """Whether a lookup writes over the path."""
    tops = [str(stage["$lookup"].get("as", "")).partition(".")[0] for stage in stages if "$lookup" in stage]
    return path.partition(".")[0] in tops


def _iter_inner(name: str, body: Any) -> Iterator[Any]:
    if name == "$facet" and isinstance(body, Mapping):
        yield from body.values()
    elif name in ("$lookup", "$unionWith") and isinstance(body, Mapping) and "pipeline" in body:
        yield body["pipeline"]


def _find_scripts(value: Any) -> set[str]:
    found: set[str] = set()
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in _SCRIPTS or key.startswith("$_internal"):
                found.add(key)
            found |= _find_scripts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            found |= _find_scripts(inner)
    return found


def _name_of(value: Any) -> str:
    # A name of another database, as an object, is no collection that anybody may see.
    return value if isinstance(value, str) else ""


def _collect_paths(value: Any, found: set[str]) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not key.startswith("$"):
                found.add(key)
            _collect_paths(inner, found)
    elif isinstance(value, list | tuple):
        for inner in value:
            _collect_paths(inner, found)
    elif isinstance(value, str):
        text = value.lstrip("$")
        if value.startswith("$$"):
            text = text.partition(".")[2]
        if text:
            found.add(text)
