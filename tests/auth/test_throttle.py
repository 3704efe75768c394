"""How many passwords can be guessed."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiocms.auth import login, passwords, store
from aiocms.auth.login import Limits, authenticate
from aiocms.auth.throttle import Limit, account_key, address_key, count_attempt, take_back
from aiocms.testing import TEST_PASSWORD

NOW = datetime(2026, 1, 31, 12, 0, 0, 123456, tzinfo=UTC)
TEN = Limit(10, 300)
LIMITS = Limits(TEN, Limit(60, 300))


@pytest.fixture
def guesses(monkeypatch):
    """The passwords that were compared with a stored hash, and how many hashes there were in all."""
    dummy = passwords.dummy_hash()
    reached, total = [], []
    original = passwords.compute_verify

    def compute(text, stored):
        total.append(stored)
        if stored != dummy:
            reached.append(text)
        return original(text, stored)

    monkeypatch.setattr(passwords, "compute_verify", compute)
    return reached, total


async def test_ten_attempts_pass_and_the_eleventh_tells_how_long_to_wait(db):
    for second in range(10):
        attempt = await count_attempt(db, "account:x", TEN, NOW + timedelta(seconds=second))
        assert attempt.wait == 0
    later = NOW + timedelta(seconds=20)
    assert (await count_attempt(db, "account:x", TEN, later)).wait == 280
    assert (await count_attempt(db, "account:y", TEN, later)).wait == 0


async def test_the_window_slides(db):
    for second in range(0, 300, 30):
        await count_attempt(db, "k", TEN, NOW + timedelta(seconds=second))
    assert (await count_attempt(db, "k", TEN, NOW + timedelta(seconds=299))).wait == 1
    assert (await count_attempt(db, "k", TEN, NOW + timedelta(seconds=300))).wait == 0
    assert (await count_attempt(db, "k", TEN, NOW + timedelta(seconds=301))).wait == 29


async def test_refused_attempts_do_not_prolong_the_wait(db):
    for _ in range(10):
        await count_attempt(db, "k", TEN, NOW)
    for second in range(0, 299, 13):
        assert (await count_attempt(db, "k", TEN, NOW + timedelta(seconds=second))).wait > 0
    assert (await count_attempt(db, "k", TEN, NOW + timedelta(seconds=301))).wait == 0


async def test_parallel_attempts_are_all_counted(db):
    attempts = await asyncio.gather(*(count_attempt(db, "k", TEN) for _ in range(40)))
    assert sum(one.wait == 0 for one in attempts) == 10


async def test_an_attempt_taken_back_leaves_the_others(db):
    first, second, third = [await count_attempt(db, "k", TEN, NOW + timedelta(seconds=n)) for n in range(3)]
    for attempt, left in ((second, 2), (second, 2), (first, 1), (third, 0), (third, 0)):
        await take_back(db, attempt)
        assert len((await db.auth_throttles.find_one({"_id": "k"}))["hits"]) == left


async def test_twenty_parallel_guesses_reach_the_hash_ten_times(db, guesses):
    await store.create_user(db, "ann", TEST_PASSWORD)
    reached, total = guesses
    outcomes = await asyncio.gather(
        *(authenticate(db, "Ann", f"guess {n}", limits=LIMITS, address=f"10.0.{n}.1") for n in range(20))
    )
    assert len(reached) == 10
    assert len(total) == 20, "a refused guess costs one hash as well"
    assert sum(one.wait > 0 for one in outcomes) == 10
    right = await authenticate(db, "ann", TEST_PASSWORD, limits=LIMITS, address="10.9.9.9")
    assert right.user is None and right.wait > 0


async def test_other_ways_to_write_a_name_share_its_count(db, guesses):
    await store.create_user(db, "ann", TEST_PASSWORD)
    for name in ("ann", "ANN", " ann ", "ａｎｎ") * 5:
        await authenticate(db, name, "guess", limits=LIMITS, address="10.0.0.1")
    assert len(guesses[0]) == 10


async def test_names_that_nobody_has_are_refused_alike(db):
    waits = [(await authenticate(db, "nobody", "guess", limits=LIMITS)).wait for _ in range(11)]
    assert waits[:10] == [0] * 10 and waits[10] > 0


async def test_a_success_clears_neither_wrong_guesses_nor_the_address(db, guesses):
    await store.create_user(db, "ann", TEST_PASSWORD)
    for _ in range(9):
        await authenticate(db, "ann", "guess", limits=LIMITS, address="10.0.0.1")
    for _ in range(5):
        outcome = await authenticate(db, "ann", TEST_PASSWORD, limits=LIMITS, address="10.0.0.2")
        assert outcome.user is not None
    assert (await authenticate(db, "ann", "guess", limits=LIMITS, address="10.0.0.1")).wait == 0
    assert (await authenticate(db, "ann", "guess", limits=LIMITS, address="10.0.0.1")).wait > 0
    counted = await db.auth_throttles.find_one({"_id": "address:10.0.0.0/24"})
    assert len(counted["hits"]) == 16


async def test_an_address_that_floods_is_refused_before_any_hash(db, guesses):
    limits = Limits(TEN, Limit(3, 300))
    for number in range(6):
        outcome = await authenticate(db, f"user{number}", "guess", limits=limits, address=f"10.0.0.{number}")
        assert (outcome.wait > 0) == (number >= 3)
    assert len(guesses[1]) == 3
    assert (await authenticate(db, "user9", "guess", limits=limits, address="10.0.1.1")).wait == 0


async def test_a_known_browser_is_not_locked_out_by_strangers(db):
    user = await store.create_user(db, "ann", TEST_PASSWORD)
    await store.create_user(db, "bob", TEST_PASSWORD)
    token = "b" * 43
    await db.auth_browsers.insert_one(
        {"_id": login._hash(token), "user_id": user.id, "expires": datetime.now(UTC) + timedelta(days=1)}
    )
    for name in ("ann", "bob"):
        for _ in range(10):
            await authenticate(db, name, "guess", limits=LIMITS, address="10.0.0.1")
        assert (await authenticate(db, name, TEST_PASSWORD, limits=LIMITS, address="10.0.5.5")).wait > 0
    mine = await authenticate(db, "ann", TEST_PASSWORD, limits=LIMITS, address="10.0.5.5", browser=token)
    assert mine.user is not None
    other = await authenticate(db, "bob", TEST_PASSWORD, limits=LIMITS, address="10.0.5.5", browser=token)
    assert other.user is None and other.wait > 0, "a token is of use for its own account only"
    guesses = [
        (await authenticate(db, "ann", "guess", limits=LIMITS, address="10.0.5.5", browser=token)).wait
        for _ in range(11)
    ]
    assert guesses[:10] == [0] * 10 and guesses[10] > 0


async def test_expired_counts_are_cleaned_up_by_an_index(make_site, make_client):
    from aiocms.core import keys

    client = await make_client(make_site(apps=["auth"]))
    db = client.app[keys.MONGO].db
    indexes = await db.auth_throttles.index_information()
    assert any(one.get("expireAfterSeconds") == 0 for one in indexes.values())
    await count_attempt(db, "k", TEN, NOW)
    assert (await db.auth_throttles.find_one({"_id": "k"}))["expires"] >= NOW + timedelta(seconds=299)


async def test_the_page_says_how_long_to_wait(make_site, make_client):
    import re

    client = await make_client(make_site(apps=["auth"]), auth_account_attempts=2)
    for status in (422, 422, 429):
        page = await (await client.get("/login")).text()
        token = re.search(r'name="csrf_token" value="([^"]*)"', page).group(1)
        form = {"username": "ann", "password": "guess", "csrf_token": token}
        answer = await client.post("/login", data=form)
        assert answer.status == status
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert "Please wait 5 minutes" in await answer.text()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.1.2.3", "10.1.2.250", True),
        ("10.1.2.3", "10.1.3.3", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.1.2.3", "10.1.2.4", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        (None, "nonsense", True),
    ],
)
def test_addresses_are_counted_by_network(one, other, same):
    assert (address_key(one) == address_key(other)) is same


@given(st.none() | st.text())
def test_no_address_makes_the_key_raise(address):
    assert address_key(address).startswith("address:")


def test_keys_of_accounts_hold_no_names():
    assert "ann" not in account_key("ann") and account_key("\ud800") != account_key("ann")
