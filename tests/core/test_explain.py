"""explain: the walk and the winner."""

from __future__ import annotations

import pytest

from aiocms.core.errors import UnknownName
from aiocms.core.explain import explain
from aiocms.core.site import plan_site

from .conftest import WriteSite
from .test_discover import ROUTES, VIEWS


def test_the_walk_of_a_template_stars_the_winner(write_site: WriteSite) -> None:
    site = write_site({"apps/blog/templ/index.tpl": "x", "templ/blog/index.tpl": "y"})
    lines = explain(plan_site(site), "blog:index").splitlines()
    assert lines[1] == f"* {site / 'templ/blog/index.tpl'}"
    assert lines[2] == f"· {site / 'apps/blog/templ/index.tpl'}"


def test_the_walk_of_a_static_file_by_its_address(write_site: WriteSite) -> None:
    site = write_site({"apps/blog/static/a.css": "x"})
    text = explain(plan_site(site), "/static/blog/a.css")
    assert f"* {site / 'apps/blog/static/a.css'}" in text and "?v=" in text


def test_a_route_names_its_handler_line_and_permission(write_site: WriteSite) -> None:
    site = write_site({"apps/blog/routes.py": ROUTES, "apps/blog/views.py": VIEWS})
    text = explain(plan_site(site), "blog:index")
    assert "* GET" in text and "routes.py:5" in text and "GET requires: nothing" in text


def test_an_unknown_name_says_where_it_was_looked_for(write_site: WriteSite) -> None:
    site = write_site({"apps/blog/templ/index.tpl": "x"})
    with pytest.raises(UnknownName, match="blog:index"):
        explain(plan_site(site), "blog:inedx")
    with pytest.raises(UnknownName, match="Looked at"):
        explain(plan_site(site), "/static/blog/none.css")
