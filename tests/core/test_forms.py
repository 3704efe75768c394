"""Forms: loading, validating, tokens, languages, nested forms and their markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import wtforms

from aiocms.core.errors import AiocmsError
from aiocms.core.forms import Form
from aiocms.testing import MakeClient, MakeSite

FILES = {
    "routes.py": """
import wtforms
from aiohttp import web
from wtforms import validators as check
from aiocms import Form, N_, gettext, route, templ
from aiocms.core.csrf import get_token
from aiocms.core.sessions import get_session

class AddressForm(Form):
    city = wtforms.StringField("City", [check.DataRequired()])
    zip = wtforms.StringField("Zip")

class PostForm(Form):
    title = wtforms.StringField(N_("Title"), [check.DataRequired(), check.Length(max=10)], description="Short")
    tags = wtforms.SelectMultipleField("Tags", choices=["a", "b", "c"])
    kind = wtforms.RadioField("Kind", choices=["x", "y"], default="x")
    public = wtforms.BooleanField("Public")
    secret = wtforms.HiddenField(default="s")
    body = wtforms.TextAreaField("Body", render_kw={"rows": 3, "class": "wide"})
    picture = wtforms.FileField("Picture")
    address = wtforms.FormField(AddressForm, "Address")
    lines = wtforms.FieldList(wtforms.StringField("Line", [check.Length(max=3)]), "Lines", min_entries=1)
    others = wtforms.FieldList(wtforms.FormField(AddressForm), "Others")

    async def clean(self, request):
        if await request.db.posts.find_one({"title": self.title.data}):
            self.add_error("title", gettext(request, "Taken"))
        if self.title.data == "wrong":
            self.add_error(None, "The whole is wrong")

async def edit(request):
    form = await PostForm.load(request, {"title": "old", "address": {"city": "Rome"}, "others": [{"city": "Oslo"}]})
    if await form.is_valid():
        data = {**form.data, "picture": None}
        await request.db.posts.insert_one(dict(data))
        return web.json_response(data)
    if request.query.get("json"):
        return web.json_response({"errors": form.errors, "form": form.form_errors, "data": form.title.data}, status=form.status)
    return templ("edit", request, {"form": form}, status=form.status)

async def token(request):
    if "user" in request.query:
        (await get_session(request))["user_id"] = request.query["user"]
    return web.Response(text=get_token(request))

routes = [route("GET", "/edit", edit, "edit"), route("POST", "/edit", edit, "edit"),
    route("PUT", "/edit", edit, "edit"), route("GET", "/token", token, "token")]
""",
    "templ/edit.tpl": """{% import "core:forms" as forms with context %}
<form method="post" enctype="multipart/form-data">{{ forms.form(form) }}</form>""",
}
GOOD = {"title": "new", "address-city": "Paris", "lines-0": "abc", "kind": "y"}


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    return make_site(FILES)


async def post(client: Any, data: Any, path: str = "/edit?json=1", **kwargs: Any) -> Any:
    token = await (await client.get("/token")).text()
    fields = [*(data.items() if isinstance(data, dict) else data), ("csrf_token", token)]
    return await client.post(path, data=aiohttp.FormData(fields), **kwargs)


async def test_get_shows_the_given_data_and_is_never_valid(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site, debug=True)
    response = await client.get("/edit")
    text = await response.text()
    assert response.status == 200
    assert 'value="old"' in text and 'value="Rome"' in text and 'value="Oslo"' in text
    assert "is-invalid" not in text


async def test_good_form_gives_its_data_without_the_token(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    pairs = [*GOOD.items(), ("tags", "a"), ("tags", "c"), ("lines-1", "x"), ("others-3-city", "Bonn")]
    data = await (await post(client, pairs)).json()
    assert data == {
        **{"title": "new", "tags": ["a", "c"], "kind": "y", "public": False, "secret": "s"},
        **{"body": None, "picture": None, "address": {"city": "Paris", "zip": None}},
        **{"lines": ["abc", "x"], "others": [{"city": "Bonn", "zip": None}]},
    }


async def test_errors_keep_what_was_typed_and_the_status_says_so(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    response = await post(client, {**GOOD, "title": "much too long"})
    answer = await response.json()
    assert response.status == 422
    assert answer["data"] == "much too long"
    assert list(answer["errors"]) == ["title"]


async def test_async_check_adds_errors_to_a_field_and_to_the_form(
    site: Path, make_client: MakeClient, db: Any
) -> None:
    client = await make_client(site)
    await db.posts.insert_one({"title": "new"})
    assert (await (await post(client, GOOD)).json())["errors"] == {"title": ["Taken"]}
    answer = await (await post(client, {**GOOD, "title": "wrong"})).json()
    assert answer["form"] == ["The whole is wrong"]


@pytest.mark.parametrize("token", ["", "x", "A" * 86])
async def test_wrong_token_is_an_error_of_the_form_and_nothing_is_stored(
    site: Path, make_client: MakeClient, db: Any, token: str
) -> None:
    client = await make_client(site)
    response = await client.post("/edit?json=1", data={**GOOD, "csrf_token": token})
    answer = await response.json()
    assert response.status == 422
    assert answer["form"] == ["This page was open too long. Please send it again."]
    assert answer["data"] == "new"
    assert await db.posts.count_documents({}) == 0


async def test_token_of_before_the_login_is_refused(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    before = await (await client.get("/token")).text()
    await client.get("/token?user=ann")
    response = await client.post("/edit?json=1", data={**GOOD, "csrf_token": before})
    assert response.status == 422


async def test_messages_are_in_the_visitors_language(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    data = {**GOOD, "title": "", "address-city": ""}
    answer = await (await post(client, data, headers={"Accept-Language": "ru"})).json()
    assert answer["errors"] == {
        "title": ["Обязательное поле."],
        "address": {"city": ["Обязательное поле."]},
    }
    english = await (await post(client, data)).json()
    assert english["errors"]["title"] == ["This field is required."]


async def test_overridden_message_of_wtforms_wins(make_site: MakeSite, make_client: MakeClient) -> None:
    po = (
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "This field is required."\nmsgstr "Please!"\n'
    )
    client = await make_client(make_site({**FILES, "locale/en/LC_MESSAGES/messages.po": po}))
    answer = await (await post(client, {**GOOD, "title": ""})).json()
    assert answer["errors"]["title"] == ["Please!"]


class Page(HTMLParser):
    """The elements of a page, to be asked by id and name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def get(self, **wanted: str) -> dict[str, str | None]:
        (found,) = [
            attrs
            for _, attrs in self.elements
            if all(attrs.get(key) == value for key, value in wanted.items())
        ]
        return found


async def test_errors_stand_beside_their_field_and_are_announced(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site, debug=True)
    data = {**GOOD, "title": "<b>much too long</b>", "address-city": "", "lines-0": "long"}
    response = await post(client, data, "/edit")
    text = await response.text()
    assert response.status == 422
    page = Page(text)
    title = page.get(name="title")
    assert title["aria-invalid"] == "true"
    assert title["value"] == "<b>much too long</b>"
    assert (title["aria-describedby"] or "").split() == ["title-errors", "title-help"]
    assert "is-invalid" in (title["class"] or "")
    for name in ("title-errors", "title-help", "address-city-errors", "lines-0-errors"):
        assert page.get(id=name)
    assert page.get(name="kind", value="y")["type"] == "radio"
    assert (page.get(name="body")["class"] or "").split() == ["form-control", "wide"]
    labels = {attrs.get("for") for tag, attrs in page.elements if tag == "label"}
    fields = {
        attrs.get("id")
        for tag, attrs in page.elements
        if tag in ("input", "select", "textarea") and attrs.get("type") not in ("hidden", "submit")
    }
    assert fields <= labels
    assert len(re.findall('name="csrf_token"', text)) == 1
    assert " style=" not in text


async def test_markup_has_no_inline_style_or_script(site: Path, make_client: MakeClient) -> None:
    client = await make_client(site)
    text = await (await client.get("/edit")).text()
    assert "<script" not in text and " style=" not in text and " on" not in re.sub(r">[^<]*<", "><", text)


def test_unknown_field_of_an_error_is_named() -> None:
    class Small(Form):
        title = wtforms.StringField()

    with pytest.raises(AiocmsError, match="no field 'titel'; it has title"):
        Small().add_error("titel", "x")
