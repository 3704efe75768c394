"""Logging in and out: who may, what it costs, and what happens to the session."""

import hashlib
import hmac
import logging
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web
from bson import ObjectId

from aiocms.auth import store
from aiocms.auth.models import BROWSERS, USERS
from aiocms.auth.passwords import verify
from aiocms.auth.throttle import Attempt, Limit, account_key, address_key, count_attempt, take_back
from aiocms.auth.users import Anonymous, User, read_user
from aiocms.core.keys import MONGO, SETTINGS, USER
from aiocms.core.sessions import USER_ID, destroy, get_session, open_session, rotate

STAMP = "user_stamp"
BESIDE = "user"
SESSION_STAGES: tuple[dict[str, Any], ...] = (
    {
        "$lookup": {
            "from": USERS,
            "localField": f"data.{USER_ID}",
            "foreignField": "_id",
            "pipeline": [{"$match": {"active": True}}, store.WITH_ROLES],
            "as": BESIDE,
        }
    },
)
"""Reads the active user of a session, with the roles, in the session's own query."""
BROWSER_LIFETIME = timedelta(days=180)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_log = logging.getLogger("aiocms.security")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many attempts an account and an address get."""

    account: Limit
    address: Limit

    @classmethod
    def read(cls, settings: Any) -> "Limits":
        window = int(settings.auth_attempts_window)
        return cls(
            Limit(settings.auth_account_attempts, window), Limit(settings.auth_address_attempts, window)
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: a user, or none, with the seconds to wait if there were too many."""

    user: User | None = None
    wait: int = 0


async def authenticate(
    db: Any, username: str, password: str, *, limits: Limits, address: str | None = None, browser: str = ""
) -> Outcome:
    """The user whom these words belong to.

    Unknown, inactive, without password, blocked or wrong: each costs the same queries and one hash. Only an
    address that floods the site is refused before any work. `browser` is the token of a browser that this
    account has logged in from: it has its own count, so that strangers' guesses do not lock out the owner.
    """
    by_address = await count_attempt(db, address_key(address), limits.address)
    if by_address.wait:
        _log.warning("login refused: too many attempts from address=%s", address)
        return Outcome(wait=by_address.wait)
    document = await _find_account(db, username)
    attempt = await count_attempt(db, await _choose_key(db, username, document, browser), limits.account)
    stored = await store.find_hash(db, document["_id"] if document else ObjectId())
    known, active = document is not None, bool(document and document.get("active") is True)
    verdict = await verify(password, stored if active and not attempt.wait else None)
    if attempt.wait:
        _log_failure("too many attempts", document, address)
        return Outcome(wait=attempt.wait)
    if document is None or not verdict.ok:
        reason = (
            "unknown" if not known else "inactive" if not active else "no password" if not stored else "wrong"
        )
        _log_failure(reason, document, address)
        return Outcome()
    await _welcome(db, document, attempt, stored, verdict.rehash)
    _log.info("login: user=%s address=%s", document["_id"], address)
    return Outcome(read_user(document))


async def authenticate_request(request: web.Request, username: str, password: str) -> Outcome:
    """`authenticate` with the request's address, browser and the site's limits."""
    return await authenticate(
        request.app[MONGO].db,
        username,
        password,
        limits=Limits.read(request.app[SETTINGS]),
        address=request.remote,
        browser=request.cookies.get(_cookie_name(request), ""),
    )


async def log_in(request: web.Request, user: User) -> None:
    """Make the visitor this user, under a new session id; the old id is dead (CVE-2018-1000519).

    What an anonymous visitor had in the session (a cart) stays; another user's session is thrown away.
    """
    session = await get_session(request)
    if session.get(USER_ID) not in (None, user.id):
        await destroy(request)
    else:
        await rotate(request)
    session = open_session(request)
    session[USER_ID] = user.id
    session[STAMP] = user.stamp
    request[USER] = user


async def log_out(request: web.Request) -> None:
    """End the session, for every process at once."""
    session = await get_session(request)
    if USER_ID in session:
        _log.info("logout: user=%s address=%s", session[USER_ID], request.remote)
    await destroy(request)
    request[USER] = Anonymous()


async def change_password(request: web.Request, user: User, password: str) -> None:
    """Store a new password of the visitor: other sessions end, this one goes on under a new id."""
    session = await get_session(request)
    db = request.app[MONGO].db
    await store.set_password(db, user.id, password, except_token=str(session.identity))
    await log_in(request, await store.get_user(db, user.id))
    _log.info("password changed: user=%s address=%s", user.id, request.remote)


async def is_own_password(request: web.Request, user: User, password: str) -> Outcome:
    """Whether a user who is logged in knows their password; counted, as a stolen session could guess."""
    db = request.app[MONGO].db
    attempt = await count_attempt(db, f"reauth:{user.id}", Limits.read(request.app[SETTINGS]).account)
    if attempt.wait:
        return Outcome(wait=attempt.wait)
    verdict = await verify(password, await store.find_hash(db, user.id))
    if not verdict.ok:
        _log.warning("wrong own password: user=%s address=%s", user.id, request.remote)
        return Outcome()
    await take_back(db, attempt)
    return Outcome(user)


async def load_user(request: web.Request) -> User | Anonymous:
    """The user of the request's session, read anew, so that lost rights are lost with the next request."""
    session = await get_session(request)
    user_id = session.get(USER_ID)
    if user_id is None:
        return Anonymous()
    known = open_session(request).take(BESIDE)
    if known is None or (known and known[0]["_id"] != user_id):
        # Asked again in the same request, or somebody logged in during it.
        user = await store.find_user(request.app[MONGO].db, user_id)
    else:
        user = read_user(known[0]) if known else None
    stamp = session.get(STAMP)
    if user is None or not isinstance(stamp, str) or not hmac.compare_digest(stamp, user.stamp):
        await destroy(request)
        return Anonymous()
    return user


async def remember_browser(request: web.Request, response: web.StreamResponse, user: User) -> None:
    """Give the browser a token by which it is known at the next login (OWASP: device cookies)."""
    token = request.cookies.get(_cookie_name(request), "")
    if not _TOKEN.fullmatch(token) or not await _is_known_browser(request.app[MONGO].db, token, user.id):
        token = secrets.token_urlsafe(32)
    await (
        request.app[MONGO]
        .db[BROWSERS]
        .update_one(
            {"_id": _hash(token)},
            {"$set": {"user_id": user.id, "expires": datetime.now(UTC) + BROWSER_LIFETIME}},
            upsert=True,
        )
    )
    response.set_cookie(
        _cookie_name(request),
        token,
        path="/",
        max_age=int(BROWSER_LIFETIME.total_seconds()),
        secure=request.app[SETTINGS].secure_cookies,
        httponly=True,
        samesite="Lax",
    )


async def _find_account(db: Any, username: str) -> Any:
    try:
        name = store.normalize_username(username)
    except store.AccountError:
        name = ""
    pipeline = [
        {"$match": {"username": {"$eq": name}}},
        {"$limit": 1},
        store.WITH_ROLES,
    ]
    async for document in db[USERS].aggregate(pipeline, maxTimeMS=5000):
        return document
    return None


async def _choose_key(db: Any, username: str, document: Mapping[str, Any] | None, browser: str) -> str:
    user_id = document["_id"] if document else ObjectId()
    if _TOKEN.fullmatch(browser) and await _is_known_browser(db, browser, user_id):
        return f"browser:{_hash(browser)}"
    try:
        return account_key(store.normalize_username(username))
    except store.AccountError:
        return account_key("")


async def _is_known_browser(db: Any, token: str, user_id: Any) -> bool:
    query = {"_id": _hash(token), "user_id": {"$eq": user_id}, "expires": {"$gt": datetime.now(UTC)}}
    return await db[BROWSERS].find_one(query, {"_id": 1}) is not None


async def _welcome(
    db: Any, document: Mapping[str, Any], attempt: Attempt, stored: str | None, rehash: str | None
) -> None:
    await take_back(db, attempt)
    if stored is not None and rehash is not None:
        await store.renew_hash(db, document["_id"], stored, rehash)
    await db[USERS].update_one({"_id": document["_id"]}, {"$set": {"last_login": datetime.now(UTC)}})


def _log_failure(reason: str, document: Mapping[str, Any] | None, address: str | None) -> None:
    # Never the name as typed: people type their password there.
    _log.warning("login failed: %s user=%s address=%s", reason, document and document["_id"], address)


def _cookie_name(request: web.Request) -> str:
    return "__Host-browser" if request.app[SETTINGS].secure_cookies else "browser"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
