"""Reports that users write themselves: kept in admin_reports, run with the rights of whoever opens them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from aiohttp import web
from bson import ObjectId
from bson.codec_options import DatetimeConversion
from bson.errors import BSONError, InvalidId
from bson.json_util import JSONMode, JSONOptions, dumps, object_pairs_hook

from aiocms.admin.masking import FieldRights
from aiocms.admin.models import REPORTS
from aiocms.admin.reports.report_rules import iter_mistakes
from aiocms.admin.reports.reports import Report
from aiocms.admin.screens import Access, Document
from aiocms.core import keys
from aiocms.core.errors import AiocmsError
from aiocms.core.i18n import N_

LONGEST_TEXT = 50_000
LONGEST_NAME = 80
MOST_REPORTS = 200
EVERYBODY = "*"
_OPTIONS = JSONOptions(
    json_mode=JSONMode.RELAXED, tz_aware=True, datetime_conversion=DatetimeConversion.DATETIME_AUTO
)


class BadText(AiocmsError):
    """A text that is no pipeline; `line` counts from 1, 0 when it is about the whole."""

    def __init__(self, message: str, line: int = 0, **values: Any) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.line = line
        self.values = values


@dataclass(frozen=True, slots=True)
class SavedPipeline:
    """One stored report. `roles` are ids of roles as text, or `EVERYBODY`."""

    id: str
    name: str
    collection: str
    text: str
    owner: Any
    owner_name: str
    roles: tuple[str, ...] = ()


class WrittenReport(Report):
    """A stored report as one of the kind that developers declare."""

    declared = False

    def __init__(self, name: str, collection: str, stages: list[Any]) -> None:
        super().__init__("admin", "written")
        # Instance attributes shadow those of the class: there is one class for all of them.
        mine = cast(Any, self)
        mine.title, mine.collection, mine.pipeline = name, collection, stages


class OpenRights(FieldRights):
    """Rights over what comes out of a written pipeline: what may go in was decided in front of it."""

    is_limited = False

    def access(self, path: str, document: Document | None = None) -> Access:
        """Everything may be read."""
        return "read"


def read_stages(text: str) -> list[Any]:
    """The stages that a text in Extended JSON says.

    Raises:
        BadText: it says none, or such as are not allowed; with its line.
    """
    if len(text) > LONGEST_TEXT:
        raise BadText(N_("The text is too long."))
    try:
        stages = json.loads(text, object_pairs_hook=lambda pairs: object_pairs_hook(pairs, _OPTIONS))
    except json.JSONDecodeError as error:
        raise BadText(N_("This is no JSON: %(text)s"), error.lineno, text=error.msg) from error
    except (ValueError, TypeError, OverflowError, BSONError, RecursionError) as error:
        raise BadText(N_("This is no Extended JSON: %(text)s"), text=str(error)[:200]) from error
    for mistake in iter_mistakes(stages):
        raise BadText(mistake.message, line_of(text, mistake.stage), **mistake.values)
    return list(stages)


def line_of(text: str, stage: int) -> int:
    """The line on which a stage of a valid text begins."""
    places = list(_iter_places(text))
    at = places[stage] if stage < len(places) else 0
    return text.count("\n", 0, at) + 1


def write_documents(documents: list[Any]) -> str:
    """Documents as readable Extended JSON."""
    return dumps(documents, json_options=_OPTIONS, indent=2, ensure_ascii=False)


async def list_saved(request: web.Request) -> list[SavedPipeline]:
    """The reports that the request's user may open: own ones first, by name."""
    user = request[keys.USER]
    cursor = _collection(request).find(_visible(user), limit=MOST_REPORTS, max_time_ms=2000)
    found = [_read(one) async for one in cursor]
    return sorted(found, key=lambda one: (one.owner != user.id, one.name.casefold()))


async def get_saved(request: web.Request, identity: str) -> SavedPipeline:
    """A report that the request's user may open.

    Raises:
        HTTPNotFound: there is none.
    """
    try:
        wanted = {"_id": ObjectId(identity)}
    except InvalidId as error:
        raise web.HTTPNotFound from error
    found = await _collection(request).find_one({"$and": [wanted, _visible(request[keys.USER])]})
    if found is None:
        raise web.HTTPNotFound
    return _read(found)


async def save(
    request: web.Request, identity: str, name: str, collection: str, text: str, roles: list[str]
) -> str:
    """Store a report; `identity` of one's own, or "" for a new one.

    Returns:
        Its id.
    """
    user = request[keys.USER]
    values = {
        "name": name[:LONGEST_NAME], "collection": collection, "pipeline": text, "roles": roles,
        "changed": datetime.now(UTC),
    }  # fmt: skip
    if identity:
        query = {"_id": ObjectId(identity), **({} if user.is_superuser else {"owner": user.id})}
        result = await _collection(request).update_one(query, {"$set": values})
        if not result.matched_count:
            raise web.HTTPForbidden
        return identity
    done = await _collection(request).insert_one({**values, "owner": user.id, "owner_name": user.username})
    return str(done.inserted_id)


async def forget(request: web.Request, identity: str) -> None:
    """Delete a report of one's own."""
    user = request[keys.USER]
    query = {"_id": ObjectId(identity), **({} if user.is_superuser else {"owner": user.id})}
    await _collection(request).delete_one(query)


def _iter_places(text: str) -> Iterator[int]:
    """Where the items of a JSON list begin."""
    decoder = json.JSONDecoder()
    at = text.find("[") + 1
    while 0 < at < len(text):
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        if at >= len(text) or text[at] == "]":
            return
        yield at
        _, at = decoder.raw_decode(text, at)


def _visible(user: Any) -> dict[str, Any]:
    who: list[dict[str, Any]] = [{"owner": user.id}]
    who.append({"roles": {"$in": [EVERYBODY, *(str(one) for one in user.roles)]}})
    return {} if user.is_superuser else {"$or": who}


def _collection(request: web.Request) -> Any:
    return request.app[keys.MONGO].db[REPORTS]


def _read(row: dict[str, Any]) -> SavedPipeline:
    return SavedPipeline(
        id=str(row["_id"]),
        name=str(row.get("name", "")),
        collection=str(row.get("collection", "")),
        text=str(row.get("pipeline", "")),
        owner=row.get("owner"),
        owner_name=str(row.get("owner_name", "")),
        roles=tuple(map(str, row.get("roles") or ())),
    )
