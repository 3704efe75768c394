"""Routes over layers: one name, one path, handlers by method."""

from __future__ import annotations

import pytest

from aiocms.core.site import plan_site

from .conftest import WriteSite
from .test_discover import faults_of

BELOW = """
    from aiocms import App
    app = App(prefix="/gallery")
"""


def view(text: str) -> str:
    return f"""
    from aiohttp import web
    async def show(request): return web.Response(text={text!r})
    async def save(request): return web.Response(text="saved {text}")
"""


def routes(*lines: str) -> str:
    body = ",\n        ".join(lines)
    return f"from aiocms import route\nfrom . import views\nroutes = [{body}]\n"


def overlay(write_site: WriteSite, tmp_path, monkeypatch, above: dict[str, str], *lower: str):
    """A site whose apps/gallery lies over an installed package of that namespace."""
    package = tmp_path / "basepkg" / "gallery"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "app.py").write_text(BELOW.replace("\n    ", "\n"))
    (package / "views.py").write_text(view("below").replace("\n    ", "\n"))
    (package / "routes.py").write_text(routes(*lower))
    monkeypatch.syspath_prepend(str(tmp_path))
    import sys

    for name in [name for name in sys.modules if name.startswith("basepkg")]:
        del sys.modules[name]
    files = {f"apps/gallery/{name}": text for name, text in above.items()}
    return write_site({"settings.py": "apps = ['basepkg.gallery']", **files})


LOWER = (
    'route("GET", "/{slug}", views.show, "detail")',
    'route("POST", "/{slug}", views.save, "detail")',
)


def test_overlay_moves_route_with_all_methods(write_site: WriteSite, tmp_path, monkeypatch) -> None:
    site = overlay(
        write_site,
        tmp_path,
        monkeypatch,
        {
            "views.py": view("above"),
            "routes.py": routes('route("GET", "/picture/{slug}", views.show, "detail")'),
        },
        *LOWER,
    )
    merged = plan_site(site).routes["gallery:detail"]
    assert merged.path == "/gallery/picture/{slug}"
    assert merged.methods["GET"].handler.__module__.endswith("apps.gallery.views")
    assert merged.methods["POST"].handler.__module__ == "basepkg.gallery.views"


def test_drop_routes_removes_and_an_unknown_name_is_told(
    write_site: WriteSite, tmp_path, monkeypatch
) -> None:
    app = "from aiocms import App\napp = App(drop_routes=('detail',))"
    site = overlay(write_site, tmp_path, monkeypatch, {"app.py": app}, *LOWER)
    assert "gallery:detail" not in plan_site(site).routes


def test_dropping_an_unknown_route_is_told(write_site: WriteSite, tmp_path, monkeypatch) -> None:
    app = "from aiocms import App\napp = App(drop_routes=('detial',))"
    site = overlay(write_site, tmp_path, monkeypatch, {"app.py": app}, *LOWER)
    assert "'detial'" in faults_of(site)["core.E024"]


def test_the_prefix_is_inherited_and_can_be_changed(write_site: WriteSite, tmp_path, monkeypatch) -> None:
    app = "from aiocms import App\napp = App(prefix='/pictures')"
    site = overlay(write_site, tmp_path, monkeypatch, {"app.py": app}, *LOWER)
    assert plan_site(site).routes["gallery:detail"].path == "/pictures/{slug}"


def test_a_duplicate_in_one_layer_names_both_lines(write_site: WriteSite) -> None:
    site = write_site(
        {
            "views.py": view("x"),
            "routes.py": routes(
                'route("GET", "/a", views.show, "a")', '\nroute("GET", "/b", views.show, "a")'
            ),
        }
    )
    fault = faults_of(site)["core.E022"]
    assert "routes.py:3" in fault and "routes.py:5" in fault


def test_one_path_under_two_names_names_both(write_site: WriteSite) -> None:
    site = write_site(
        {
            "views.py": view("x"),
            "routes.py": routes(
                'route("GET", "/a/{x}", views.show, "one")', 'route("GET", "/a/{y}", views.show, "two")'
            ),
        }
    )
    fault = faults_of(site)["core.E023"]
    assert "site:one" in fault and "site:two" in fault


@pytest.mark.parametrize("methods", [("GET", "*"), ("*", "GET"), ("*", "*")])
def test_any_method_under_one_name_and_a_method_under_another_clash(
    write_site: WriteSite, methods: tuple[str, str]
) -> None:
    one, two = (
        f'route("{method}", "/a", views.show, "{name}")' for method, name in zip(methods, "ab", strict=True)
    )
    fault = faults_of(write_site({"views.py": view("x"), "routes.py": routes(one, two)}))["core.E023"]
    assert "site:a" in fault and "site:b" in fault


def test_methods_of_one_path_may_have_names_of_their_own(write_site: WriteSite) -> None:
    site = write_site(
        {
            "views.py": view("x"),
            "routes.py": routes(
                'route("GET", "/a", views.show, "show")',
                'route("POST", "/a", views.show, "save")',
                'route("GET", "/b", views.show, "both")',
                'route("*", "/b", views.show, "both")',
            ),
        }
    )
    assert {"site:show", "site:save", "site:both"} <= set(plan_site(site).routes)


def test_malformed_routes_are_told(write_site: WriteSite) -> None:
    site = write_site(
        {
            "views.py": "def plain(request): ...\nasync def good(request): ...",
            "routes.py": routes(
                'route("FETCH", "/a", views.good, "a")',
                'route("GET", "a", views.good, "b")',
                'route("GET", "/c", views.good, "c d")',
                'route("GET", "/d", views.plain, "d")',
                'route("GET", "/{e", views.good, "e")',
                '"nonsense"',
            ),
        }
    )
    faults = faults_of(site)
    assert "nonsense" in faults["core.E020"]
    assert "braces" in faults["core.E021"]  # the last of five; each is its own fault


def test_a_catch_all_is_registered_last(write_site: WriteSite) -> None:
    from aiocms.core.routes import iter_in_router_order

    site = write_site(
        {
            "views.py": view("x"),
            "routes.py": routes(
                'route("GET", "/{path:.*}", views.show, "page")',
                'route("GET", "/docs/{path:.+}", views.show, "docs")',
                'route("GET", "/{lang}/about", views.show, "about")',
            ),
        }
    )
    names = [merged.name for merged in iter_in_router_order(plan_site(site).routes)]
    assert names == ["site:about", "site:docs", "site:page"]
