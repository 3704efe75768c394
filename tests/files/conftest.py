"""Fixtures of the tests of files: a site that takes files, and pictures made for a test."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from PIL import Image

from aiocms.core import keys
from aiocms.files.intake import Intake
from aiocms.files.models import BLOBS, CHUNKS, FILES, THUMBS
from aiocms.files.work import WORKSHOP

BLOG = {
    "apps/blog/app.py": 'from aiocms import App\napp = App(prefix="/blog", needs=("auth", "files"))\n',
    "apps/blog/forms.py": """
        from wtforms import StringField
        from wtforms.validators import DataRequired
        from aiocms.files import FileField, FileForm, ImageField

        class PageForm(FileForm):
            title = StringField("Title", [DataRequired()])
            picture = ImageField("Picture")
            paper = FileField("Paper", types=("application/pdf",), requires="blog.papers.read")
        """,
    "apps/blog/views.py": """
        from aiocms import templ
        from .forms import PageForm

        async def write(request):
            form = await PageForm.load(request)
            saved = False
            if await form.is_valid():
                await request.db.blog_sent.insert_one({"title": form.title.data, "picture": form.picture.data})
                saved = True
            return templ("blog:write", request, {"form": form, "saved": saved}, status=form.status)
        """,
    "apps/blog/templ/write.tpl": """
        {% import "core:forms" as forms with context %}
        <form method="post" enctype="multipart/form-data">{{ forms.form(form) }}{{ "stored" if saved }}</form>
        """,
    "apps/blog/routes.py": """
        from aiocms import route
        from . import views
        routes = [route("GET", "/write", views.write, "write"), route("POST", "/write", views.write, "write")]
        """,
    "apps/blog/admin.py": """
        from aiocms.admin import Screen
        from .forms import PageForm

        class Posts(Screen):
            collection = "blog_posts"
            label = "{title}"
            columns = ("title",)
            widgets = {"cover": "image", "paper": "file", "gallery.src": "image"}
            layout = ("title", "cover", "paper", "gallery")

        class Pages(Screen):
            collection = "blog_pages"
            label = "{title}"
            form = PageForm
        """,
}


def make_picture(
    size: tuple[int, int] = (60, 40), kind: str = "PNG", color: str = "#c33", **options: Any
) -> bytes:
    """A picture of one colour with a corner of another."""
    image = Image.new("RGB", size, color)
    image.paste((10, 20, 200), (0, 0, size[0] // 3, size[1] // 3))
    data = io.BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


async def stream(data: bytes, piece: int = 65536) -> AsyncIterator[bytes]:
    """The bytes in pieces, as they come from a network."""
    for start in range(0, len(data), piece):
        yield data[start : start + piece]


class Site:
    """A running site and somebody who is logged in."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.origin = str(client.make_url("/")).rstrip("/")

    @property
    def db(self) -> Any:
        return self.client.app[keys.MONGO].db

    @property
    def intake(self) -> Intake:
        return Intake(self.db, self.client.app[keys.SETTINGS], self.client.app[WORKSHOP])

    async def count(self) -> dict[str, int]:
        """How many documents the collections of files have."""
        return {name: await self.db[name].count_documents({}) for name in (FILES, THUMBS, BLOBS, CHUNKS)}


@pytest_asyncio.fixture
async def site(make_site: Any, make_client: Any, login: Any) -> Site:
    """A site with a blog, a superuser logged in."""
    client = await make_client(make_site(BLOG, apps=["auth", "admin"]))
    await login(client)
    return Site(client)
