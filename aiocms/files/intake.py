"""How a file comes in: its type told from its bytes, its size bounded, images made anew, then stored."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import IO, Any

from aiocms.core.errors import AiocmsError
from aiocms.core.i18n import N_
from aiocms.core.mongo import Database
from aiocms.core.settings import Settings
from aiocms.files import store
from aiocms.files.blobs import BlobWriter, open_writer
from aiocms.files.filenames import clean_name, with_suffix
from aiocms.files.images import BadImage, Encoded, reencode
from aiocms.files.sniff import HEAD, IMAGES, SVG, matches, sniff
from aiocms.files.store import EVERYBODY, Record
from aiocms.files.work import Workshop

_SPOOL = 1024 * 1024
_READ = 256 * 1024


class UploadRefused(AiocmsError):
    """A file that is not taken.

    Parameters:
        message: for the person, a message to translate.
        values: for its placeholders.
    """

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message % values if values else message)
        self.message, self.values = message, values


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a field takes.

    Parameters:
        types: such as ``image/*`` or ``application/pdf``; empty: any.
        max_size: in bytes; 0: the site's settings alone decide.
        requires: the permission that reading it needs; "": everybody.
        keep: into the library, not only for a form.
    """

    types: tuple[str, ...] = ()
    max_size: int = 0
    requires: str = EVERYBODY
    keep: bool = False

    @property
    def is_image(self) -> bool:
        """Whether only images are taken that are made anew and shown."""
        return bool(self.types) and all(one == "image/*" or one in IMAGES for one in self.types)

    def takes(self, kind: str) -> bool:
        """Whether a file of this type is taken; ``image/*`` means those that can be shown."""
        if kind.startswith("image/") and kind not in IMAGES and kind not in self.types and self.types:
            return False
        return matches(kind, self.types)


@dataclass(frozen=True, slots=True)
class Giver:
    """Who brings a file."""

    id: Any = None
    username: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes files for one site."""

    db: Database
    settings: Settings
    workshop: Workshop

    async def take(
        self, wanted: Wanted, name: str, chunks: AsyncIterator[bytes], giver: Giver | None = None
    ) -> Record:
        """The stored file of a stream; a stream that fails leaves nothing behind.

        Raises:
            UploadRefused: the file is empty, too big, broken, or of a type that is not taken.
        """
        name, giver = clean_name(name), giver or Giver()
        head = b""
        async for chunk in chunks:
            head += chunk
            if len(head) >= HEAD:
                break
        kind = sniff(head[: HEAD * 4], name)
        self._check_kind(kind, wanted, head)
        limit = self._find_limit(kind, wanted)
        if kind in IMAGES:
            return await self._take_image(kind, wanted, name, _join(head, chunks, limit), giver)
        async with open_writer(self.db) as writer:
            async for chunk in _join(head, chunks, limit):
                await writer.write(chunk)
            await writer.finish(name, kind)
            record = Record(writer.sha256, name, kind, writer.length, writer.id)
            return await self._add(record, wanted, giver)

    def _check_kind(self, kind: str, wanted: Wanted, head: bytes) -> None:
        if not head:
            raise UploadRefused(N_("This file is empty."))
        if wanted.takes(kind):
            return
        if wanted.is_image and kind == SVG:
            raise UploadRefused(N_("SVG drawings can hold programs and are not taken; use PNG or WebP."))
        if wanted.is_image:
            raise UploadRefused(N_("This is no image that can be shown; use JPEG, PNG, WebP, AVIF or GIF."))
        raise UploadRefused(
            N_("Files of the type %(type)s are not taken here, only %(types)s."),
            type=kind,
            types=", ".join(wanted.types),
        )

    def _find_limit(self, kind: str, wanted: Wanted) -> int:
        name = "files_max_image_size" if kind in IMAGES else "files_max_size"
        return min(int(getattr(self.settings, name)), wanted.max_size or 1 << 62)

    async def _take_image(
        self, kind: str, wanted: Wanted, name: str, chunks: AsyncIterator[bytes], giver: Giver
    ) -> Record:
        source = hashlib.sha256()
        with tempfile.SpooledTemporaryFile(_SPOOL) as spool, tempfile.SpooledTemporaryFile(_SPOOL) as target:
            async for chunk in chunks:
                source.update(chunk)
                await _write(spool, chunk)
            known = await store.find_by_source(self.db, source.hexdigest())
            if known is not None:
                again = await store.touch(self.db, known.id, grants=(wanted.requires,), keep=wanted.keep)
                if again is not None:
                    return again
            try:
                made = await self.workshop.run(
                    reencode,
                    spool,
                    target,
                    kind,
                    max_pixels=int(self.settings.files_max_pixels),
                    side=int(self.settings.files_image_side),
                )
            except BadImage as error:
                raise UploadRefused(error.message, **error.values) from error
            return await self._store_image(made, wanted, name, source.hexdigest(), giver)

    async def _store_image(
        self, made: Encoded, wanted: Wanted, name: str, source: str, giver: Giver
    ) -> Record:
        name = with_suffix(name, made.suffix)
        async with open_writer(self.db) as writer:
            await copy(made.data, writer)
            await writer.finish(name, made.type)
            record = Record(
                writer.sha256,
                name,
                made.type,
                writer.length,
                writer.id,
                made.width,
                made.height,
                made.frames,
            )
            return await self._add(record, wanted, giver, source)

    async def _add(self, record: Record, wanted: Wanted, giver: Giver, source: str = "") -> Record:
        record = replace(record, grants=(wanted.requires,), keep=wanted.keep, by=giver.id)
        adding = asyncio.ensure_future(
            store.add_record(self.db, record, source=source, username=giver.username)
        )
        try:
            return await asyncio.shield(adding)
        except asyncio.CancelledError:
            # The insert goes on in its thread: only when it is done it can be told whether content is used.
            await asyncio.wait([adding])
            raise


async def copy(data: IO[bytes], writer: BlobWriter) -> None:
    """Copy a file into GridFS."""
    data.seek(0)
    while piece := await asyncio.to_thread(data.read, _READ):
        await writer.write(piece)


async def _write(spool: tempfile.SpooledTemporaryFile[bytes], chunk: bytes) -> None:
    if spool.tell() + len(chunk) > _SPOOL:
        await asyncio.to_thread(spool.write, chunk)
    else:
        spool.write(chunk)


async def _join(head: bytes, chunks: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    """The beginning that was read already and the rest, refused when they are too much."""
    size = len(head)
    _check_size(size, limit)
    yield head
    async for chunk in chunks:
        size += len(chunk)
        _check_size(size, limit)
        yield chunk


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise UploadRefused(
            N_("This file is too big: at most %(size)s MB are taken."), size=round(limit / 1_000_000, 1)
        )
