"""Hashes and the rules for new passwords."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from passlib.hash import argon2, pbkdf2_sha256

from aiocms.auth import passwords
from aiocms.auth.passwords import UnusablePasswordError, hash_password, verify
from aiocms.auth.strength import COMMON, find_weakness


@pytest.fixture
def hashes(monkeypatch):
    """The names of the hash computations done, in order."""
    passwords.dummy_hash()
    done = []

    def count(name):
        original = getattr(passwords, name)
        monkeypatch.setattr(passwords, name, lambda *args: (done.append(name), original(*args))[1])

    count("compute_hash")
    count("compute_verify")
    return done


async def test_hash_is_argon2id_with_the_declared_parameters():
    stored = await hash_password("correct horse")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert (await verify("correct horse", stored)) == passwords.Verdict(True)
    assert not (await verify("correct horsE", stored)).ok


@pytest.mark.parametrize(
    "stored",
    [
        None,
        "",
        "x",
        "$argon2id$",
        "$argon2id$v=19$m=19456,t=2,p=1$AAAA",
        "$2b$12$abc",
        "\0",
        "\ud800",
        "é" * 99,
    ],
)
async def test_a_damaged_or_missing_hash_costs_one_hash_and_never_opens(stored, hashes):
    assert not (await verify("correct horse", stored)).ok
    assert hashes == ["compute_verify"]


@pytest.mark.parametrize("password", ["", "\0", "a\0b", "\ud800", "x" * 1025, "x" * 100_000, "\ufdfa" * 1024])
async def test_an_impossible_password_costs_one_hash_and_never_opens(password, hashes):
    stored = argon2.using(type="ID", memory_cost=19456, rounds=2, parallelism=1).hash("correct horse")
    assert not (await verify(password, stored)).ok
    assert hashes == ["compute_verify"]


@pytest.mark.parametrize("password", ["", "a\0b", "\ud800", "x" * 1025])
async def test_an_impossible_password_is_not_stored(password):
    with pytest.raises(UnusablePasswordError):
        await hash_password(password)


@pytest.mark.parametrize(
    "old",
    [
        argon2.using(type="ID", memory_cost=8192, rounds=1, parallelism=1).hash("correct horse"),
        pbkdf2_sha256.using(rounds=1000).hash("correct horse"),
    ],
    ids=["fewer rounds", "another scheme"],
)
async def test_an_aged_hash_is_renewed_only_by_the_right_password(old, hashes):
    assert await verify("wrong horse", old) == passwords.Verdict(False)
    assert hashes == ["compute_verify"]
    verdict = await verify("correct horse", old)
    assert verdict.ok and verdict.rehash and verdict.rehash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert (await verify("correct horse", verdict.rehash)) == passwords.Verdict(True)


async def test_the_same_letters_composed_otherwise_are_the_same_password():
    assert (await verify("Za\u0308hler mehr", await hash_password("Zähler mehr"))).ok


async def test_at_most_two_hashes_run_at_once_and_the_loop_goes_on(monkeypatch):
    running, most = 0, 0
    original = passwords.compute_verify

    def compute(text, stored):
        nonlocal running, most
        running += 1
        most = max(most, running)
        try:
            return original(text, stored)
        finally:
            running -= 1

    monkeypatch.setattr(passwords, "compute_verify", compute)
    stored = await hash_password("correct horse")
    verdicts = await asyncio.gather(*(verify("correct horse", stored) for _ in range(8)))
    assert all(one.ok for one in verdicts)
    assert most <= 2


@pytest.mark.parametrize(
    "password",
    ["short", "password", "Password1!", "P@ssw0rd2026", "12345678", "87654321", "qwertyuiop", "aaaaaaaaaaaa", "abababab",
     "letmein!!", "пароль123", "йцукенгш", "MyShop2026", "x" * 2000, "has a \0 in it", "has a \ud800 in it"],
)  # fmt: skip
def test_weak_passwords_are_refused(password):
    assert find_weakness(password, "ann", ["myshop"])


@pytest.mark.parametrize(
    "password", ["correct horse battery staple", "tr4nsparent-kettle", "наш кот ест рыбу", "🐈🐕🐟🦊🦔🐢🦉🐝"]
)
def test_good_passwords_of_any_script_are_accepted(password):
    assert find_weakness(password, "ann") is None


def test_the_user_name_must_not_be_inside():
    assert find_weakness("xx-Jonathan-77", "jonathan@example.org")
    assert find_weakness("xx-Jonathan-77", "al") is None


@given(st.sampled_from(sorted(COMMON)), st.text("0123456789!.-", max_size=6))
def test_a_common_word_with_digits_around_it_stays_common(word, tail):
    assert find_weakness(word + tail)


@given(st.text(max_size=60), st.text(max_size=20))
def test_no_text_makes_the_rules_raise(password, username):
    assert find_weakness(password, username) is None or len(password) >= 0
