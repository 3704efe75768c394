"""Indexes: declared in models.py, made at start-up, compared by ``aiocms indexes``.

A declared index that the database holds with other options is never dropped by itself: the difference is
told, and a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pymongo
from pymongo.errors import OperationFailure

if TYPE_CHECKING:
    from aiocms.core.mongo import Database

Keys = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True, init=False)
class Index:
    """One declared index: ``Index("blog_posts", [("slug", 1)], unique=True)``.

    Parameters:
        collection: name of the collection.
        keys: ``(path, kind)`` pairs; kind is 1, -1, "text", "hashed", "2dsphere" or "2d".
        options: options of MongoDB's createIndexes, ``name`` too.
    """

    collection: str
    keys: Keys
    options: Mapping[str, Any] = field(default_factory=dict)

    def __init__(self, collection: str, keys: str | Iterable[tuple[str, Any]], **options: Any) -> None:
        pairs = [(keys, 1)] if isinstance(keys, str) else list(keys)
        object.__setattr__(self, "collection", collection)
        object.__setattr__(self, "keys", tuple((str(path), kind) for path, kind in pairs))
        object.__setattr__(self, "options", dict(options))

    def __hash__(self) -> int:
        return hash((self.collection, self.keys, self.name))

    @property
    def name(self) -> str:
        """Its name in the database; as MongoDB makes it from the keys, when none is given."""
        given = self.options.get("name")
        return str(given) if given else "_".join(f"{path}_{kind}" for path, kind in self.keys)

    @property
    def model(self) -> pymongo.IndexModel:
        """The driver's form of it."""
        return pymongo.IndexModel(list(self.keys), **{**self.options, "name": self.name})

    def __str__(self) -> str:
        shown = ", ".join(f"{path} {kind}" for path, kind in self.keys)
        options = "".join(f", {key}={value!r}" for key, value in self.options.items() if key != "name")
        return f"{self.collection} ({shown}){options}"


@dataclass(frozen=True, slots=True)
class Different:
    """A declared index whose place is taken by another one in the database."""

    index: Index
    stored: Mapping[str, Any]
    reason: str

    def __str__(self) -> str:
        name, collection = self.stored["name"], self.index.collection
        return (
            f"Index {name!r} of {collection!r} {self.reason}. It was left as it is; "
            f"`aiocms indexes --replace {collection}.{name}` drops it and makes the declared one."
        )


@dataclass(frozen=True, slots=True)
class Extra:
    """An index of the database that no app declares."""

    collection: str
    stored: Mapping[str, Any]

    def __str__(self) -> str:
        shown = ", ".join(f"{path} {kind}" for path, kind in self.stored["key"].items())
        return f"{self.collection} ({shown}) named {self.stored['name']!r}"


@dataclass(frozen=True, slots=True)
class Difference:
    """What the database holds against what the apps declare.

    Parameters:
        missing: declared, not there.
        different: declared, but the database holds it with other options or under another name.
        extra: there, not declared; only of collections for which an app declares indexes.
        failed: declared, but MongoDB refused to make it; with its reason.
    """

    missing: tuple[Index, ...] = ()
    different: tuple[Different, ...] = ()
    extra: tuple[Extra, ...] = ()
    failed: tuple[tuple[Index, str], ...] = ()

    def iter_problems(self) -> Iterable[str]:
        """A sentence for each thing that a person must decide."""
        for different in self.different:
            yield str(different)
        for index, reason in self.failed:
            yield f"Index {index} could not be made: {reason}"


async def difference(db: Database, indexes: Iterable[Index]) -> Difference:
    """Compare the declared indexes with those of the database; changes nothing."""
    missing: list[Index] = []
    different: list[Different] = []
    extra: list[Extra] = []
    for collection, declared in _group(indexes).items():
        stored = await _list_stored(db, collection)
        matched: set[str] = {"_id_"}
        for index in declared:
            found = _find_stored(index, stored)
            if found is None:
                missing.append(index)
                continue
            matched.add(str(found["name"]))
            reason = _compare(index, found)
            if reason:
                different.append(Different(index, found, reason))
        extra.extend(Extra(collection, one) for one in stored if one["name"] not in matched)
    return Difference(tuple(missing), tuple(different), tuple(extra))


async def ensure(db: Database, indexes: Iterable[Index]) -> Difference:
    """Make the missing indexes; may be repeated and run by several processes at once.

    Returns:
        What is left: differences, extras, and the indexes that MongoDB refused, with its reason.
    Raises:
        pymongo.errors.PyMongoError: the database is away.
    """
    before = await difference(db, indexes)
    failed: list[tuple[Index, str]] = []
    for index in before.missing:
        try:
            await db[index.collection].create_indexes([index.model])
        except OperationFailure as error:
            if error.code not in _REFUSED:
                raise
            failed.append((index, _explain(error)))
    return Difference((), before.different, before.extra, tuple(failed))


async def replace(db: Database, index: Index, stored_name: str) -> None:
    """Drop a stored index and make the declared one in its place.

    Raises:
        pymongo.errors.OperationFailure: MongoDB refuses the declared one.
    """
    await db[index.collection].drop_index(stored_name)
    await db[index.collection].create_indexes([index.model])


# DuplicateKey, IndexOptionsConflict, IndexKeySpecsConflict, CannotCreateIndex, BadValue, TypeMismatch,
# InvalidOptions, InvalidNamespace, FailedToParse, InvalidIndexSpecificationOption,
# CommandNotSupportedOnView, CannotIndexParallelArrays, a second text index, unextractable geo keys.
_REFUSED = frozenset((11000, 85, 86, 67, 2, 14, 72, 73, 9, 197, 166, 171, 16755, 16766, 17280, 10003, 40353))


def _explain(error: OperationFailure) -> str:
    details = error.details or {}
    if error.code == 11000:
        return (
            f"documents share the value {details.get('keyValue')!r}, and the index is unique. "
            "Change or delete all but one of them, then run `aiocms indexes --create`."
        )
    return str(details.get("errmsg") or error)


def _group(indexes: Iterable[Index]) -> dict[str, list[Index]]:
    groups: dict[str, list[Index]] = {}
    for index in dict.fromkeys(indexes):
        groups.setdefault(index.collection, []).append(index)
    return groups


async def _list_stored(db: Database, collection: str) -> list[dict[str, Any]]:
    try:
        return [dict(one) async for one in db[collection].list_indexes()]
    except OperationFailure as error:
        if error.code == 26:  # NamespaceNotFound: no document was ever stored
            return []
        raise


def _find_stored(index: Index, stored: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The stored index in this one's place: the same name, or the same keys and collation and filter."""
    for one in stored:
        if one["name"] == index.name:
            return one
    for one in stored:
        if _same_place(index, one):
            return one
    return None


def _same_place(index: Index, stored: Mapping[str, Any]) -> bool:
    if "textIndexVersion" in stored:
        return any(kind == "text" for _path, kind in index.keys)  # a collection has one text index
    return (
        _plain_keys(index.keys) == _plain_keys(stored["key"].items())
        and _shape("collation", index.options.get("collation"))
        == _shape("collation", stored.get("collation"))
        and index.options.get("partialFilterExpression") == stored.get("partialFilterExpression")
    )


# What changes an index's meaning; the rest (background, v, ns, …) does not.
_COMPARED = (
    "unique",
    "sparse",
    "expireAfterSeconds",
    "partialFilterExpression",
    "collation",
    "hidden",
    "weights",
    "default_language",
    "language_override",
    "wildcardProjection",
)
_TEXT_DEFAULTS = {"default_language": "english", "language_override": "language"}


def _compare(index: Index, stored: Mapping[str, Any]) -> str:
    """What differs, as the end of a sentence that begins with the index's name; empty when nothing does."""
    text = "textIndexVersion" in stored
    if text != any(kind == "text" for _path, kind in index.keys):
        return f"has the keys {_show_keys(stored['key'].items())}, but {_show_keys(index.keys)} is declared"
    if not text and _plain_keys(index.keys) != _plain_keys(stored["key"].items()):
        return f"has the keys {_show_keys(stored['key'].items())}, but {_show_keys(index.keys)} is declared"
    for option in _COMPARED:
        wanted = index.options.get(option)
        if text and option == "weights":
            wanted = {path: 1 for path, kind in index.keys if kind == "text"} | dict(wanted or {})
        elif text and option in _TEXT_DEFAULTS:
            wanted = wanted or _TEXT_DEFAULTS[option]
        have = stored.get(option)
        if _shape(option, wanted) != _shape(option, have):
            return f"has {option}={_show(have)}, but {option}={_show(wanted)} is declared"
    if stored["name"] != index.name:
        return (
            f"has the declared keys under another name than {index.name!r}" if "name" in index.options else ""
        )
    return ""


def _shape(option: str, value: Any) -> Any:
    """A value of an option in a form that compares: absent is None, a collation has its defaults."""
    if option == "collation" and value is not None:
        document = dict(getattr(value, "document", value))
        full = {"strength": 3, "caseLevel": False, "caseFirst": "off", "numericOrdering": False} | document
        return {key: full[key] for key in ("locale", "strength", "caseLevel", "caseFirst", "numericOrdering")}
    if option == "weights" and value is not None:
        return {path: float(weight) for path, weight in value.items()}
    return value or (0 if option == "expireAfterSeconds" and value == 0 else None)


def _plain_keys(pairs: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Keys with numbers as MongoDB may have stored them (1, 1.0, Int64) made equal."""
    return [(path, kind if isinstance(kind, str) else float(kind)) for path, kind in pairs]


def _show(value: Any) -> str:
    return repr(dict(value) if isinstance(value, Mapping) else getattr(value, "document", value))


def _show_keys(pairs: Iterable[tuple[str, Any]]) -> str:
    return "(" + ", ".join(f"{path} {kind}" for path, kind in pairs) + ")"
