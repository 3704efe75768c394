"""Documents of every kind with hostile texts in every field, and the addresses that show them."""

from __future__ import annotations

import json
import textwrap
from base64 import b64decode
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from bson import Code, Decimal128, ObjectId, Regex

from aiocms.shop.demo.fill import fill as fill_shop
from tests.faults.conftest import FILES

RUN = "window.canary=1"
PAYLOADS = (
    f"<script>{RUN}</script>", f"<img src=x onerror={RUN}>", f"\"><svg onload={RUN}>", f"' autofocus onfocus={RUN} x='",
    f"\" autofocus onfocus=\"{RUN}", f"</title><script>{RUN}</script>", f"</textarea><script>{RUN}</script>",
    f"</script><script>{RUN}</script>", f"--><script>{RUN}</script>", f"javascript:{RUN}//", f"JaVaScRiPt:{RUN}", f"\tjavascript:{RUN}",
    f"data:text/html,<script>{RUN}</script>", f"<a href=\"javascript:{RUN}\">x</a>", f"<iframe srcdoc='<script>parent.{RUN[7:]}</script>'></iframe>",
    f"<style>*{{x:expression({RUN})}}</style><base href=//127.0.0.1:1/>", f"<math><mtext><img src onerror={RUN}></math>",
    "{{7*7}}{% raw %}", f"<div hx-get=/x hx-on::load=\"{RUN}\" hx-trigger=load>", f"`${{{RUN}}}`", f"\\u003cscript>{RUN}\\u003c/script>",
    f"<details open ontoggle={RUN}>", f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>", f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"%3Cscript%3E{RUN}%3C/script%3E", f"<form action=javascript:{RUN}><button autofocus>", f"\u2028{RUN}//<b id=jinja>",
)  # fmt: skip
PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
RICH = """

    class Rich(Screen):
        collection = "desk_rich"
        label = "{title}"
        columns = ("title", "text", "body", Column("cover", format="image"), "note")
        widgets = {"text": "markdown", "body": "richtext", "cover": "image", "paper": "file"}
        references = {"note": "desk_notes"}
"""
CHARTS = (
    'charts = (Chart("Kinds", by="kind"), Chart("Tags", by="tags"), Number("All"))\n\n            @action('
)
SCREENS = textwrap.dedent(FILES["apps/desk/admin.py"].replace("import Column", "import Chart, Column, Number").replace("@action(", CHARTS, 1)
) + textwrap.dedent(RICH)  # fmt: skip
SITE = {name: textwrap.dedent(text) for name, text in {
    **FILES,
    "apps/desk/admin.py": SCREENS,
    "routes.py": """
        from aiocms import flash, redirect, route, templ

        async def broken(request):
            return templ("broken", request, {"text": request.query["text"]})

        async def say(request):
            flash(request, request.query["text"], "info", action=(request.query["text"], "/"))
            return redirect(request, request.query.get("to", "/admin/"))

        routes = [route("GET", "/broken", broken, "broken"), route("GET", "/say", say, "say")]
    """,
    "templ/broken.tpl": "{% extends 'core:layout' %}{% block content %}{{ text | safe }}{% endblock %}",
}.items()}  # fmt: skip


def poison(value: Any, at: int = 0) -> Any:
    """The same shape with a payload at the end of each text; links and pictures are payloads alone."""
    if isinstance(value, str):
        return value if len(value) < 3 else value + PAYLOADS[at % len(PAYLOADS)]
    if isinstance(value, dict):
        return {key: poison(child, at + i) for i, (key, child) in enumerate(value.items())}
    if isinstance(value, list):
        return [poison(child, at + i) for i, child in enumerate(value)]
    return value


# What addresses and queries go by; a product with another of these is simply not found.
KEPT = (
    "_id",
    "site",
    "slug",
    "url_path",
    "status",
    "tokens",
    "type",
    "kind",
    "sku",
    "cur",
    "parent",
    "language",
    "theme",
    "time_zone",
)


def poison_but(document: dict[str, Any], at: int) -> dict[str, Any]:
    return {
        key: value if key in KEPT else poison(value, at + i)
        for i, (key, value) in enumerate(document.items())
    }


async def fill(db: Any) -> None:
    """Payloads everywhere."""
    await fill_shop(db, 30, "EUR")
    await fill_beside(db)
    for name in ("shop_products", "shop_categories", "shop_types", "shop_stock"):
        at = 0
        async for document in db[name].find():
            at += 1
            await db[name].replace_one({"_id": document["_id"]}, poison_but(document, at))
    for number, text in enumerate(PAYLOADS):
        await db.desk_notes.insert_one(
            {
                "_id": text,
                "title": text,
                "text": text,
                "tags": [text],
                "lines": [{"name": text, "amount": 1}],
                "kind": text if number > 1 else "a",
                "pages": 1,
                "price": Decimal128("1.5"),
                "due": datetime(2024, 5, 6, tzinfo=UTC),
                "more": text,
            }
        )
        await db.loose.insert_one(
            {
                "_id": number,
                "name": text,
                f"key {text}".replace("\0", ""): text,
                "deep": {text: {text: [text, {text: 1}]}},
                "code": Code(text),
                "regex": Regex(text),
                "scoped": Code(text, {"x": text}),
                "symbol": text.encode(),
            }
        )
        await db.auth_users.insert_one(
            {
                "username": f"{text}{number}",
                "display_name": text,
                "email": text,
                "active": True,
                "roles": [text],
                "permissions": [text],
            }
        )
        await db.auth_roles.insert_one({"name": f"{text}{number}", "title": text, "permissions": [text]})
        if number % 4 == 0 and len(text) < 100:
            await db[text.replace("$", "")].insert_one({"_id": text, "title": text})


async def fill_beside(db: Any) -> None:
    """Files, saved views and reports by hostile names, and blocks that no server of ours has cleaned."""
    user = await db.auth_users.find_one({"username": "admin"})
    stages = json.dumps([{"$group": {"_id": "$title", "<script>canary=1</script>": {"$max": "$text"}}}])
    content = ObjectId()
    blob = {"_id": content, "length": len(PICTURE), "chunkSize": 261120, "filename": "x"}
    await db["files.files"].insert_one({**blob, "uploadDate": datetime(2024, 5, 6, tzinfo=UTC)})
    await db["files.chunks"].insert_one({"files_id": content, "n": 0, "data": PICTURE})
    for number, text in enumerate(PAYLOADS):
        # fmt: off
        await db.files_files.insert_one({
            "_id": f"{number:064x}", "name": text, "type": "image/png" if number % 2 else text, "size": 9, "width": 4, "height": 4,
            "content": content, "keep": True, "grants": [""], "username": text, "created": datetime(2024, 5, 6, tzinfo=UTC),
        })
        shared = {"owner": user["_id"], "owner_name": text, "name": text, "roles": ["*", text]}
        await db.admin_views.insert_one({**shared, "screen": "desk/notes", "query": f"title={quote(text)}&sort=title"})
        await db.admin_reports.insert_one({**shared, "collection": "desk_notes", "pipeline": stages if number else text})
        kinds = {
            "header": {"text": text, "level": 2}, "paragraph": {"text": text}, "list": {"style": "unordered", "items": [text]},
            "quote": {"text": text, "caption": text}, "code": {"code": text}, "checklist": {"items": [{"text": text, "checked": True}]},
            "warning": {"title": text, "message": text}, "table": {"withHeadings": True, "content": [[text]]}, "raw": {"html": text},
            "image": {"file": {"url": text}, "caption": text}, "embed": {"embed": text, "source": text}, text: {"text": text},
        }
        await db.desk_rich.insert_one({
            "_id": number, "title": text, "text": f"{text}\n\n[x]({text})\n\n![x]({text})\n\n<{text}>", "note": text,
            "cover": f"{number:064x}", "paper": text,
            "body": {"time": 1, "blocks": [{"id": f"{text}{at}", "type": kind, "data": data} for at, (kind, data) in enumerate(kinds.items())]},
        })
        # fmt: on


async def list_pages(db: Any) -> list[str]:
    """The addresses of the pages that show what is stored."""
    names = [text.replace("$", "") for text in PAYLOADS[::4] if len(text) < 100]
    found = [f"/admin/database/{quote(one, safe='')}/" for one in names]
    products = [one["slug"] async for one in db.shop_products.find().limit(6)]
    paths = [one["url_path"] async for one in db.shop_categories.find().limit(4)]
    lists = ["/admin/desk/notes/", "/admin/database/loose/", "/admin/auth/users/", "/admin/auth/roles/", "/admin/shop/products/",
             "/admin/shop/categories/", *found[:4], "/admin/desk/rich/"]  # fmt: skip
    return [
        "/admin/", *lists, *(f"/shop/p/{one}" for one in products), *(f"/shop/c/{one}" for one in paths), "/shop/", "/shop/search?q=the",
        *(f"{one}?q={quote(PAYLOADS[i])}&sort=title" for i, one in enumerate(lists[:5])),
        *(f"/admin/desk/notes/?title={quote(text)}&nothing={quote(text)}&cols={quote(text)}&at={quote(text)}" for text in PAYLOADS[::4]),
        *(f"/admin/desk/notes/?{quote(text)}={quote(text)}" for text in PAYLOADS[1::5]),
        *(f"/shop/search?q={quote(text)}" for text in PAYLOADS[::4]), *(f"/login?next={quote(text)}" for text in PAYLOADS[9:13]),
        *(f"/say?text={quote(text)}" for text in PAYLOADS[::3]), f"/nothing/{quote(PAYLOADS[0])}", f"/shop/c/home?color={quote(PAYLOADS[2])}",
    ]  # fmt: skip


def list_parts(edits: list[str]) -> list[str]:
    """What is shown beside lists and forms: panels, drawers, popups, by their own addresses."""
    notes, text = "/admin/desk/notes/", quote(PAYLOADS[0])
    panels = [
        f"{notes}-/{one}?title={text}&sort=title"
        for one in ("filter", "sort", "columns", "view", "cost", "charts")
    ]
    shop = "/admin/shop/products/-/charts"
    asked = [f"/admin/find?q={quote(one)}" for one in PAYLOADS[:3]]
    parts = [f"{path}/{one}" for path in edits[:4] for one in ("preview", "used")]
    saved = [f"{notes}?title={text}&view={text}", "/admin/-/pipelines/", "/admin/-/pipelines/new"]
    hints = [f"/admin/desk/rich/-/{one}?path=note&q={text}" for one in ("suggest", "choose")]
    files = [f"{way}{n:064x}" for n in (0, 1) for way in ("/admin/files/files/", "/files/-/pick/")]
    files += [f"/admin/files/files/{1:064x}/{one}" for one in ("preview", "delete", "used")]
    files += [
        "/admin/files/files/",
        f"/admin/files/files/?q={text}",
        "/files/-/library?only=all",
        f"/files/-/library?q={text}",
    ]
    rich = [f"/admin/desk/rich/~int32:{n}{way}" for n in (1, 4) for way in ("", "/preview", "/delete")]
    return [*panels, shop, *asked, *parts, *saved, *hints, *files, *rich]
