"""A page whose template names another that is missing says where it was looked for."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("tag", ['{% extends "core:layuot" %}', '{% include "core:layuot" %}'])
async def test_missing_base_or_part_lists_places_and_nearest_name(tag, make_site, make_client) -> None:
    site = make_site(
        {
            "routes.py": """
                from aiocms import route, templ

                async def index(request):
                    return templ("index", request)

                routes = [route("GET", "/", index, "index")]
            """,
            "templ/index.tpl": tag,
        }
    )
    client = await make_client(site, debug=True)
    answer = await client.get("/")
    page = await answer.text()
    assert answer.status == 500
    assert "There is no template &#x27;core:layuot&#x27;" in page
    assert str(site / "templ" / "core" / "layuot.tpl") in page
    assert "The nearest name is &#x27;core:layout&#x27;" in page
