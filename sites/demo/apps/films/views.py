"""Views of the archive."""

from __future__ import annotations

from aiohttp import WSMsgType, web
from bson import ObjectId

from aiocms import Request, templ, url_for

from . import store


async def index(request: Request) -> web.StreamResponse:
    """The archive, newest first, by genre, with paging by the last film shown."""
    genres = await store.find_genres(request.db)
    genre = request.query.get("genre", "")
    size = request.settings.films_page_size
    before = _read_place(request.query.get("before", ""))
    films = await store.find_page(
        request.db, genre=genre if genre in genres else "", before=before, size=size
    )
    last = films[size - 1] if len(films) > size else None
    place = f"{last['year']}-{last['_id']}" if last else ""
    return templ(
        "films:index",
        request,
        {
            "films": films[:size],
            "genres": genres,
            "genre": genre,
            "next_place": place,
            "is_first": before is None,
        },
    )


async def detail(request: Request) -> web.StreamResponse:
    """One film."""
    film = await store.find_film(request.db, request.match_info["slug"])
    if film is None:
        raise web.HTTPNotFound(text="There is no such film in the archive.")
    return templ("films:detail", request, {"film": film})


async def live(request: Request) -> web.StreamResponse:
    """The page of the live search."""
    return templ("films:live", request)


async def live_socket(request: Request) -> web.StreamResponse:
    """A WebSocket: each message is the beginning of a title, each answer the films that have it."""
    socket = web.WebSocketResponse(heartbeat=30, max_msg_size=1024)
    await socket.prepare(request)
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            break
        text = message.data[:100]
        films = await store.find_titles(request.db, text) if text.strip() else []
        await socket.send_json(
            {
                "text": text,
                "films": [
                    {
                        "title": film["title"],
                        "year": film["year"],
                        "url": url_for(request, "films:detail", slug=film["slug"]),
                    }
                    for film in films
                ],
            }
        )
    return socket


def _read_place(text: str) -> tuple[int, ObjectId] | None:
    """The `before` of an address, or None when somebody changed it into nonsense."""
    year, _, last = text.partition("-")
    if not year.isdecimal() or len(year) > 4 or not ObjectId.is_valid(last):
        return None
    return int(year), ObjectId(last)
