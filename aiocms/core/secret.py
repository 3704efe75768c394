"""The site's secret: given by a setting, or made once in ``var/secret_key``."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from aiocms.core.errors import AiocmsError

_LEAST = 32


class Secret:
    """Gives one key per purpose, so that a signature made for one cannot serve another.

    Source: CVE-2026-6873 (signed values of one salt accepted for another).
    """

    def __init__(self, given: str | None, var: Path) -> None:
        self._given = given
        self._file = var / "secret_key"
        self._value: bytes | None = None
        self._derived: dict[str, bytes] = {}

    def derive(self, purpose: str) -> bytes:
        """The key for a purpose, 32 bytes.

        Raises:
            AiocmsError: the secret is too short, or its file can be neither read nor made.
        """
        if self._value is None:
            self._value = self._check(self._given) if self._given else self._load()
        if purpose not in self._derived:
            digest = hmac.digest(self._value, b"aiocms:" + purpose.encode(), hashlib.sha256)
            self._derived[purpose] = digest
        return self._derived[purpose]

    def _check(self, text: str) -> bytes:
        if len(text) < _LEAST:
            raise AiocmsError(f"secret_key has {len(text)} characters; use at least {_LEAST} random ones")
        return text.encode()

    def _load(self) -> bytes:
        try:
            self._make()
            return self._check(self._file.read_text().strip())
        except OSError as error:
            raise AiocmsError(
                f"The secret key {str(self._file)!r} can be neither read nor made: {error.strerror}. "
                "Make the folder writable, or set secret_key."
            ) from error

    def _make(self) -> None:
        """Make the file unless it is there; linked into place whole, so no process reads half of it."""
        if self._file.exists():
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_name(f".secret_key.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, self._file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
