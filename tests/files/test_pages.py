"""Files over HTTP: how they are sent, who may read them, and how forms take them in."""

from __future__ import annotations

import io
import re
from typing import Any

import aiohttp
import pytest
from PIL import Image

from aiocms.admin.values.bsontypes import encode_id
from aiocms.files.filenames import clean_name
from aiocms.files.intake import Wanted
from aiocms.files.models import FILES
from tests.files.conftest import BLOG, Site, make_picture, stream

HTML = b"<html><script>alert(document.domain)</script>"


async def put(site: Site, data: bytes, name: str = "x.bin", **wanted: Any) -> str:
    return (await site.intake.take(Wanted(**wanted), name, stream(data))).id


async def test_an_image_is_shown_and_kept_by_caches_for_ever(site: Site) -> None:
    identity = await put(site, make_picture(), "Ünï.png")
    answer = await site.client.get(f"/files/{identity}")
    assert answer.status == 200 and answer.content_type == "image/png"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Vary" not in answer.headers and "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Disposition"].startswith("inline; ")
    assert Image.open(io.BytesIO(await answer.read())).size == (60, 40)
    again = await site.client.get(f"/files/{identity}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304 and await again.read() == b""


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (HTML, "page.html"),
        (HTML, "page.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg"),
        (
            b"<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
            "a.xml",
        ),
        (b"%PDF-1.4 /JS (app.alert(1))", "a.pdf"),
        (b"GIF89a=1;alert(1)//"[:3] + b"<script>alert(1)</script>", "a.gif"),
        (b"BM<script>alert(1)</script>", "a.bmp"),
        (b"alert(1)", "a.js"),
    ],
)
async def test_nothing_but_our_images_is_ever_shown_inline(site: Site, data: bytes, name: str) -> None:
    answer = await site.client.get(f"/files/{await put(site, data, name)}")
    assert await answer.read() == data
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.content_type not in ("text/html", "image/svg+xml", "application/xml", "text/xml")


async def test_ranges_are_sent_as_asked(site: Site) -> None:
    data = bytes(range(256)) * 3000
    url = f"/files/{await put(site, data)}"
    size = len(data)
    for wanted, status, body in (
        ("bytes=0-0", 206, data[:1]),
        ("bytes=261119-261121", 206, data[261119:261122]),
        ("bytes=767990-", 206, data[767990:]),
        ("bytes=-5", 206, data[-5:]),
        ("bytes=0-99999999", 206, data),
        (f"bytes={size}-", 416, b""),
        ("bytes=5-2", 200, data),
        ("bytes=0-1,4-5", 200, data),
        ("lines=1-2", 200, data),
    ):
        answer = await site.client.get(url, headers={"Range": wanted})
        assert (answer.status, await answer.read() == body) == (status, True), wanted
        assert answer.headers["Accept-Ranges"] == "bytes"
    answer = await site.client.get(url, headers={"Range": "bytes=1-2", "If-Range": '"other"'})
    assert answer.status == 200
    head = await site.client.head(url)
    assert head.headers["Content-Length"] == str(size) and await head.read() == b""


async def test_a_private_file_is_for_those_with_its_permission(
    make_site: Any, make_client: Any, login: Any
) -> None:
    folder = make_site(BLOG, apps=["auth", "admin"])
    client = await make_client(folder)
    site = Site(client)
    private = await put(site, make_picture(), requires="hr.read")
    public = await put(site, b"open")
    seen = {}
    for name, options in (
        ("", {}),
        ("other", {"superuser": False, "permissions": ("files.files.view", "admin.enter")}),
        ("holder", {"superuser": False, "permissions": ("hr.read",)}),
        ("boss", {}),
    ):
        client.session.cookie_jar.clear()
        if name:
            await login(client, name, **options)
        answers = [await client.get(url) for url in (f"/files/{private}", f"/files/{private}/small")]
        seen[name] = [answer.status for answer in answers]
        assert (await client.get(f"/files/{public}")).status == 200
        if seen[name][0] == 200:
            assert "no-store" in answers[0].headers["Cache-Control"]
            assert "no-store" in answers[1].headers["Cache-Control"]
        else:
            missing = await client.get(f"/files/{'0' * 64}")
            assert missing.status == 404
    assert seen == {"": [404, 404], "other": [404, 404], "holder": [200, 200], "boss": [200, 200]}


async def test_a_thumbnail_has_a_named_size_and_no_other(site: Site) -> None:
    identity = await put(site, make_picture((400, 300), "JPEG"))
    answer = await site.client.get(f"/files/{identity}/small")
    assert answer.content_type == "image/webp" and "immutable" in answer.headers["Cache-Control"]
    assert Image.open(io.BytesIO(await answer.read())).size == (160, 120)
    for url in (
        f"/files/{identity}/huge",
        f"/files/{await put(site, b'text')}/small",
        f"/files/{'f' * 64}/small",
    ):
        assert (await site.client.get(url)).status == 404


async def post_form(site: Site, url: str, fields: dict[str, Any], **options: Any) -> Any:
    """Post a page's form with its hidden inputs, as multipart in their order, the files last."""
    page = await (await site.client.get(url)).text()
    form = aiohttp.FormData(default_to_multipart=True)
    for tag in re.findall(r"<input\b[^>]*type=\"hidden\"[^>]*>", page):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in found and found["name"] not in fields and found["name"] != "_end":
            form.add_field(found["name"], found.get("value", ""))
    for name, value in fields.items():
        if isinstance(value, tuple):
            form.add_field(
                name, io.BytesIO(value[1]), filename=value[0], content_type="application/octet-stream"
            )
        else:
            form.add_field(name, value)
    form.add_field("_end", "1")
    answer = await site.client.post(
        url, data=form, headers={"Origin": site.origin}, allow_redirects=False, **options
    )
    answer.page = await answer.text()
    return answer


async def test_a_page_of_the_site_takes_a_file_in(site: Site) -> None:
    answer = await post_form(
        site, "/blog/write", {"title": "Hi", "picture~file": ("me.jpg", make_picture(kind="JPEG"))}
    )
    assert answer.status == 200 and "stored" in answer.page, answer.page
    sent = await site.db.blog_sent.find_one({})
    assert await site.db[FILES].count_documents({"_id": sent["picture"], "keep": False}) == 1


async def test_an_upload_survives_a_form_that_comes_back(site: Site) -> None:
    answer = await post_form(site, "/blog/write", {"title": "", "picture~file": ("me.png", make_picture())})
    assert answer.status == 422
    stored = await site.db[FILES].find_one({})
    assert f'name="picture" value="{stored["_id"]}"' in answer.page and "me.png" in answer.page


@pytest.mark.parametrize(
    ("field", "file", "words"),
    [
        ("picture~file", ("x.png", b"<svg xmlns='http://www.w3.org/2000/svg'>"), "SVG drawings"),
        ("picture~file", ("x.png", b"\x89PNG\r\n\x1a\nbroken"), "broken"),
        ("paper~file", ("x.pdf", HTML), "text/html"),
        ("paper~file", ("x.pdf", b""), "empty"),
    ],
)
async def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(
    site: Site, field: str, file: tuple[str, bytes], words: str
) -> None:
    answer = await post_form(site, "/blog/write", {"title": "Typed before", field: file})
    assert answer.status == 422 and words in answer.page and file[0] in answer.page
    assert 'value="Typed before"' in answer.page
    assert await site.count() == {"files_files": 0, "files_thumbs": 0, "files.files": 0, "files.chunks": 0}


async def test_fields_behind_a_file_that_is_too_big_still_arrive(make_site: Any, make_client: Any) -> None:
    folder = make_site(BLOG, apps=["auth", "admin"], files_max_size=300_000, files_max_image_size=300_000)
    site = Site(await make_client(folder))
    big = ("big.pdf", b"%PDF-" + bytes(500_000))
    answer = await post_form(site, "/blog/write", {"paper~file": big, "title": "Behind"})
    assert answer.status == 422 and "too big" in answer.page and 'value="Behind"' in answer.page


async def test_a_body_without_end_is_cut_off(make_site: Any, make_client: Any) -> None:
    folder = make_site(BLOG, apps=["auth", "admin"], files_max_size=100_000, body_limit=100_000)
    site = Site(await make_client(folder))
    answer = await post_form(site, "/blog/write", {"paper~file": ("x.pdf", b"%PDF-" + bytes(2_000_000))})
    assert answer.status == 413
    assert (await site.count())["files.chunks"] == 0


async def test_a_file_is_not_stored_for_a_forged_form(site: Site) -> None:
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("title", "x")
    form.add_field("picture~file", make_picture(), filename="x.png")
    answer = await site.client.post("/blog/write", data=form, headers={"Origin": site.origin})
    assert answer.status == 422 and (await site.count())["files_files"] == 0


async def test_a_form_cannot_name_what_its_user_may_not_read(
    make_site: Any, make_client: Any, login: Any
) -> None:
    site = Site(await make_client(make_site(BLOG, apps=["auth", "admin"])))
    secret = await put(site, make_picture(), requires="hr.read")
    text = await put(site, b"no image")
    await login(site.client, "holder", superuser=False, permissions=("hr.read",))
    for identity, words in (
        (secret, "not open to those"),
        (text, "type is not taken"),
        ("0" * 64, "not there"),
    ):
        answer = await post_form(site, "/blog/write", {"title": "x", "picture": identity})
        assert answer.status == 422 and words in answer.page
    site.client.session.cookie_jar.clear()
    answer = await post_form(site, "/blog/write", {"title": "x", "picture": secret})
    assert answer.status == 422 and "not there any more" in answer.page


def url_of(screen: str, identity: Any, query: str = "") -> str:
    return f"/admin/blog/{screen}/{encode_id(identity)}{query}"


async def test_an_inferred_form_takes_a_file_without_script(site: Site) -> None:
    await site.db.blog_posts.insert_one(
        {"_id": 1, "title": "One", "gallery": [{"src": ""}, {"src": "drawn:x"}]}
    )
    answer = await post_form(
        site,
        url_of("posts", 1),
        {
            "title": "One",
            "cover~file": ("c.png", make_picture()),
            "gallery-0-src~file": ("g.png", make_picture(color="#0a0")),
        },
    )
    assert answer.status == 303, answer.page[-3000:]
    post = await site.db.blog_posts.find_one({"_id": 1})
    ids = {one["_id"] async for one in site.db[FILES].find({})}
    assert {post["cover"], post["gallery"][0]["src"]} == ids and len(ids) == 2
    assert post["gallery"][1] == {"src": "drawn:x"}
    page = await (await site.client.get("/admin/blog/posts/?columns=cover,gallery.src")).text()
    assert page.count("/small") >= 1 or "a-thumb" not in page


async def test_a_refused_file_is_told_at_its_input_of_an_inferred_form(site: Site) -> None:
    await site.db.blog_posts.insert_one({"_id": 1, "title": "One", "cover": ""})
    answer = await post_form(site, url_of("posts", 1), {"title": "Two", "cover~file": ("c.png", HTML)})
    assert (
        answer.status == 422 and "no image that can be shown" in answer.page and 'value="Two"' in answer.page
    )
    assert (await site.db.blog_posts.find_one({"_id": 1}))["title"] == "One"


async def test_a_declared_form_of_the_admin_takes_and_empties_a_file(site: Site) -> None:
    await site.db.blog_pages.insert_one({"_id": 1, "title": "One"})
    url = url_of("pages", 1)
    answer = await post_form(site, url, {"title": "One", "picture~file": ("p.png", make_picture())})
    assert answer.status == 303, answer.page[-3000:]
    stored = (await site.db.blog_pages.find_one({"_id": 1}))["picture"]
    assert len(stored) == 64
    answer = await post_form(site, url, {"title": "Two"})
    assert (await site.db.blog_pages.find_one({"_id": 1}))["picture"] == stored
    answer = await post_form(site, url, {"title": "Two", "picture~none": "1"})
    assert answer.status == 303 and (await site.db.blog_pages.find_one({"_id": 1}))["picture"] == ""


async def send(site: Site, url: str, data: bytes, token: bool = True) -> Any:
    page = await (await site.client.get("/admin/blog/posts/new")).text()
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    headers = {"Origin": site.origin, "Accept": "application/json"}
    if token and found:
        headers["X-CSRF-Token"] = found[1]
    form = aiohttp.FormData(default_to_multipart=True, quote_fields=False)
    form.add_field("file", data, filename="../x.png")
    return await site.client.post(url, data=form, headers=headers)


async def test_the_script_uploads_for_one_field(site: Site) -> None:
    url = "/admin/blog/posts/-/upload?name="
    answer = await send(site, url + "cover", make_picture())
    told = await answer.json()
    assert answer.status == 200 and told["name"] == clean_name("../x.png") and told["width"] == 60
    assert (await site.client.get(told["thumb"])).status == 200
    assert (await send(site, url + "gallery-3-src", make_picture())).status == 200
    answer = await send(site, url + "cover", HTML)
    assert answer.status == 422 and "no image" in (await answer.json())["error"]
    assert (await send(site, url + "title", make_picture())).status == 404
    assert (await send(site, url + "cover", make_picture(), token=False)).status == 403


async def test_only_who_may_edit_the_field_uploads_for_it(
    make_site: Any, make_client: Any, login: Any
) -> None:
    site = Site(await make_client(make_site(BLOG, apps=["auth", "admin"])))
    rights = ("admin.enter", "blog.posts.view", "blog.posts.add", "blog.posts.edit", "~blog.posts.cover.edit")
    await login(site.client, "ed", superuser=False, permissions=rights)
    assert (await send(site, "/admin/blog/posts/-/upload?name=cover", make_picture())).status == 404
    assert (await send(site, "/admin/blog/posts/-/upload?name=paper", b"words")).status == 200
    assert (await send(site, "/admin/blog/pages/-/upload?name=picture", make_picture())).status == 403
    assert (await send(site, "/files/-/upload", make_picture())).status == 403


async def test_the_library_shows_uses_and_keeps_used_files(site: Site) -> None:
    used = await put(site, make_picture(), "used.png", keep=True)
    free = await put(site, b"free", "free.txt", keep=True)
    await site.db.blog_posts.insert_one({"_id": 1, "title": "The post", "cover": used})
    page = await (await site.client.get("/admin/files/files/")).text()
    assert "used.png" in page and "free.txt" in page and f"/files/{used}/small" in page
    page = await (await site.client.get(f"/admin/files/files/{used}/delete")).text()
    assert "The post" in page or "Posts" in page
    for identity, left in ((used, 1), (free, 0)):
        url = f"/admin/files/files/{identity}/delete"
        await post_form(site, url, {})
        assert await site.db[FILES].count_documents({"_id": identity}) == left


async def test_a_deleted_file_comes_back_whole(site: Site) -> None:
    identity = await put(site, b"words", "w.txt")
    answer = await post_form(site, f"/admin/files/files/{identity}/delete", {})
    assert answer.status == 303 and (await site.client.get(f"/files/{identity}")).status == 404
    change = await site.db.admin_changes.find_one({"verb": "delete"})
    page = await (await site.client.get("/admin/files/files/")).text()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    await site.client.post(
        f"/admin/undo/{change['_id']}", data={"csrf_token": token[1]}, headers={"Origin": site.origin}
    )
    assert await (await site.client.get(f"/files/{identity}")).read() == b"words"


async def test_the_drawer_offers_what_the_user_may_read(site: Site) -> None:
    picture = await put(site, make_picture(), "sun.png", requires="hr.read")
    await put(site, b"text", "moon.txt")
    page = await (await site.client.get("/files/-/library?only=images")).text()
    assert 'href="/admin/files/files/"' in page[page.index('class="a-nav"') :]  # within the admin's sidebar
    assert "sun.png" in page and "moon.txt" not in page
    assert "sun.png" not in await (await site.client.get("/files/-/library?only=images&q=.*")).text()
    page = await (await site.client.get(f"/files/-/pick/{picture}")).text()
    assert f'data-picked data-id="{picture}" data-label="sun.png"' in page


async def test_several_files_go_into_the_library_without_script(site: Site) -> None:
    page = await (await site.client.get("/files/-/upload")).text()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("csrf_token", token[1])
    for name, data in (("a.png", make_picture()), ("b.txt", b"words")):
        form.add_field("file", data, filename=name)
    answer = await site.client.post(
        "/files/-/upload", data=form, headers={"Origin": site.origin}, allow_redirects=False
    )
    assert answer.status == 303
    assert await site.db[FILES].count_documents({"keep": True}) == 2
