"""Users and roles in the admin: nobody sees a hash, nobody rises."""

import re
from html import unescape

import pytest

from aiocms.admin.registry import REGISTRY
from aiocms.admin.values.bsontypes import encode_id
from aiocms.admin.values.rawbson import Value
from aiocms.auth import admin as screens
from aiocms.auth import passwords, store
from aiocms.core import keys
from aiocms.core.keys import USER
from aiocms.testing import TEST_PASSWORD
from tests.admin.formpage import FormPage

SEALED = ("auth_passwords", "auth_browsers", "auth_throttles", "auth_locks")


@pytest.fixture
async def client(make_site, make_client):
    return await make_client(make_site(apps=["auth", "admin"]))


@pytest.fixture
def site_db(client):
    return client.app[keys.MONGO].db


async def act(client, action, ids, screen="users", **fields):
    """Tick rows, choose an action and answer its page."""
    page = await (await client.get("/account")).text()
    token = re.search(r'name="csrf_token" value="([^"]*)"', page).group(1)
    form = [("csrf_token", token), ("action", action), ("confirm", "yes"), *fields.items()]
    form += [("rows", encode_id(Value.of(one))) for one in ids]
    origin = str(client.make_url("/")).rstrip("/")
    return await client.post(
        f"/admin/auth/{screen}/-/action", data=form, headers={"Origin": origin}, allow_redirects=False
    )


async def test_no_screen_shows_credentials_not_even_to_superusers(client, site_db, login):
    await login(client)
    for name in SEALED:
        await site_db[name].update_one({"_id": "x"}, {"$set": {"hash": "canary-value"}}, upsert=True)
        answer = await client.get(f"/admin/database/{name}/", allow_redirects=False)
        assert answer.status in (403, 404)
    for screen in ("sealedpasswords", "sealedbrowsers", "sealedthrottles", "sealedlocks"):
        answer = await client.get(f"/admin/auth/{screen}/", allow_redirects=False)
        assert answer.status in (403, 404)
    page = await (await client.get("/admin/")).text()
    assert not any(name in page.lower() for name in ("sealed", *SEALED))


async def test_the_registry_infers_no_screen_for_credentials(client, site_db):
    registry = client.app[REGISTRY]
    for name in SEALED:
        assert isinstance(registry.by_collection[name], screens._Sealed)


async def test_the_list_shows_users_without_stamps(client, site_db, login):
    user = await login(client)
    answer = await client.get("/admin/auth/users/")
    page = await answer.text()
    stored = await site_db.auth_users.find_one({"_id": user.id})
    assert answer.status == 200 and "admin" in page and stored["stamp"] not in page and "argon2" not in page


async def test_an_administrator_sets_a_password_and_lets_the_user_in(client, site_db, login):
    await login(client)
    made = (await site_db.auth_users.insert_one({"username": "New Person"})).inserted_id
    answer = await act(client, "set_password", [made], new="a much better phrase")
    assert answer.status == 303
    user = await store.find_user_by_name(site_db, "new person")
    assert user.id == made and not user.is_superuser
    assert (await passwords.verify("a much better phrase", await store.find_hash(site_db, made))).ok


async def test_a_weak_or_shared_password_is_not_set(client, site_db, login):
    await login(client)
    ann = await store.create_user(site_db, "annabel", TEST_PASSWORD)
    bob = await store.create_user(site_db, "bob", TEST_PASSWORD)
    before = await store.find_hash(site_db, ann.id)
    await act(client, "set_password", [ann.id], new="password")
    await act(client, "set_password", [ann.id], new="annabel is fine")
    await act(client, "set_password", [ann.id, bob.id], new="a much better phrase")
    assert await store.find_hash(site_db, ann.id) == before


async def test_the_last_superuser_survives_every_action(client, site_db, login):
    user = await login(client)
    for action in ("deactivate", "end_superuser", "delete_accounts"):
        await act(client, action, [user.id])
        assert (await store.get_user(site_db, user.id)).is_superuser


async def test_who_is_no_superuser_cannot_rise(client, site_db, login):
    root = await store.create_user(site_db, "root", TEST_PASSWORD, superuser=True)
    staff = await store.create_user(site_db, "staff", TEST_PASSWORD, permissions=["shop.*"])
    customer = await store.create_user(site_db, "customer", TEST_PASSWORD)
    manager = await login(client, "manager", superuser=False, permissions=("admin.enter", "auth.*"))
    hashes = {one.id: await store.find_hash(site_db, one.id) for one in (root, staff, manager)}
    for one in (root, staff, manager):
        await act(client, "set_password", [one.id], new="a much better phrase")
        assert await store.find_hash(site_db, one.id) == hashes[one.id]
        await act(client, "deactivate", [one.id])
        await store.get_user(site_db, one.id)
    for one in (manager, customer):
        assert (await act(client, "make_superuser", [one.id])).status in (303, 403)
        assert not (await store.get_user(site_db, one.id)).is_superuser
    await act(client, "set_password", [customer.id], new="a much better phrase")
    assert (await passwords.verify("a much better phrase", await store.find_hash(site_db, customer.id))).ok


async def test_rights_and_states_are_not_fields_of_the_form(client, site_db):
    root = await store.create_user(site_db, "root", TEST_PASSWORD, superuser=True)
    manager = await store.create_user(site_db, "manager", TEST_PASSWORD, permissions=["auth.*"])
    users, roles = screens.Users("auth"), screens.Roles("auth")
    document = {"_id": 1}
    for path in ("active", "superuser", "created", "last_login", "username"):
        assert users.field_access({USER: root}, path, document) == "read"
    assert users.field_access({USER: root}, "stamp") == "hide"
    assert users.field_access({USER: root}, "roles.0", document) == "edit"
    for path in ("roles", "permissions.0"):
        assert users.field_access({USER: manager}, path, document) == "read"
    assert roles.scope({USER: manager}, "view") is True and roles.scope({USER: manager}, "edit") is False
    assert roles.scope({USER: root}, "edit") is True


async def test_the_edit_page_gives_no_way_to_rights_for_a_manager(client, site_db, login):
    customer = await store.create_user(site_db, "customer", TEST_PASSWORD, email="old@example.org")
    await login(client, "manager", superuser=False, permissions=("admin.enter", "auth.*"))
    address = f"/admin/auth/users/{encode_id(Value.of(customer.id))}"
    answer = await client.get(address)
    page = await answer.text()
    stored = await site_db.auth_users.find_one({"_id": customer.id})
    assert answer.status == 200 and "old@example.org" in page and stored["stamp"] not in page
    names = set(re.findall(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"', page))
    assert any(name.split("-")[0] == "email" for name in names)
    tops = {name.lstrip("_").split("-")[0] for name in names}
    assert not tops & {"superuser", "active", "stamp", "created", "username"}
    form = dict(re.findall(r'<input[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"', page))
    form |= {"superuser": "true", "permissions-0": "*", "roles-0": "x", "stamp": "x", "username": "root"}
    origin = str(client.make_url("/")).rstrip("/")
    await client.post(address, data=form, headers={"Origin": origin}, allow_redirects=False)
    after = await site_db.auth_users.find_one({"_id": customer.id})
    for name in ("superuser", "permissions", "roles", "stamp", "username", "active"):
        assert after[name] == stored[name]


async def test_a_manager_cannot_open_the_edit_or_delete_of_a_superuser(client, site_db, login):
    root = await store.create_user(site_db, "root", TEST_PASSWORD, superuser=True, email="root@example.org")
    await login(client, "manager", superuser=False, permissions=("admin.enter", "auth.*"))
    address = f"/admin/auth/users/{encode_id(Value.of(root.id))}"
    origin = {"Origin": str(client.make_url("/")).rstrip("/")}
    page = await (await client.get("/account")).text()
    token = re.search(r'name="csrf_token" value="([^"]*)"', page).group(1)
    for path in (address, f"{address}/delete"):
        await client.post(
            path, data={"csrf_token": token, "email": "x@y.z"}, headers=origin, allow_redirects=False
        )
    assert (await site_db.auth_users.find_one({"_id": root.id}))["email"] == "root@example.org"


async def test_a_new_user_page_opens_for_superusers(client, login):
    await login(client)
    answer = await client.get("/admin/auth/users/new")
    page = await answer.text()
    assert answer.status == 200 and "username" in page
    assert not re.search(r'name="(superuser|active|stamp)', page)


async def open_form(client, address):
    answer = await client.get(f"/admin/auth/{address}")
    page = await answer.text()
    assert answer.status == 200, page[-2000:]
    return FormPage(page)


async def post(client, address, pairs, status=303):
    answer = await client.post(
        f"/admin/auth/{address}",
        data=pairs,
        headers={"Origin": str(client.make_url("/")).rstrip("/")},
        allow_redirects=False,
    )
    page = await answer.text()
    assert answer.status == status, page[-2000:]
    return page


def errors_of(page):
    """Messages by the id of the block that they stand in."""
    found = re.findall(r'<div class="a-error" id="([^"]+)-errors">(.*?)</div>\s*</div>', page, re.S)
    return {name: unescape(re.sub(r"<[^>]+>", "", text)).strip() for name, text in found}


async def test_a_new_user_has_the_name_that_logins_look_for(client, site_db, login):
    await login(client)
    form = await open_form(client, "users/new")
    await post(client, "users/new", form.filled({"username": " Zoë ﬁne ", "email": "zoe@example.org"}))
    made = await site_db.auth_users.find_one({"email": "zoe@example.org"})
    assert (made["username"], made["display_name"]) == ("zoë fine", "Zoë ﬁne")
    await act(client, "set_password", [made["_id"]], new="a much better phrase")
    assert (await store.find_user_by_name(site_db, "ZOË FINE")).id == made["_id"]


async def test_a_name_that_is_taken_in_another_spelling_is_refused_beside_the_field(client, site_db, login):
    await login(client)
    await store.create_user(site_db, "straße", TEST_PASSWORD)
    form = await open_form(client, "users/new")
    typed = {"username": "STRASSE", "email": "x@example.org"}
    page = await post(client, "users/new", form.filled(typed), 422)
    assert errors_of(page) == {"username": "The user name strasse is taken."}
    assert FormPage(page).get("email") == "x@example.org"
    page = await post(client, "users/new", FormPage(page).filled({"username": "a\u202eb"}), 422)
    assert errors_of(page) == {"username": "A user name has 1 to 150 printable characters."}
    page = await post(client, "users/new", FormPage(page).filled({"username": "  "}), 422)
    assert errors_of(page) == {"username": "A user name has 1 to 150 printable characters."}
    assert await site_db.auth_users.count_documents({}) == 2


async def test_a_user_without_any_name_is_refused(client, site_db, login):
    await login(client)
    form = await open_form(client, "users/new?tab=json")
    page = await post(client, "users/new?tab=json", form.filled({"_json": '{"username": 5}'}), 422)
    assert "username: A user name has 1 to 150 printable characters." in page
    assert await site_db.auth_users.count_documents({}) == 1


@pytest.mark.parametrize("screen", ["users", "roles"])
async def test_a_permission_that_cannot_be_read_is_refused_with_the_reason(client, site_db, login, screen):
    await login(client)
    if screen == "users":
        made = (await store.create_user(site_db, "ann", TEST_PASSWORD, permissions=["shop.*"])).id
    else:
        made = await store.save_role(site_db, "clerks", ["shop.*"])
    address = f"{screen}/{made}"
    form = await open_form(client, address)
    for _ in range(2):
        page = await post(client, address, [*form.filled(), ("_op", "add:permissions")], 200)
        form = FormPage(page)
    typed = {"permissions-1": "shop..edit", "permissions-2": "shop.orders.view|channel"}
    page = await post(client, address, form.filled(typed), 422)
    errors = errors_of(page)
    assert set(errors) == set(typed)
    assert "'shop..edit' is not a permission" in errors["permissions-1"]
    assert "'channel' in 'shop.orders.view|channel' is not a condition" in errors["permissions-2"]
    assert FormPage(page).get("permissions-1") == "shop..edit"
    stored = await site_db[f"auth_{screen}"].find_one({"_id": made})
    assert stored["permissions"] == ["shop.*"]
    typed = {"permissions-1": "~shop.products.delete", "permissions-2": "shop.orders.view|channel=web"}
    await post(client, address, FormPage(page).filled(typed))
    stored = await site_db[f"auth_{screen}"].find_one({"_id": made})
    assert stored["permissions"] == ["shop.*", *typed.values()]


async def test_permissions_of_another_shape_are_refused(client, site_db, login):
    await login(client)
    made = await store.save_role(site_db, "clerks", ["shop.*"])
    form = await open_form(client, f"roles/{made}?tab=json")
    for text, message in (
        ('"admin.*"', "permissions: Permissions are"),
        ("[5]", "permissions[0]: A permission is"),
    ):
        pairs = form.filled({"_json": f'{{"name": "clerks", "permissions": {text}}}'})
        assert message in await post(client, f"roles/{made}?tab=json", pairs, 422)
