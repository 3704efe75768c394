"""Indexes: made when missing, compared by meaning, never dropped by themselves."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pymongo.collation import Collation

from aiocms.core.indexes import Index, difference, ensure, replace
from aiocms.core.mongo import Database
from aiocms.testing import MakeSite

KINDS = [
    Index("things", "slug"),
    Index("things", [("a", 1), ("b", -1)]),
    Index("things", [("a.b.c", 1)], unique=True),
    Index("things", [("gone", 1)], expireAfterSeconds=0),
    Index("things", [("gone", 1)], expireAfterSeconds=3600),
    Index("things", [("a", 1)], sparse=True),
    Index("things", [("a", 1)], unique=True, partialFilterExpression={"a": {"$type": "string"}}),
    Index("things", [("a", 1)], collation={"locale": "en", "strength": 2}),
    Index("things", [("a", 1)], collation=Collation("ru", strength=1)),
    Index("things", [("a", 1)], collation={"locale": "en"}),
    Index("things", [("title", "text"), ("body", "text")]),
    Index("things", [("site", 1), ("title", "text")], weights={"title": 8}, default_language="none"),
    Index("things", [("t", "text")], language_override="lang"),
    Index("things", [("$**", "text")]),
    Index("things", [("$**", 1)]),
    Index("things", [("$**", 1)], wildcardProjection={"a": 1}),
    Index("things", [("place", "2dsphere")]),
    Index("things", [("place", "2d")]),
    Index("things", [("a", "hashed")]),
    Index("things", [("a", 1)], hidden=True),
    Index("things", [("a", 1)], name="own", background=True),
]


@pytest.mark.parametrize("index", KINDS, ids=str)
async def test_declared_index_of_any_kind_is_made_and_then_as_declared(db: Database, index: Index) -> None:
    assert (await difference(db, [index])).missing == (index,)
    made = await ensure(db, [index])
    assert (made.failed, made.different) == ((), ())
    after = await difference(db, [index])
    assert (after.missing, after.different, after.extra) == ((), (), ())
    assert index.name in await db.things.index_information()


async def test_ensure_may_be_repeated_and_run_at_once(db: Database) -> None:
    indexes = [Index("things", [("a", 1)], unique=True), Index("other", [("b", -1)])]
    for left in await asyncio.gather(*(ensure(db, indexes) for _ in range(5))):
        assert left.failed == ()
    assert not (await difference(db, indexes)).missing


@pytest.mark.parametrize(
    ("stored", "declared", "words"),
    [
        ({}, {"unique": True}, "has unique=None, but unique=True is declared"),
        ({"unique": True}, {}, "has unique=True, but unique=None is declared"),
        ({"expireAfterSeconds": 60}, {"expireAfterSeconds": 0}, "has expireAfterSeconds=60"),
        ({"sparse": True}, {}, "has sparse=True"),
        ({"collation": {"locale": "en"}}, {}, "has collation="),
        ({"partialFilterExpression": {"b": 1}}, {}, "has partialFilterExpression="),
    ],
)
async def test_index_with_other_options_is_told_and_left_as_it_is(
    db: Database, stored: dict[str, Any], declared: dict[str, Any], words: str
) -> None:
    await db.things.create_index([("a", 1)], name="a_1", **stored)
    before = await db.things.index_information()
    found = await ensure(db, [Index("things", [("a", 1)], **declared)])
    (problem,) = found.iter_problems()
    assert words in problem
    assert "aiocms indexes --replace things.a_1" in problem
    assert await db.things.index_information() == before


async def test_index_of_the_same_name_with_other_keys_is_told(db: Database) -> None:
    await db.things.create_index([("b", 1)], name="a_1")
    (problem,) = (await ensure(db, [Index("things", [("a", 1)])])).iter_problems()
    assert "has the keys (b 1), but (a 1) is declared" in problem


async def test_second_text_index_is_told_as_different(db: Database) -> None:
    await db.things.create_index([("a", "text")])
    (different,) = (await ensure(db, [Index("things", [("b", "text")])])).different
    assert "weights={'a': 1}" in different.reason


async def test_same_index_under_another_name_is_taken_for_the_declared_one(db: Database) -> None:
    await db.things.create_index([("a", 1)], name="made_by_hand")
    found = await ensure(db, [Index("things", [("a", 1)])])
    assert (found.missing, found.different, found.extra) == ((), (), ())


async def test_unique_index_over_duplicates_is_refused_with_the_value_and_the_rest_is_made(
    db: Database,
) -> None:
    await db.things.insert_many([{"a": "twice"}, {"a": "twice"}])
    found = await ensure(db, [Index("things", [("a", 1)], unique=True), Index("things", [("b", 1)])])
    (problem,) = found.iter_problems()
    assert "'twice'" in problem
    assert "unique" in problem
    assert await db.things.count_documents({}) == 2
    assert set(await db.things.index_information()) == {"_id_", "b_1"}


@pytest.mark.parametrize(
    "index",
    [
        Index("things", [("a", "nonsense")]),
        Index("things", [("a", 1)], expireAfterSeconds=-5),
        Index("things", [("a", 1)], nonsense=True),
        Index("things", [("", 1)]),
        Index("things", [("a", 0)]),
        Index("things", [("a", 1)], partialFilterExpression={"a": {"$nonsense": 1}}),
    ],
    ids=str,
)
async def test_impossible_index_is_a_problem_and_not_a_crash(db: Database, index: Index) -> None:
    found = await ensure(db, [index, Index("things", [("good", 1)])])
    (problem,) = found.iter_problems()
    assert "could not be made" in problem
    assert "good_1" in await db.things.index_information()


async def test_extra_indexes_are_shown_for_declared_collections_only(db: Database) -> None:
    await db.things.create_index("own")
    await db.foreign.create_index("own")
    found = await difference(db, [Index("things", "a")])
    assert [(extra.collection, extra.stored["name"]) for extra in found.extra] == [("things", "own_1")]
    assert "own" in str(found.extra[0])


async def test_replace_drops_the_named_index_and_makes_the_declared(db: Database) -> None:
    await db.things.create_index("a")
    index = Index("things", "a", unique=True)
    (different,) = (await difference(db, [index])).different
    await replace(db, index, different.stored["name"])
    assert (await db.things.index_information())["a_1"]["unique"] is True


def test_index_is_plain_data_with_a_readable_form() -> None:
    index = Index("things", [("a", 1), ("b", -1)], unique=True)
    assert (index.name, index.keys) == ("a_1_b_-1", (("a", 1), ("b", -1)))
    assert str(index) == "things (a 1, b -1), unique=True"
    assert index == Index("things", [("a", 1), ("b", -1)], unique=True)
    assert index != Index("things", [("a", 1), ("b", -1)])
    assert len({index, Index("things", [("a", 1), ("b", -1)], unique=True)}) == 1


@pytest.fixture
def run(make_site: MakeSite) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Gives a function that runs `aiocms indexes …` in a site with two declared indexes."""
    models = (
        "from aiocms import Index\n"
        "indexes = (Index('blog_posts', [('slug', 1)], unique=True), Index('blog_posts', [('date', -1)]))\n"
    )
    site = make_site({"apps/blog/models.py": models})

    def call(*args: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
        command = [sys.executable, "-m", "aiocms", "indexes", *args]
        return subprocess.run(command, cwd=site, capture_output=True, text=True, env=environment, check=False)

    return call


async def test_command_shows_makes_and_replaces(
    run: Callable[..., subprocess.CompletedProcess[str]], db: Database
) -> None:
    await db.blog_posts.create_index("slug")
    shown = await asyncio.to_thread(run)
    assert shown.returncode == 1, shown.stderr
    assert "missing    blog_posts (date -1)" in shown.stdout
    assert "different  Index 'slug_1' of 'blog_posts' has unique=None" in shown.stdout
    assert set(await db.blog_posts.index_information()) == {"_id_", "slug_1"}

    made = await asyncio.to_thread(run, "--create")
    assert made.returncode == 1
    assert "date_-1" in await db.blog_posts.index_information()

    replaced = await asyncio.to_thread(run, "--replace", "blog_posts.slug_1")
    assert replaced.returncode == 0, replaced.stdout + replaced.stderr
    assert (await db.blog_posts.index_information())["slug_1"]["unique"] is True

    refused = await asyncio.to_thread(run, "--replace", "blog_posts.date_-1")
    assert refused.returncode == 1
    assert "no stored index that differs" in refused.stderr
    assert "date_-1" in await db.blog_posts.index_information()
