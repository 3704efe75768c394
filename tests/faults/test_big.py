"""Huge and odd documents: every page answers, stays small, and a save leaves every other byte."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from bson import (
    Binary,
    Code,
    DatetimeMS,
    DBRef,
    Decimal128,
    Int64,
    MaxKey,
    MinKey,
    ObjectId,
    Regex,
    Timestamp,
)
from bson.raw_bson import RawBSONDocument

from aiocms.admin.values.bsontypes import encode_id
from aiocms.testing import Login, MakeClient, MakeSite

from .conftest import Answer, Target, find_forms
from .test_fuzz import FORM, urlencoded

# The largest page that a browser on a phone still takes with patience.
LARGEST = 3_000_000


def nest(levels: int) -> Any:
    """Objects and lists in each other, that many levels deep."""
    value: Any = "bottom"
    for level in range(levels):
        value = [value] if level % 2 else {"in": value}
    return value


MIB = 1024 * 1024
ODD: dict[str, dict[str, Any]] = {
    "15 MB in one text": {"title": "big", "text": "x" * (15 * MIB)},
    "15 MB in one binary": {"title": "big", "data": b"\0" * (15 * MIB)},
    "15 MB in many keys": {"title": "big", **{f"key {i}": "y" * 15_000 for i in range(1000)}},
    "15 MB in one list": {"title": "big", "list": ["z" * 3000] * 5000},
    "1,000 columns": {"title": "wide", **{f"column{i}": i for i in range(1000)}},
    "1,000 columns inside": {"title": "wide", "in": {f"column{i}": {"a": i} for i in range(1000)}},
    "5,000 texts": {"title": "long", "list": [f"item {i}" for i in range(5000)]},
    "5,000 objects": {"title": "long", "list": [{"a": i, "b": [i], "c": {"d": i}} for i in range(5000)]},
    "100,000 numbers": {"title": "long", "list": list(range(100_000))},
    "90 levels": {"title": "deep", "deep": nest(90)},
    "odd keys": {
        "title": "keys",
        "a.b": 1, "": 2, "$set": 3, "a$b": 4, "😀": 5, " ": 6, "-": 7, "~t": 8, "csrf_token": 9, "_base": 10, "_op": 11,
        "x-0-y": 12, "<b>": 13, '"': 14, "0": 15, "a[0]": 16, "\n": 17, "é" * 500: 18, "__proto__": 19, "constructor": 20,
        "..": 21, ".": 22, "submit": 23, "action": 24, "id": 25, "_id2": 26, "\u202e": 27, "in": {"": {"": {"": 1}}},
        "csrf_token~t": 28, "_": 29, "$$": 30, ".41.": 31,
    },
    "keys like marks": {
        "title": "marks", "in": {"$date": "x", "big": "x" * (2 * MIB), "more": 1}, "list": [{"$oid": 1}, {"$kept": 0}, {"$bson": {}}],
        "ref": {"$ref": "x", "$id": {"a": "y" * (2 * MIB)}},
    },
    "odd values": {
        "title": "values",
        "far": DatetimeMS(2**62), "ancient": DatetimeMS(-(2**62)), "year 0": DatetimeMS(-62_167_219_200_000),
        "last": DatetimeMS(253_402_300_799_999), "after": DatetimeMS(253_402_300_800_000), "now": datetime.now(UTC),
        "nan": float("nan"), "inf": float("inf"), "-inf": float("-inf"), "-0": -0.0, "tiny": 5e-324, "huge": 1.7e308,
        "decimal nan": Decimal128("NaN"), "snan": Decimal128("sNaN"), "decimal inf": Decimal128("-Infinity"),
        "decimal huge": Decimal128("9.999999999999999999999999999999999E+6144"), "decimal zero": Decimal128("-0E-6176"),
        "int64": Int64(2**63 - 1), "-int64": Int64(-(2**63)), "small int64": Int64(5), "int32": -(2**31),
        "binary": Binary(b"\0\xff", 0x80), "uuid": Binary(b"\1" * 16, 4), "old uuid": Binary(b"\1" * 16, 3),
        "bad uuid": Binary(b"\1", 4), "empty": b"", "regex": Regex("(a+)+$", "imsux"), "regex 2": Regex("/\n/", ""),
        "code": Code("function () { return 1 }"), "scoped": Code("x", {"x": 1}), "time": Timestamp(2**32 - 1, 2**32 - 1),
        "min": MinKey(), "max": MaxKey(), "ref": DBRef("x", ObjectId(), "db"), "null": None, "text": "a\0b\r\n\t\u2028\x1f",
        "oid": ObjectId(), "list": [[[]], [{}], [None]], "object": {}, "yes": True, "control": "\x00\x01\x7f\x85", "rtl": "\u202eabc",
    },
}  # fmt: skip
IDS: list[Any] = [
    ObjectId(), "", " ", "a/b", "..", ".", "new", "~", "%2F", "a?b#c", "x" * 900, "é😀", "\0", "\n", 0, -1, Int64(5), 1.5,
    float("nan"), float("inf"), True, None, Decimal128("1.10"), datetime(1, 1, 1, tzinfo=UTC), DatetimeMS(2**60), b"", b"\xff" * 300,
    Binary(b"\1" * 16, 4), {"a": 1}, {"a": {"b": [1, {}]}, "": None}, {}, Timestamp(1, 2), MinKey(), MaxKey(), Code("x"),
    "64b000000000000000000003", "~int32:5", "<script>", "-/action", "delete",
]  # fmt: skip


async def read(target: Target, path: str) -> str:
    """A page that must be there and of bearable size."""
    answer = await target.ask("GET", path)
    assert answer.status == 200, (path, answer.status, answer.text[:500])
    assert len(answer.body) < LARGEST, (path, len(answer.body))
    return answer.text


async def visit(target: Target, base: str, name: str) -> None:
    for page in ("", "?tab=json", "/delete"):
        await read(target, f"{base}{name}{page}")


async def save_json(target: Target, base: str) -> None:
    """Save the Extended JSON as it is shown."""
    page = await read(target, f"{base}?tab=json")
    fields = next(fields for _, _, fields, _ in find_forms(page) if "_json" in dict(fields))
    answer = await target.ask("POST", f"{base}?tab=json", [(b"Content-Type", FORM)], urlencoded(fields))
    assert answer.status == 303, answer.text[:3000]


async def fetch(db: Any, name: str, identity: Any) -> bytes:
    raw = db[name].with_options(codec_options=db.codec_options.with_options(document_class=RawBSONDocument))
    return bytes((await raw.find_one({"_id": {"$eq": identity}})).raw)


@pytest.mark.parametrize("name", ODD)
async def test_odd_document_is_shown_and_saved_byte_by_byte(
    make_site: MakeSite, make_client: MakeClient, login: Login, db: Any, no_errors: None, name: str
) -> None:
    target = Target(await make_client(make_site(apps=["auth", "admin"])))
    await target.log_in(login)
    await db.odd.insert_one({"_id": 1, **ODD[name]})
    await read(target, "/admin/")
    await read(target, "/admin/database/odd/")
    await read(target, "/admin/database/odd/?q=a&scan=yes")
    await read(target, "/admin/database/odd/new")
    base = "/admin/database/odd/~int32:1"
    await visit(target, base, "")
    before = await fetch(db, "odd", 1)
    await save_json(target, base)
    assert await fetch(db, "odd", 1) == before

    page = await read(target, base)
    fields = next(fields for _, _, fields, _ in find_forms(page) if "_base" in dict(fields))
    assert "title" in dict(fields)
    for pairs, title in ((fields, None), ([(k, "New" if k == "title" else v) for k, v in fields], b"New")):
        answer = await target.ask("POST", base, [(b"Content-Type", FORM)], urlencoded(pairs))
        assert answer.status == 303, answer.text[:2000]
        after = await fetch(db, "odd", 1)
        if title is None:
            assert after == before
            continue
        old = str(ODD[name]["title"]).encode()
        part = b"\x02title\0%s%s\0"
        size = (len(title) + 1).to_bytes(4, "little"), (len(old) + 1).to_bytes(4, "little")
        assert after[4:] == before[4:].replace(part % (size[1], old), part % (size[0], title))


@pytest.mark.parametrize("name", ["15 MB in one list", "5,000 objects", "90 levels", "15 MB in one text"])
async def test_every_part_of_a_big_document_has_a_page(
    make_site: MakeSite, make_client: MakeClient, login: Login, db: Any, no_errors: None, name: str
) -> None:
    target = Target(await make_client(make_site(apps=["auth", "admin"])))
    await target.log_in(login)
    await db.odd.insert_one({"_id": 1, **ODD[name]})
    base = "/admin/database/odd/~int32:1"
    for at in (
        "list",
        "list&from=4900",
        "list[4999]",
        "text",
        "deep",
        'deep["in"]',
        "deep.in[0].in[0].in[0].in[0].in[0]",
    ):
        for tab in ("", "&tab=json"):
            answer = await target.ask("GET", f"{base}?at={quote(at, safe='&=')}{tab}")
            assert answer.status in (200, 404) and len(answer.body) < LARGEST, (
                at,
                tab,
                answer.status,
                len(answer.body),
            )
    for at in ("list[9999999]", "nothing", "title.x", "list&from=99999999", "list&from=-1"):
        assert (await target.ask("GET", f"{base}?at={at}")).status in (200, 404)


async def test_ids_of_every_type_have_pages_and_can_be_edited(
    make_site: MakeSite, make_client: MakeClient, login: Login, db: Any, no_errors: None
) -> None:
    target = Target(await make_client(make_site(apps=["auth", "admin"])))
    await target.log_in(login)
    await db.odd.insert_many([{"_id": one, "title": f"number {i}"} for i, one in enumerate(IDS)])
    page = await read(target, "/admin/database/odd/?size=200")
    assert page.count("number ") >= len(IDS)
    problems = []
    for i, identity in enumerate(IDS):
        path = f"/admin/database/odd/{quote(encode_id(identity), safe='~:')}"
        answer = await target.ask("GET", path)
        if answer.status != 200 or not re.search(rf'number {i}[<"]', answer.text):
            problems.append((identity, path, answer.status))
            continue
        assert (
            path.replace("'", "&#39;") in page or quote(encode_id(identity), safe="~:@!$&'()*+,;=.-_") in page
        ), path
        fields = next(fields for _, _, fields, _ in find_forms(answer.text) if "_base" in dict(fields))
        pairs = [(k, f"new {i}" if k == "title" else v) for k, v in fields]
        saved = await target.ask("POST", path, [(b"Content-Type", FORM)], urlencoded(pairs))
        if saved.status != 303 or not await db.odd.find_one({"_id": {"$eq": identity}, "title": f"new {i}"}):
            problems.append((identity, path, saved.status))
    assert not problems


async def test_texts_and_keys_that_are_no_utf8_are_shown_and_kept(
    make_site: MakeSite, make_client: MakeClient, login: Login, db: Any, no_errors: None
) -> None:
    target = Target(await make_client(make_site(apps=["auth", "admin"])))
    await target.log_in(login)
    # The server takes such bytes from drivers that do not check.
    body = b"\x10_id\0\1\0\0\0\x02title\0\4\0\0\0old\0\x02bad\0\3\0\0\0\xff\xfe\0\x02k\xff\0\2\0\0\0x\0\x0bre\0\xff\0\0"
    document = RawBSONDocument((len(body) + 5).to_bytes(4, "little") + body + b"\0")
    await db.odd.insert_one(document)
    await read(target, "/admin/database/odd/?q=x")
    await read(target, "/admin/")
    base = "/admin/database/odd/~int32:1"
    await visit(target, base, "")
    fields = next(
        fields for _, _, fields, _ in find_forms(await read(target, base)) if "_base" in dict(fields)
    )
    pairs = [(k, "new" if k == "title" else v) for k, v in fields]
    await save_json(target, base)
    assert await fetch(db, "odd", 1) == bytes(document.raw)
    saved = await target.ask("POST", base, [(b"Content-Type", FORM)], urlencoded(pairs))
    assert saved.status == 303
    assert await fetch(db, "odd", 1) == bytes(document.raw).replace(b"old\0", b"new\0")


DESK = """
from bson import DatetimeMS
from aiocms.admin import Chart, Column, Number, Reference, Report, Screen

class Odd(Screen):
    collection = "odd"
    label = "{title}"
    columns = ("title", "kin", "bad uuid", "far")
    filters = ("title",)
    search = ("title",)
    references = {"kin": Reference("odd", "restrict")}
    charts = (
        Number("Here"), Chart("By kin", by="kin"), Chart("By kind", by="bad uuid"), Chart("By day", by="now", step="day"),
    )

    def scope(self, request, verb):
        return {"far": {"$ne": DatetimeMS(2**61)}}

class Sums(Report):
    collection = "odd"
    pipeline = ({"$group": {"_id": "$kin", "all": {"$push": "$$ROOT"}, "n": {"$sum": 1}}},)
    columns = (Column("_id", reference="odd"), "n", "all")
    drill = {"_id": "kin"}
"""
# Ids that the driver refuses to decode, that no dictionary takes, or that are no dates of Python.
ODD_IDS: list[Any] = [
    Binary(b"\1", 4),
    Code("x"),
    Decimal128("1.10"),
    DatetimeMS(2**60),
    Binary(b"\1" * 16, 4),
    5,
]


async def test_every_page_reads_values_and_ids_that_the_driver_does_not(
    make_site: MakeSite, make_client: MakeClient, login: Login, db: Any, no_errors: None
) -> None:
    site = make_site({"apps/desk/admin.py": DESK}, apps=["auth", "admin"])
    target = Target(await make_client(site))
    await target.log_in(login)
    rows = [
        {"_id": one, **ODD["odd values"], "title": f"number {i}", "kin": one, "other_id": one}
        for i, one in enumerate(ODD_IDS)
    ]
    await db.odd.insert_many(rows)
    # What points there from a collection that nobody declared is found by a look at the values.
    await db.others.insert_many([{**row, "_id": i, "odd_id": row["_id"]} for i, row in enumerate(rows)])
    await db.odd.create_index("title", unique=True, partialFilterExpression={"title": {"$exists": True}})
    base = "/admin/desk/odd/"
    for rest in (
        "", "-/charts", "-/cost", "-/cost?kin.exists=yes", "-/filter", "-/sort", "-/columns", "-/suggest?q=number", "new",
        "?sort=kin", "?sort=bad uuid&size=2",
    ):  # fmt: skip
        await read(target, base + quote(rest, safe="?=&/"))
    for one in ODD_IDS:
        path = base + quote(encode_id(one), safe="~:")
        for rest in ("", "?tab=json", "/preview", "/used", "/cell?path=title", "/delete"):
            await read(target, path + rest)
        saved = await save_title(target, path)
        assert saved.status == 303, saved.text[:2000]
        await read(target, "/admin/database/others/~int32:0")
    # Opened and changed of late: by name in the palette, on the dashboard, beside the document, taken back.
    found = await read(target, "/admin/-/palette")
    assert "number 0 new" in found and "number 5 new" in found
    for page in (
        "/admin/",
        "/admin/find?q=number",
        "/admin/-/reports/desk/sums/",
        "/admin/desk/odd/-/suggest",
    ):
        assert "number 0" in await read(target, page) or page == "/admin/-/reports/desk/sums/", page
    for row in await db.admin_changes.find({}, {"_id": 1}).to_list(None):
        body = urlencoded([("csrf_token", target.token)])
        answer = await target.ask("POST", f"/admin/undo/{row['_id']}", [(b"Content-Type", FORM)], body)
        assert answer.status == 303, answer.text[:2000]
    assert await db.odd.count_documents({"title": {"$regex": "new"}}) == 0
    text = '[{"$match": {}}]'
    form = [
        ("csrf_token", target.token),
        ("name", "All"),
        ("collection", "odd"),
        ("text", text),
        ("do", "save"),
    ]
    saved = await target.ask("POST", "/admin/-/pipelines/new", [(b"Content-Type", FORM)], urlencoded(form))
    assert saved.status == 303, saved.text[:2000]
    assert "number 0" in await read(target, saved.header("Location"))


async def save_title(target: Target, path: str) -> Answer:
    """Check and save the form of a document with " new" put behind its title."""
    page = await read(target, path)
    fields = next(fields for _, _, fields, _ in find_forms(page) if "_base" in dict(fields))
    body = urlencoded([(k, f"{v} new" if k == "title" else v) for k, v in fields])
    checked = await target.ask("POST", f"{path}/validate", [(b"Content-Type", FORM)], body)
    assert checked.status == 200, checked.text[:2000]
    return await target.ask("POST", path, [(b"Content-Type", FORM)], body)


async def test_paging_goes_through_ids_of_every_type(
    make_site: MakeSite, make_client: MakeClient, login: Login, db: Any, no_errors: None
) -> None:
    target = Target(await make_client(make_site(apps=["auth", "admin"])))
    await target.log_in(login)
    await db.odd.insert_many([{"_id": one, "title": f"number {i}<"} for i, one in enumerate(IDS)])
    seen: list[str] = []
    page: str | None = "/admin/database/odd/?size=3"
    while page:
        text = await read(target, page)
        seen += re.findall(r"number \d+", text[text.index("<tbody") : text.index("</tbody")])
        found = re.search(r'<a[^>]*href="([^"]+)"[^>]*rel="next"|rel="next"[^>]*href="([^"]+)"', text)
        page = unescape(found[1] or found[2]) if found else None
    assert len(set(seen)) == len(IDS)


COLLECTIONS = (
    "with space", "ä", "日本", "100%", "a#b", "a?b", 'a"b', "a'b", "a/b", "a\\b", "a.b.c", "new", "-", "~", "<b>x</b>", "a&b=c",
    "a;b", "%2e%2e", "a+b", "\u202ex", "a\nb", "{{7*7}}", "x" * 200, "*", "a|b", "%00", "admin_changes2", "A", "ns:screen",
)  # fmt: skip


async def test_collections_with_odd_names_have_screens(
    make_site: MakeSite, make_client: MakeClient, login: Login, db: Any, no_errors: None
) -> None:
    target = Target(await make_client(make_site(apps=["auth", "admin"])))
    await target.log_in(login)
    for name in COLLECTIONS:
        await db[name].insert_one({"_id": 1, "title": f"of {name}"})
    board = await read(target, "/admin/")
    assert "<b>x" not in board
    for name in COLLECTIONS:
        base = f"/admin/database/{quote(name, safe='')}/"
        assert "of " in await read(target, base), name
        await visit(target, base, "~int32:1")
        page = await read(target, f"{base}~int32:1")
        fields = next(fields for _, _, fields, _ in find_forms(page) if "_base" in dict(fields))
        pairs = [(k, "changed" if k == "title" else v) for k, v in fields]
        saved = await target.ask("POST", f"{base}~int32:1", [(b"Content-Type", FORM)], urlencoded(pairs))
        assert saved.status == 303, name
        assert (await target.ask("GET", saved.header("Location"))).status == 200, (
            name,
            saved.header("Location"),
        )
        assert (await db[name].find_one({"_id": 1}))["title"] == "changed"


async def test_body_that_would_exceed_16_mb_is_refused_with_a_page(
    make_site: MakeSite, make_client: MakeClient, login: Login, db: Any, no_errors: None
) -> None:
    target = Target(await make_client(make_site(apps=["auth", "admin"])))
    await target.log_in(login)
    await db.odd.insert_one({"_id": 1, "title": "big", "text": "x" * (16 * MIB - 5000)})
    base = "/admin/database/odd/~int32:1"
    page = await read(target, base)
    fields = next(fields for _, _, fields, _ in find_forms(page) if "_base" in dict(fields))
    pairs = [(k, "t" * 20_000 if k == "title" else v) for k, v in fields]
    answer = await target.ask("POST", base, [(b"Content-Type", FORM)], urlencoded(pairs))
    assert answer.status == 422 and "t" * 20_000 in answer.text
    assert (await db.odd.find_one({"_id": 1}))["title"] == "big"
    answer = await target.ask("GET", f"{base}/delete")
    # Behind the question stand other forms, such as the one of the palette.
    asked = next(fields for _, _, fields, _ in find_forms(answer.text) if "_agreed" in dict(fields))
    gone = await target.ask("POST", f"{base}/delete", [(b"Content-Type", FORM)], urlencoded(asked))
    assert gone.status == 303 and await db.odd.count_documents({}) == 0
