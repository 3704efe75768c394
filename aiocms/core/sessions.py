"""Sessions on the server: an aiohttp-session storage in MongoDB.

A session is one document of ``core_sessions``. Its ``_id`` is the SHA-256 of a 256-bit token, and the token
is only in the visitor's cookie: a copy of the database logs nobody in. Each top-level key of the session is
written by itself, so requests that run at the same time do not overwrite each other's keys, and a change
deep inside a value is noticed because encoded forms are compared.

    {_id: <sha256>, data: {user_id: …}, created: <date>, seen: <date>, expires: <date>}

The value under ``user_id`` belongs to the user who is logged in; ``revoke_user`` finds sessions by it.
Expiry is part of every query; the TTL index on ``expires`` only cleans up.

    session = await get_session(request)       # one query at most, nothing is stored by reading
    session["cart"] = [...]                    # the first value makes the document and the cookie
    await rotate(request)                      # new token, the old one is dead
    await destroy(request)                     # nothing is left of it

Source: OWASP ASVS 5.0 chapter 7; CVE-2018-1000519 (fixation), CVE-2018-1000814 (never expires).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web
from aiohttp_session import SESSION_KEY, AbstractStorage, Session, get_session

from aiocms.core.keys import MONGO, SETTINGS
from aiocms.core.session import MongoSession, SessionError, escape, make_token, unescape

__all__ = [
    "COLLECTION",
    "USER_ID",
    "MongoSession",
    "MongoStorage",
    "SessionError",
    "destroy",
    "find_session",
    "get_session",
    "has_session_cookie",
    "is_alive",
    "open_session",
    "revoke_user",
    "rotate",
]

COLLECTION = "core_sessions"
USER_ID = "user_id"
TOUCH_EVERY = timedelta(minutes=1)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class MongoStorage(AbstractStorage):
    """The storage that ``aiohttp_session.session_middleware`` gets; it keeps no state of its own.

    Parameters:
        beside: what else to read with a session in the same query, as stages of its aggregation that put it
            under names of its own; ``session.take(name)`` gives it.
    """

    def __init__(self, beside: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__()
        self._beside = beside

    async def load_session(self, request: web.Request) -> MongoSession:
        """The visitor's session, or a new one that is stored only if something is put into it."""
        return await find_session(request, self._beside) or MongoSession(make_token(), new=True)

    async def new_session(self) -> MongoSession:
        """An empty session. To replace a session that is alive use ``rotate`` or ``destroy``."""
        return MongoSession(make_token(), new=True)

    async def save_session(
        self, request: web.Request, response: web.StreamResponse, session: Session
    ) -> None:
        """Write what changed, and set or delete the cookie."""
        if not isinstance(session, MongoSession):
            raise SessionError(f"Sessions are made by aiocms.core.sessions, got {session!r}")
        if session.rotating and not session.empty:
            await _store_rotated(request, response, session)
        elif not session.new and session.empty:
            await _sessions(request).delete_one({"_id": _hash(session.token)})
            _delete_cookie(request, response)
        elif session.new and not session.empty:
            await _insert(request, response, session, dict(session))
        elif not session.new:
            await _update(request, session)
        elif session.drop_cookie:
            _delete_cookie(request, response)


def has_session_cookie(request: web.Request) -> bool:
    """Whether the visitor sent a cookie that has the form of ours."""
    return _read_token(request) is not None


async def find_session(request: web.Request, beside: Sequence[Mapping[str, Any]] = ()) -> MongoSession | None:
    """The living session of the visitor's cookie, straight from the database.

    Parameters:
        beside: stages that read more, see ``MongoStorage``.

    Returns:
        None without cookie, or when its session is unknown, ended or expired.
    """
    token = _read_token(request)
    if token is None:
        return None
    now = _now()
    stages = [{"$match": {"_id": _hash(token), **_living(request, now)}}, {"$limit": 1}, *beside]
    document = next(iter(await _sessions(request).aggregate(stages, maxTimeMS=5000).to_list(1)), None)
    if document is None:
        return None
    if now - _aware(document["seen"]) > TOUCH_EVERY:
        await _sessions(request).update_one(
            {"_id": document["_id"]},
            {"$max": {"seen": now}, "$set": {"expires": _expires(request, _aware(document["created"]), now)}},
        )
    stored = {unescape(key): value for key, value in document["data"].items()}
    created = _aware(document["created"])
    return MongoSession(token, new=False, stored=stored, created=created, beside=document)


async def is_alive(request: web.Request) -> bool:
    """Whether the visitor's session has not ended meanwhile; asking does not prolong it."""
    token = _read_token(request)
    if token is None:
        return False
    query = {"_id": _hash(token), **_living(request, _now())}
    return await _sessions(request).find_one(query, {"_id": 1}) is not None


def open_session(request: web.Request) -> MongoSession:
    """The request's session without a query.

    The user middleware has loaded the session of every visitor with a session cookie; another visitor has
    none, and gets a new one.

    Raises:
        SessionError: the session is not loaded yet; ``await get_session(request)`` first.
    """
    session = request.get(SESSION_KEY)
    if session is None:
        if has_session_cookie(request):
            raise SessionError("The session is not loaded here: call `await get_session(request)` first")
        session = request[SESSION_KEY] = MongoSession(make_token(), new=True)
    if not isinstance(session, MongoSession):
        raise SessionError(f"Sessions are made by aiocms.core.sessions, got {session!r}")
    return session


async def rotate(request: web.Request) -> MongoSession:
    """Give the session a new token with this answer and end the old one; its values stay.

    To be called at login and whenever rights or password change. The absolute expiry starts anew. If the
    session was ended meanwhile, only what this request put into it goes on.
    """
    await get_session(request)
    session = open_session(request)
    if not session.new:
        session.next_token = make_token()
    return session


async def destroy(request: web.Request) -> MongoSession:
    """End the visitor's session now, for all processes; the answer deletes the cookie.

    Returns:
        An empty session, for a last message such as "You are logged out".
    """
    await get_session(request)
    session = open_session(request)
    if not session.new:
        await _sessions(request).delete_one({"_id": _hash(session.token)})
    session.forget()
    session.drop_cookie = True
    return session


async def revoke_user(db: Any, user_id: Any, except_id: str | None = None) -> int:
    """End all sessions of a user, for all processes at once.

    Parameters:
        db: the Motor database.
        user_id: the value that login stored under ``user_id``.
        except_id: the token of a session to keep, ``session.token``.

    Returns:
        How many sessions were ended.
    """
    query: dict[str, Any] = {f"data.{USER_ID}": {"$eq": user_id}}
    if except_id is not None:
        query["_id"] = {"$ne": _hash(except_id)}
    result = await db[COLLECTION].delete_many(query)
    return int(result.deleted_count)


async def _store_rotated(request: web.Request, response: web.StreamResponse, session: MongoSession) -> None:
    """Insert under a new token, then delete the old document.

    Cut between the two, the old session lives on as it was and nobody knows the new token.
    """
    changed, gone = session.find_changes()
    changed.update(session.find_assigned())
    old = _hash(session.token)
    current = await _sessions(request).find_one({"_id": old, **_living(request, _now())})
    stored = {unescape(key): value for key, value in current["data"].items()} if current else {}
    values = {key: value for key, value in {**stored, **changed}.items() if key not in gone}
    session.take_next_token()
    await _insert(request, response, session, values)
    await _sessions(request).delete_one({"_id": old})


async def _insert(
    request: web.Request, response: web.StreamResponse, session: MongoSession, values: Mapping[str, Any]
) -> None:
    session.find_changes()
    now = _now()
    await _sessions(request).insert_one(
        {
            "_id": _hash(session.token),
            "data": {escape(key): value for key, value in values.items()},
            "created": now,
            "seen": now,
            "expires": _expires(request, now, now),
        }
    )
    settings = request.app[SETTINGS]
    response.set_cookie(
        _cookie_name(request),
        session.token,
        path="/",
        max_age=int(settings.session_lifetime),
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
    )


async def _update(request: web.Request, session: MongoSession) -> None:
    """Write the keys that changed; a session that was ended meanwhile is not revived."""
    changed, gone = session.find_changes()
    update: dict[str, Any] = {}
    if changed:
        update["$set"] = {f"data.{escape(key)}": value for key, value in changed.items()}
    if gone:
        update["$unset"] = {f"data.{escape(key)}": "" for key in gone}
    if update:
        await _sessions(request).update_one({"_id": _hash(session.token)}, update, upsert=False)


def _sessions(request: web.Request) -> Any:
    return request.app[MONGO].db[COLLECTION]


def _living(request: web.Request, now: datetime) -> dict[str, Any]:
    settings = request.app[SETTINGS]
    return {
        "created": {"$gt": now - timedelta(seconds=settings.session_lifetime)},
        "seen": {"$gt": now - timedelta(seconds=settings.session_idle)},
    }


def _expires(request: web.Request, created: datetime, seen: datetime) -> datetime:
    settings = request.app[SETTINGS]
    return min(
        created + timedelta(seconds=settings.session_lifetime),
        seen + timedelta(seconds=settings.session_idle),
    )


def _cookie_name(request: web.Request) -> str:
    # A browser takes a __Host- cookie only with Secure, from this very host and for all its paths.
    return "__Host-session" if request.app[SETTINGS].secure_cookies else "session"


def _read_token(request: web.Request) -> str | None:
    token = request.cookies.get(_cookie_name(request), "")
    return token if _TOKEN.fullmatch(token) else None


def _delete_cookie(request: web.Request, response: web.StreamResponse) -> None:
    response.del_cookie(
        _cookie_name(request),
        path="/",
        secure=request.app[SETTINGS].secure_cookies,
        httponly=True,
        samesite="Lax",
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)


def _aware(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)
