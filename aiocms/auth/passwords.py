"""Password hashes: argon2id through passlib, off the event loop, never more than two at once.

Every check costs exactly one hash, whoever is asked for, so that the time of an answer does not tell whether
an account exists (Django CVE-2016-2513, CVE-2024-39329).
"""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TypeVar

import passlib
from passlib.context import CryptContext

from aiocms.core.errors import AiocmsError

LONGEST = 1024
"""Characters. Normalization may triple them, and passlib refuses more than 4,096."""

_T = TypeVar("_T")


class UnusablePasswordError(AiocmsError):
    """A text that cannot be a password: empty, too long, or holding NUL or half a surrogate pair."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the password is right, and the new hash to store when the old one has aged."""

    ok: bool
    rehash: str | None = None


async def hash_password(password: str) -> str:
    """The hash to store.

    Raises: UnusablePasswordError.
    """
    text = _normalize(password)
    if text is None:
        raise UnusablePasswordError(f"A password has 1 to {LONGEST} characters and no NUL")
    return await _in_pool(partial(compute_hash, text))


async def verify(password: str, stored: str | None) -> Verdict:
    """The verdict on a password; `stored` is None for an account that nobody can enter.

    Never raises for any text in either argument. Computes one hash, and a second only to renew an aged one
    after a right password.
    """
    text = _normalize(password)
    if text is None or stored is None or not _is_known(stored):
        await _in_pool(_compute_nothing)
        return Verdict(False)
    if not await _in_pool(partial(compute_verify, text, stored)):
        return Verdict(False)
    if not context().needs_update(stored):
        return Verdict(True)
    return Verdict(True, await _in_pool(partial(compute_hash, text)))


def compute_hash(text: str) -> str:
    """One hash, in this thread."""
    return str(context().hash(text))


def compute_verify(text: str, stored: str) -> bool:
    """One hash compared, in this thread; a damaged hash is a wrong password."""
    try:
        return bool(context().verify(text, stored))
    except (ValueError, TypeError):
        return False


def _compute_nothing() -> None:
    compute_verify(_STAND_IN, dummy_hash())


@lru_cache(maxsize=1)
def context() -> CryptContext:
    """The accepted schemes: argon2id with OWASP's parameters; others are renewed at the next login.

    Raises:
        AiocmsError: the library's files were overwritten by those of an old one.
    """
    # passlib 1.7.4 installs over libpass's files without a word, and is five years older.
    major, minor = (int(part) for part in passlib.__version__.split(".")[:2])
    if (major, minor) < (1, 9):
        raise AiocmsError(
            f"passlib {passlib.__version__} has overwritten libpass: run `pip uninstall passlib` and then "
            "`pip install --force-reinstall 'libpass>=1.9'`"
        )
    return CryptContext(
        schemes=["argon2", "pbkdf2_sha256", "django_pbkdf2_sha256"],
        deprecated=["pbkdf2_sha256", "django_pbkdf2_sha256"],
        argon2__type="ID",
        argon2__memory_cost=19456,
        argon2__time_cost=2,
        argon2__parallelism=1,
    )


@lru_cache(maxsize=1)
def dummy_hash() -> str:
    """A hash with today's parameters that no password opens. Call it at start: making it costs one hash."""
    return compute_hash(_STAND_IN + "!")


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    # One pool for the whole process on purpose: the bound is there for the machine's memory and cores.
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")


async def _in_pool(work: Callable[[], _T]) -> _T:
    return await asyncio.get_running_loop().run_in_executor(_pool(), work)


def _normalize(password: str) -> str | None:
    if not 0 < len(password) <= LONGEST or "\0" in password:
        return None
    try:
        password.encode()
    except UnicodeEncodeError:
        return None
    return unicodedata.normalize("NFC", password)


def _is_known(stored: str) -> bool:
    try:
        return context().identify(stored) is not None
    except (ValueError, TypeError):
        return False


_STAND_IN = "a password for nobody"
