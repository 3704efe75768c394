"""Accounts: names, rights, and the last superuser."""

import asyncio

import pytest

from aiocms.auth import store
from aiocms.auth.models import indexes
from aiocms.auth.permissions import PermissionSyntaxError
from aiocms.auth.store import AccountError, LastSuperuserError
from aiocms.auth.users import Anonymous, make_stamp, read_user
from aiocms.core.indexes import ensure
from aiocms.testing import TEST_PASSWORD


@pytest.fixture
async def db(db):
    await ensure(db, indexes)
    return db


async def test_a_user_has_the_rights_of_their_roles(db):
    await store.save_role(db, "editor", ["blog.*", "~blog.posts.delete"])
    user = await store.create_user(
        db, "ann", TEST_PASSWORD, roles=["editor"], permissions=["shop.orders.view|by=@me"]
    )
    assert user.can("blog.posts.edit") and not user.can("blog.posts.delete")
    assert user.scope("shop.orders.view") == {"by": {"$eq": user.id}}
    assert user.field_access("blog.posts", "title") == "edit"
    assert not user.is_superuser and user.is_authenticated
    assert str(user) == "ann"


async def test_a_superuser_may_everything_and_nobody_nothing(db):
    user = await store.create_user(db, "root", TEST_PASSWORD, superuser=True, permissions=["~*"])
    assert user.can("any.thing") and user.scope("any.thing") is True
    assert user.field_access("a.b", "c") == "edit"
    nobody = Anonymous()
    assert not nobody.can("any.thing") and nobody.scope("any.thing") is False
    assert nobody.field_access("a.b", "c") == "hide" and nobody.prune("a.b", {"_id": 1}) == {}


async def test_users_are_frozen_and_show_no_stamp(db):
    user = await store.create_user(db, "ann", TEST_PASSWORD)
    with pytest.raises(AttributeError):
        user.is_superuser = True
    assert user.stamp not in repr(user)


async def test_the_hash_is_in_no_document_of_the_users(db):
    user = await store.create_user(db, "ann", TEST_PASSWORD)
    assert "argon2" not in str(await db.auth_users.find_one({}))
    assert (await db.auth_passwords.find_one({}))["_id"] == user.id


@pytest.mark.parametrize("name", ["ann", "ANN", " Ann ", "ａｎｎ"])
async def test_names_that_look_alike_are_one(db, name):
    await store.create_user(db, "Ann", TEST_PASSWORD)
    with pytest.raises(AccountError, match="taken"):
        await store.create_user(db, name, TEST_PASSWORD)
    assert await db.auth_passwords.count_documents({}) == 1
    assert (await store.find_user_by_name(db, name)).username == "ann"


async def test_of_parallel_creations_one_succeeds(db):
    results = await asyncio.gather(
        *(store.create_user(db, "ann", TEST_PASSWORD) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(one, AccountError) for one in results) == 3
    assert await db.auth_users.count_documents({}) == 1
    assert await db.auth_passwords.count_documents({}) == 1


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\0b", "\ud800", "x" * 151, "a\u202eb"])
async def test_bad_names_are_refused(db, name):
    with pytest.raises(AccountError):
        await store.create_user(db, name, TEST_PASSWORD)
    assert await store.find_user_by_name(db, name) is None


async def test_unknown_roles_and_malformed_permissions_are_refused(db):
    with pytest.raises(AccountError, match="'ghost'"):
        await store.create_user(db, "ann", TEST_PASSWORD, roles=["ghost"])
    with pytest.raises(PermissionSyntaxError):
        await store.create_user(db, "ann", TEST_PASSWORD, permissions=["a..b"])
    assert await db.auth_users.count_documents({}) == 0


async def test_the_last_superuser_stays(db):
    root = await store.create_user(db, "root", TEST_PASSWORD, superuser=True)
    idle = await store.create_user(db, "idle", TEST_PASSWORD, superuser=True)
    await store.set_active(db, idle.id, False)
    for change in (
        store.set_active(db, root.id, False),
        store.set_rights(db, root.id, superuser=False),
        store.delete_user(db, root.id),
    ):
        with pytest.raises(LastSuperuserError):
            await change
    assert (await store.get_user(db, root.id)).is_superuser
    assert await store.find_hash(db, root.id)
    await store.delete_user(db, idle.id)
    assert await store.find_hash(db, idle.id) is None


@pytest.mark.parametrize("count", [2, 5])
async def test_superusers_who_remove_each_other_at_once_leave_one(db, count):
    users = [await store.create_user(db, f"root{n}", TEST_PASSWORD, superuser=True) for n in range(count)]
    changes = [
        [
            store.set_active(db, user.id, False),
            store.set_rights(db, user.id, superuser=False),
            store.delete_user(db, user.id),
        ]
        for user in users
    ]
    chosen = [one.pop(position % 3) for position, one in enumerate(changes)]
    for rest in changes:
        for unused in rest:
            unused.close()
    results = await asyncio.gather(*chosen, return_exceptions=True)
    assert [one for one in results if one is not None and not isinstance(one, LastSuperuserError)] == []
    assert sum(isinstance(one, LastSuperuserError) for one in results) == 1
    assert sum(one is None for one in results) == count - 1
    assert await db.auth_users.count_documents({"superuser": True, "active": True}) == 1


async def test_a_profile_holds_no_rights(db):
    user = await store.create_user(db, "ann", TEST_PASSWORD)
    with pytest.raises(AccountError, match="superuser"):
        await store.save_profile(db, user.id, {"superuser": "1"})


def test_documents_of_any_shape_are_read_and_give_no_rights():
    user = read_user(
        {"_id": 1, "username": None, "superuser": "yes", "permissions": "*", "roles": 5, "email": {}}
    )
    assert not user.is_superuser and user.permissions == () and not user.can("a.b")
    assert read_user({"_id": 1, "permissions": ["*", 5, None]}).permissions == ("*",)
    assert make_stamp({"roles": "x"}) == make_stamp({})


def test_the_stamp_changes_with_what_matters_only():
    base = {"stamp": "s", "active": True, "superuser": False, "roles": [1], "permissions": ["a"]}
    for change in (
        {"stamp": "t"},
        {"active": False},
        {"superuser": True},
        {"roles": [2]},
        {"permissions": []},
    ):
        assert make_stamp(base | change) != make_stamp(base)
    assert make_stamp(base | {"email": "x", "theme": "dark", "last_login": 5}) == make_stamp(base)
