"""Login, logout and account, over HTTP."""

import re

import pytest

from aiocms.auth import passwords, store
from aiocms.core import keys
from aiocms.testing import TEST_PASSWORD

SITE = {
    "templ/index.tpl": "hello {{ user.username }}",
    "routes.py": """
from aiocms import route, templ
from aiohttp import web

async def index(request):
    return templ("index", request)

async def plain(request):
    return web.json_response({"user": request.user.username, "super": request.user.is_superuser})

async def socket(request):
    ws = web.WebSocketResponse()
    await ws.prepare(request)
    await ws.send_str("in")
    await ws.close()
    return ws

routes = [
    route("GET", "/", index, "index"),
    route("GET", "/who", plain, "who"),
    route("GET", "/staff", plain, "staff", requires="shop.products.view"),
    route("POST", "/staff", plain, "staff", requires="shop.products.edit"),
    route("GET", "/c/{name}", plain, "c", requires="database.{name}.view"),
    route("GET", "/socket", socket, "socket", requires="shop.products.view"),
]
""",
}


@pytest.fixture
async def client(make_site, make_client):
    return await make_client(make_site(SITE, apps=["auth"]))


@pytest.fixture
def site_db(client):
    return client.app[keys.MONGO].db


@pytest.fixture
def hashes(monkeypatch):
    """Every text that was hashed to be compared."""
    passwords.dummy_hash()
    done = []
    original = passwords.compute_verify
    monkeypatch.setattr(
        passwords, "compute_verify", lambda text, stored: (done.append(text), original(text, stored))[1]
    )
    return done


async def post(client, path, page=None, **fields):
    """Post a form as a browser does: with the token of its page."""
    answer = await client.get(page or path, allow_redirects=False)
    token = re.search(r'name="csrf_token" value="([^"]*)"', await answer.text())
    origin = str(client.make_url("/")).rstrip("/")
    form = {"csrf_token": token.group(1) if token else "", **fields}
    return await client.post(path, data=form, headers={"Origin": origin}, allow_redirects=False)


async def try_login(client, username, password, **fields):
    return await post(client, "/login", username=username, password=password, **fields)


async def get_who(client):
    return (await (await client.get("/who")).json())["user"]


def copy_session(client):
    cookies = {one.key: one.value for one in client.session.cookie_jar}
    return {name: value for name, value in cookies.items() if name.endswith("session")}


async def replay(client, cookies):
    """Who the site takes the owner of these cookies for."""
    client.session.cookie_jar.clear()
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    answer = await client.get("/who", headers={"Cookie": header})
    return (await answer.json())["user"]


async def test_login_enters_and_logout_ends(client, login):
    await login(client, "Ann")
    assert await get_who(client) == "ann"
    session = copy_session(client)
    answer = await post(client, "/logout", page="/account")
    assert answer.status == 303 and answer.headers["Location"] == "/"
    assert await get_who(client) == ""
    assert await replay(client, session) == ""


async def test_logout_by_get_or_without_token_changes_nothing(client, login):
    await login(client, "ann")
    assert (await client.get("/logout")).status == 405
    assert (await client.post("/logout", data={})).status == 403
    assert await get_who(client) == "ann"


async def test_login_rotates_the_session_and_the_old_id_is_dead(client, site_db, login):
    await login(client, "ann")
    first = copy_session(client)
    await store.create_user(site_db, "bob", TEST_PASSWORD)
    await post(client, "/logout", page="/account")
    await client.get("/login")
    before = copy_session(client)
    assert (await try_login(client, "bob", TEST_PASSWORD)).status == 303
    after = copy_session(client)
    assert after != before and after != first
    assert await replay(client, first) == ""
    assert await replay(client, before) == "" if before else True
    assert await replay(client, after) == "bob"


async def test_a_session_id_chosen_by_an_attacker_is_not_adopted(client, site_db):
    await store.create_user(site_db, "ann", TEST_PASSWORD)
    chosen = "A" * 43
    client.session.cookie_jar.update_cookies({"__Host-session": chosen}, client.make_url("/"))
    assert (await try_login(client, "ann", TEST_PASSWORD)).status == 303
    assert chosen not in copy_session(client).values()
    assert await get_who(client) == "ann"


@pytest.mark.parametrize("kind", ["unknown", "wrong", "inactive", "no password", "damaged hash", "odd name"])
async def test_every_failed_login_costs_one_hash_and_looks_the_same(client, site_db, hashes, kind):
    await store.create_user(site_db, "root", TEST_PASSWORD, superuser=True)
    user = await store.create_user(site_db, "ann", TEST_PASSWORD)
    password = TEST_PASSWORD
    if kind == "wrong":
        password = "something else"
    elif kind == "inactive":
        await store.set_active(site_db, user.id, False)
    elif kind == "no password":
        await store.set_password(site_db, user.id, None)
    elif kind == "damaged hash":
        await site_db.auth_passwords.update_one({"_id": user.id}, {"$set": {"hash": {"$gt": ""}}})
    name = {"unknown": "bob", "odd name": "b\u2028b"}.get(kind, "ann")
    answer = await try_login(client, name, password)
    assert len(hashes) == 1
    reference = await try_login(client, "eve", "nonsense of a stranger")
    assert answer.status == reference.status == 422
    assert strip(await answer.text(), name) == strip(await reference.text(), "eve")
    assert set(answer.headers) == set(reference.headers)
    assert await get_who(client) == ""


def strip(page, name):
    page = re.sub(r'(name="csrf_token" value=")[^"]*', r"\1", page)
    return page.replace(f'value="{name}"', 'value=""')


async def test_a_right_login_costs_one_hash_and_renews_an_aged_one(client, site_db, hashes):
    from passlib.hash import argon2

    user = await store.create_user(site_db, "ann", TEST_PASSWORD)
    assert (await try_login(client, "ANN ", TEST_PASSWORD)).status == 303
    assert len(hashes) == 1
    old = argon2.using(type="ID", memory_cost=8192, rounds=1, parallelism=1).hash(TEST_PASSWORD)
    await site_db.auth_passwords.update_one({"_id": user.id}, {"$set": {"hash": old}})
    client.session.cookie_jar.clear()
    assert (await try_login(client, "ann", TEST_PASSWORD)).status == 303
    renewed = await store.find_hash(site_db, user.id)
    assert renewed != old and "m=19456,t=2,p=1" in renewed
    assert await get_who(client) == "ann"


@pytest.mark.parametrize(
    "target",
    ["//e.example", "/\\e.example", "\\\\e.example", "http:e.example", "http://e.example", "https:///e.example",
     "/%2f%2fe.example", "/%5ce.example", "/\t/e.example", "/\n/e.example", "javascript:alert(1)", "data:text/html,x",
     "e.example", "@e.example", "/@e.example/..//e.example", "/ /e.example", "///e.example", "////e.example", ".//e.example",
     "/\u2028/e.example", "/\uff0fe.example", "http://127.0.0.1@e.example", "?//e.example", "#//e.example",
     "ftp://e.example", "/\x00/e.example", "\x01//e.example", "x" * 9000, "/%09/e.example", "/%0d%0aLocation:x", "/login", "/login?next=/login",
     "/logout", "%2f%2fe.example", "/%2e%2e//e.example", "//[::1", "/;//e.example"],
)  # fmt: skip
async def test_next_never_leaves_the_site(client, site_db, target):
    await store.create_user(site_db, "ann", TEST_PASSWORD)
    answer = await try_login(client, "ann", TEST_PASSWORD, next=target)
    location = answer.headers["Location"]
    assert answer.status == 303
    assert re.match(r"/(?![/\\])", location) and "/login" not in location and "\\" not in location
    assert client.make_url("/").join(__import__("yarl").URL(location, encoded=True)).host == "127.0.0.1"


@pytest.mark.parametrize("target", ["/", "/who", "/staff?a=1&b=%26", "/c/%D0%B6?q=a%20b"])
async def test_next_leads_to_pages_of_the_site(client, site_db, target):
    await store.create_user(site_db, "ann", TEST_PASSWORD)
    answer = await try_login(client, "ann", TEST_PASSWORD, next=target)
    assert answer.headers["Location"] == target


async def test_guard_sends_pages_to_login_and_back(client, site_db):
    answer = await client.get("/staff?page=2", allow_redirects=False)
    assert answer.status == 303
    assert answer.headers["Location"] in ("/login?next=/staff?page%3D2", "/login?next=%2Fstaff%3Fpage%3D2")
    await store.create_user(site_db, "ann", TEST_PASSWORD, permissions=["shop.products.view"])
    page = await (await client.get(answer.headers["Location"])).text()
    assert 'value="/staff?page=2"' in page


async def test_guard_refuses_what_is_no_page_with_401(client):
    json = await client.get("/staff", headers={"Accept": "application/json"}, allow_redirects=False)
    assert json.status == 401 and json.content_type == "application/json"
    assert (await client.post("/staff", allow_redirects=False)).status == 401
    htmx = {"HX-Request": "true", "HX-Current-URL": str(client.make_url("/staff?page=2"))}
    answer = await client.get("/staff", headers=htmx, allow_redirects=False)
    assert answer.status == 401 and answer.headers["HX-Redirect"].startswith("/login?next=")
    evil = await client.get(
        "/staff", headers={**htmx, "HX-Current-URL": "http://x//e.example"}, allow_redirects=False
    )
    assert evil.headers["HX-Redirect"] == "/login"


async def test_guard_refuses_a_websocket_before_the_handshake(client, login):
    from aiohttp import WSServerHandshakeError

    with pytest.raises(WSServerHandshakeError) as caught:
        await client.ws_connect("/socket")
    assert caught.value.status == 401
    await login(client, "ann", superuser=False)
    with pytest.raises(WSServerHandshakeError) as caught:
        await client.ws_connect("/socket")
    assert caught.value.status == 403


@pytest.mark.parametrize(
    ("permissions", "path", "status"),
    [
        ((), "/staff", 403),
        (("shop.products.view",), "/staff", 200),
        (("shop.*", "~shop.products.view"), "/staff", 403),
        (("shop.products.view|a=1",), "/staff", 200),
        (("database.a.view",), "/c/a", 200),
        (("database.a.view",), "/c/b", 403),
        (("database.a.b.view",), "/c/a.b", 403),
        (("database.a%2Eb.view",), "/c/a.b", 200),
        (("database.a.view",), "/c/*", 403),
    ],
)
async def test_guard_asks_for_the_route_permission(client, login, permissions, path, status):
    await login(client, "ann", superuser=False, permissions=permissions)
    assert (await client.get(path, allow_redirects=False)).status == status


async def test_lost_rights_are_lost_with_the_next_request(client, site_db, login):
    role = await store.save_role(site_db, "staff", ["shop.products.view"])
    user = await login(client, "ann", superuser=False)
    assert (await client.get("/staff", allow_redirects=False)).status == 403
    await store.set_rights(site_db, user.id, roles=["staff"])
    client.session.cookie_jar.clear()
    await try_login(client, "ann", TEST_PASSWORD)
    assert (await client.get("/staff")).status == 200
    await site_db.auth_roles.update_one({"_id": role}, {"$set": {"permissions": []}})
    assert (await client.get("/staff", allow_redirects=False)).status == 403


@pytest.mark.parametrize(
    "event", ["password", "deactivated", "roles", "permissions", "superuser", "deleted", "by hand"]
)
async def test_changes_of_an_account_end_its_sessions(client, site_db, login, event):
    await store.create_user(site_db, "root", TEST_PASSWORD, superuser=True)
    await store.save_role(site_db, "staff", ["a.b"])
    user = await login(client, "ann", superuser=False)
    assert await get_who(client) == "ann"
    session = copy_session(client)
    if event == "password":
        await store.set_password(site_db, user.id, "another fine password")
    elif event == "deactivated":
        await store.set_active(site_db, user.id, False)
    elif event == "roles":
        await store.set_rights(site_db, user.id, roles=["staff"])
    elif event == "permissions":
        await store.set_rights(site_db, user.id, permissions=["x.y"])
    elif event == "superuser":
        await store.set_rights(site_db, user.id, superuser=True)
    elif event == "deleted":
        await store.delete_user(site_db, user.id)
    else:
        await site_db.auth_users.update_one({"_id": user.id}, {"$set": {"superuser": True}})
    assert await replay(client, session) == ""


async def test_own_password_change_keeps_this_session_and_ends_the_others(client, site_db, login):
    user = await login(client, "ann", superuser=False)
    other = copy_session(client)
    client.session.cookie_jar.clear()
    await try_login(client, "ann", TEST_PASSWORD)
    mine = copy_session(client)
    fields = {
        "password-current": TEST_PASSWORD,
        "password-new": "a much better phrase",
        "password-repeat": "a much better phrase",
    }
    answer = await post(client, "/account/password", page="/account", **fields)
    assert answer.status == 303
    assert await get_who(client) == "ann"
    now = copy_session(client)
    assert now != mine
    assert await replay(client, other) == "" and await replay(client, mine) == ""
    assert await replay(client, now) == "ann"
    assert (await passwords.verify("a much better phrase", await store.find_hash(site_db, user.id))).ok


@pytest.mark.parametrize(
    "change",
    [
        {"password-current": "wrong"},
        {"password-new": "short", "password-repeat": "short"},
        {"password-new": "password", "password-repeat": "password"},
        {"password-new": "it is Ann-Marie here", "password-repeat": "it is Ann-Marie here"},
        {"password-repeat": "something else"},
        {"password-current": ""},
        {"csrf_token": "x"},
    ],
)
async def test_a_bad_password_change_changes_nothing(client, site_db, login, change):
    user = await login(client, "ann-marie", superuser=False)
    fields = {
        "password-current": TEST_PASSWORD,
        "password-new": "a much better phrase",
        "password-repeat": "a much better phrase",
    }
    before = await store.find_hash(site_db, user.id)
    answer = await post(client, "/account/password", page="/account", **fields | change)
    assert answer.status == 422
    assert TEST_PASSWORD not in await answer.text()
    assert await store.find_hash(site_db, user.id) == before
    assert await get_who(client) == "ann-marie"


async def test_account_saves_choices_and_nothing_else(client, site_db, login):
    user = await login(client, "ann", superuser=False)
    fields = {
        "profile-display_name": "Ann <b>", "profile-language": "ru", "profile-time_zone": "Europe/Berlin",
        "profile-theme": "dark", "profile-superuser": "1", "superuser": "1", "_id": "x", "roles": "x",
    }  # fmt: skip
    answer = await post(client, "/account", **fields)
    assert answer.status == 303
    stored = await site_db.auth_users.find_one({"_id": user.id})
    assert stored["superuser"] is False and stored["roles"] == []
    assert (stored["display_name"], stored["language"], stored["time_zone"], stored["theme"]) == (
        "Ann <b>", "ru", "Europe/Berlin", "dark",
    )  # fmt: skip
    page = await (await client.get("/account")).text()
    assert 'lang="ru"' in page and 'data-bs-theme="dark"' in page and "Ann &lt;b&gt;" in page


async def test_the_message_after_a_choice_is_in_the_language_chosen(client, login):
    await login(client, "ann")
    assert (await post(client, "/account", **{"profile-language": "ru"})).status == 303
    assert "Настройки сохранены." in await (await client.get("/account")).text()


async def test_the_address_of_a_refused_password_change_can_be_opened(client, login):
    await login(client, "ann")
    answer = await client.get("/account/password", allow_redirects=False)
    assert answer.status == 303 and answer.headers["Location"] == "/account"


async def test_account_refuses_choices_that_were_not_offered(client, site_db, login):
    user = await login(client, "ann", superuser=False)
    for field in ("language", "time_zone", "theme"):
        answer = await post(client, "/account", **{f"profile-{field}": "../x"})
        assert answer.status == 422
    stored = await site_db.auth_users.find_one({"_id": user.id})
    assert "theme" not in stored


async def test_account_needs_a_login(client):
    assert (await client.get("/account", allow_redirects=False)).headers["Location"] == "/login?next=/account"
    assert (await client.post("/account/password", allow_redirects=False)).status == 401


async def test_other_devices_are_logged_out_on_demand(client, login):
    await login(client, "ann")
    other = copy_session(client)
    client.session.cookie_jar.clear()
    await try_login(client, "ann", TEST_PASSWORD)
    assert (await post(client, "/account/sessions/end", page="/account")).status == 303
    mine = copy_session(client)
    assert await replay(client, other) == ""
    assert await replay(client, mine) == "ann"


async def test_a_login_without_or_with_a_foreign_token_is_refused(client, site_db):
    await store.create_user(site_db, "ann", TEST_PASSWORD)
    form = {"username": "ann", "password": TEST_PASSWORD}
    assert (await client.post("/login", data=form, allow_redirects=False)).status == 422
    crossed = await client.post(
        "/login", data=form, headers={"Sec-Fetch-Site": "cross-site"}, allow_redirects=False
    )
    assert crossed.status == 403
    assert await get_who(client) == ""


async def test_logs_tell_who_came_and_hold_no_password_or_typed_name(client, site_db, caplog):
    caplog.set_level("INFO", "aiocms.security")
    user = await store.create_user(site_db, "ann", TEST_PASSWORD)
    await try_login(client, "my secret phrase", "canary-password")
    await try_login(client, "ann", "canary-password")
    await try_login(client, "ann", TEST_PASSWORD)
    await post(client, "/logout", page="/account")
    lines = [record.getMessage() for record in caplog.records if record.name == "aiocms.security"]
    assert [line.split(":")[0] for line in lines] == ["login failed", "login failed", "login", "logout"]
    assert "unknown" in lines[0] and f"user={user.id}" in lines[1] and "address=127.0.0.1" in lines[2]
    assert not any(word in caplog.text for word in ("canary", "secret phrase", TEST_PASSWORD))
