"""Sessions: what is stored, when, for whom, and that ended means ended."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest

from aiocms.core.sessions import COLLECTION
from aiocms.testing import MakeClient, MakeSite

VIEWS = """
import asyncio
import bson
from aiohttp import web
from aiohttp_session import get_session
from aiocms import route
from aiocms.core.sessions import destroy, revoke_user, rotate

async def show(request):
    return web.json_response(dict(await get_session(request)))

async def plain(request):
    return web.json_response({})

async def put(request):
    session = await get_session(request)
    await asyncio.sleep(float(request.query.get("wait", 0)))
    session[request.match_info["key"]] = request.query.get("value", "x")
    return web.json_response(dict(session))

async def nested(request):
    session = await get_session(request)
    session.setdefault("cart", {"lines": []})["lines"].append(1)
    return web.json_response(dict(session))

async def clear(request):
    (await get_session(request)).clear()
    return web.json_response({})

async def turn(request):
    session = await rotate(request)
    if "clear" in request.query:
        session.clear()
    else:
        session["rotated"] = True
    return web.json_response({})

async def slow(request):
    session = await get_session(request)
    await request.db.gate.insert_one({"_id": "in"})
    while not await request.db.gate.find_one({"_id": "go"}):
        await asyncio.sleep(0.01)
    if "rotate" in request.query:
        await rotate(request)
    session["late"] = session["late"] if "same" in request.query else 1
    return web.json_response({})

async def end(request):
    session = await destroy(request)
    if "say" in request.query:
        session["message"] = "bye"
    return web.json_response({})

async def revoke(request):
    session = await get_session(request)
    keep = session.token if "keep" in request.query else None
    return web.json_response(await revoke_user(request.db, request.match_info["user"], keep))

async def fail(request):
    (await get_session(request))["kept"] = 1
    raise {"404": web.HTTPNotFound, "bug": RuntimeError}[request.match_info["how"]]

async def large(request):
    (await get_session(request))["large"] = "x" * 20_000
    return web.json_response({})

async def odd(request):
    session = await get_session(request)
    session["a.b"] = {"$where": 1, "c.d": [1, 2]}
    session["$set"] = "dollar"
    session[""] = "empty"
    session["%2E"] = "percent"
    return web.json_response({})

routes = [
    route("GET", "/show", show, "show"), route("GET", "/plain", plain, "plain"),
    route("GET", "/put/{key}", put, "put"), route("GET", "/nested", nested, "nested"),
    route("GET", "/clear", clear, "clear"), route("GET", "/turn", turn, "turn"),
    route("GET", "/slow", slow, "slow"), route("GET", "/end", end, "end"),
    route("GET", "/revoke/{user}", revoke, "revoke"), route("GET", "/fail/{how}", fail, "fail"),
    route("GET", "/large", large, "large"), route("GET", "/odd", odd, "odd"),
]
"""


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    return make_site({"routes.py": VIEWS})


def get_token(response: Any, name: str = "__Host-session") -> str:
    return SimpleCookie(response.headers["Set-Cookie"])[name].value


async def test_reading_stores_nothing_and_sets_no_cookie(
    site: Path, make_client: MakeClient, db: Any
) -> None:
    client = await make_client(site)
    response = await client.get("/show")
    assert await response.json() == {}
    assert "Set-Cookie" not in response.headers
    assert await db[COLLECTION].count_documents({}) == 0


async def test_cookie_is_host_only_secure_httponly_and_lax(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    response = await client.get("/put/a")
    (cookie,) = SimpleCookie(response.headers["Set-Cookie"]).values()
    assert cookie.key == "__Host-session"
    assert cookie["secure"] and cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")


async def test_plain_cookie_is_used_where_the_setting_allows_it(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site, secure_cookies=False)
    response = await client.get("/put/a")
    (cookie,) = SimpleCookie(response.headers["Set-Cookie"]).values()
    assert (cookie.key, cookie["secure"], cookie["httponly"]) == ("session", "", True)
    assert await (await client.get("/show")).json() == {"a": "x"}


async def test_database_holds_only_the_hash_of_the_token(
    site: Path, make_client: MakeClient, db: Any
) -> None:
    client = await make_client(site)
    token = get_token(await client.get("/put/a"))
    document = await db[COLLECTION].find_one({})
    assert document["_id"] == hashlib.sha256(token.encode()).hexdigest()
    assert token not in repr(document)
    client.session.cookie_jar.clear()
    stolen = await client.get("/show", cookies={"__Host-session": document["_id"]})
    assert await stolen.json() == {}


async def test_parallel_requests_keep_each_others_keys(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    await client.get("/put/a")
    await asyncio.gather(*(client.get(f"/put/key{n}?wait=0.1") for n in range(5)))
    assert await (await client.get("/show")).json() == {"a": "x", **{f"key{n}": "x" for n in range(5)}}


async def test_change_inside_a_value_is_saved(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    for _ in range(3):
        await client.get("/nested")
    assert await (await client.get("/show")).json() == {"cart": {"lines": [1, 1, 1]}}


async def test_keys_with_dots_and_dollars_stay_what_they_are(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    for _ in range(2):
        await client.get("/odd")
    expected = {"a.b": {"$where": 1, "c.d": [1, 2]}, "$set": "dollar", "": "empty", "%2E": "percent"}
    assert await (await client.get("/show")).json() == expected


async def test_emptied_session_is_deleted_with_its_cookie(
    site: Path, make_client: MakeClient, db: Any
) -> None:
    client = await make_client(site)
    await client.get("/put/a")
    response = await client.get("/clear")
    assert SimpleCookie(response.headers["Set-Cookie"])["__Host-session"]["max-age"] == "0"
    assert await db[COLLECTION].count_documents({}) == 0


async def test_old_token_is_dead_after_rotation(site: Path, make_client: MakeClient, db: Any) -> None:
    client = await make_client(site)
    old = get_token(await client.get("/put/a"))
    new = get_token(await client.get("/turn"))
    assert new != old
    assert await (await client.get("/show")).json() == {"a": "x", "rotated": True}
    client.session.cookie_jar.clear()
    assert await (await client.get("/show", cookies={"__Host-session": old})).json() == {}
    assert await db[COLLECTION].count_documents({}) == 1


async def test_destroyed_session_is_gone_for_a_copied_cookie(
    site: Path, make_client: MakeClient, db: Any
) -> None:
    client = await make_client(site)
    token = get_token(await client.get("/put/a"))
    await client.get("/end")
    assert await db[COLLECTION].count_documents({}) == 0
    assert await (await client.get("/show", cookies={"__Host-session": token})).json() == {}


async def test_message_after_destroy_lives_in_a_new_session(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    old = get_token(await client.get("/put/a"))
    assert get_token(await client.get("/end?say=1")) != old
    assert await (await client.get("/show")).json() == {"message": "bye"}


async def run_beside(client: Any, db: Any, path: str, meanwhile: str) -> Any:
    """Let the view of ``path`` load its session, then do ``meanwhile``, then let it go on."""
    late = asyncio.create_task(client.get(path))
    while not await db.gate.find_one({"_id": "in"}):  # noqa: ASYNC110 - set through the database
        await asyncio.sleep(0.01)
    await client.get(meanwhile)
    await db.gate.insert_one({"_id": "go"})
    return await late


@pytest.mark.parametrize("path", ["/slow", "/slow?rotate=1"])
async def test_request_in_flight_does_not_revive_an_ended_session(
    site: Path, make_client: MakeClient, db: Any, path: str
) -> None:
    client = await make_client(site)
    token = get_token(await client.get("/put/secret"))
    await run_beside(client, db, path, "/end")
    client.session.cookie_jar.clear()
    assert await (await client.get("/show", cookies={"__Host-session": token})).json() == {}
    assert await db[COLLECTION].count_documents({"data.secret": {"$exists": True}}) == 0


async def test_late_answer_of_the_old_token_leaves_the_new_cookie_alone(
    site: Path, make_client: MakeClient, db: Any
) -> None:
    client = await make_client(site)
    await client.get("/put/a")
    late = await run_beside(client, db, "/slow", "/turn")
    assert "Set-Cookie" not in late.headers
    assert (await (await client.get("/show")).json())["a"] == "x"


async def test_rotation_takes_along_what_a_parallel_request_wrote(
    site: Path, make_client: MakeClient, db: Any
) -> None:
    client = await make_client(site)
    await client.get("/put/a")
    await run_beside(client, db, "/slow?rotate=1", "/put/b")
    assert await (await client.get("/show")).json() == {"a": "x", "b": "x", "late": 1}


async def test_login_in_a_session_that_was_ended_meanwhile_keeps_what_it_assigned(
    site: Path, make_client: MakeClient, db: Any
) -> None:
    client = await make_client(site)
    await client.get("/put/late")
    await client.get("/put/other")
    await run_beside(client, db, "/slow?rotate=1&same=1", "/end")
    assert await (await client.get("/show")).json() == {"late": "x"}


async def test_rotating_an_emptied_session_deletes_it(site: Path, make_client: MakeClient, db: Any) -> None:
    client = await make_client(site)
    await client.get("/put/a")
    await client.get("/turn?clear=1")
    assert await db[COLLECTION].count_documents({}) == 0


async def test_revoking_a_user_ends_all_their_sessions_but_the_kept_one(
    site: Path, make_client: MakeClient, db: Any
) -> None:
    client = await make_client(site)
    tokens = []
    for user in ("ann", "ann", "bob"):
        client.session.cookie_jar.clear()
        tokens.append(get_token(await client.get(f"/put/user_id?value={user}")))
    client.session.cookie_jar.clear()
    kept = {"__Host-session": tokens[1]}
    assert await (await client.get("/revoke/ann?keep=1", cookies=kept)).json() == 1
    found = [await (await client.get("/show", cookies={"__Host-session": token})).json() for token in tokens]
    assert found == [{}, {"user_id": "ann"}, {"user_id": "bob"}]


@pytest.mark.parametrize(("field", "setting"), [("seen", "session_idle"), ("created", "session_lifetime")])
async def test_expired_session_is_refused_although_still_stored(
    site: Path, make_client: MakeClient, db: Any, field: str, setting: str
) -> None:
    client = await make_client(site, **{setting: 3600})
    await client.get("/put/a")
    assert await (await client.get("/show")).json() == {"a": "x"}
    await db[COLLECTION].update_one({}, {"$set": {field: datetime.now(UTC) - timedelta(seconds=3601)}})
    assert await (await client.get("/show")).json() == {}
    assert await db[COLLECTION].count_documents({}) == 1


async def test_last_seen_is_touched_at_most_once_a_minute(
    site: Path, make_client: MakeClient, db: Any
) -> None:
    client = await make_client(site)
    await client.get("/put/a")
    fresh = await db[COLLECTION].find_one({})
    await client.get("/show")
    assert await db[COLLECTION].find_one({}) == fresh
    older = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=61)
    await db[COLLECTION].update_one({}, {"$set": {"seen": older, "expires": older}})
    await client.get("/show")
    touched = await db[COLLECTION].find_one({})
    assert touched["seen"] > older and touched["expires"] > older


@pytest.mark.parametrize(
    "cookie",
    [
        b"\xff" * 43,
        b"a" * 10_000,
        b"A" * 43,
        b"",
        b'"',
        b"../../x",
        "ключ".encode(),
        b"A" * 42 + b"\x01",
        b"$ne",
    ],
)
async def test_foreign_cookie_value_is_never_adopted_and_never_an_error(
    site: Path, make_client: MakeClient, db: Any, cookie: bytes
) -> None:
    client = await make_client(site)
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(b"GET /put/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n")
    writer.write(b"Cookie: __Host-session=" + cookie + b"\r\n\r\n")
    answer = (await reader.read()).decode("latin-1")
    writer.close()
    if b"\x01" in cookie:
        assert answer.split(" ")[1] == "400"
        return
    assert answer.startswith("HTTP/1.1 200")
    assert cookie == b"" or f"session={cookie.decode('latin-1')};" not in answer
    assert "Set-Cookie: __Host-session=" in answer


async def test_session_survives_an_error_page_but_not_a_bug(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    assert (await client.get("/fail/bug")).status == 500
    assert await (await client.get("/show")).json() == {}
    assert (await client.get("/fail/404")).status == 404
    assert await (await client.get("/show")).json() == {"kept": 1}


async def test_too_large_session_is_refused_and_the_stored_one_stays(
    site: Path, make_client: MakeClient
) -> None:
    client = await make_client(site)
    await client.get("/put/a")
    assert (await client.get("/large")).status == 500
    assert await (await client.get("/show")).json() == {"a": "x"}


async def test_answers_that_depend_on_a_session_are_not_cached(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    anonymous = await client.get("/plain")
    assert "Cache-Control" not in anonymous.headers
    for path in ("/put/a", "/show", "/plain", "/nothing-here"):
        response = await client.get(path)
        assert response.headers["Cache-Control"] == "no-store", path
        assert "Cookie" in response.headers["Vary"], path


async def test_indexes_clean_up_and_find_the_sessions_of_a_user(
    site: Path, make_client: MakeClient, db: Any
) -> None:
    client = await make_client(site)
    await client.get("/put/user_id")
    indexes = await db[COLLECTION].index_information()
    assert indexes["expires_1"]["expireAfterSeconds"] == 0
    assert "data.user_id_1" in indexes
