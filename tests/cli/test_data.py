"""`aiocms import` and `aiocms export`: exact, streaming, and plain about what is wrong."""

from __future__ import annotations

import datetime
import gzip
import io
import json
import os
import pty
import re
import subprocess
import sys
import tracemalloc
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bson
import pymongo
import pytest
from bson.raw_bson import RawBSONDocument
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiocms.core.extjson import BadLine, encode, from_line, to_line
from aiocms.core.mongo_blocking import BlockingDatabase, open_blocking
from aiocms.core.transfer import BATCH_DOCUMENTS, export_lines, import_lines
from aiocms.testing import MakeSite, make_settings

Run = Callable[..., subprocess.CompletedProcess[bytes]]

# Lines as mongoexport and the sample data of MongoDB write them: relaxed, canonical, and mixed.
FOREIGN_LINES = b"""\
{"_id":{"$oid":"5ca4bbcea2dd94ee58162a68"},"name":"Ann","birthdate":{"$date":"1977-03-02T02:20:31Z"},"accounts":[371138,4294967296]}
{"_id":{"$oid":"59a47286cfa9a3a73e51e72c"},"theaterId":1000,"location":{"geo":{"type":"Point","coordinates":[-93.24565,44.85466]}}}
{"_id":{"$numberInt":"3"},"born":{"$date":{"$numberLong":"-298859400000"}},"total":{"$numberDecimal":"1.10"},"rate":{"$numberDouble":"3.0"}}
{"_id":"four","tiers":{"0df078f33aa74a2e9696e0520c1a828a":{"tier":"Bronze","active":true,"benefits":["sports tickets"]}},"none":null}
"""


@pytest.fixture
def database(mongo_uri: str, db_name: str) -> Iterator[BlockingDatabase]:
    with open_blocking(make_settings(database=mongo_uri, database_name=db_name)) as db:
        yield db
        db.client.drop_database(db_name)


@pytest.fixture
def run(make_site: MakeSite) -> Run:
    """Gives a function that runs `aiocms …` in a new site."""
    site = make_site()

    def call(*args: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "aiocms", *map(str, args)]
        environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
        return subprocess.run(
            command, cwd=site, input=stdin, capture_output=True, env=environment, check=False
        )

    return call


def read_raw(db: BlockingDatabase, name: str = "things") -> list[bytes]:
    return [document.raw for document in db.get_collection(name, codec_options=RAW).find(sort=[("_id", 1)])]


RAW: Any = bson.codec_options.CodecOptions(document_class=RawBSONDocument)

# What BSON knows, as the driver's Python values.
_INT32 = st.integers(-(2**31), 2**31 - 1)
_INT64 = st.integers(-(2**63), 2**63 - 1)
_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
_PATTERN = _TEXT.filter(lambda text: "\0" not in text)
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    _INT32,
    _INT64.map(bson.Int64),
    st.floats(allow_nan=False),
    st.sampled_from([float("nan"), -0.0]),
    _TEXT,
    st.binary(max_size=20),
    st.tuples(st.binary(min_size=16, max_size=16), st.sampled_from([3, 4, 5, 128])).map(
        lambda pair: bson.Binary(*pair)
    ),
    st.binary(min_size=12, max_size=12).map(bson.ObjectId),
    _INT64.map(bson.DatetimeMS),
    st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)).map(lambda pair: bson.Timestamp(*pair)),
    st.decimals(allow_nan=False, places=6, min_value=-(10**12), max_value=10**12).map(bson.Decimal128),
    st.binary(min_size=16, max_size=16)
    .map(bson.Decimal128.from_bid)
    .filter(lambda value: _is_canonical(value)),
    st.tuples(_PATTERN, st.sampled_from(["", "i", "imsx"])).map(lambda pair: bson.Regex(*pair)),
    _TEXT.map(bson.Code),
    st.tuples(_TEXT, st.dictionaries(st.just("x"), _INT32)).map(lambda pair: bson.Code(*pair)),
    st.just(bson.MinKey()),
    st.just(bson.MaxKey()),
    st.tuples(st.just("other"), _INT32).map(lambda pair: bson.DBRef(*pair)),
)
_KEYS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8).filter(
    lambda key: not key.startswith("$") and key != "_id"
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=8,
)
_DOCUMENTS = st.dictionaries(_KEYS, _VALUES, max_size=5)


def _is_canonical(value: bson.Decimal128) -> bool:
    """Whether the bits are those that the value's text gives back; Decimal128 has many spellings of one number."""
    return bson.Decimal128(str(value)).bid == value.bid


@given(_DOCUMENTS)
def test_every_bson_type_survives_a_line_byte_for_byte(document: dict[str, Any]) -> None:
    raw = bson.encode(document)
    line, exact = to_line(raw)
    assert exact
    assert "\n" not in line
    assert encode(from_line(line.encode())) == raw


@given(
    st.dictionaries(
        st.sampled_from(["$oid", "$date", "$ref", "$id", "$x", "a", "$numberInt"]), _SCALARS, max_size=3
    )
)
def test_line_of_a_document_with_dollar_keys_is_exact_or_says_that_it_is_not(inner: dict[str, Any]) -> None:
    raw = bson.encode({"a": inner})
    line, exact = to_line(raw)
    if exact:
        assert encode(from_line(line.encode())) == raw


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(_DOCUMENTS, max_size=30))
def test_collection_survives_export_and_import_byte_for_byte(
    database: BlockingDatabase, documents: list[dict[str, Any]]
) -> None:
    database.drop_collection("things")
    database.drop_collection("copy")
    database.create_collection("things")
    for number, document in enumerate(documents):
        database.things.insert_one(RawBSONDocument(bson.encode({"_id": number, **document})))
    lines = io.BytesIO()
    exported = export_lines(database, "things", lines.write)
    assert (exported.written, exported.inexact) == (len(documents), 0)
    lines.seek(0)
    assert import_lines(database, "copy", lines).stored == len(documents)
    assert read_raw(database, "copy") == read_raw(database)


@pytest.mark.parametrize(
    "deprecated", [b"\x0ea\x00\x02\x00\x00\x00x\x00", b"\x06a\x00"], ids=["symbol", "undefined"]
)
def test_deprecated_type_is_reported_as_inexact(database: BlockingDatabase, deprecated: bytes) -> None:
    body = b"\x10_id\x00\x05\x00\x00\x00" + deprecated + b"\x00"
    database.things.insert_one(RawBSONDocument((len(body) + 4).to_bytes(4, "little") + body))
    result = export_lines(database, "things", io.BytesIO().write)
    assert (result.written, result.inexact, result.first_inexact) == (1, 1, 5)


def test_text_that_is_not_utf8_is_exported_and_reported(database: BlockingDatabase) -> None:
    body = b"\x10_id\x00\x05\x00\x00\x00\x02a\x00\x03\x00\x00\x00\xff\xfe\x00\x00"
    database.things.insert_one(RawBSONDocument((len(body) + 4).to_bytes(4, "little") + body))
    lines = io.BytesIO()
    assert export_lines(database, "things", lines.write).inexact == 1
    assert json.loads(lines.getvalue())["_id"] == {"$numberInt": "5"}


def test_commands_carry_a_collection_over_a_packed_file(
    run: Run, database: BlockingDatabase, tmp_path: Path
) -> None:
    moment = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
    database.things.insert_many(
        [
            {"_id": uuid.uuid4(), "n": bson.Int64(n), "price": bson.Decimal128("1.50"), "at": moment}
            for n in range(2500)
        ]
    )
    before = read_raw(database)
    file = tmp_path / "things.json.gz"
    done = run("export", "things", file)
    assert done.returncode == 0, done.stderr
    assert b"Exported 2,500 documents" in done.stderr
    assert len(gzip.decompress(file.read_bytes()).splitlines()) == 2500
    database.drop_collection("things")
    done = run("import", "things", file)
    assert done.returncode == 0, done.stderr
    assert b"Imported 2,500 documents" in done.stderr
    assert read_raw(database) == before


def test_standard_input_and_output_are_used(run: Run, database: BlockingDatabase) -> None:
    done = run("import", "things", "-", stdin=b'{"_id":1,"a":"\xc3\xa9"}\n\n{"_id":2}\n')
    assert done.returncode == 0, done.stderr
    done = run("export", "things")
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode() == '{"_id":{"$numberInt":"1"},"a":"é"}\n{"_id":{"$numberInt":"2"}}\n'
    done = run("export", "things", "--query", '{"a": {"$exists": true}}')
    assert done.stdout.count(b"\n") == 1


def test_progress_bar_is_shown_on_a_terminal_only(
    run: Run, database: BlockingDatabase, tmp_path: Path
) -> None:
    file = tmp_path / "things.json"
    file.write_text("".join(f'{{"_id":{number}}}\n' for number in range(3000)))
    assert b"%" not in run("import", "things", file).stderr
    site = next(tmp_path.glob("site*"))
    master, slave = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-m", "aiocms", "import", "more", str(file)], cwd=site, stderr=slave, env=environment
    )
    os.close(slave)
    shown = b""
    try:
        while piece := os.read(master, 65536):
            shown += piece
    except OSError:
        pass  # the terminal's other side is closed: the program has ended
    os.close(master)
    assert process.wait() == 0
    assert b"Importing more" in shown
    assert b"100%" in shown


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON at column"),
        (b"[1, 2]", "one document a line"),
        (b'"text"', "one document a line"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": {"$oid": "xyz"}}', "not Extended JSON"),
        (b'{"a": {"$numberInt": "1.5"}}', "not Extended JSON"),
        (b'{"a": {"$date": "yesterday"}}', "not Extended JSON"),
        (b'{"a": 99999999999999999999}', "MongoDB cannot store it"),
        (b'{"a": "\\ud800"}', "MongoDB cannot store it"),
        (b'{"a\\u0000b": 1}', "MongoDB cannot store it"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b'{"a": "' + b"x" * 17_000_000 + b'"}', "MongoDB stores documents of up to"),
    ],
    ids=range(12),
)
def test_bad_line_is_named_and_what_came_before_is_stored(
    database: BlockingDatabase, line: bytes, reason: str
) -> None:
    stream = io.BytesIO(b'{"_id":1}\n\n{"_id":2}\n' + line + b'\n{"_id":3}\n')
    with pytest.raises(BadLine, match=re.escape(reason)) as caught:
        import_lines(database, "things", stream)
    assert str(caught.value).startswith("line 4: ")
    assert len(str(caught.value)) < 400
    assert [document["_id"] for document in database.things.find()] == [1, 2]


def test_bad_line_gives_one_line_of_error_and_exit_code(run: Run, database: BlockingDatabase) -> None:
    done = run("import", "things", "-", stdin=b'{"_id":1}\n{oops\n')
    assert done.returncode == 1
    text = done.stderr.decode()
    assert "line 2: not JSON" in text
    assert "The lines before it were imported." in text
    assert "Traceback" not in text
    assert len(text.strip().splitlines()) <= 2


def test_duplicates_are_counted_and_named(run: Run, database: BlockingDatabase) -> None:
    database.things.insert_one({"_id": 2, "old": True})
    done = run("import", "things", "-", stdin=b'{"_id":1}\n{"_id":2}\n{"_id":3}\n{"_id":1}\n')
    assert done.returncode == 1
    text = done.stderr.decode()
    assert "Imported 2 documents" in text
    assert "2 duplicates" in text
    assert "line 2: " in text
    assert "line 4: " in text
    assert "--upsert" in text
    assert database.things.find_one({"_id": 2}) == {"_id": 2, "old": True}


def test_upsert_replaces_by_id_only(database: BlockingDatabase) -> None:
    database.things.insert_many(
        [{"_id": 1, "old": True}, {"_id": 2, "old": True}, {"_id": "abc", "old": True}]
    )
    lines = b'{"_id":1,"new":true}\n{"_id":{"$regularExpression":{"pattern":"a","options":""}}}\n{"_id":9}\n'
    imported = import_lines(database, "things", io.BytesIO(lines), upsert=True)
    assert (imported.duplicates, imported.stored, imported.refused) == (0, 2, 1)
    assert list(database.things.find(sort=[("_id", 1)])) == [
        {"_id": 1, "new": True},
        {"_id": 2, "old": True},
        {"_id": 9},
        {"_id": "abc", "old": True},
    ]


def test_drop_replaces_all_documents_and_keeps_indexes_and_options(database: BlockingDatabase) -> None:
    database.create_collection("things", validator={"n": {"$gte": 0}})
    database.things.create_index("n", unique=True, name="own")
    database.things.insert_many([{"_id": 1, "n": 1}, {"_id": 2, "n": 2}])
    assert import_lines(database, "things", io.BytesIO(b'{"_id":7,"n":7}\n'), drop=True).stored == 1
    assert list(database.things.find()) == [{"_id": 7, "n": 7}]
    assert database.things.index_information()["own"]["unique"] is True
    assert next(iter(database.list_collections()))["options"]["validator"] == {"n": {"$gte": 0}}
    assert database.list_collection_names() == ["things"]


@pytest.mark.parametrize(
    "bad", [b"{oops", b'{"_id":7}', b'{"_id":8,"n":-1}'], ids=["line", "duplicate", "refused"]
)
def test_failed_drop_import_changes_nothing(database: BlockingDatabase, bad: bytes) -> None:
    database.create_collection("things", validator={"n": {"$not": {"$lt": 0}}})
    database.things.insert_one({"_id": 1})
    try:
        imported = import_lines(database, "things", io.BytesIO(b'{"_id":7}\n' + bad + b"\n"), drop=True)
        assert imported.stored == 0
        assert imported.complaints
    except BadLine:
        pass
    assert list(database.things.find()) == [{"_id": 1}]
    assert database.list_collection_names() == ["things"]


def test_document_refused_by_a_validator_is_reported_and_the_rest_is_stored(
    database: BlockingDatabase,
) -> None:
    database.create_collection("things", validator={"n": {"$gte": 0}})
    imported = import_lines(database, "things", io.BytesIO(b'{"n":1}\n{"n":-1}\n{"n":2}\n'))
    assert (imported.stored, imported.refused) == (2, 1)
    assert imported.complaints[0].startswith("line 2: Document failed validation")


def test_document_without_id_gets_one_in_front(database: BlockingDatabase) -> None:
    import_lines(database, "things", io.BytesIO(b'\xef\xbb\xbf{"a":1}\n'))
    assert list(database.things.find_one() or ()) == ["_id", "a"]


@pytest.mark.parametrize("name", ["", "a$b", "system.users", ".a", "a..b", "x" * 300])
def test_impossible_collection_name_is_an_error(run: Run, name: str) -> None:
    done = run("import", "--", name, "-", stdin=b'{"_id":1}\n')
    assert done.returncode == 1
    assert b"cannot be the name of a collection" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["пример", "with space", "a/b", "a.b-c", '"quoted"', "<script>"])
def test_odd_collection_name_works(database: BlockingDatabase, name: str) -> None:
    import_lines(database, name, io.BytesIO(b'{"_id":1}\n'))
    lines = io.BytesIO()
    export_lines(database, name, lines.write)
    assert lines.getvalue() == b'{"_id":{"$numberInt":"1"}}\n'


def test_export_of_a_missing_collection_names_the_nearest_and_writes_no_file(
    run: Run, database: BlockingDatabase, tmp_path: Path
) -> None:
    database.things.insert_one({})
    file = tmp_path / "out.json"
    done = run("export", "thigns", file)
    assert done.returncode == 1
    assert b"did you mean 'things'?" in done.stderr
    assert not list(tmp_path.glob("out*"))


def test_files_that_cannot_be_used_are_named(run: Run, database: BlockingDatabase, tmp_path: Path) -> None:
    database.things.insert_one({})
    bad = tmp_path / "bad.gz"
    bad.write_bytes(b"no gzip")
    for args, words in (
        (("import", "things", tmp_path / "none.json"), "cannot be read"),
        (("import", "things", tmp_path), "cannot be read"),
        (("import", "things", bad), "gzip"),
        (("export", "things", tmp_path / "none" / "out.json"), "cannot be written"),
        (("export", "things", "--query", "{"), "--query: not JSON"),
        (("export", "things", "--query", '{"$nonsense": 1}'), "The database refused"),
    ):
        done = run(*args)
        assert done.returncode == 1, args
        assert words in done.stderr.decode(), args
        assert "Traceback" not in done.stderr.decode()


def test_memory_does_not_grow_with_the_number_of_documents(database: BlockingDatabase) -> None:
    def measure(count: int) -> tuple[int, int]:
        peaks = []
        for work in (
            lambda: import_lines(database, f"things{count}", _Lines(count)),
            lambda: export_lines(database, f"things{count}", len),
        ):
            tracemalloc.start()
            work()
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        return peaks[0], peaks[1]

    measure(BATCH_DOCUMENTS)  # what the first run loads stays out of the comparison
    few_in, few_out = measure(2 * BATCH_DOCUMENTS)
    many_in, many_out = measure(20 * BATCH_DOCUMENTS)
    assert many_in < 1.5 * few_in
    assert many_out < 1.5 * few_out


class _Lines(io.BytesIO):
    """A stream of so many documents that never holds more than one."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._left = count

    def readline(self, _size: int | None = -1, /) -> bytes:
        self._left -= 1
        return b'{"_id":%d,"text":"%s"}\n' % (self._left, b"x" * 200) if self._left >= 0 else b""


def test_lines_of_other_programs_come_back_as_they_were(database: BlockingDatabase) -> None:
    wanted = {bson.encode(from_line(line)) for line in FOREIGN_LINES.splitlines()}
    assert len(wanted) == import_lines(database, "sample", io.BytesIO(FOREIGN_LINES)).stored == 4
    assert set(read_raw(database, "sample")) == wanted
    assert (
        database.sample.count_documents({"birthdate": {"$type": "date"}, "accounts.1": {"$type": "long"}})
        == 1
    )
    assert (
        database.sample.count_documents({"theaterId": {"$type": "int"}, "location.geo.coordinates": 44.85466})
        == 1
    )
    lines = io.BytesIO()
    assert export_lines(database, "sample", lines.write).inexact == 0
    assert {bson.encode(from_line(line)) for line in lines.getvalue().splitlines()} == wanted


def test_killed_import_loses_nothing_that_was_there(
    database: BlockingDatabase, run: Run, tmp_path: Path
) -> None:
    database.things.insert_one({"_id": "kept"})
    site = next(tmp_path.glob("site*"))
    process = subprocess.Popen(
        [sys.executable, "-m", "aiocms", "import", "things", "-", "--drop"],
        cwd=site,
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert process.stdin
    for number in range(3 * BATCH_DOCUMENTS):
        process.stdin.write(b'{"_id":%d}\n' % number)
    process.stdin.flush()
    with pymongo.timeout(60):
        while len(database.list_collection_names()) < 2:
            pass
    process.kill()
    process.communicate()
    assert list(database.things.find()) == [{"_id": "kept"}]
