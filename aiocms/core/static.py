"""Static files: resolved file by file over the layers, with hashed addresses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from aiocms.core import keys
from aiocms.core.errors import UnknownStatic
from aiocms.core.layers import find_inside
from aiocms.core.plan import Plan

URL_PREFIX = "/static/"
_IMMUTABLE = "public, max-age=31536000, immutable"


class StaticFiles:
    """Finds the file of a static path and gives it an address that changes with its content."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._debug = bool(plan.settings.debug)
        self._found: dict[str, Path] = {}
        self._urls: dict[str, str] = {}
        self._hashes: dict[Path, tuple[tuple[int, int], str]] = {}

    def url(self, name: str) -> str:
        """The address of a static file with its content's hash.

        Parameters:
            name: ``shop:css/a.css``; without namespace a file of the site.

        Raises:
            UnknownStatic: no layer has it.
        """
        address = self._urls.get(name)
        if address is None or self._debug:
            path = to_path(name)
            address = self._urls[name] = f"{URL_PREFIX}{path}?v={self.hash(self.get(path))}"
        return address

    def hash(self, file: Path) -> str:
        """The first 16 hexadecimal digits of the SHA-256 of a file, computed once per change."""
        known = self._hashes.get(file)
        if known and not self._debug:
            return known[1]
        status = file.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        if known is None or known[0] != stamp:
            with file.open("rb") as stream:
                known = (stamp, hashlib.file_digest(stream, "sha256").hexdigest()[:16])
            self._hashes[file] = known
        return known[1]

    def get(self, path: str) -> Path:
        """The file of a path below ``/static/``.

        Raises:
            UnknownStatic: no layer has it; the error lists the places looked at.
        """
        file = self.find(path)
        if file is None:
            known = (known_path for known_path, _ in self.iter_all())
            raise UnknownStatic(path, (str(place) for place in self.iter_places(path)), known)
        return file

    def find(self, path: str) -> Path | None:
        """The file of a path below ``/static/``, or None."""
        file = self._found.get(path)
        if file is None or self._debug:
            file = self._search(path)
            if file is not None:
                self._found[path] = file
        return file

    def _search(self, path: str) -> Path | None:
        found = find_inside(self._plan.site / "static", path)
        if found is not None:
            return found
        head, _, rest = path.partition("/")
        namespace = self._plan.namespaces.get(head)
        if namespace is None or not rest or head == "site":
            return None
        for layer in namespace.layers:
            found = layer.find_static(rest)
            if found is not None:
                return found
        return None

    def iter_places(self, path: str) -> Iterator[Path]:
        """Every file looked for, highest layer first."""
        yield self._plan.site / "static" / path
        head, _, rest = path.partition("/")
        namespace = self._plan.namespaces.get(head)
        if namespace is not None and head != "site":
            yield from (layer.static / rest for layer in namespace.layers if layer.kind != "root")
            for key, folder in namespace.layers[-1].assets:
                if rest.startswith(f"{key}/"):
                    yield folder / rest.removeprefix(f"{key}/")

    def iter_all(self) -> Iterator[tuple[str, Path]]:
        """Every path with the file that wins, each path once."""
        seen: set[str] = set()
        for folder, prefix in self._iter_folders():
            for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
                path = prefix + file.relative_to(folder).as_posix()
                if path not in seen and (winner := self.find(path)) is not None:
                    seen.add(path)
                    yield path, winner

    def _iter_folders(self) -> Iterator[tuple[Path, str]]:
        yield self._plan.site / "static", ""
        for namespace in self._plan.namespaces.values():
            if namespace.name == "site":
                continue
            for layer in namespace.layers:
                yield layer.static, f"{namespace.name}/"
                for key, folder in layer.assets:
                    yield folder, f"{namespace.name}/{key}/"


def to_path(name: str) -> str:
    """The path below ``/static/`` of a static name: ``shop:a.css`` is ``shop/a.css``."""
    namespace, colon, rest = name.partition(":")
    return f"{namespace}/{rest}" if colon and namespace != "site" else (rest if colon else name)


def static(request: web.Request, name: str) -> str:
    """The hashed address of a static file; see ``StaticFiles.url``."""
    return request.app[keys.STATIC].url(name)


class SentFile(web.FileResponse):
    """A file that is sent to a visitor who may leave before its end.

    asyncio says it with a ``RuntimeError``, which aiohttp would log as a fault of the site.
    """

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        try:
            return await super().prepare(request)
        except RuntimeError as error:
            if request.transport is None or request.transport.is_closing():
                raise ConnectionResetError("The visitor left before the end of a file") from error
            raise


async def serve(request: web.Request) -> web.StreamResponse:
    """The handler of ``/static/…``: immutable under the hashed address, with an ETag under the plain one."""
    files = request.app[keys.STATIC]
    path = request.match_info["path"]
    file = files.find(path)
    if file is None:
        raise web.HTTPNotFound(text=f"There is no static file {path!r}.")
    version = request.query.get("v")
    immutable = version is not None and version == files.hash(file)
    response = SentFile(file, headers={"Cache-Control": _IMMUTABLE if immutable else "no-cache"})
    if file.suffix == ".woff2":
        response.content_type = "font/woff2"  # Python knows it since 3.14 alone.
    return response
