"""Content in GridFS: once, streamed in bounded memory, nothing left of what was cut."""

from __future__ import annotations

import asyncio
import hashlib
import io
import tracemalloc
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import gridfs
import pytest
from bson import ObjectId
from click.testing import CliRunner
from PIL import Image
from pymongo import MongoClient

from aiocms.core import keys
from aiocms.files import store
from aiocms.files.blobs import CHUNK_SIZE, iter_blob, open_writer
from aiocms.files.clean import clean
from aiocms.files.intake import UploadRefused, Wanted
from aiocms.files.models import BLOBS, CHUNKS, FILES
from aiocms.files.thumbs import get_thumb
from aiocms.files.usage import find_uses, list_paths
from tests.files.conftest import Site, make_picture, stream

NOTHING = {"files_files": 0, "files_thumbs": 0, "files.files": 0, "files.chunks": 0}


async def test_the_same_content_is_stored_once(site: Site) -> None:
    first = await site.intake.take(Wanted(), "a.txt", stream(b"hello"))
    again = await site.intake.take(Wanted(), "b.txt", stream(b"hello"))
    assert first.id == again.id == hashlib.sha256(b"hello").hexdigest()
    assert await site.count() == {**NOTHING, "files_files": 1, "files.files": 1, "files.chunks": 1}


async def test_the_same_image_is_stored_once_and_made_anew_once(site: Site) -> None:
    source = make_picture(kind="JPEG")
    first = await site.intake.take(Wanted(), "a.jpg", stream(source))
    assert first.id != hashlib.sha256(source).hexdigest() and (first.width, first.height) == (60, 40)
    assert (await site.intake.take(Wanted(), "b.jpg", stream(source))).id == first.id
    assert (await site.count())["files.files"] == 1


async def test_two_same_uploads_at_once_end_as_one_file(site: Site) -> None:
    data = bytes(range(256)) * 4000
    records = await asyncio.gather(*(site.intake.take(Wanted(), "x.bin", stream(data)) for _ in range(6)))
    assert len({record.id for record in records}) == 1
    counts = await site.count()
    assert (counts["files_files"], counts["files.files"]) == (1, 1)
    assert counts["files.chunks"] == -(-len(data) // CHUNK_SIZE)
    assert b"".join([part async for part in iter_blob(site.db, records[0].content, 0, len(data))]) == data


async def test_sixteen_megabytes_go_both_ways_in_little_memory(site: Site) -> None:
    size = 16 * 1024 * 1024

    async def give() -> AsyncIterator[bytes]:
        for number in range(size // 65536):
            yield number.to_bytes(2, "big") * 32768

    tracemalloc.start()
    try:
        record = await site.intake.take(Wanted(), "big.bin", give())
        up = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        digest = hashlib.sha256()
        async for part in iter_blob(site.db, record.content, 0, size):
            digest.update(part)
        down = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert digest.hexdigest() == record.id and record.size == size
    assert up < 10_000_000 and down < 10_000_000


@pytest.mark.parametrize("failure", [ConnectionResetError, asyncio.CancelledError])
async def test_a_cut_upload_leaves_nothing(site: Site, failure: type[BaseException]) -> None:
    async def give() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield bytes(65536)
        raise failure

    with pytest.raises(failure):
        await site.intake.take(Wanted(), "x.bin", give())
    assert await site.count() == NOTHING


async def test_what_is_refused_leaves_nothing(site: Site) -> None:
    for wanted, name, data, words in (
        (Wanted(("application/pdf",)), "x.pdf", b"no pdf", "type text/plain"),
        (Wanted(("image/*",)), "x.png", b"<svg xmlns=''>", "SVG"),
        (Wanted(("image/*",)), "x.png", b"GIF89a but no image", "broken"),
        (Wanted(max_size=1000), "x.bin", bytes(1001), "too big"),
        (Wanted(max_size=70_000), "x.bin", bytes(70_001), "too big"),
        (Wanted(), "x.bin", b"", "empty"),
        (Wanted(), "x.jpg", make_picture(kind="JPEG")[:200], "broken"),
    ):
        with pytest.raises(UploadRefused, match=words):
            await site.intake.take(wanted, name, stream(data))
    assert await site.count() == NOTHING


async def test_any_driver_can_read_the_content(site: Site, mongo_uri: str, db_name: str) -> None:
    data = bytes(range(256)) * 3000
    record = await site.intake.take(Wanted(), "x.bin", stream(data))

    def read() -> bytes:
        with MongoClient[dict[str, Any]](mongo_uri) as client:
            return bytes(gridfs.GridFS(client[db_name], "files").get(record.content).read())

    assert await asyncio.to_thread(read) == data


async def test_a_range_is_cut_at_the_right_bytes(site: Site) -> None:
    data = b"".join(number.to_bytes(4, "big") for number in range(200_000))
    record = await site.intake.take(Wanted(), "x.bin", stream(data))
    for start, stop in ((0, 1), (CHUNK_SIZE - 1, CHUNK_SIZE + 1), (5, 5), (CHUNK_SIZE * 2, len(data))):
        got = b"".join([part async for part in iter_blob(site.db, record.content, start, stop)])
        assert got == data[start:stop]


async def test_a_missing_chunk_is_an_error_and_no_shorter_file(site: Site) -> None:
    record = await site.intake.take(Wanted(), "x.bin", stream(bytes(600_000)))
    await site.db[CHUNKS].delete_one({"files_id": record.content, "n": 1})
    with pytest.raises(Exception, match="missing"):
        [part async for part in iter_blob(site.db, record.content, 0, 600_000)]


async def test_who_brings_the_bytes_may_open_them_further_and_never_close_them(site: Site) -> None:
    closed = await site.intake.take(Wanted(requires="hr.read"), "a", stream(b"pay"))
    assert closed.grants == ("hr.read",) and not closed.is_public
    opened = await site.intake.take(Wanted(), "a", stream(b"pay"))
    assert set(opened.grants) == {"hr.read", ""} and opened.is_public
    assert (await site.intake.take(Wanted(requires="x.y"), "a", stream(b"pay"))).is_public


async def test_a_thumbnail_is_made_once_though_many_ask(site: Site) -> None:
    record = await site.intake.take(Wanted(), "a.png", stream(make_picture((300, 200))))
    workshop = site.intake.workshop
    thumbs = await asyncio.gather(*(get_thumb(site.db, workshop, record, (80, 80)) for _ in range(8)))
    assert len({thumb.content for thumb in thumbs}) == 1
    assert (await site.count())["files_thumbs"] == 1 and (await site.count())["files.files"] == 2
    data = b"".join([part async for part in iter_blob(site.db, thumbs[0].content, 0, thumbs[0].size)])
    assert Image.open(io.BytesIO(data)).size == (80, 53)


async def make_old(site: Site, data: bytes, **values: Any) -> str:
    record = await site.intake.take(Wanted(), "x.txt", stream(data))
    long_ago = datetime.now(UTC) - timedelta(days=30)
    await site.db[FILES].update_one({"_id": record.id}, {"$set": {"touched": long_ago, **values}})
    return record.id


async def test_clean_takes_only_what_nothing_mentions(site: Site) -> None:
    unused = await make_old(site, b"unused")
    declared = await make_old(site, b"declared")
    in_a_text = await make_old(site, b"in a text")
    kept = await make_old(site, b"kept", keep=True)
    fresh = (await site.intake.take(Wanted(), "x", stream(b"fresh"))).id
    await site.db.blog_posts.insert_one({"cover": declared})
    await site.db.anything.insert_one({"deep": [{"body": f"see ![](/files/{in_a_text}) there"}]})
    grace = timedelta(hours=24)
    assert (await clean(site.db, grace=grace, dry=True)).files == 1
    assert await store.find_record(site.db, unused) is not None
    done = await clean(site.db, grace=grace)
    assert (done.files, done.bytes) == (1, 6)
    left = {one["_id"] async for one in site.db[FILES].find({}, {"_id": 1})}
    assert left == {declared, in_a_text, kept, fresh}
    assert await site.db[BLOBS].count_documents({}) == 4
    assert (await clean(site.db, grace=grace, kept_too=True)).files == 1


async def test_clean_leaves_a_file_alone_that_is_chosen_meanwhile(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = await make_old(site, b"chosen late")
    from aiocms.files import clean as module

    find = module.find_mentions

    async def find_and_be_overtaken(*args: Any, **kwargs: Any) -> Any:
        found = await find(*args, **kwargs)
        await store.touch_all(site.db, [identity])  # a form that names it is saved right now
        return found

    monkeypatch.setattr(module, "find_mentions", find_and_be_overtaken)
    assert (await clean(site.db, grace=timedelta(hours=1))).files == 0
    assert await store.find_record(site.db, identity) is not None


async def test_clean_takes_what_a_killed_upload_left(site: Site) -> None:
    old = ObjectId.from_datetime(datetime.now(UTC) - timedelta(days=2))
    await site.db[CHUNKS].insert_one({"files_id": old, "n": 0, "data": b"half"})
    async with open_writer(site.db) as writer:  # one that is on its way at this moment
        await writer.write(bytes(2_000_000))
        assert (await clean(site.db, grace=timedelta(hours=24))).leftovers == 1
        assert await site.db[CHUNKS].count_documents({"files_id": old}) == 0
        assert await site.db[CHUNKS].count_documents({"files_id": writer.id}) > 0
        await writer.finish("x", "text/plain")


def test_clean_is_a_command(make_site: Any) -> None:
    from aiocms.cli import cli

    folder = make_site({}, apps=["auth", "admin"])
    done = CliRunner().invoke(cli, ["--site", str(folder), "files", "clean", "--dry-run"])
    assert done.exit_code == 0, done.output
    assert "Would take away 0 files" in done.output


async def test_uses_are_found_in_forms_widgets_and_declared_paths(site: Site) -> None:
    plan = site.client.app[keys.PLAN]
    assert {
        ("blog_posts", "cover"),
        ("blog_posts", "gallery.src"),
        ("blog_pages", "picture"),
        ("blog_pages", "paper"),
    } <= set(list_paths(plan))
    record = await site.intake.take(Wanted(), "x", stream(b"used"))
    await site.db.blog_posts.insert_many(
        [{"_id": 1, "gallery": [{"src": "no"}, {"src": record.id}]}, {"_id": 2}]
    )
    uses = await find_uses(site.db, plan, record.id)
    assert [(use.collection, use.path, use.ids) for use in uses] == [("blog_posts", "gallery.src", (1,))]
