"""References: what an input offers, what typed names become, and who points where."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from bson import ObjectId

from aiocms.admin.registry import REGISTRY, Registry
from tests.admin.conftest import Admin
from tests.admin.one_site import open_site

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADMIN = """
from aiocms.admin import Column, Filter, Reference, Screen

class People(Screen):
    collection = "lib_people"
    label = "{name} ({born})"
    search = ("name",)

class Kinds(Screen):
    collection = "lib_kinds"
    label = "{title}"

class Books(Screen):
    collection = "lib_books"
    label = "{title}"
    filters = (Filter("state", choices=("new", "old")),)
    references = {
        "author": Reference("lib_people", label="Books by"),
        "readers": Reference("lib_people", "pull"),
        "loans.reader": Reference("lib_people", "pull"),
        "kind": "lib_kinds",
        "sequel": Reference("lib_books", "unset"),
    }
    types = {"kind": "string", "author": "objectId"}
    choices = {"shelf": (("a", "First shelf"), ("b", "Second shelf"))}
"""
FORM = """
import wtforms
from aiocms import Form
from aiocms.core.fields import ReferenceField

class LoanForm(Form):
    who = ReferenceField("lib_people", "Who", [wtforms.validators.InputRequired()])
    kind = ReferenceField("lib_kinds", "Kind")
    others = wtforms.FieldList(ReferenceField("lib_people", "Other"), "Others")
"""
LOANS = """
from aiocms.admin import Screen
from .forms import LoanForm

class Loans(Screen):
    collection = "lib_loans"
    form = LoanForm
"""
USERS = {
    "boss": {"superuser": True},
    "clerk": {
        "permissions": ["admin.enter", "lib.people.view|born=1950", "lib.books.view", "lib.books.edit"]
    },
}
ANN, BOB, EVE = (ObjectId(f"{number:024x}") for number in (1, 2, 3))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: Any, mongo_uri: str) -> AsyncIterator[dict[str, Admin]]:
    folder = tmp_path_factory.mktemp("lib")
    files = {"apps/lib/forms.py": FORM, "apps/lib/admin.py": ADMIN + LOANS}
    async with open_site(folder, mongo_uri, files, USERS) as admins:
        yield admins


@pytest_asyncio.fixture(loop_scope="module")
async def library(site: dict[str, Admin]) -> Admin:
    """People, kinds and a book that points to them."""
    for name in ("lib_people", "lib_kinds", "lib_books"):
        await site["boss"].db[name].delete_many({})
    await fill(site["boss"])
    return site["boss"]


async def fill(admin: Admin) -> None:
    people = [
        {"_id": ANN, "name": "Ann Lee", "born": 1950},
        {"_id": BOB, "name": "Bob", "born": 1960},
        {"_id": EVE, "name": "Bob", "born": 1970},
    ]
    await admin.db.lib_people.insert_many(people)
    await admin.db.lib_kinds.insert_many(
        [{"_id": "novel", "title": "Novel"}, {"_id": "play", "title": "Stage play"}]
    )
    book = {
        "_id": 1, "title": "One", "author": ANN, "readers": [ANN, BOB], "loans": [{"reader": BOB, "days": 3}],
        "kind": "novel", "shelf": "a", "state": "new", "sequel": None,
    }  # fmt: skip
    await admin.put("lib_books", book)


async def suggest(admin: Admin, screen: str, text: str, status: int = 200) -> list[tuple[str, str]]:
    page = await admin.get(f"/admin/lib/{screen}/-/suggest?q={text}", status)
    return re.findall(r'data-id="([^"]*)" data-label="([^"]*)"', page)


@pytest.mark.parametrize(
    ("text", "labels"),
    [("", 3), ("ann", 1), ("bo", 2), ("lee", 1), ("zz", 0), (str(BOB), 1), (".*", 0)],
)
async def test_suggestions_are_found_by_beginning_by_part_and_by_id(
    library: Admin, text: str, labels: int
) -> None:
    assert len(await suggest(library, "people", text)) == labels


async def test_a_reference_keeps_the_type_of_the_id_that_it_points_to(library: Admin) -> None:
    page = await library.open("books", 1, ns="lib")
    await library.post(library.url("books", 1, ns="lib"), page.filled({"author": str(EVE), "kind": "play"}))
    stored = (await library.read("lib_books")).python()
    assert (stored["author"], stored["kind"]) == (EVE, "play")


@pytest.mark.parametrize(
    ("field", "typed", "wanted"),
    [
        ("author", "Ann Lee (1950)", ANN),
        ("author", "bob (1970)", EVE),
        ("author", " Ann Lee ", ANN),
        ("kind", "stage PLAY", "play"),
        ("readers-1", "Ann Lee (1950)", ANN),
        ("loans-0-reader", "Bob (1970)", EVE),
    ],
)
async def test_a_typed_label_becomes_the_id(library: Admin, field: str, typed: str, wanted: Any) -> None:
    page = await library.open("books", 1, ns="lib")
    await library.post(library.url("books", 1, ns="lib"), page.filled({field: typed}))
    stored = (await library.read("lib_books")).python()
    found = {"author": stored["author"], "kind": stored["kind"], "readers-1": stored["readers"][1]}
    assert {**found, "loans-0-reader": stored["loans"][0]["reader"]}[field] == wanted


@pytest.mark.parametrize(
    ("typed", "said"),
    [("Bob", "More than one"), ("Nobody", "Nothing in"), ("6b035cc5b108291490127a91", "Nothing in")],
)
async def test_what_names_none_or_several_is_refused_and_kept_in_the_input(
    library: Admin, typed: str, said: str
) -> None:
    page = await library.open("books", 1, ns="lib")
    answer = await library.post(library.url("books", 1, ns="lib"), page.filled({"author": typed}), 422)
    assert said in answer.page and f'value="{typed}"' in answer.page
    assert (await library.read("lib_books")).python()["author"] == ANN


async def test_an_emptied_reference_is_null_and_an_emptied_item_goes(library: Admin) -> None:
    page = await library.open("books", 1, ns="lib")
    await library.post(library.url("books", 1, ns="lib"), page.filled({"author": "", "readers-0": ""}))
    stored = (await library.read("lib_books")).python()
    assert (stored["author"], stored["readers"]) == (None, [BOB])


async def test_a_save_without_changes_changes_no_byte(library: Admin) -> None:
    before = await library.read("lib_books")
    page = await library.open("books", 1, ns="lib")
    await library.post(library.url("books", 1, ns="lib"), page.filled())
    assert await library.read("lib_books") == before


async def test_choosing_on_a_page_brings_back_all_that_was_typed(library: Admin) -> None:
    url = library.url("books", 1, ns="lib")
    page = await library.open("books", 1, ns="lib")
    answer = await library.post(url, page.filled({"title": "Typed", "author": "x"}, _op="choose:author"), 200)
    assert f"pick:author={EVE}" in answer.page
    typed = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', answer.page)
    answer = await library.post(url, [*typed, ("_op", f"pick:author={EVE}")], 200)
    assert f'value="{EVE}"' in answer.page and 'value="Typed"' in answer.page
    assert (await library.read("lib_books")).python()["title"] == "One"


async def test_declared_choices_are_a_select(library: Admin) -> None:
    page = await library.open("books", 1, ns="lib")
    assert page.kinds["shelf"] == page.kinds["state"] == "select"
    await library.post(library.url("books", 1, ns="lib"), page.filled({"shelf": "b", "state": "old"}))
    stored = (await library.read("lib_books")).python()
    assert (stored["shelf"], stored["state"]) == ("b", "old")


async def test_a_save_in_a_page_opened_to_pick_answers_with_id_and_label(library: Admin) -> None:
    url = library.url("people", BOB, "?pick=1", ns="lib")
    page = await library.open("people", BOB, "?pick=1", ns="lib")
    answer = await library.post(url, page.filled({"name": "Rob"}), 200)
    assert f'data-picked data-id="{BOB}" data-label="Rob (1960)"' in answer.page


async def test_suggestions_stay_in_the_scope_of_the_user(site: dict[str, Admin], library: Admin) -> None:
    admin = site["clerk"]
    assert [label for _, label in await suggest(admin, "people", "")] == ["Ann Lee (1950)"]
    assert await suggest(admin, "people", str(BOB)) == []
    await suggest(admin, "kinds", "", 403)
    page = await admin.open("books", 1, ns="lib")
    await admin.post(admin.url("books", 1, ns="lib"), page.filled({"author": "Bob (1960)"}), 422)
    # Of what may not be seen only the id is there, as it is.
    assert page.get("kind") == "novel" and "Stage play" not in await admin.get(
        admin.url("books", 1, ns="lib")
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def large_site(tmp_path_factory: Any, mongo_uri: str) -> AsyncIterator[Admin]:
    """The same site, where three documents are many."""
    folder = tmp_path_factory.mktemp("large")
    files, users = {"apps/lib/admin.py": ADMIN}, {"boss": USERS["boss"]}
    async with open_site(folder, mongo_uri, files, users, admin_large_collection=2) as admins:
        await fill(admins["boss"])
        yield admins["boss"]


async def test_a_large_collection_is_not_scanned_for_a_name(large_site: Admin) -> None:
    page = await large_site.get("/admin/lib/people/-/suggest?q=ann")
    assert "no index on" in page and "data-id" not in page
    assert len(await suggest(large_site, "people", str(ANN))) == 1


@pytest.mark.parametrize("collation", [None, {"locale": "en", "strength": 2}])
async def test_a_large_collection_is_searched_by_its_indexes(large_site: Admin, collation: Any) -> None:
    await large_site.db.lib_people.drop_indexes()
    await large_site.db.lib_people.create_index("name", **({"collation": collation} if collation else {}))
    get_registry_of(large_site)._indexes.clear()
    assert [label for _, label in await suggest(large_site, "people", "ann")] == ["Ann Lee (1950)"]
    assert await suggest(large_site, "people", "lee") == []


def get_registry_of(admin: Admin) -> Registry:
    return admin.client.app[REGISTRY]


async def test_references_are_guessed_by_name_and_by_value(library: Admin) -> None:
    admin = library
    # Ids of their own: those of the people would point to the people as well.
    lamp, desk, odd = ObjectId(), ObjectId(), ObjectId()
    await admin.db.shop_products.insert_many([{"_id": lamp, "title": "Lamp"}, {"_id": desk, "title": "Desk"}])
    await admin.db.other_things.insert_one({"_id": odd, "title": "Odd"})
    await admin.db.shop_lines.insert_many(
        [{"_id": n, "product_id": one, "by": odd, "stray": ObjectId()} for n, one in enumerate((lamp, desk))]
    )
    # The collections are new, and the site, which has listed them before, shows them at once.
    page = await admin.get(admin.url("shop_lines", 0))
    assert page.count("Seems to be a reference to") == 2
    assert "Seems to be a reference to shop_products" in page and "reference to other_things" in page
    assert 'data-label="Lamp"' in page


async def test_a_field_of_a_declared_form_is_chosen_resolved_and_kept(library: Admin) -> None:
    admin = library
    loan = {"_id": 1, "who": ANN, "kind": "novel", "others": [BOB], "more": 5}
    before = await admin.put("lib_loans", loan)
    url = admin.url("loans", 1, ns="lib")
    page = await admin.open("loans", 1, ns="lib")
    text = await admin.get(url)
    assert 'data-label="Ann Lee (1950)"' in text and "/admin/lib/kinds/-/suggest" in text
    await admin.post(url, page.filled())
    assert await admin.read("lib_loans") == before
    answer = await admin.post(url, page.filled({"who": "Nobody"}), 422)
    assert "Nothing in People is called" in answer.page and 'value="Nobody"' in answer.page
    await admin.post(url, page.filled({"who": "Bob (1970)", "kind": "stage play", "others-0": str(ANN)}))
    assert (await admin.read("lib_loans")).python() == {**loan, "who": EVE, "kind": "play", "others": [ANN]}
    answer = await admin.post(url, page.filled(_op="choose:others-0"), 200)
    assert f"pick:others-0={EVE}" in answer.page
