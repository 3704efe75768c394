"""The way to one screen's documents as bytes, within the scopes and field rights of one user."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bson import ObjectId

from aiocms.admin.forms.shown import Access
from aiocms.admin.values.rawbson import RAW, Value
from aiocms.admin.writes.patch import build_filter
from aiocms.core.errors import AiocmsError
from aiocms.core.mongo import Database

if TYPE_CHECKING:
    from aiocms.admin.writes.hooks import Hooks

Scope = bool | dict[str, Any]


class Gone(AiocmsError):
    """The document is not there, or is not one that the user may touch."""


@dataclass(frozen=True, slots=True)
class Door:
    """One screen's collection for one user.

    Parameters:
        scopes: by verb: True, False, or a filter.
        access: the user's rights by dotted path.
        describe: the label of a document.
        hooks: what the screen says about writes.
        group: what its writes belong to; all of one group are taken back together.
    """

    db: Database
    namespace: str
    screen: str
    collection: str
    scopes: dict[str, Scope]
    access: Access
    describe: Callable[[dict[str, Any]], str]
    user: Any = None
    username: str = ""
    hooks: Hooks | None = None
    group: ObjectId | None = None

    @property
    def raw(self) -> Any:
        """The collection, giving documents as bytes."""
        return self.db.get_collection(self.collection, codec_options=RAW)

    def find_scope(self, verb: str) -> Value | None:
        """The filter of a verb, None when it is not narrowed.

        Raises:
            Gone: the verb is not allowed at all.
        """
        scope = self.scopes.get(verb, False)
        if scope is False:
            raise Gone(f"{verb} is not allowed in {self.collection}")
        return None if scope is True else Value.of(scope)


async def read(door: Door, identity: Value, verb: str = "view", session: Any = None) -> Value:
    """The stored document.

    Raises:
        Gone: it is not there, or the user may not touch it.
    """
    found = await door.raw.find_one(build_filter(identity, scope=door.find_scope(verb)), session=session)
    if found is None:
        raise Gone(f"no such document in {door.collection}")
    return Value.document(found)
