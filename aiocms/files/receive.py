"""Posted forms with files: each file is stored while it comes in, and its id stands in the form for it.

A file is stored at once, as a pending upload: when the form comes back with errors it holds the id in a
hidden input, so nobody has to choose the file again. What is never used afterwards, ``aiocms files clean``
takes away.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any, Self, cast

import wtforms
from aiohttp import web
from multidict import MultiDict, MultiDictProxy

from aiocms.core import csrf, keys
from aiocms.core.fields.kinds import KindField
from aiocms.core.forms import Form
from aiocms.core.i18n import N_, gettext
from aiocms.core.sessions import get_session
from aiocms.files import store
from aiocms.files.fields import FileField
from aiocms.files.filenames import clean_name
from aiocms.files.intake import Giver, Intake, UploadRefused, Wanted
from aiocms.files.known import Received, get_received
from aiocms.files.work import WORKSHOP

FindWanted = Callable[[str], Wanted | None]
"""Gives what the field of a name takes; None: there is no such field, its file is thrown away."""

_STALE = N_("This page was open too long. Choose the file again, please.")
UPLOAD = "~file"
"""Ends the name of the file input that stands beside the input with the id."""
NONE = "~none"
"""Ends the name of the box that empties a field."""


def make_intake(request: web.Request) -> Intake:
    """The intake of the request's site."""
    return Intake(request.app[keys.MONGO].db, request.app[keys.SETTINGS], request.app[WORKSHOP])


def make_giver(request: web.Request) -> Giver:
    """The user, as the one who brings a file."""
    user = request.get(keys.USER)
    return Giver(getattr(user, "id", None), str(getattr(user, "username", "")))


async def receive(request: web.Request, wanted: type[wtforms.Form] | FindWanted) -> Received:
    """Read the posted form, store its files; afterwards ``request.post()`` has their ids.

    Parameters:
        wanted: the form's class, or what gives for a field's name what it takes.

    Raises:
        web.HTTPException: the body cannot be read.
    """
    known = get_received(request)
    find = find_in_form(wanted) if isinstance(wanted, type) else wanted
    await get_session(request)

    async def take(
        name: str, file: str, chunks: AsyncIterator[bytes], before: Mapping[str, str]
    ) -> str | None:
        target = name.removesuffix(UPLOAD)
        takes = find(target)
        if takes is None:
            return None
        token = before.get(csrf.FIELD) or request.headers.get(csrf.HEADER)
        if not csrf.is_valid_token(request, token):
            known.errors[target] = gettext(request, _STALE)
            return None
        try:
            record = await make_intake(request).take(takes, file, chunks, make_giver(request))
        except UploadRefused as refused:
            text = gettext(request, refused.message, **refused.values)
            known.errors[target] = f"{clean_name(file)}: {text}"
            return None
        known.records[record.id] = record
        return record.id

    if request.method in ("POST", "PUT", "PATCH"):
        await request.post_with_files(take)  # type: ignore[attr-defined]
        _put_in_place(request)
        posted = await request.post()
        chosen = [text for text in posted.values() if isinstance(text, str) and store.is_file_id(text)]
        # Before they are looked up: who cleans at this moment leaves them alone, or has been quicker.
        await store.touch_all(request.app[keys.MONGO].db, chosen)
        known.records = {}
        await learn(request, chosen)
    return known


async def learn(request: web.Request, identities: Iterator[str] | Any) -> None:
    """Look up files that the page shows, all at once."""
    known = get_received(request)
    missing = [one for one in identities if store.is_file_id(one) and one not in known.records]
    if missing:
        known.records.update(await store.find_records(request.app[keys.MONGO].db, missing))


def find_in_form(form: type[wtforms.Form]) -> FindWanted:
    """What gives for the name of a posted file what its field takes; places in lists are left out."""
    known = find_paths_in_form(form)

    def find(name: str) -> Wanted | None:
        return known.get(".".join(label for label in name.split("-") if not label.isdigit()))

    return find


def find_paths_in_form(form: type[wtforms.Form]) -> dict[str, Wanted]:
    """The dotted paths of a form's file fields, and what they take."""
    return {path: one.wanted for path, one in iter_file_fields(form())}


def iter_file_fields(form: Any, path: str = "") -> Iterator[tuple[str, FileField]]:
    """The file fields of a form with their dotted paths, those of forms and lists inside too."""
    for name, one in form._fields.items():
        yield from _iter_in_field(one, f"{path}{name}")


def _iter_in_field(one: Any, path: str) -> Iterator[tuple[str, FileField]]:
    if isinstance(one, FileField):
        yield path, one
    elif isinstance(one, KindField):
        for form in one.kinds.values():
            yield from iter_file_fields(form(), f"{path}.")
    elif isinstance(one, wtforms.FormField):
        yield from iter_file_fields(one.form, f"{path}.")
    elif isinstance(one, wtforms.FieldList):
        # An entry made only to look at; the list keeps none.
        entry = one.unbound_field.bind(form=cast(Any, None), name=one.short_name, prefix="", _meta=one.meta)
        entry.process(None)
        yield from _iter_in_field(entry, path)


def _put_in_place(request: Any) -> None:
    """Give the ids of uploaded files to their fields; a ticked "remove" empties a field."""
    posted = request._post
    if not any(name.endswith((UPLOAD, NONE)) for name in posted):
        return
    uploaded = {
        name.removesuffix(UPLOAD): text
        for name, text in posted.items()
        if name.endswith(UPLOAD) and store.is_file_id(text)
    }
    removed = {name.removesuffix(NONE) for name in posted if name.endswith(NONE)}
    fields: MultiDict[Any] = MultiDict()
    for name, text in posted.items():
        if name.endswith((UPLOAD, NONE)):
            continue
        if name in uploaded:
            text = uploaded.pop(name)
        elif name in removed:
            text = ""
        fields.add(name, text)
    for name, text in uploaded.items():
        fields.add(name, text)
    request._post = MultiDictProxy(fields)


class FileForm(Form):
    """A form of a site's own pages that has file fields: ``load`` takes in what was uploaded."""

    @classmethod
    async def load(cls, request: web.Request, *args: Any, **kwargs: Any) -> Self:
        """As ``Form.load``; the files are stored, and the fields hold their ids."""
        await receive(request, cls)
        form = await super().load(request, *args, **kwargs)
        await learn(request, (str(one.data or "") for _, one in iter_file_fields(form)))
        return form
