"""What one request knows of files: those that its page shows, and what went wrong with those it brought."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from aiohttp import web

from aiocms.core import keys
from aiocms.core.i18n import N_
from aiocms.core.urls import url_for
from aiocms.files.intake import Wanted
from aiocms.files.store import Record, may_read


@dataclass(slots=True)
class Received:
    """What is known of files in this request.

    Parameters:
        records: of the ids that were posted or will be shown.
        errors: by name of the field.
        upload: where the page's script sends files; "": nowhere, they come with the form.
        library: the list of files to choose from; "": this user may not.
    """

    records: dict[str, Record] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    upload: str = ""
    library: str = ""


RECEIVED: web.RequestKey[Received] = web.RequestKey("aiocms_files_received", Received)


def get_received(request: web.Request) -> Received:
    """What is known of files in this request."""
    if RECEIVED not in request:
        request[RECEIVED] = Received()
    return request[RECEIVED]


def find_shown(request: web.Request, text: str) -> Record | None:
    """The file of an id, as far as this request looked it up and its user may read it."""
    record = get_received(request).records.get(text)
    if record is None or not (may_read(record, request.get(keys.USER)) or _is_giver(request, record)):
        return None
    return record


def find_refusal(request: web.Request, text: str, wanted: Wanted) -> str:
    """Why a form cannot name this file, a message to translate; empty: it can.

    Whoever names it must be able to read it or have brought it, and it must be open to those who will see
    the field: choosing a file opens it to nobody.
    """
    record = find_shown(request, text)
    if record is None:
        return N_("This file is not there any more. Choose another.")
    if not wanted.takes(record.type) or (wanted.is_image and not record.is_image):
        return N_("A file of this type is not taken here.")
    if wanted.requires not in record.grants and not record.is_public:
        return N_("This file is not open to those who see this field. Upload it here to open it.")
    return ""


@dataclass(frozen=True, slots=True)
class FileInput:
    """What the template of an input needs.

    Parameters:
        record: the file it holds, if there is one and the user may read it.
        url, thumb: addresses of the file and of its thumbnail; of another picture its own address; or "".
        upload, library: see ``Received``.
        accept: the attribute of the file input.
        max_size: in bytes.
        base: the address of any file, with ID where its id is.
    """

    record: Record | None
    url: str
    thumb: str
    upload: str
    library: str
    accept: str
    max_size: int
    is_image: bool
    base: str


def describe_input(request: web.Request, name: str, text: str, wanted: Wanted) -> FileInput:
    """What the template of an input needs to show a value."""
    known, record = get_received(request), find_shown(request, text)
    url = thumb = upload = ""
    if record is not None:
        url = url_for(request, "files:file", id=record.id)
        thumb = url_for(request, "files:thumb", id=record.id, size="small") if record.is_image else ""
    elif wanted.is_image and text.startswith("/") and not text.startswith(("//", "/\\")):
        url = thumb = text
    if known.upload:
        upload = f"{known.upload}{'&' if '?' in known.upload else '?'}name={quote(name)}"
    library = known.library
    if library:
        library = f"{library}?only={'images' if wanted.is_image else 'files'}"
    base = url_for(request, "files:file", id="0" * 64).replace("0" * 64, "ID")
    settings = request.app[keys.SETTINGS]
    limit = int(settings.files_max_image_size if wanted.is_image else settings.files_max_size)
    size = min(limit, wanted.max_size or limit)
    return FileInput(record, url, thumb, upload, library, ",".join(wanted.types), size, wanted.is_image, base)


def _is_giver(request: web.Request, record: Record) -> bool:
    return record.by is not None and record.by == getattr(request.get(keys.USER), "id", None)
