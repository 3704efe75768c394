"""create_app: a site's folder becomes an application that answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import WSMsgType

from aiocms.core import keys
from aiocms.core.application import create_app, quote_permission

BLOG = {
    "apps/blog/routes.py": """
        from aiocms import route
        from . import views
        routes = [
            route("GET", "/blog", views.index, "index"),
            route("GET", "/blog/{slug}", views.detail, "detail"),
            route("GET", "/blog/live", views.live, "live"),
        ]
    """,
    "apps/blog/views.py": """
        from aiocms import redirect, templ
        from aiohttp import web

        async def index(request):
            posts = await request.db.blog_posts.find({}, limit=20).to_list(20)
            return templ("blog:index", request, {"posts": posts})

        async def detail(request):
            if request.match_info["slug"] == "old":
                return redirect(request, "blog:detail", slug="new")
            if request.match_info["slug"] == "none":
                return None
            if request.match_info["slug"] == "bug":
                raise RuntimeError("<script>alert(1)</script>")
            return templ("blog:detail", request, {"slug": request.match_info["slug"]}, status=201)

        async def live(request):
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            async for message in socket:
                await socket.send_str(message.data.upper())
            return socket
    """,
    "apps/blog/models.py": """
        from aiocms import Index
        indexes = (Index("blog_posts", [("slug", 1)], unique=True),)
    """,
    "apps/blog/templ/index.tpl": "{% for post in posts %}{{ post.title }};{% endfor %}{{ motto }}",
    "apps/blog/templ/detail.tpl": "{{ slug }} {{ url_for('blog:index') }} {{ motto | default('no motto') }}",
    "apps/blog/context.py": """
        async def context(request):
            await request.db.command("ping")
            return {"motto": "by hand & heart"}
    """,
}


async def test_the_sites_api_reads_as_documented(make_site, make_client, db) -> None:
    client = await make_client(make_site(BLOG))
    await db.blog_posts.insert_many([{"slug": "a", "title": "A <b>"}, {"slug": "b", "title": "B"}])
    answer = await client.get("/blog")
    assert answer.status == 200 and answer.content_type == "text/html"
    assert await answer.text() == "A &lt;b&gt;;B;by hand &amp; heart"


async def test_a_view_sets_the_status_and_a_redirect_is_303(make_site, make_client) -> None:
    client = await make_client(make_site(BLOG))
    assert (await client.get("/blog/x")).status == 201
    moved = await client.get("/blog/old", allow_redirects=False)
    assert (moved.status, moved.headers["Location"]) == (303, "/blog/new")


async def test_head_comes_with_get(make_site, make_client) -> None:
    client = await make_client(make_site(BLOG))
    answer = await client.head("/blog")
    assert answer.status == 200 and await answer.read() == b""
    refused = await client.post("/blog")
    assert refused.status == 405 and set(refused.headers["Allow"].split(",")) == {"GET", "HEAD"}


async def test_a_websocket_is_an_ordinary_route(make_site, make_client) -> None:
    client = await make_client(make_site(BLOG))
    async with client.ws_connect("/blog/live") as socket:
        await socket.send_str("hello")
        message = await socket.receive()
        assert (message.type, message.data) == (WSMsgType.TEXT, "HELLO")


async def test_a_websocket_of_another_site_is_refused(make_site, make_client) -> None:
    client = await make_client(make_site(BLOG))
    answer = await client.get(
        "/blog/live",
        headers={"Upgrade": "websocket", "Connection": "Upgrade", "Origin": "https://evil.example",
                 "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="},
    )  # fmt: skip
    assert answer.status == 403


async def test_indexes_of_apps_are_there_after_start(make_site, make_client, db) -> None:
    await make_client(make_site(BLOG))
    assert "slug_1" in await db.blog_posts.index_information()


@pytest.mark.parametrize("debug", [False, True])
async def test_a_bug_is_a_500_page_that_shows_its_traceback_only_in_debug(
    make_site, make_client, caplog, debug
) -> None:
    client = await make_client(make_site(BLOG, debug=debug))
    answer = await client.get("/blog/bug")
    text = await answer.text()
    assert answer.status == 500
    assert "<script>alert" not in text
    assert ("RuntimeError" in text) is debug
    assert answer.headers["X-Request-ID"] in text


async def test_a_view_that_returns_nothing_is_named_in_the_log(make_site, make_client, caplog) -> None:
    client = await make_client(make_site(BLOG))
    assert (await client.get("/blog/none")).status == 500
    assert "blog:detail" in caplog.text and "return templ" in caplog.text


async def test_a_missing_template_is_named_in_the_log_with_the_places(make_site, make_client, caplog) -> None:
    files = {**BLOG, "apps/blog/templ/detail.tpl": "{% include 'blog:nowhere' %}"}
    client = await make_client(make_site(files))
    assert (await client.get("/blog/x")).status == 500
    assert "nowhere" in caplog.text


async def test_in_debug_a_page_ends_with_the_templates_considered(make_site, make_client) -> None:
    client = await make_client(make_site({**BLOG, "templ/blog/detail.tpl": "mine"}, debug=True))
    text = await (await client.get("/blog/x")).text()
    assert text.startswith("mine") and "templates considered" in text and "* blog:detail" in text


async def test_the_sites_context_reaches_every_template_and_an_apps_only_its_own(
    make_site, make_client
) -> None:
    files = {
        **BLOG,
        "context.py": "async def context(request): return {'motto': 'of the site', 'menu': 'M'}",
        "routes.py": 'from aiocms import route\nfrom . import views\nroutes = [route("GET", "/", views.index, "index")]',
        "views.py": 'from aiocms import templ\nasync def index(request): return templ("index", request)',
        "templ/index.tpl": "{{ motto }} {{ menu }}",
    }
    client = await make_client(make_site(files))
    assert await (await client.get("/")).text() == "of the site M"
    assert (await (await client.get("/blog")).text()).endswith("by hand &amp; heart")


async def test_lifespans_begin_in_the_order_of_needs_and_end_in_reverse_with_the_database_open(
    make_site, make_client, tmp_path: Path
) -> None:
    lifespan = """
        from contextlib import asynccontextmanager
        from pathlib import Path
        from aiocms.core import keys

        def note(text):
            with Path({file!r}).open("a") as stream:
                stream.write(text + " ")

        @asynccontextmanager
        async def lifespan(app):
            note("{name}+")
            yield
            await app[keys.MONGO].db.command("ping")
            note("{name}-")
    """
    notes = tmp_path / "notes"
    files = {
        f"apps/{name}/lifespan.py": lifespan.format(name=name, file=str(notes)) for name in ("alpha", "zeta")
    }
    files["apps/alpha/app.py"] = "from aiocms import App\napp = App(needs=('zeta',))"
    client = await make_client(make_site(files))
    await client.close()
    assert notes.read_text().split() == ["zeta+", "alpha+", "alpha-", "zeta-"]


async def test_an_overlay_adds_to_context_and_lifespan_of_the_layer_below(
    make_site, make_client, login
) -> None:
    files = {
        "apps/admin/context.py": "async def context(request): return {'motto': 'mine'}",
        "apps/admin/lifespan.py": """
            from contextlib import asynccontextmanager

            @asynccontextmanager
            async def lifespan(app):
                yield
        """,
        "templ/admin/layout.tpl": "{% extends 'admin:layout' %}{% block title %}{{ motto }}{% endblock %}",
    }
    client = await make_client(make_site(files, apps=["auth", "admin"]))
    modules = [span.__module__ for span in client.app[keys.PLAN].lifespans]
    bundled = modules.index("aiocms.admin.lifespan")
    assert modules[bundled + 1].endswith(".apps.admin.lifespan")
    await login(client)
    text = await (await client.get("/admin/")).text()
    assert "<title>mine" in text
    assert "a-sidebar" in text and "Users" in text


async def test_two_sites_live_in_one_process(make_site, make_client) -> None:
    texts = []
    for title in ("one", "two"):
        files = {
            "routes.py": 'from aiocms import route\nfrom . import views\nroutes = [route("GET", "/", views.index, "index")]',
            "views.py": f'from aiocms import templ\nasync def index(request): return templ("index", request, {{"t": {title!r}}})',
            "templ/index.tpl": "{{ t }}",
        }
        client = await make_client(make_site(files))
        texts.append(await (await client.get("/")).text())
    assert texts == ["one", "two"]


def test_nothing_is_written_before_the_application_starts(make_site) -> None:
    site = make_site(BLOG)
    create_app(site)
    assert not (site / "var").exists()


def test_a_name_in_a_permission_can_be_no_wildcard() -> None:
    assert quote_permission("a.b*|~%") == "a%2Eb%2A%7C%7E%25"
