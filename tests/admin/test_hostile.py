"""Documents that no form expects: every BSON type, odd keys, very big, very deep. Nothing that is not changed changes."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from bson import (
    Binary,
    Code,
    DBRef,
    Decimal128,
    Int64,
    MaxKey,
    MinKey,
    ObjectId,
    Regex,
    Timestamp,
)

from aiocms.admin.values.bsontypes import encode_id
from aiocms.admin.values.rawbson import Value
from tests.admin.conftest import Admin
from tests.admin.formpage import FormPage, Pairs
from tests.admin.one_site import open_site

pytestmark = pytest.mark.asyncio(loop_scope="module")
OID = ObjectId("650000000000000000000001")
SCRIPT = "<script>alert(1)</script>"


def nest(depth: int) -> dict[str, Any]:
    return {"k": nest(depth - 1)} if depth else {}


DOCUMENTS: dict[str, dict[str, Any]] = {
    "every type": {
        "double": 1.5,
        "nan": float("nan"),
        "infinite": float("-inf"),
        "minus zero": -0.0,
        "lines": "a\r\nb\nc\n",
        "leading": "\nleading newline",
        "object": {"a": 1},
        "array": [1, "a", None],
        "binary": Binary(b"\x00\x01", 0),
        "uuid": Binary.from_uuid(uuid.UUID(int=5)),
        "oid": OID,
        "yes": True,
        "no": False,
        "date": datetime(2024, 1, 1, tzinfo=UTC),
        "before": datetime(1, 1, 1, tzinfo=UTC),
        "null": None,
        "regex": Regex("^a", "i"),
        "dbref": DBRef("c", OID),
        "code": Code("function(){}"),
        "scoped": Code("f", {"x": 1}),
        "int": 5,
        "stamp": Timestamp(1, 2),
        "long": Int64(2**60),
        "decimal": Decimal128("1.50"),
        "no decimal": Decimal128("NaN"),
        "min": MinKey(),
        "max": MaxKey(),
    },
    "odd keys": {
        "": "empty",
        "a.b": "dotted",
        "$set": "dollar",
        "__proto__": "prototype",
        "csrf_token": "mine",
        "_op": "x",
        "_base": "y",
        "_save": "copy",
        "_end": "z",
        "a-b": "dash",
        "a~t": "tilde",
        "-": "only a dash",
        " ": "space",
        "\u202e": "from right to left",
        SCRIPT: SCRIPT,
        "long" * 50: "k",
        "elements": [1],
        "action": "a",
        "submit": {"in ner": [{"x y": 1}]},
        "deep": nest(70),
    },
    "very big": {
        "name": "big",
        "text": "x" * 1_500_000,
        "list": list(range(5000)),
        "rows": [{"n": at, "t": "t" * 50} for at in range(800)],
    },
    "mixed lists": {
        "items": [{"key": 1, "a": 1}, "text", 5, [1, [2, [3]]], None, {"key": 1, "a": 2}, {}],
        "empty": {},
        "none": [],
    },
    "an id that is an object": {"_id": {"a": 1, "b": OID}, "name": "x"},
}
KINDS = pytest.mark.parametrize("kind", DOCUMENTS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: Any, mongo_uri: str) -> AsyncIterator[Admin]:
    folder = tmp_path_factory.mktemp("hostile")
    async with open_site(folder, mongo_uri, {}, {"boss": {"superuser": True}}) as admins:
        yield admins["boss"]


@pytest_asyncio.fixture(loop_scope="module")
async def admin(site: Admin) -> Admin:
    """All of them in one collection, so that each is offered what the others have."""
    await site.db.things.delete_many({})
    for number, document in enumerate(DOCUMENTS.values()):
        await site.put("things", {"_id": number, **document})
    return site


async def open_one(admin: Admin, kind: str) -> tuple[Any, Value, str]:
    number = list(DOCUMENTS).index(kind)
    identity = DOCUMENTS[kind].get("_id", number)
    return identity, await admin.read("things", identity), admin.url("things", identity)


async def switch(admin: Admin, url: str, pairs: Pairs, tab: str) -> Pairs:
    answer = await admin.post(url, [*pairs, ("_op", f"tab:{tab}")], 200)
    return FormPage(answer.page).pairs


@KINDS
async def test_saving_what_was_not_changed_changes_nothing_by_form_and_by_json(
    admin: Admin, kind: str
) -> None:
    identity, stored, url = await open_one(admin, kind)
    pairs = (await admin.open("things", identity)).pairs
    await admin.post(url, [*pairs, ("_save", "stay")])
    assert await admin.read("things", identity) == stored
    text = await switch(admin, url, pairs, "json")
    await admin.post(url, [*text, ("_save", "stay")])
    assert await admin.read("things", identity) == stored
    await admin.post(url, [*await switch(admin, url, text, "form"), ("_save", "stay")])
    assert await admin.read("things", identity) == stored
    assert await admin.db.admin_changes.count_documents({"document": {"$eq": identity}}) == 0


@KINDS
async def test_a_copy_has_what_its_source_has_and_no_more(admin: Admin, kind: str) -> None:
    identity, stored, _ = await open_one(admin, kind)
    page = await admin.open("things", None, f"?copy={encode_id(identity)}")
    url = admin.url("things", None, f"?copy={encode_id(identity)}")
    answer = await admin.post(url, [*page.pairs, ("_save", "stay")])
    fresh = ObjectId(answer.headers["Location"].rsplit("/", 1)[1])
    copied = await admin.read("things", fresh)
    assert list(copied.items())[1:] == [pair for pair in stored.items() if pair[0] != "_id"]


@KINDS
async def test_it_is_deleted_and_comes_back_to_the_byte(admin: Admin, kind: str) -> None:
    identity, stored, url = await open_one(admin, kind)
    page = await admin.get(f"{url}/delete")
    assert SCRIPT not in page
    pairs = FormPage(page, "method").pairs
    await admin.post(f"{url}/delete", pairs)
    assert await admin.raw("things").find_one({"_id": {"$eq": identity}}) is None
    change = await admin.db.admin_changes.find_one({"verb": "delete"}, {"_id": 1}, sort=[("_id", -1)])
    await admin.post(f"/admin/undo/{change['_id']}", pairs)
    assert await admin.read("things", identity) == stored
