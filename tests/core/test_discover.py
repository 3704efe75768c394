"""Discovery, layers and the faults of a start-up."""

from __future__ import annotations

import sys

import pytest

from aiocms.core.errors import AiocmsError
from aiocms.core.faults import Faults
from aiocms.core.site import plan_site

from .conftest import WriteSite

VIEWS = """
    from aiohttp import web

    async def index(request):
        return web.Response(text="index")
"""
ROUTES = """
    from aiocms import route
    from . import views

    routes = [route("GET", "/blog", views.index, "index")]
"""


def faults_of(site: object, **overrides: object) -> dict[str, str]:
    with pytest.raises(Faults) as caught:
        plan_site(site, **overrides)  # type: ignore[arg-type]
    return {fault.id: str(fault) for fault in caught.value.faults}


def test_a_folder_in_apps_becomes_a_namespace_without_being_listed(write_site: WriteSite) -> None:
    site = write_site({"apps/blog/routes.py": ROUTES, "apps/blog/views.py": VIEWS})
    plan = plan_site(site)
    assert list(plan.namespaces) == ["core", "blog", "site"]
    assert plan.routes["blog:index"].path == "/blog"


def test_app_py_gives_title_and_prefix(write_site: WriteSite) -> None:
    site = write_site(
        {
            "apps/blog/app.py": "from aiocms import App\napp = App(title='News', prefix='/news')",
            "apps/blog/routes.py": ROUTES,
            "apps/blog/views.py": VIEWS,
        }
    )
    plan = plan_site(site)
    assert plan.namespaces["blog"].app.title == "News"
    assert plan.routes["blog:index"].path == "/news/blog"


def test_a_needed_app_comes_before_the_one_that_needs_it(write_site: WriteSite) -> None:
    site = write_site(
        {
            "apps/alpha/app.py": "from aiocms import App\napp = App(needs=('zeta',))",
            "apps/zeta/app.py": "from aiocms import App\napp = App()",
        }
    )
    assert list(plan_site(site).namespaces) == ["core", "zeta", "alpha", "site"]


def test_a_missing_need_and_a_circle_are_told(write_site: WriteSite) -> None:
    site = write_site(
        {
            "apps/a/app.py": "from aiocms import App\napp = App(needs=('b', 'gone'))",
            "apps/b/app.py": "from aiocms import App\napp = App(needs=('a',))",
        }
    )
    faults = faults_of(site)
    assert "'gone'" in faults["core.E018"]
    assert "a → b → a" in faults["core.E019"]


def test_all_faults_are_shown_together_with_id_place_and_remedy(write_site: WriteSite) -> None:
    site = write_site(
        {
            "settings.py": "apps = ['shopp']\ncolour = 'red'\nport = 'eighty'",
            "apps/broken/routes.py": "import json\nraise RuntimeError('kaput')",
            "apps/Blog/app.py": "",
            "apps/blog/app.py": "",
            "apps/site/app.py": "",
        }
    )
    faults = faults_of(site)
    assert "'shop'" in faults["core.E013"]
    assert "'colour'" in faults["core.E001"]
    assert "'port'" in faults["core.E002"]
    assert "kaput" in faults["core.E010"] and "routes.py:2" in faults["core.E010"]
    assert "'Blog'" in faults["core.E014"] and "'blog'" in faults["core.E014"]
    assert "reserved" in faults["core.E015"]


def test_a_syntax_error_names_its_line(write_site: WriteSite) -> None:
    faults = faults_of(write_site({"apps/blog/models.py": "x = 1\ndef broken(:\n"}))
    assert "models.py:2" in faults["core.E010"]


def test_a_broken_settings_file_is_a_fault_not_a_traceback(write_site: WriteSite) -> None:
    faults = faults_of(write_site({"settings.py": "title = undefined_name"}))
    assert "undefined_name" in faults["core.E010"]


def test_two_packages_of_one_namespace_are_refused_unless_one_extends(
    write_site: WriteSite, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ("firstpkg", "secondpkg"):
        folder = tmp_path / package / "gallery"
        folder.mkdir(parents=True)
        (folder.parent / "__init__.py").touch()
        (folder / "__init__.py").touch()
        (folder / "app.py").write_text("from aiocms import App\napp = App()")
    monkeypatch.syspath_prepend(str(tmp_path))
    site = write_site({"settings.py": "apps = ['firstpkg.gallery', 'secondpkg.gallery']"})
    faults = faults_of(site)
    assert "firstpkg.gallery" in faults["core.E014"] and "secondpkg.gallery" in faults["core.E014"]

    (tmp_path / "secondpkg/gallery/app.py").write_text("from aiocms import App\napp = App(extends=True)")
    del sys.modules["secondpkg.gallery.app"]
    packages = [layer.package for layer in plan_site(site).namespaces["gallery"].layers]
    assert packages == [None, "secondpkg.gallery", "firstpkg.gallery"]


def test_replaces_discards_the_layers_below(write_site: WriteSite) -> None:
    site = write_site(
        {
            "settings.py": "apps = ['auth']",
            "apps/auth/app.py": "from aiocms import App\napp = App(title='Mine', replaces=True)",
        }
    )
    layers = plan_site(site).namespaces["auth"].layers
    assert [layer.kind for layer in layers] == ["root", "app"]


def test_an_app_of_a_bundled_name_overlays_it(write_site: WriteSite) -> None:
    site = write_site({"settings.py": "apps = ['auth']", "apps/auth/templ/extra.tpl": "x"})
    layers = plan_site(site).namespaces["auth"].layers
    assert [layer.kind for layer in layers] == ["root", "app", "bundled"]


def test_two_sites_of_one_name_live_in_one_process(write_site: WriteSite, tmp_path) -> None:
    paths = []
    for number in ("1", "2"):
        (tmp_path / number).mkdir()
        routes = ROUTES.replace("/blog", f"/blog{number}")
        site = write_site({"apps/blog/routes.py": routes, "apps/blog/views.py": VIEWS}, f"{number}/mysite")
        paths.append(plan_site(site).routes["blog:index"].path)
    assert paths == ["/blog1", "/blog2"]


def test_a_missing_site_folder_says_how_to_make_one(tmp_path) -> None:
    with pytest.raises(AiocmsError, match="startproject"):
        plan_site(tmp_path / "nowhere")


def test_a_route_with_a_permission_but_no_auth_app_refuses_to_start(write_site: WriteSite) -> None:
    site = write_site(
        {
            "apps/blog/routes.py": ROUTES.replace('"index")', '"index", requires="blog.view")'),
            "apps/blog/views.py": VIEWS,
        }
    )
    assert "'auth'" in faults_of(site)["core.E032"]


def test_missing_auth_is_told_once_for_an_app_however_many_routes_it_guards(write_site: WriteSite) -> None:
    with pytest.raises(Faults) as caught:
        plan_site(write_site({"settings.py": "apps = ['admin']"}))
    # Once for the admin, once for the files that it brings along.
    assert sorted(fault.id for fault in caught.value.faults) == ["core.E018"] * 2 + ["core.E032"] * 2


def test_an_app_brings_bundled_apps_along_before_itself(write_site: WriteSite) -> None:
    brought = list(plan_site(write_site({"settings.py": "apps = ['admin', 'auth']"})).namespaces)
    assert brought.index("auth") < brought.index("files") < brought.index("admin")
    listed = plan_site(write_site({"settings.py": "apps = ['auth', 'files', 'admin']"})).namespaces
    assert set(listed) == set(brought)
