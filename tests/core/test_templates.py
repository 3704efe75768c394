"""Templates over layers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiocms.core import keys
from aiocms.core.application import create_app
from aiocms.core.checks import check_templates
from aiocms.core.errors import UnknownTemplate
from aiocms.core.templates import find_template
from aiocms.testing import MakeClient, MakeSite

from .conftest import WriteSite

PAGE = "[{% block body %}base{% endblock %}]"


def text_of(site: Path, *names: str, debug: bool = False) -> str:
    app = create_app(site, debug=debug)
    return find_template(app[keys.ENV], names).render().strip()


def layered(
    write_site: WriteSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]
) -> Path:
    """A site over an installed package `paperpkg.paper` with a page, an include and a macro."""
    templ = tmp_path / "paperpkg" / "paper" / "templ"
    (templ / "part").mkdir(parents=True)
    (templ.parent / "__init__.py").touch()
    (templ.parent.parent / "__init__.py").touch()
    (templ / "page.tpl").write_text(PAGE + "{% include 'paper:part/foot' %}")
    (templ / "part" / "foot.tpl").write_text("foot")
    (templ / "feed.xml").write_text("<feed>{{ '<&>' }}</feed>")
    monkeypatch.syspath_prepend(str(tmp_path))
    return write_site({"settings.py": "apps = ['paperpkg.paper']", **files})


def test_one_file_of_the_site_overrides_a_template(write_site, tmp_path, monkeypatch) -> None:
    site = layered(write_site, tmp_path, monkeypatch, {"templ/paper/part/foot.tpl": "mine"})
    assert text_of(site, "paper:page") == "[base]mine"


def test_same_name_extends_means_the_next_layer_down_through_any_depth(
    write_site, tmp_path, monkeypatch
) -> None:
    override = "{% extends 'paper:page' %}{% block body %}NAME({{ super() }}){% endblock %}"
    site = layered(
        write_site,
        tmp_path,
        monkeypatch,
        {
            "templ/paper/page.tpl": override.replace("NAME", "root"),
            "apps/paper/templ/page.tpl": override.replace("NAME", "app"),
        },
    )
    assert text_of(site, "paper:page") == "[root(app(base))]foot"
    assert text_of(site, "paper:page", debug=True) == "[root(app(base))]foot"


def test_bundled_means_the_lowest_layer(write_site, tmp_path, monkeypatch) -> None:
    site = layered(
        write_site,
        tmp_path,
        monkeypatch,
        {
            "apps/paper/templ/page.tpl": "never shown",
            "templ/paper/page.tpl": "{% extends 'bundled!paper:page' %}{% block body %}root{% endblock %}",
        },
    )
    assert text_of(site, "paper:page") == "[root]foot"


def test_include_of_the_own_name_means_the_next_layer_down(write_site, tmp_path, monkeypatch) -> None:
    site = layered(
        write_site,
        tmp_path,
        monkeypatch,
        {"templ/paper/part/foot.tpl": "over {% include 'paper:part/foot' %}"},
    )
    assert text_of(site, "paper:page") == "[base]over foot"


def test_the_dotted_package_is_another_spelling_of_the_namespace(write_site) -> None:
    site = write_site({"apps/blog/templ/index.tpl": "blog"})
    assert text_of(site, "apps.blog:index") == text_of(site, "blog:index") == "blog"


def test_a_name_without_namespace_is_the_sites_also_inside_an_app(write_site) -> None:
    site = write_site({"templ/hello.tpl": "site", "apps/blog/templ/index.tpl": "{% include 'hello' %}"})
    assert text_of(site, "blog:index") == "site"


def test_the_first_of_several_names_that_exists_is_taken(write_site) -> None:
    site = write_site({"apps/blog/templ/admin/list.tpl": "general"})
    assert text_of(site, "blog:admin/posts/list", "blog:admin/list", "blog:other") == "general"


def test_a_name_with_a_suffix_is_taken_as_it_is_and_escaped(write_site, tmp_path, monkeypatch) -> None:
    site = layered(write_site, tmp_path, monkeypatch, {})
    assert text_of(site, "paper:feed.xml") == "<feed>&lt;&amp;&gt;</feed>"


def test_a_missing_template_lists_every_place_and_the_nearest_name(write_site) -> None:
    site = write_site({"apps/blog/templ/index.tpl": "x"})
    with pytest.raises(UnknownTemplate) as caught:
        text_of(site, "blog:indx")
    message = str(caught.value)
    assert str(site / "templ/blog/indx.tpl") in message
    assert str(site / "apps/blog/templ/indx.tpl") in message
    assert "'blog:index'" in message


def test_in_debug_a_new_override_is_seen_without_restart(write_site) -> None:
    site = write_site({"apps/blog/templ/index.tpl": "old"})
    env = create_app(site, debug=True)[keys.ENV]
    assert env.get_template("blog:index").render() == "old"
    write_site({"templ/blog/index.tpl": "new"})
    assert env.get_template("blog:index").render() == "new"


def test_check_reports_missing_names_and_syntax_errors_of_all_layers(write_site) -> None:
    site = write_site(
        {
            "apps/blog/templ/a.tpl": "{% extends 'blog:nowhere' %}",
            "apps/blog/templ/b.tpl": "line one\n{% if %}",
            "templ/blog/ok.tpl": "fine {{ once('blog:gone') }}",
        }
    )
    found = list(check_templates(create_app(site)))
    assert [fault.id for fault in found].count("core.E042") == 2
    assert any("'blog:gone'" in str(fault) for fault in found)
    assert any("'blog:nowhere'" in str(fault) and "a.tpl" in str(fault) for fault in found)
    assert any(fault.id == "core.E040" and "b.tpl:2" in str(fault) for fault in found)


def test_check_reports_links_and_static_files_that_nothing_has(write_site) -> None:
    site = write_site(
        {
            "routes.py": """
                from aiocms import route, templ

                async def index(request): ...

                routes = [route("GET", "/", index, "index")]
            """,
            "static/site.css": "",
            "templ/index.tpl": """
                {{ url_for("index") }} {{ static("site.css") }} {{ url_for(name) }} {{ url_for("absent:x") }}
                {{ url_for("indx") }}
                {{ static("core:bas.css") }}
            """,
        }
    )
    faults = {fault.id: str(fault) for fault in check_templates(create_app(site))}
    assert set(faults) == {"core.E043", "core.E044"}
    assert "index.tpl:3" in faults["core.E043"] and "did you mean 'site:index'?" in faults["core.E043"]
    assert "index.tpl:4" in faults["core.E044"] and "did you mean 'core:base.css'?" in faults["core.E044"]


def test_check_finds_links_to_a_dropped_route_only_where_a_page_can_meet_them(write_site) -> None:
    files = {
        "settings.py": "apps = ['shop']",
        "apps/shop/app.py": "from aiocms import App\napp = App(drop_routes=('search',))",
    }
    faults = list(check_templates(create_app(write_site(files))))
    assert [fault.id for fault in faults] == ["core.E043"] and "parts/search.tpl" in faults[0].where
    files["templ/shop/parts/search.tpl"] = ""
    assert list(check_templates(create_app(write_site(files)))) == []
    files["templ/shop/parts/search.tpl"] = "{% extends 'shop:parts/search' %}"
    assert len(list(check_templates(create_app(write_site(files))))) == 1


def test_bundled_templates_are_all_sound(write_site) -> None:
    site = write_site({"settings.py": "apps = ['auth', 'admin', 'shop']"})
    assert [str(fault) for fault in check_templates(create_app(site))] == []


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.one_of(st.text(max_size=30), st.from_regex(r"[0-9]?!?(blog|site|core)?:?[./\\a-z%~]{0,20}")))
def test_no_name_reaches_outside_the_template_folders(write_site, name: str) -> None:
    site = write_site({"secret.tpl": "secret", "templ/in.tpl": "in", "apps/blog/templ/in.tpl": "in"})
    if not hasattr(test_no_name_reaches_outside_the_template_folders, "env"):
        test_no_name_reaches_outside_the_template_folders.env = create_app(site)[keys.ENV]  # type: ignore[attr-defined]
    loader = test_no_name_reaches_outside_the_template_folders.env.loader  # type: ignore[attr-defined]
    try:
        found = loader.find(name)
    except ValueError:
        return
    if found is not None:
        assert "templ" in found[1].resolve().parts


async def test_a_part_that_is_the_same_on_all_pages_is_rendered_once_for_each_language(
    make_site: MakeSite, make_client: MakeClient
) -> None:
    site = make_site(
        {
            "routes.py": """
                from aiocms import route, templ

                made = []

                def count():
                    made.append(1)
                    return len(made)

                async def index(request):
                    return templ("index", request, {"count": count})

                routes = [route("GET", "/", index, "index")]
            """,
            "templ/index.tpl": "{{ once('part', count=count) }}",
            "templ/part.tpl": "{{ language }} <b>{{ count() }}</b>",
        },
        languages=["en", "de"],
    )
    client = await make_client(site)

    async def read(language: str) -> str:
        return await (await client.get("/", headers={"Accept-Language": language})).text()

    assert [await read(one) for one in ("en", "en", "de", "en", "de")] == [
        "en <b>1</b>",
        "en <b>1</b>",
        "de <b>2</b>",
        "en <b>1</b>",
        "de <b>2</b>",
    ]


async def test_a_part_is_rendered_anew_for_other_values_and_knows_nothing_of_the_page(
    make_site: MakeSite, make_client: MakeClient
) -> None:
    site = make_site(
        {
            "routes.py": """
                from aiocms import route, templ

                async def index(request):
                    return templ("index", request, {"keys": ("j", "k"), "name": "Ann"})

                async def other(request):
                    return templ("index", request, {"keys": (), "name": "Bob"})

                routes = [route("GET", "/", index, "index"), route("GET", "/other", other, "other")]
            """,
            "templ/index.tpl": "{{ once('part', keys=keys) }}",
            "templ/part.tpl": "<{{ keys | join(' ') }}{{ name }}>",
        }
    )
    client = await make_client(site)
    texts = [await (await client.get(path)).text() for path in ("/other", "/", "/other")]
    assert texts == ["<>", "<j k>", "<>"]


@pytest.mark.parametrize("asks", ["csrf_input()", "request.cookies", "flashes()"])
async def test_a_part_shown_to_everybody_may_not_ask_who_is_there(
    make_site: MakeSite, make_client: MakeClient, caplog: pytest.LogCaptureFixture, asks: str
) -> None:
    site = make_site(
        {
            "routes.py": """
                from aiocms import route, templ

                async def index(request):
                    return templ("index", request)

                routes = [route("GET", "/", index, "index")]
            """,
            "templ/index.tpl": "{{ once('part') }}",
            "templ/part.tpl": "{{" + asks + "}}",
        }
    )
    client = await make_client(site)
    assert (await client.get("/")).status == 500
    assert "The template 'part' is shown by once(), the same to every visitor" in caplog.text
