"""What a delete would touch: the documents that point to it, by the policy of each reference.

The plan is made twice: for the page that asks, and again within the transaction that deletes. It looks beyond
the user's scope, because a document that the user may not see is left dangling all the same; only numbers of
those are told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pymongo.errors import ExecutionTimeout

from aiocms.admin.forms.opened import Opened, open_screen
from aiocms.admin.links.references import Link, find_incoming
from aiocms.admin.screens import Screen
from aiocms.admin.values.rawbson import RAW, Value
from aiocms.core import keys

Key = tuple[str, Value]
"""A document: its collection and its `_id`."""

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Touch:
    """One field through which documents are touched, and which; `link` says by what policy."""

    link: Link
    identities: tuple[Value, ...]


@dataclass(slots=True)
class Deletion:
    """What is deleted, what is changed, and what stands against it.

    Parameters:
        roots: what the user asked to delete.
        removed: everything that goes, in the order of finding: what points after its target.
        edits: by document the fields that are emptied, with the policy of each.
        touches: the same by field, for the page.
        blockers: documents that keep the delete from happening.
        unchecked: fields that took too long to look through.
        too_many: more documents than one delete may touch.
        forbidden: screens with touched documents that the user may not touch.
    """

    roots: tuple[Key, ...]
    removed: dict[Key, Screen] = field(default_factory=dict)
    edits: dict[Key, list[Link]] = field(default_factory=dict)
    touches: list[Touch] = field(default_factory=list)
    blockers: list[Touch] = field(default_factory=list)
    unchecked: list[Link] = field(default_factory=list)
    forbidden: list[Screen] = field(default_factory=list)
    too_many: bool = False

    @property
    def is_possible(self) -> bool:
        """Whether nothing stands against it."""
        return not (self.blockers or self.unchecked or self.forbidden or self.too_many)

    @property
    def touches_others(self) -> bool:
        """Whether other documents are deleted or changed too."""
        return bool(self.edits) or len(self.removed) > len(self.roots)

    @property
    def digest(self) -> str:
        """Tells one plan from another: what a person agreed to is what is carried out."""
        if not (self.touches_others or self.blockers):
            return ""
        lines = [b"-".join((b"del", name.encode(), one.raw)) for name, one in self.removed]
        for (name, one), links in self.edits.items():
            lines += [b"-".join((link.path.encode(), name.encode(), one.raw)) for link in links]
        return hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()[:32]


class Planner:
    """Makes plans for one request; keeps what is opened."""

    def __init__(self, request: web.Request) -> None:
        self.request = request
        self._opened: dict[tuple[str, str], Opened] = {}
        self._incoming: dict[str, list[Link]] = {}
        self.limit = int(request.app[keys.SETTINGS].admin_delete_limit)
        self._time_ms = int(request.app[keys.SETTINGS].admin_list_time * 1000)

    async def open(self, screen: Screen) -> Opened:
        """A screen with the user's rights."""
        key = (screen.namespace, screen.name)
        if key not in self._opened:
            self._opened[key] = await open_screen(self.request, screen)
        return self._opened[key]

    async def incoming(self, collection: str) -> list[Link]:
        """The references that have something to say when a document of the collection goes."""
        if collection not in self._incoming:
            links = await find_incoming(self.request, collection, guess=False)
            self._incoming[collection] = [one for one in links if one.reference.on_delete != "keep"]
        return self._incoming[collection]

    async def plan(self, screen: Screen, identities: Iterable[Value], session: Any = None) -> Deletion:
        """What deleting these documents of a screen would touch, at this moment."""
        roots = tuple((screen.collection, one) for one in identities)
        found = Deletion(roots, dict.fromkeys(roots, screen))
        blocking: list[Touch] = []
        level: dict[str, list[Value]] = {screen.collection: [one for _, one in roots]}
        while level and not found.too_many:
            below: dict[str, list[Value]] = {}
            for collection, gone in level.items():
                for link in await self.incoming(collection):
                    pointing = await self._find(link, gone, found, session)
                    self._sort(link, pointing, found, blocking, below)
            level = below
        self._settle(found, blocking)
        await self._check_rights(found, session)
        return found

    def _sort(
        self,
        link: Link,
        pointing: Sequence[Value],
        found: Deletion,
        blocking: list[Touch],
        below: dict[str, list[Value]],
    ) -> None:
        collection, policy = link.screen.collection, link.reference.on_delete
        fresh = [one for one in pointing if (collection, one) not in found.removed]
        if not fresh:
            return
        if policy == "restrict":
            blocking.append(Touch(link, tuple(fresh)))
            return
        found.touches.append(Touch(link, tuple(fresh)))
        for one in fresh:
            if policy == "cascade":
                found.removed[collection, one] = link.screen
                below.setdefault(collection, []).append(one)
            else:
                known = found.edits.setdefault((collection, one), [])
                known += [link] if link not in known else []
        found.too_many = len(found.removed) - len(found.roots) + len(found.edits) > self.limit

    def _settle(self, found: Deletion, blocking: Sequence[Touch]) -> None:
        """What goes itself neither keeps anything nor has to be changed."""
        found.edits = {key: links for key, links in found.edits.items() if key not in found.removed}
        for touch in blocking:
            left = _outside(touch, found.removed)
            found.blockers += [Touch(touch.link, left)] if left else []
        changed: list[Touch] = []
        for touch in found.touches:
            cascades = touch.link.reference.on_delete == "cascade"
            left = touch.identities if cascades else _outside(touch, found.removed)
            changed += [Touch(touch.link, left)] if left else []
        found.touches = changed

    async def _find(self, link: Link, gone: Sequence[Value], found: Deletion, session: Any) -> list[Value]:
        """The `_id`s of the documents that point to one of these; bounded."""
        db = self.request.app[keys.MONGO].db
        collection: Any = db.get_collection(link.screen.collection, codec_options=RAW)
        pointing: list[Value] = []
        most = self.limit + len(found.removed) + 1
        for start in range(0, len(gone), _BATCH):
            values = [one.python() for one in gone[start : start + _BATCH]]
            match = {"$or": [{link.path: {"$eq": one}} for one in values]} if len(values) < 50 else {
                link.path: {"$in": values}
            }  # fmt: skip
            options = {"limit": most, "max_time_ms": self._time_ms, "session": session}
            try:
                async for row in collection.find(match, {"_id": 1}, **options):
                    identity = Value.document(row).find("_id")
                    assert identity is not None  # noqa: S101 - every stored document has one
                    pointing.append(identity)
            except ExecutionTimeout:
                found.unchecked.append(link)
                break
        found.too_many = found.too_many or len(pointing) >= most
        return list(dict.fromkeys(pointing))

    async def _check_rights(self, found: Deletion, session: Any) -> None:
        roots = set(found.roots)
        wanted: dict[tuple[str, str], list[Value]] = {}
        screens: dict[str, Screen] = {}
        fields: dict[str, set[str]] = {}
        for (collection, one), screen in found.removed.items():
            if (collection, one) not in roots:
                wanted.setdefault((collection, "delete"), []).append(one)
                screens[collection] = screen
        for (collection, one), links in found.edits.items():
            wanted.setdefault((collection, "edit"), []).append(one)
            for link in links:
                screens[collection] = link.screen
                fields.setdefault(collection, set()).add(link.path)
        for (collection, verb), identities in wanted.items():
            screen = screens[collection]
            opened = await self.open(screen)
            allowed = screen.can_delete if verb == "delete" else screen.can_edit
            if verb == "edit" and not opened.rights.has_rule:
                allowed = allowed and all(opened.access(path) == "edit" for path in fields[collection])
            if not allowed or not await _are_within(opened, verb, identities, session):
                found.forbidden += [screen] if screen not in found.forbidden else []


def _outside(touch: Touch, removed: Mapping[Key, Screen]) -> tuple[Value, ...]:
    name = touch.link.screen.collection
    return tuple(one for one in touch.identities if (name, one) not in removed)


async def _are_within(opened: Opened, verb: str, identities: Sequence[Value], session: Any) -> bool:
    """Whether the user may do this with every one of these documents."""
    scope = opened.door.scopes.get(verb, False)
    if scope is True or scope is False:
        return scope
    wanted = {"$and": [{"_id": {"$in": [one.python() for one in identities]}}, scope]}
    return bool(await opened.door.raw.count_documents(wanted, session=session) == len(set(identities)))
