"""Live lists: who is told what of changes by others, and when a stream ends."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient
from bson import Binary, Code, Decimal128, Timestamp
from pymongo.errors import AutoReconnect, OperationFailure

from aiocms.admin.lists import live, live_view
from aiocms.admin.lists.live import HUB, Change, Viewer
from aiocms.admin.registry import REGISTRY
from aiocms.admin.values.bsontypes import encode_id
from tests.admin.conftest import Admin, OpenAdmin

SCREEN = """
from aiocms.admin import Screen

class Goods(Screen):
    collection = "goods"
    label = "{title}"
    order = ("title",)
"""
LIST = "/admin/shopish/goods/"
LIVE = f"{LIST}-/live"
NOW = Timestamp(1_700_000_000, 1)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_POLL", 0.02)
    monkeypatch.setattr(live, "_GRACE", 0.5)
    monkeypatch.setattr(live_view, "_GATHER", 0.05)
    monkeypatch.setattr(live_view, "RECHECK", 0.3)


@pytest.fixture
async def admin(open_admin: OpenAdmin) -> Admin:
    one = await open_admin({"apps/shopish/admin.py": SCREEN})
    rows = [{"_id": f"g{i}", "title": f"Good {i}", "status": "new" if i % 2 else "old"} for i in range(6)]
    await one.db.goods.insert_many(rows)
    return one


@pytest.fixture
async def second() -> AsyncIterator[Callable[[Admin], Any]]:
    """Another browser at the same server."""
    sessions: list[Any] = []

    async def make(admin: Admin) -> Any:
        jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=[admin.client.make_url("/")])
        client = TestClient(admin.client.server, cookie_jar=jar)
        sessions.append(client.session)
        return client

    yield make
    for session in sessions:
        await session.close()


class Stream:
    """Events of one live list, as a browser reads them."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    async def next(self) -> tuple[str, dict[str, Any]]:
        """The next event; comments are passed over."""
        event, data = "", ""
        while True:
            line = (await asyncio.wait_for(self.answer.content.readline(), 8)).decode()
            if not line:
                return "closed", {}
            if line.startswith("event: "):
                event = line[7:].strip()
            elif line.startswith("data: "):
                data = line[6:]
            elif line == "\n" and event:
                return event, json.loads(data)


@asynccontextmanager
async def watch(client: Any, query: str = "") -> AsyncIterator[Stream]:
    async with client.get(f"{LIVE}{query}") as answer:
        assert answer.status == 200
        assert answer.content_type == "text/event-stream"
        yield Stream(answer)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(8):
        while not condition():  # noqa: ASYNC110 - the hub tells nobody when a channel ends
            await asyncio.sleep(0.02)


async def test_changes_are_told_of_ids_that_no_dictionary_takes(admin: Admin) -> None:
    odd = [Binary(b"\1", 4), Code("x"), Decimal128("1.10"), {"a": [1]}]
    await admin.db.goods.insert_many([{"_id": one, "title": "Odd"} for one in odd])
    async with watch(admin.client) as stream:
        await stream.next()
        for one in odd:
            await admin.db.goods.update_one({"_id": {"$eq": one}}, {"$set": {"title": "Odder"}})
        heard: set[str] = set()
        while len(heard) < len(odd):
            event, told = await stream.next()
            assert event == "changes"
            heard |= set(told["changed"])
    assert heard == {encode_id(one) for one in odd}


async def test_a_viewer_hears_of_rows_changed_added_and_deleted(admin: Admin) -> None:
    async with watch(admin.client) as stream:
        event, rows = await stream.next()
        assert (event, len(rows["ids"])) == ("rows", 6)
        await admin.db.goods.update_one({"_id": "g1"}, {"$set": {"title": "Good 1b"}})
        _, told = await stream.next()
        assert (len(told["changed"]), told["new"], told["deleted"]) == (1, [], [])
        await admin.db.goods.insert_one({"_id": "g9", "title": "New"})
        await admin.db.goods.update_one({"_id": "g9"}, {"$set": {"title": "Newer"}})
        _, told = await stream.next()
        assert len(told["new"]) == 1
        await admin.db.goods.delete_one({"_id": "g2"})
        _, told = await stream.next()
        assert len(told["deleted"]) == 1


async def test_only_what_the_filter_shows_is_told_and_what_no_longer_fits_has_left(admin: Admin) -> None:
    async with watch(admin.client, "?status=new") as stream:
        event, rows = await stream.next()
        assert (event, len(rows["ids"])) == ("rows", 3)
        await admin.db.goods.insert_one({"_id": "gx", "status": "old"})
        await admin.db.goods.delete_one({"_id": "g0"})
        await admin.db.goods.update_one({"_id": "g1"}, {"$set": {"status": "old"}})
        told: dict[str, Any] = {"left": []}
        while not told["left"]:
            _, told = await stream.next()
            assert not (told["new"] or told["deleted"] or told["changed"])


async def test_the_page_is_as_long_as_the_user_has_chosen(admin: Admin) -> None:
    user = await admin.db.auth_users.find_one({"username": "admin"})
    await admin.db.goods.insert_many([{"_id": f"m{i:03}", "title": f"More {i:03}"} for i in range(60)])
    await admin.db.admin_preferences.insert_one({"_id": f"{user['_id']}:shopish/goods", "size": 100})
    async with watch(admin.client) as stream:
        assert len((await stream.next())[1]["ids"]) == 66


async def test_nothing_outside_of_the_users_scope_is_told(admin: Admin, second: Any, login: Any) -> None:
    rights = ("admin.enter", "shopish.goods.view|status=new")
    eva = await second(admin)
    await login(eva, "eva", superuser=False, permissions=rights)
    async with watch(eva) as stream:
        assert len((await stream.next())[1]["ids"]) == 3
        await admin.db.goods.delete_one({"_id": "g0"})
        await admin.db.goods.insert_one({"_id": "gx", "status": "old"})
        await admin.db.goods.insert_one({"_id": "gy", "status": "new"})
        event, told = await stream.next()
        assert (event, len(told["new"]), told["deleted"]) == ("changes", 1, [])


async def test_a_change_of_ones_own_is_not_told_and_that_of_others_with_their_name(
    admin: Admin, second: Any, login: Any
) -> None:
    eva = await second(admin)
    await login(eva, "eva", superuser=True)
    form = await admin.open("goods", "g1", ns="shopish")
    name = next(name for name, value in form.pairs if value == "Good 1")
    async with watch(admin.client) as own, watch(eva) as other:
        await own.next()
        await other.next()
        await admin.post(admin.url("goods", "g1", ns="shopish"), form.filled({name: "Changed"}))
        event, told = await other.next()
        assert (event, list(told["by"].values())) == ("changes", ["admin"])
        await admin.db.goods.delete_one({"_id": "g3"})
        _, told = await own.next()
        assert (told["changed"], len(told["deleted"])) == ([], 1)


async def test_the_stream_ends_when_the_session_or_the_rights_end(
    admin: Admin, second: Any, login: Any
) -> None:
    eva = await second(admin)
    await login(eva, "eva", superuser=False, permissions=("admin.enter", "shopish.goods.view"))
    async with watch(eva) as stream:
        await stream.next()
        await admin.db.auth_users.update_one({"username": "eva"}, {"$set": {"permissions": ["admin.enter"]}})
        assert (await stream.next())[0] == "end"
    async with watch(admin.client) as stream:
        await stream.next()
        await admin.db.core_sessions.delete_many({})
        assert (await stream.next())[0] == "end"


async def test_who_may_not_see_the_list_gets_no_stream(admin: Admin, second: Any, login: Any) -> None:
    eva = await second(admin)
    await login(eva, "eva", superuser=False, permissions=("admin.enter",))
    assert (await eva.get(LIVE)).status == 403
    assert (await admin.client.get(f"{LIVE}?nonsense=1")).status == 204
    await admin.db.create_collection("some_view", viewOn="goods", pipeline=[])
    admin.client.app[REGISTRY]._collections = (0.0, {})
    assert (await admin.client.get("/admin/database/some_view/-/live")).status == 204
    await admin.db.create_collection("some_times", timeseries={"timeField": "at"})
    assert (await admin.client.get("/admin/database/some_times/-/live")).status == 204


async def test_one_change_stream_serves_all_and_ends_after_the_last_has_left(admin: Admin) -> None:
    hub = admin.client.app[HUB]
    async with watch(admin.client) as one, watch(admin.client) as two:
        await one.next()
        await two.next()
        assert list(hub.channels) == ["goods"]
        assert len(hub.channels["goods"].viewers) == 2
    await until(lambda: not hub.channels)


async def test_the_oldest_list_of_a_user_gives_way(admin: Admin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_OF_USER", 1)
    async with watch(admin.client) as one:
        await one.next()
        async with watch(admin.client) as two:
            await two.next()
            assert (await one.next())[0] == "end"


async def test_streams_end_when_the_server_stops(admin: Admin) -> None:
    async with watch(admin.client) as stream:
        await stream.next()
        await admin.client.app.shutdown()
        assert (await stream.next())[0] == "end"
    assert (await admin.client.get(LIVE)).status == 204


async def test_without_change_streams_there_is_quietly_no_stream(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pymongo.errors import OperationFailure

    def refuse(*_: Any, **__: Any) -> Any:
        raise OperationFailure("The $changeStream stage is only supported on replica sets", 40573)

    monkeypatch.setattr(type(admin.db.goods), "watch", refuse)
    assert (await admin.client.get(LIVE)).status == 204
    assert not admin.client.app[HUB].channels
    assert "data-live=" in await admin.get(LIST)


def read_since(page: str) -> str:
    found = re.search(r'data-since="([0-9]+[.][0-9]+)"', page)
    assert found
    return found[1]


async def read_changed(stream: Stream) -> list[str]:
    event, told = await stream.next()
    assert event == "changes"
    return [str(one) for one in told["changed"]]


async def test_what_changes_between_the_page_and_its_stream_is_told(admin: Admin) -> None:
    since = read_since(await admin.get(LIST))
    await admin.db.goods.update_one({"_id": "g1"}, {"$set": {"title": "Good 1b"}})
    for _ in range(2):  # of a new change stream, and of the one that runs already
        async with watch(admin.client, f"?$since={since}") as stream:
            await stream.next()
            assert await read_changed(stream) == [encode_id("g1")]


async def test_what_the_page_shows_already_is_not_told_as_changed(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_POLL", 0.5)
    async with watch(admin.client) as first:
        await first.next()
        await admin.db.goods.update_one({"_id": "g1"}, {"$set": {"title": "Good 1b"}})
        since = read_since(await admin.get(LIST))
        async with watch(admin.client, f"?$since={since}") as second:
            await second.next()
            await admin.db.goods.update_one({"_id": "g3"}, {"$set": {"title": "Good 3b"}})
            assert await read_changed(second) == [encode_id("g3")]
        assert set(await read_changed(first)) >= {encode_id("g1")}


@pytest.mark.parametrize("since", ["1000000000.1", "4294967295.1"])
async def test_a_page_of_long_ago_is_told_that_it_may_be_out_of_date(admin: Admin, since: str) -> None:
    async with watch(admin.client, f"?$since={since}") as stream:
        assert [(await stream.next())[0] for _ in range(2)] == ["rows", "old"]
        await admin.db.goods.update_one({"_id": "g1"}, {"$set": {"title": "Good 1b"}})
        assert await read_changed(stream) == [encode_id("g1")]


@pytest.mark.parametrize("since", ["", "soon", "1", "-1.5", "1.1e9.2"])
async def test_a_time_that_is_none_is_passed_over(admin: Admin, since: str) -> None:
    async with watch(admin.client, f"?$since={since}") as stream:
        await stream.next()
        await admin.db.goods.update_one({"_id": "g1"}, {"$set": {"title": "Good 1b"}})
        assert await read_changed(stream) == [encode_id("g1")]


async def test_more_than_a_stream_keeps_makes_earlier_pages_old(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_KEPT", 2)
    since = read_since(await admin.get(LIST))
    async with watch(admin.client, f"?$since={since}") as first:
        await first.next()
        for number in range(4):
            await admin.db.goods.update_one({"_id": f"g{number}"}, {"$set": {"title": "Other"}})
        heard: set[str] = set()
        while len(heard) < 4:
            heard |= set(await read_changed(first))
        async with watch(admin.client, f"?$since={since}") as second:
            assert [(await second.next())[0] for _ in range(3)] == ["rows", "old", "changes"]


async def test_a_broken_stream_goes_on_where_it_stopped(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, broken = live._read, asyncio.Event()

    async def break_once(channel: Any) -> None:
        if broken.is_set():
            return await read(channel)
        broken.set()
        channel.started.set()
        raise AutoReconnect("gone for a moment")

    monkeypatch.setattr(live, "_read", break_once)
    async with watch(admin.client) as stream:
        await stream.next()
        await admin.db.goods.update_one({"_id": "g1"}, {"$set": {"title": "While it was broken"}})
        assert await read_changed(stream) == [encode_id("g1")]


async def test_a_collection_that_is_dropped_and_made_anew_is_followed_on(admin: Admin) -> None:
    async with watch(admin.client) as stream:
        await stream.next()
        await admin.db.goods.drop()
        event = ""
        while event != "many":
            event, _ = await stream.next()
        await admin.db.goods.insert_one({"_id": "g1", "title": "Restored"})
        told: dict[str, Any] = {}
        while encode_id("g1") not in [*told.get("changed", ()), *told.get("new", ())]:
            _, told = await stream.next()


async def test_a_stream_whose_history_is_gone_says_that_much_may_have_changed(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, broken = live._read, asyncio.Event()

    async def lose_once(channel: Any) -> None:
        if broken.is_set():
            return await read(channel)
        broken.set()
        channel.started.set()
        raise OperationFailure("the resume point may no longer be in the oplog", 286)

    monkeypatch.setattr(live, "_read", lose_once)
    async with watch(admin.client) as stream:
        assert [(await stream.next())[0] for _ in range(2)] == ["rows", "many"]


def test_more_changes_than_can_be_told_become_one_word() -> None:
    viewer = Viewer("eva")
    for number in range(live.MOST_WAITING + 50):
        viewer.note(Change(NOW, number, "insert"))
    assert viewer.take() == ([], True)
    viewer.note(Change(NOW, 1, "insert"))
    viewer.note(Change(NOW, 1, "update"))
    viewer.note(Change(NOW, [1], "delete"))
    assert viewer.take() == ([(1, "insert"), ([1], "delete")], False)
