"""Every unsafe route of the running site refuses what another site sent, and reading changes nothing."""

from __future__ import annotations

import re
from collections import deque
from typing import Any
from urllib.parse import quote

from aiocms.testing import Login

from .conftest import FILED, NOTE, Target, find_links, restore
from .test_fuzz import FORM, PATHS, iter_routes, urlencoded

# When a session was last seen, how often a login failed, counted facets, and the shop's own following of changes.
VOLATILE = ("core_sessions", "auth_throttles", "shop_facets", "shop_state")
# Which documents the reader opened of late: kept by reading them, for the reader's own palette alone.
BOOKKEEPING = "admin_recent"


async def collect(db: Any) -> dict[str, str]:
    """The hash of every collection that must not change by itself."""
    found = await db.command("dbHash")
    return {name: value for name, value in found["collections"].items() if name not in VOLATILE}


def fill(template: str) -> str:
    known = {**PATHS, "ns": ("desk",), "screen": ("notes",)}
    return re.sub(r"\{(\w+)[^}]*\}", lambda match: quote(known.get(match[1], ("x",))[0]), template)


async def test_what_another_site_sends_is_refused_by_every_route_and_changes_nothing(
    target: Target, login: Login, db: Any
) -> None:
    await target.log_in(login, "stranger")
    foreign = target.token
    await target.log_in(login)
    evil = [(b"Origin", b"https://evil.example")]
    attacks: list[tuple[list[tuple[bytes, bytes]], str | None]] = [
        ([(b"Sec-Fetch-Site", b"cross-site")], target.token),
        ([(b"Sec-Fetch-Site", b"same-site")], target.token),
        ([(b"Sec-Fetch-Site", b"cross-site"), (b"Origin", target.origin.encode())], target.token),
        (evil, target.token),
        ([(b"Origin", b"null")], target.token),
        ([(b"Origin", target.origin.encode().replace(b"http:", b"https:") + b".evil.example")], target.token),
        ([(b"Sec-Fetch-Site", b"same-origin")], None),
        ([], None),
        ([], ""),
        ([], foreign),
        ([], target.token[:-2] + ("AA" if not target.token.endswith("AA") else "BB")),
    ]
    routes = [
        (method, path) for method, path, _ in iter_routes(target) if method not in ("GET", "HEAD", "OPTIONS")
    ]
    assert len(routes) >= 9
    before = await collect(db)
    fields = [
        ("username", "admin"), ("password", "x"), ("title", "Stolen"), ("kind", "a"), ("_end", "1"), ("action", "delete"),
        ("rows", str(NOTE)), ("confirm", "yes"), ("profile-display_name", "Stolen"), ("profile-theme", "dark"),
    ]  # fmt: skip
    for method, template in routes:
        for headers, token in attacks:
            pairs = fields if token is None else [*fields, ("csrf_token", token)]
            path = fill(template)
            about = (method, path, headers, token)
            # Who is logged in is sent away from the login page without a look at the form.
            cookie = b"" if path == "/login" else None
            answer = await target.ask(
                method, path, [*headers, (b"Content-Type", FORM)], urlencoded(pairs), cookie=cookie
            )
            assert answer.status in (403, 404, 422), (about, answer.status)
            assert "Location" not in answer.head.decode("latin-1"), about
            # In the address a token counts for nothing.
            if token is None:
                query = f"{path}?csrf_token={target.token}"
                answer = await target.ask(
                    method, query, [*headers, (b"Content-Type", FORM)], urlencoded(pairs), cookie=cookie
                )
                assert answer.status in (403, 404, 422), about
    assert await collect(db) == before
    # The session has survived: no route of these logged it out.
    assert (await target.ask("GET", "/account")).status == 200


async def test_own_form_of_the_same_fields_is_carried_out(target: Target, login: Login, db: Any) -> None:
    await target.log_in(login)
    before = await collect(db)
    pairs = [("csrf_token", target.token), ("action", "delete"), ("rows", str(NOTE)), ("confirm", "yes")]
    answer = await target.ask(
        "POST",
        "/admin/desk/notes/-/action",
        [(b"Content-Type", FORM), (b"Sec-Fetch-Site", b"same-origin")],
        urlencoded(pairs),
    )
    assert answer.status == 303
    assert await collect(db) != before
    await restore(db)


async def test_unsafe_method_in_disguise_is_a_reading(target: Target, login: Login, db: Any) -> None:
    await target.log_in(login)
    before = await collect(db)
    for path in (
        f"/admin/desk/notes/{NOTE}/delete",
        "/admin/desk/notes/-/action",
        "/logout",
        "/admin/undo/" + "0" * 24,
    ):
        for method, headers in (
            ("GET", [(b"X-HTTP-Method-Override", b"POST")]),
            ("GET", []),
            ("HEAD", []),
            ("OPTIONS", []),
            ("GET", [(b"X-Method-Override", b"DELETE")]),
        ):
            query = f"{path}?_method=POST&csrf_token={target.token}&confirm=yes&action=delete&rows={NOTE}"
            assert (await target.ask(method, query, headers)).status in (200, 404, 405), (method, path)
    assert await collect(db) == before
    assert (await target.ask("GET", "/account")).status == 200


async def test_reading_every_page_as_an_admin_changes_nothing(
    target: Target, login: Login, db: Any, no_errors: None
) -> None:
    await target.log_in(login)
    before = await collect(db)
    start = [fill(path) for method, path, _ in iter_routes(target) if method == "GET"]
    start += [
        f"/admin/desk/files/{FILED}",
        "/admin/database/loose%20things/plain?tab=json",
        "/shop/",
        "/admin/auth/users/",
    ]
    waiting, seen = deque(start), set(start)
    shapes: dict[str, int] = {}
    while waiting:
        path = waiting.popleft()
        # Of pages alike some are enough.
        shape = re.sub(r"[0-9a-f]{24}|\d+|=[^&]*", "*", path)
        shapes[shape] = shapes.get(shape, 0) + 1
        if shapes[shape] > 3 or path.startswith("/static/") or len(seen) > 600:
            continue
        answer = await target.ask("GET", path)
        assert answer.status < 500, path
        for link in find_links(answer.text):
            link = link.partition("#")[0]
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    assert len(seen) > 100
    after = await collect(db)
    assert {**after, BOOKKEEPING: ""} == {**before, BOOKKEEPING: ""}
    # It holds what was opened and when, nothing of what is in a document, and of nobody else.
    reader = await db.auth_users.find_one({"username": "admin"})
    noted = await db[BOOKKEEPING].find().to_list(None)
    assert noted and {one["user"] for one in noted} == {reader["_id"]}
    kept = {"_id", "user", "collection", "document", "at", "namespace", "screen"}
    assert all(set(one) == kept for one in noted)
