"""A file that was sent after the login had ended: what was typed comes back, and which file to choose again is said."""

from __future__ import annotations

import html
import io
from typing import Any

import aiohttp
import pytest

from aiocms.testing import TEST_PASSWORD
from tests.admin.formpage import FormPage
from tests.files.conftest import BLOG, Site, make_picture

BIG = b"%PDF-" + bytes(3_000_000)


async def send(
    site: Site, url: str, pairs: list[tuple[str, str]], files: dict[str, tuple[str, bytes]]
) -> Any:
    form = aiohttp.FormData(default_to_multipart=True, quote_fields=False)
    for name, value in pairs:
        form.add_field(name, value)
    for name, (file, data) in files.items():
        form.add_field(name, io.BytesIO(data), filename=file, content_type="application/octet-stream")
    answer = await site.client.post(url, data=form, headers={"Origin": site.origin}, allow_redirects=False)
    answer.page = await answer.text()
    return answer


@pytest.mark.parametrize(
    ("screen", "field", "file"),
    [("pages", "paper", "report <1>.pdf"), ("posts", "cover", "me & you.png")],
)
async def test_files_to_choose_again_are_named_after_the_login_and_at_their_fields(
    make_site: Any, make_client: Any, login: Any, screen: str, field: str, file: str
) -> None:
    site = Site(await make_client(make_site(BLOG, apps=["auth", "admin"])))
    await login(site.client, username="owner")
    url = f"/admin/blog/{screen}/new"
    form = FormPage(await (await site.client.get(url)).text())
    await site.db.core_sessions.delete_many({})
    data = BIG if field == "paper" else make_picture()
    pairs = [pair for pair in form.filled({"title": "Typed before"}) if not pair[0].endswith("~file")]
    refused = await send(site, url, pairs, {f"{field}~file": (file, data)})
    assert refused.status == 401
    entry = FormPage(refused.page, form="action")
    filled = [(k, v) for k, v in entry.pairs if k not in ("username", "password")]
    filled += [("username", "owner"), ("password", TEST_PASSWORD)]
    answer = await site.client.post("/login", data=filled, headers={"Origin": site.origin})
    page = await answer.text()
    assert "Choose them again in the form" in page
    assert f"<b>{html.escape(file)}</b> ({field})" in page
    resume = FormPage(page, form="action")
    back = await send(site, url, resume.pairs, {})
    assert back.status == 422
    told = f"Choose this file again, the login had ended: {html.escape(file)}"
    assert f"{told} ({field})" in back.page
    assert back.page.count(told) == 2, "at the top and at the field"
    again = FormPage(back.page)
    assert again.get("title") == "Typed before"
    assert "_files" not in dict(again.pairs)
    pairs = [pair for pair in again.filled() if not pair[0].endswith("~file")]
    saved = await send(
        site, url, pairs, {f"{field}~file": (file, make_picture() if field == "cover" else BIG)}
    )
    assert saved.status == 303, saved.page
    stored = await site.db[f"blog_{screen}"].find_one({"title": "Typed before"})
    assert len(stored[field]) == 64
