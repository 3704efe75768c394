"""How many passwords may be guessed: counted per account, per known browser and per address.

An attempt is counted before it is made, in one atomic update, so guesses sent all at once are counted too. A
right password takes back its own hit from the account, never a wrong one's, and nothing from the address.
"""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from aiocms.auth.models import THROTTLES


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `hits` attempts in any `window` seconds."""

    hits: int
    window: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that was counted under `key`; `wait` seconds until the next, 0 if this one is allowed."""

    key: str
    at: datetime
    wait: int = 0


def account_key(username: str) -> str:
    """The key of an account's guesses; names that nobody has are counted like others."""
    return "account:" + hashlib.sha256(username.encode("utf-8", "surrogatepass")).hexdigest()


def address_key(address: str | None) -> str:
    """The key of a network: /24 for IPv4, /64 for IPv6, where one visitor may have every address."""
    try:
        ip = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "address:unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return f"address:{ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False)}"


async def count_attempt(db: Any, key: str, limit: Limit, now: datetime | None = None) -> Attempt:
    """Count one attempt, or find that it is one too many."""
    at = _to_milliseconds(now or datetime.now(UTC))
    since = at - timedelta(seconds=limit.window)
    recent = {
        "$filter": {"input": {"$ifNull": ["$hits", []]}, "as": "hit", "cond": {"$gt": ["$$hit", since]}}
    }
    pipeline: list[dict[str, Any]] = [
        {"$set": {"hits": recent}},
        {"$set": {"allowed": {"$lt": [{"$size": "$hits"}, limit.hits]}}},
        {"$set": {"hits": {"$cond": ["$allowed", {"$concatArrays": ["$hits", [at]]}, "$hits"]}}},
        {"$set": {"expires": {"$cond": ["$allowed", at + timedelta(seconds=limit.window), "$expires"]}}},
    ]
    document = await _update(db, key, pipeline)
    if document["allowed"]:
        return Attempt(key, at)
    oldest = min(document["hits"], default=at)
    oldest = oldest if oldest.tzinfo else oldest.replace(tzinfo=UTC)
    return Attempt(key, at, max(1, ceil((oldest - since).total_seconds())))


async def take_back(db: Any, attempt: Attempt) -> None:
    """Uncount one allowed attempt: the password was right, so it was no guess."""
    position = {"$indexOfArray": ["$hits", attempt.at]}
    without = {
        "$cond": [
            {"$lt": [position, 0]},
            "$hits",
            {
                "$concatArrays": [
                    {"$cond": [{"$gt": [position, 0]}, {"$slice": ["$hits", 0, position]}, []]},
                    {"$slice": ["$hits", {"$add": [position, 1]}, {"$add": [{"$size": "$hits"}, 1]}]},
                ]
            },
        ]
    }
    await db[THROTTLES].update_one({"_id": {"$eq": attempt.key}}, [{"$set": {"hits": without}}])


async def _update(db: Any, key: str, pipeline: list[dict[str, Any]]) -> Any:
    for last in (False, False, True):
        try:
            return await db[THROTTLES].find_one_and_update(
                {"_id": {"$eq": key}}, pipeline, upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:  # two first attempts at once: one of them inserts, the other updates
            if last:
                raise
    raise AssertionError("unreachable")


def _to_milliseconds(when: datetime) -> datetime:
    """As BSON keeps it, so that the hit is found again."""
    return when.replace(microsecond=when.microsecond // 1000 * 1000)
