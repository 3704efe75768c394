"""A site with everything bundled and an app of its own, full of documents, for tests that attack it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
import pytest_asyncio
from bson import Decimal128, Int64, ObjectId
from pymongo import ReplaceOne

from aiocms.shop.demo.fill import fill as fill_shop
from aiocms.testing import Client, Login, MakeClient, MakeSite

NOTE, FILED, HIDDEN = (
    ObjectId("64b000000000000000000003"),
    ObjectId("64b000000000000000000004"),
    ObjectId("64b000000000000000000005"),
)

FILES = {
    "apps/desk/app.py": "from aiocms import App\napp = App(title='Desk', needs=('admin',))",
    "apps/desk/forms.py": """
        from wtforms import BooleanField, DateTimeLocalField, DecimalField, FieldList, Form, FormField, IntegerField
        from wtforms import SelectField, StringField, TextAreaField

        class Line(Form):
            name = StringField()
            amount = IntegerField()

        class Note(Form):
            title = StringField()
            text = TextAreaField()
            pages = IntegerField()
            price = DecimalField()
            kind = SelectField(choices=["a", "b"])
            open = BooleanField()
            due = DateTimeLocalField()
            lines = FieldList(FormField(Line))
            tags = FieldList(StringField())
    """,
    "apps/desk/admin.py": """
        from aiocms.admin import Column, Report, Screen, action
        from .forms import Note

        class Notes(Screen):
            collection = "desk_notes"
            form = Note
            label = "{title}"
            columns = ("title", "pages", Column("lines", format="count"), "tags")
            filters = ("pages", "due", "tags", "title")
            search = ("title", "text")
            order = ("title",)

            @action("Stamp")
            async def stamp(self, request, rows):
                done = 0
                async for row in rows:
                    await rows.collection.update_one({"_id": row["_id"]}, {"$set": {"stamped": True}})
                    done += 1
                return f"{done} stamped"

        class Kinds(Report):
            collection = "desk_notes"
            pipeline = ({"$group": {"_id": "$title", "notes": {"$sum": 1}}},)
            drill = {"_id": "title"}

        class Files(Screen):
            collection = "desk_files"
            label = "{title}"
            columns = ("title", "owner", "salary", "pin")
            search = ("title", "salary", "pin")

            def scope(self, request, verb):
                return True if request.user.is_superuser else {"owner": request.user.username}

            def field_access(self, request, path, document=None):
                if request.user.is_superuser:
                    return "edit"
                return {"salary": "mask", "pin": "hide", "deep.salary": "mask", "deep.pin": "hide"}.get(path, "edit")
    """,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over a raw connection."""

    status: int
    head: bytes
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str:
        """The first value of a header, or ""."""
        found = re.search(
            rb"^" + name.encode() + rb":[ \t]*([^\r]*)", self.head, re.IGNORECASE | re.MULTILINE
        )
        return found[1].decode("latin-1") if found else ""


@dataclass(slots=True)
class Target:
    """A running site, and bytes to and from it without a client that would tidy them up."""

    client: Client
    cookie: bytes = b""
    token: str = ""

    @property
    def origin(self) -> str:
        return str(self.client.make_url("/")).rstrip("/")

    async def ask(
        self,
        method: str,
        path: str | bytes,
        headers: Iterable[tuple[bytes, bytes]] = (),
        body: bytes = b"",
        *,
        length: bytes | None = None,
        cut: bool = False,
        cookie: bytes | None = None,
    ) -> Answer:
        """Send one request.

        Parameters:
            length: what the header Content-Length says, if not the truth.
            cut: close our side after sending, as a browser that goes away does.
        """
        url = self.client.make_url("/")
        path = path if isinstance(path, bytes) else path.encode()
        rows = [(b"Connection", b"close"), *headers]
        names = {name.lower() for name, _ in rows}
        if b"host" not in names:
            rows.insert(0, (b"Host", f"{url.host}:{url.port}".encode()))
        sent = self.cookie if cookie is None else cookie
        if sent:
            rows.append((b"Cookie", sent))
        if b"transfer-encoding" not in names and (
            body or length is not None or method not in ("GET", "HEAD")
        ):
            rows.append((b"Content-Length", length if length is not None else str(len(body)).encode()))
        head = method.encode() + b" " + path + b" HTTP/1.1\r\n"
        head += b"".join(name + b": " + value + b"\r\n" for name, value in rows) + b"\r\n"
        reader, writer = await asyncio.open_connection(url.host, url.port)
        try:
            writer.write(head + body)
            if cut:
                writer.write_eof()
            async with asyncio.timeout(30):
                raw = await _read_answer(reader)
        except ConnectionResetError:
            raw = b""
        finally:
            writer.close()
        top, _, rest = raw.partition(b"\r\n\r\n")
        found = re.match(rb"HTTP/1\.[01] (\d{3}) ", top)
        assert found or cut, f"no answer to {head[:600]!r} {body[:600]!r}"
        return Answer(int(found[1]) if found else 0, top, rest)

    async def log_in(self, login: Login, username: str = "admin", **rights: Any) -> None:
        """Log in, creating the user."""
        self.client.session.cookie_jar.clear()
        await login(self.client, username, **rights)
        self.cookie = "; ".join(f"{c.key}={c.value}" for c in self.client.session.cookie_jar).encode()
        self.token = find_token((await self.ask("GET", "/account")).text)


async def _read_answer(reader: asyncio.StreamReader) -> bytes:
    """All that comes; of a stream of events, which has no end, what its first event brings."""
    try:
        top = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        top = b""
    if b"\r\nContent-Type: text/event-stream" in top:
        return top + await reader.readuntil(b"\n\n")
    return top + await reader.read(-1)


def find_token(page: str) -> str:
    """The token of a page's forms."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, list[tuple[str, str]], list[tuple[str, str]]]] = []
        self._area: str | None = None
        self._select = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((have.get("method", "get").lower(), have.get("action", ""), [], []))
        if not self.forms:
            return
        fields, buttons = self.forms[-1][2:]
        if tag == "input" and have.get("name"):
            kind = have.get("type", "text")
            if kind in ("checkbox", "radio") and "checked" not in have:
                return
            (buttons if kind == "submit" else fields).append((have["name"], have.get("value", "")))
        elif tag == "button" and have.get("name"):
            buttons.append((have["name"], have.get("value", "")))
        elif tag == "textarea" and have.get("name"):
            self._area, self._text = have["name"], ""
        elif tag == "select":
            self._select = have.get("name", "")
        elif tag == "option" and self._select and "selected" in have:
            fields.append((self._select, have.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None and self.forms:
            self.forms[-1][2].append((self._area, self._text.replace("\r\n", "\n").removeprefix("\n")))
            self._area = None


def find_forms(page: str) -> list[tuple[str, str, list[tuple[str, str]], list[tuple[str, str]]]]:
    """The forms of a page: method, action, fields as a browser would send them, and submit buttons."""
    parser = _Forms()
    parser.feed(page)
    return parser.forms


def find_links(page: str) -> set[str]:
    """Addresses of the site that a page links to."""
    return {unescape(one) for one in re.findall(r'href="(/[^"]*)"', page)}


@pytest.fixture
def no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing may be logged as an error while the test runs."""
    caplog.set_level(logging.WARNING)
    yield
    bad = [
        one for when in ("setup", "call") for one in caplog.get_records(when) if one.levelno >= logging.ERROR
    ]
    assert not bad, "\n".join(f"{one.getMessage()[:300]} {one.exc_text or one.exc_info}" for one in bad[:5])


@pytest_asyncio.fixture
async def target(make_site: MakeSite, make_client: MakeClient, db: Any) -> AsyncIterator[Target]:
    """A site with auth, admin, shop and an app of its own, with some documents."""
    client = await make_client(make_site(FILES, apps=["auth", "admin", "shop"]))
    await fill(db)
    yield Target(client)


NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
DOCUMENTS: dict[str, list[dict[str, Any]]] = {
    "desk_notes": [
        {"_id": NOTE, "title": "First", "text": "Words", "pages": 3, "price": Decimal128("1.50"), "kind": "a",
         "open": True, "due": NOW, "lines": [{"name": "one", "amount": 1}, {"name": "two", "amount": 2}],
         "tags": ["x", "y"]},
        {"_id": ObjectId("64b000000000000000000006"), "title": "Second", "pages": 7, "tags": ["x"]},
    ],
    "desk_files": [
        {"_id": FILED, "title": "Mine", "owner": "viewer", "salary": "SALARY-1", "pin": "PIN-1",
         "deep": {"salary": "SALARY-2", "pin": "PIN-2", "plain": 1}, "rows": [{"plain": 1}]},
        {"_id": HIDDEN, "title": "Theirs", "owner": "somebody", "salary": "SALARY-3", "pin": "PIN-3"},
    ],
    "loose things": [
        {"_id": "plain", "text": "a", "n": 1, "big": Int64(2**62), "at": NOW, "deep": {"a": {"b": [1, [2]]}},
         "rows": [{"a": 1, "b": "x"}], "list": ["x", 1, None], "id": ObjectId("64b000000000000000000007"),
         "bin": b"\0\xff"},
        {"_id": 5, "text": "b"},
        {"_id": "~x/..", "text": "c"},
    ],
}  # fmt: skip


async def fill(db: Any) -> None:
    """Documents of every kind."""
    await restore(db)
    await fill_shop(db, 40, "EUR")


async def restore(db: Any) -> None:
    """The documents above as they were."""
    for name, documents in DOCUMENTS.items():
        await db[name].bulk_write([ReplaceOne({"_id": one["_id"]}, one, upsert=True) for one in documents])
