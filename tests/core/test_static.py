"""Static files over layers."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from aiocms.core import keys
from aiocms.core.application import create_app
from aiocms.core.errors import UnknownStatic
from aiocms.core.static import StaticFiles

from .conftest import WriteSite


def files_of(site: Path, **overrides: object) -> StaticFiles:
    return create_app(site, **overrides)[keys.STATIC]


def test_the_sites_file_wins_over_the_apps(write_site: WriteSite) -> None:
    site = write_site(
        {"apps/blog/static/a.css": "app", "static/blog/a.css": "site", "apps/blog/static/b.css": "b"}
    )
    files = files_of(site)
    assert files.get("blog/a.css").read_text() == "site"
    assert files.get("blog/b.css").read_text() == "b"


def test_the_address_changes_with_the_content(write_site: WriteSite) -> None:
    site = write_site({"static/logo.svg": "<svg/>"})
    digest = hashlib.sha256(b"<svg/>").hexdigest()[:16]
    assert files_of(site).url("logo.svg") == f"/static/logo.svg?v={digest}"
    debug = files_of(site, debug=True)
    first = debug.url("logo.svg")
    write_site({"static/logo.svg": "<svg></svg>"})
    assert debug.url("logo.svg") != first


def test_an_asset_of_an_installed_package_is_served_below_the_app_and_can_be_overridden(
    write_site: WriteSite,
) -> None:
    site = write_site({})
    path = "core/bootstrap/css/bootstrap.min.css"
    assert "js_lib_bootstrap5" in str(files_of(site).get(path))
    write_site({f"static/{path}": "mine"})
    assert files_of(site).get(path).read_text() == "mine"


def test_a_missing_file_lists_the_places_and_the_nearest(write_site: WriteSite) -> None:
    site = write_site({"apps/blog/static/css/main.css": "x"})
    with pytest.raises(UnknownStatic) as caught:
        files_of(site).url("blog:css/mian.css")
    assert str(site / "static/blog/css/mian.css") in str(caught.value)
    assert str(site / "apps/blog/static/css/mian.css") in str(caught.value)
    assert "'blog/css/main.css'" in str(caught.value)


@pytest.mark.parametrize(
    "path",
    ["../settings.py", "blog/../../settings.py", "..%2fsettings.py", "/etc/passwd", "blog//etc/passwd", ".env",
     "a\\..\\settings.py", "blog/\x00", "C:/x", "", "blog", "blog/", "link.txt", "linked/settings.py"],
)  # fmt: skip
def test_nothing_outside_the_folders_is_found_symlinks_included(write_site: WriteSite, path: str) -> None:
    site = write_site({"static/a.txt": "x", "static/.env": "secret", "apps/blog/static/a.css": "x"})
    (site / "static/link.txt").symlink_to(site / "settings.py")
    (site / "static/linked").symlink_to(site)
    assert files_of(site).find(path) is None


@settings(max_examples=500, deadline=None)
@given(path=st.one_of(st.text(max_size=30), st.from_regex(r"(core/|blog/)?(\.\.|[a-z./\\%~]){0,12}")))
def test_whatever_is_asked_for_stays_inside(tmp_path_factory: pytest.TempPathFactory, path: str) -> None:
    site = tmp_path_factory.getbasetemp() / "fuzzed"
    if not site.exists():
        (site / "static").mkdir(parents=True)
        (site / "settings.py").write_text("")
        (site / "static/in.txt").write_text("in")
    found = files_of(site).find(path)
    assert found is None or "static" in found.resolve().parts


async def test_served_immutable_under_the_hash_and_with_an_etag_under_the_plain_name(
    make_site, make_client
) -> None:
    client = await make_client(make_site({"static/a.css": "body{}"}))
    hashed = await client.get(client.app[keys.STATIC].url("a.css"))
    assert "immutable" in hashed.headers["Cache-Control"]
    plain = await client.get("/static/a.css")
    assert plain.headers["Cache-Control"] == "no-cache"
    assert plain.headers["Last-Modified"]
    again = await client.get("/static/a.css", headers={"If-None-Match": plain.headers["ETag"]})
    assert again.status == 304
    wrong = await client.get("/static/a.css?v=0000")
    assert wrong.headers["Cache-Control"] == "no-cache"
    assert (await client.get("/static/..%2fsettings.py")).status == 404
    assert (await client.get("/static/nothing.css")).status == 404


async def test_a_visitor_who_leaves_after_the_head_of_a_file_is_no_fault(
    make_site, make_client, monkeypatch, caplog
) -> None:
    client = await make_client(make_site({"static/large.txt": "x" * 1_000_000}))
    prepare = web.StreamResponse.prepare

    async def prepare_and_lose(response: web.StreamResponse, request: web.BaseRequest) -> Any:
        writer = await prepare(response, request)
        request.transport.abort()
        return writer

    with monkeypatch.context() as patch:
        patch.setattr(web.StreamResponse, "prepare", prepare_and_lose)
        with pytest.raises(aiohttp.ClientError):
            await (await client.get("/static/large.txt")).read()
    assert len(await (await client.get("/static/large.txt")).read()) == 1_000_000
    assert [one.getMessage() for one in caplog.records if one.levelname in {"ERROR", "WARNING"}] == []
