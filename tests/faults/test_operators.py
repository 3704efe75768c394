"""Input never becomes a query operator: what is sent to MongoDB, and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import dumps
from typing import Any
from urllib.parse import quote

import pytest
from bson import Regex

from aiocms.admin.values.bsontypes import encode_id
from aiocms.core.keys import MONGO
from aiocms.core.mongo_commands import CommandRecorder
from aiocms.testing import TEST_PASSWORD, Login

from .conftest import NOTE, Target, find_forms
from .test_fuzz import FORM, urlencoded

MARK = "zqcanaryqz"
# Each holds the mark, so that its way through every command can be followed.
HOSTILE = (
    f'{{"$gt":"{MARK}"}}', f'{{"$ne":"{MARK}"}}', f'{{"$where":"{MARK}"}}', f'["{MARK}"]', f"$where:{MARK}", f"${MARK}",
    f".*{MARK}|.*", f"^{MARK}.*", f"({MARK})+$", f"/{MARK}/i", f"{MARK}.$[]", f"$$ROOT.{MARK}", f"$expr {MARK}", f'"{MARK}" -x',
)  # fmt: skip
# Under these a text is compared or stored as it is.
PLAIN = frozenset("$eq $in $gt $gte $lt $lte $search $set $setOnInsert $literal $all $each $push".split())


def iter_parts(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value of a command with the keys on the way to it."""
    yield path, value
    if isinstance(value, dict) or hasattr(value, "items"):
        for key, child in value.items():
            yield from iter_parts(child, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for child in value:
            yield from iter_parts(child, path)


def check_commands(commands: list[Any]) -> None:
    """No key came from input, and input is a value as it was typed, or an escaped pattern."""
    for command in commands:
        for path, value in iter_parts(command):
            assert MARK not in "".join(path), (command, path)
            assert not isinstance(value, Regex), (command, path)
            if not isinstance(value, str) or MARK not in value:
                continue
            operators = [key for key in path if key.startswith("$")]
            last = operators[-1] if operators else ""
            if last == "$regex":
                text = value.removeprefix("^")
                assert re.escape(re.sub(r"\\(.)", r"\1", text)) == text, value
            else:
                assert last in PLAIN or not last or last in ("$and", "$or", "$nor", "$match"), (value, path)


@pytest.fixture
def commands(target: Target, db_name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Every command that the site sends while the test runs."""
    found: list[Any] = []

    def started(self: object, event: Any) -> None:
        if event.database_name == db_name and event.command_name != "insert":
            found.append(event.command)

    monkeypatch.setattr(CommandRecorder, "started", started)
    yield found
    assert found
    check_commands(found)


@pytest.mark.parametrize(
    "filter",
    [
        {"name": {"$ne": MARK}},
        {"name": {"$regex": f".*{MARK}"}},
        {MARK: 1},
        {"$expr": {"$eq": ["$a", f"${MARK}"]}, "a": Regex("x")},
    ],
    ids=str,
)
async def test_input_that_became_an_operator_would_be_caught(
    target: Target, db: Any, commands: list[Any], filter: dict[str, Any]
) -> None:
    await target.client.app[MONGO].db.x.find_one(filter)
    with pytest.raises(AssertionError):
        check_commands(commands)
    commands[:] = [{"find": "x"}]


async def test_filters_and_search_of_a_list_take_input_as_text(
    target: Target, login: Login, db: Any, commands: list[Any]
) -> None:
    await target.log_in(login)
    for text in HOSTILE:
        await check_list(target, db, text)


async def check_list(target: Target, db: Any, text: str) -> None:
    await db.desk_notes.insert_one({"title": text, "text": text, "tags": [text]})
    base, value = "/admin/desk/notes/", quote(text, safe="")
    for query in (
        f"title={value}", f"title.is={value}", f"tags={value}", f"title.in={quote(text.replace(',', chr(92) + ','), safe='')}",
        f"title.contains={value}", f"title.starts={value}", f"or:title={value}&or:tags={value}",
    ):  # fmt: skip
        answer = await target.ask("GET", f"{base}?{query}")
        assert answer.status == 200, (query, answer.text[-1500:])
        body = answer.text[answer.text.index("<tbody") : answer.text.index("</tbody")]
        # The document with that very text, and nothing else: not all of them, not none.
        assert body.count("<tr data-id=") == body.count("<tr") == 1 and MARK in body, query
        assert "First" not in body, query
    for query in (
        f"title[$ne]={value}", f"title[$regex]={value}", f"{value}=1", f"$where={value}", f"title.$gt={value}", f"$or={value}",
        f"sort={value}", f"sort=$natural,{value}", f"cols={value}", f"at=after~{value}", f"pages={value}", f"due={value}",
        f"_id={value}", f"title.type={value}", f"title.exists={value}", f"pages.between={value}..", f"add={value}&op=is&value=x",
        f"q={value}", f"q={value}&scan=yes", f"size={value}",
    ):  # fmt: skip
        assert (await target.ask("GET", f"{base}?{query}")).status in (200, 303, 400), query


async def test_shop_takes_facets_search_and_addresses_as_text(target: Target, commands: list[Any]) -> None:
    for text in HOSTILE:
        await check_shop(target, text)


async def check_shop(target: Target, text: str) -> None:
    value = quote(text, safe="")
    for path in (
        f"/shop/search?q={value}", f"/shop/search?q={value}&match=begin", f"/shop/search?q={value}&match={value}",
        f"/shop/c/home?color={value}", f"/shop/c/home?color[$ne]={value}", f"/shop/c/home?brand={value}&brand=x",
        f"/shop/c/home?price.gte={value}", f"/shop/c/home?sort={value}", f"/shop/c/home?after={value}", f"/shop/c/{value}",
        f"/shop/p/{value}", f"/shop/p/x?sku={value}", f"/shop/c/home?{value}={value}",
    ):  # fmt: skip
        assert (await target.ask("GET", path)).status in (200, 301, 400, 404, 422), path


async def test_login_takes_names_and_passwords_as_text(
    target: Target, login: Login, commands: list[Any], db: Any
) -> None:
    await target.log_in(login)
    target.cookie = b""
    for text in HOSTILE[::3]:
        await check_login(target, text)
        await db.auth_throttles.delete_many({})


async def check_login(target: Target, text: str) -> None:
    page = await target.ask("GET", "/login")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]  # type: ignore[index]
    for pairs in (
        [("username", text), ("password", TEST_PASSWORD)],
        [("username[$ne]", text), ("password[$ne]", text)],
        [("username", "admin"), ("password", text)],
        [("username", "admin"), ("password[$gt]", "")],
        [("username[]", "admin"), ("password[]", TEST_PASSWORD)],
    ):
        body = urlencoded([("csrf_token", token), *pairs])
        answer = await target.ask("POST", "/login", [(b"Content-Type", FORM)], body)
        assert answer.status in (422, 429)
        json = dumps({key: {"$gt": ""} for key, _ in pairs}).encode()
        answer = await target.ask("POST", "/login", [(b"Content-Type", b"application/json")], json)
        assert answer.status in (400, 403, 415, 422, 429)
    for cookie in (f"__Host-session={quote(text)}", '__Host-session={"$gt":""}', "__Host-session[$ne]=x"):
        assert (await target.ask("GET", "/account", cookie=cookie.encode())).status == 303


async def test_id_in_an_address_or_a_ticked_row_is_a_value_never_a_pattern(
    target: Target, login: Login, db: Any, commands: list[Any]
) -> None:
    await target.log_in(login)
    before = await db["loose things"].count_documents({})
    for identity in (
        Regex(".", ""),
        {"$gt": ""},
        {"$ne": None},
        {"$regex": "."},
        {"$exists": True},
        ["plain", 5],
        {"$in": [5]},
    ):
        name = quote(encode_id(identity), safe="~")
        for path in (name, f"{name}/delete"):
            assert (await target.ask("GET", f"/admin/database/loose%20things/{path}")).status == 404, identity
        pairs = [
            ("csrf_token", target.token),
            ("action", "delete"),
            ("confirm", "yes"),
            ("rows", encode_id(identity)),
        ]
        answer = await target.ask(
            "POST", "/admin/database/loose%20things/-/action", [(b"Content-Type", FORM)], urlencoded(pairs)
        )
        assert answer.status in (303, 400)
        assert await db["loose things"].count_documents({}) == before, identity


async def test_keys_of_a_saved_form_are_data_not_update_operators(
    target: Target, login: Login, db: Any, no_errors: None
) -> None:
    await target.log_in(login)
    for field in ("$set", "$where", "a.b", "$", "pages.$inc", "$rename"):
        name = "".join(c if c.isalnum() else f".{ord(c):x}." for c in field)
        page = await target.ask("GET", "/admin/database/loose%20things/plain")
        fields = next(fields for _, _, fields, _ in find_forms(page.text) if "_base" in dict(fields))
        pairs = [*fields, (f"{name}~t", "string"), (name, MARK)]
        saved = await target.ask(
            "POST", "/admin/database/loose%20things/plain", [(b"Content-Type", FORM)], urlencoded(pairs)
        )
        assert saved.status in (303, 422)
        document = await db["loose things"].find_one({"_id": "plain"})
        assert document["n"] == 1
        if saved.status == 303:
            assert document[field] == MARK
    assert (await db.desk_notes.find_one({"_id": NOTE}))["pages"] == 3
