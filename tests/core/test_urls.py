"""Addresses made by us and addresses given by visitors."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from aiocms.core.errors import AiocmsError, UnknownRoute
from aiocms.core.urls import redirect, safe_next, url_for


async def view(request: web.Request) -> web.Response:
    return web.Response()


def make_request() -> web.Request:
    app = web.Application()
    app.router.add_get("/blog/{slug}", view, name="blog:detail")
    app.router.add_get("/files/{path:.+}", view, name="files:file")
    app.router.add_get("/", view, name="site:index")
    return make_mocked_request("GET", "/", app=app)


def test_url_for_quotes_and_adds_a_query() -> None:
    request = make_request()
    assert url_for(request, "blog:detail", slug="a b/é") == "/blog/a%20b%2F%C3%A9"
    assert (
        url_for(request, "index", query={"q": "x&y", "tag": ["a", "b"], "none": None})
        == "/?q=x%26y&tag=a&tag=b"
    )


def test_an_unknown_route_names_the_nearest() -> None:
    with pytest.raises(UnknownRoute, match="blog:detail"):
        url_for(make_request(), "blog:detial")


def test_a_missing_variable_is_told() -> None:
    with pytest.raises(AiocmsError, match="slug"):
        url_for(make_request(), "blog:detail")


def test_redirect_is_303_and_stays_on_the_site() -> None:
    answer = redirect(make_request(), "blog:detail", slug="x")
    assert (answer.status, answer.location) == (303, "/blog/x")
    with pytest.raises(AiocmsError):
        redirect(make_request(), "//evil.example/")


@pytest.mark.parametrize(
    "value",
    [
        "//evil.example", "/\\evil.example", "\\\\evil.example", "http:evil.example", "https://evil.example/",
        "//%2fevil.example", "/\tevil.example", "/\n/evil.example", " //evil.example",
        "javascript:alert(1)", "data:text/html,x", "evil.example", "", None, "/\x00", "///evil.example",
        "/%0d%0aSet-Cookie:x=1", "/\u2028evil", "/" + "a" * 5000,
        "/%2fevil.example", "/%5cevil.example", "?next=//evil", "http://[::1", "/\u202eevil",
    ],
)  # fmt: skip
def test_next_never_leaves_the_site(value: str | None) -> None:
    assert safe_next(make_request(), value, default="/home") == "/home"


@pytest.mark.parametrize("value", ["/", "/a/b?c=d&e=%20#f", "/admin/shop/products/?price.gte=10", "/café"])
def test_next_keeps_paths_of_the_site(value: str) -> None:
    assert safe_next(make_request(), value) == value


@given(st.text(max_size=40))
def test_next_is_always_a_path(value: str) -> None:
    result = safe_next(make_request(), "/" + value, default="/home")
    assert result.startswith("/") and not result.startswith(("//", "/\\"))
