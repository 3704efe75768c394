"""`aiocms createuser`."""

import pytest
from click.testing import CliRunner

from aiocms.auth import passwords, store
from aiocms.cli.users import createuser
from aiocms.core.errors import AiocmsError
from aiocms.testing import TEST_PASSWORD


@pytest.fixture
def run(make_site, monkeypatch):
    monkeypatch.chdir(make_site(apps=["auth"]))

    def run(*args, typed=""):
        return CliRunner().invoke(createuser, args, input=typed)

    return run


async def invoke(run, *args, typed=""):
    import asyncio

    return await asyncio.to_thread(run, *args, typed=typed)


async def test_it_makes_a_superuser_who_can_log_in(run, db):
    result = await invoke(
        run, "--username", "Ann", "--password", TEST_PASSWORD, "--superuser", "--email", "a@b.c"
    )
    assert result.exit_code == 0 and "'ann'" in result.output and TEST_PASSWORD not in result.output
    user = await store.find_user_by_name(db, "ann")
    assert user.is_superuser and user.email == "a@b.c"
    assert (await passwords.verify(TEST_PASSWORD, await store.find_hash(db, user.id))).ok


async def test_it_asks_for_what_is_missing_and_again_for_a_weak_password(run, db):
    typed = f"ann\npassword\npassword\n{TEST_PASSWORD}\n{TEST_PASSWORD}\n"
    result = await invoke(run, typed=typed)
    assert result.exit_code == 0 and "first that are guessed" in result.output
    assert not (await store.find_user_by_name(db, "ann")).is_superuser


async def test_it_reads_the_password_from_standard_input(run, db):
    result = await invoke(run, "--username", "ann", "--password", "-", typed=f"{TEST_PASSWORD}\n")
    assert result.exit_code == 0
    user = await store.find_user_by_name(db, "ann")
    assert (await passwords.verify(TEST_PASSWORD, await store.find_hash(db, user.id))).ok


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (("--username", "ann", "--password", "password"), "guessed"),
        (("--username", "ann", "--password", ""), "8 characters"),
        (("--username", " ", "--password", TEST_PASSWORD), "printable"),
        (("--username", "taken", "--password", TEST_PASSWORD), "taken"),
        (("--username", "ann", "--password", TEST_PASSWORD, "--role", "ghost"), "ghost"),
    ],
)
async def test_mistakes_are_told_and_make_nothing(run, db, args, text):
    await store.create_user(db, "taken", TEST_PASSWORD)
    result = await invoke(run, *args)
    assert isinstance(result.exception, AiocmsError) and text in str(result.exception)
    assert await db.auth_users.count_documents({}) == 1


async def test_a_new_site_has_no_account(make_site, make_client, db):
    await make_client(make_site(apps=["auth"]))
    assert await db.auth_users.count_documents({}) == 0
