"""What a screen's `types` says holds where no document has shown it yet."""

from __future__ import annotations

import pytest

from aiocms import create_app
from aiocms.core.faults import Faults

SCREEN = """
from aiocms.admin import Screen

class Goods(Screen):
    collection = "stall_goods"
    columns = ("name", "price")
    types = {"name": "string", "price": "%s", "tags": "array"}
"""


def make_files(kind: str) -> dict[str, str]:
    return {"apps/stall/admin.py": SCREEN % kind}


@pytest.mark.parametrize("kind", ["long", "int64"])
async def test_new_document_of_an_empty_collection_has_the_declared_fields(
    kind, make_site, make_client, login
) -> None:
    client = await make_client(make_site(make_files(kind), apps=["auth", "admin"], debug=True))
    await login(client)
    page = await (await client.get("/admin/stall/goods/new")).text()
    assert all(f'name="{name}~t"' in page for name in ("name", "price", "tags"))


@pytest.mark.parametrize("kind", ["long", "int64"])
async def test_a_field_is_filtered_by_its_declared_type_however_it_is_named(
    kind, make_site, make_client, login
) -> None:
    client = await make_client(make_site(make_files(kind), apps=["auth", "admin"]))
    await login(client)
    assert (await client.get("/admin/stall/goods/?price.gte=10")).status == 200


async def test_role_can_be_written_on_a_site_that_has_none(make_site, make_client, login) -> None:
    client = await make_client(make_site({}, apps=["auth", "admin"], debug=True))
    await login(client)
    page = await (await client.get("/admin/auth/roles/new")).text()
    assert 'name="permissions~t"' in page


def test_unknown_type_is_a_fault(make_site) -> None:
    with pytest.raises(Faults, match=r"admin\.E008"):
        create_app(make_site(make_files("number"), apps=["auth", "admin"]))
