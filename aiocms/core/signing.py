"""Signatures of what travels through the browser and has to come back as it was.

Source: RFC 7693: BLAKE2b with a key is a signature by itself. HMAC of OpenSSL would let go of the
interpreter's lock for each of these short texts.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

SIZE = 32


class BadSignature(ValueError):
    """A text that was not sealed with this key for this context, or was changed since."""


def sign(key: bytes, data: bytes, *, size: int = SIZE) -> bytes:
    """The signature of some bytes.

    Parameters:
        key: of at most 64 bytes, made for one purpose alone by ``Secret.derive``.
        size: of the signature, in bytes.
    """
    return hashlib.blake2b(data, key=key, digest_size=size).digest()


def is_signed(key: bytes, data: bytes, signature: bytes, *, size: int = SIZE) -> bool:
    """Whether the signature is that of the bytes; takes the same time for each wrong one."""
    return hmac.compare_digest(signature, sign(key, data, size=size))


def seal(key: bytes, data: bytes, context: str = "") -> str:
    """Signed bytes as text for an input or an address.

    Parameters:
        context: what they are good for, as the names of a document and its reader; not part of the text.
    """
    return base64.urlsafe_b64encode(sign(key, _bind(data, context)) + data).decode()


def unseal(key: bytes, text: str, context: str = "") -> bytes:
    """The bytes that ``seal`` wrote.

    Raises:
        BadSignature: the text is none of ours, or was made for another context.
    """
    try:
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSignature("not base64") from error
    signature, data = raw[:SIZE], raw[SIZE:]
    if not is_signed(key, _bind(data, context), signature):
        raise BadSignature("the signature does not fit")
    return data


def _bind(data: bytes, context: str) -> bytes:
    name = context.encode("utf-8", "surrogateescape")
    return len(name).to_bytes(4) + name + data
