"""The place in a list as text for an address: signed, and good only for that list in that order."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

import bson
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.errors import BSONError

from aiocms.admin.lists.keyset import Key
from aiocms.core.signing import is_signed, sign

LONGEST = 6000
_MAC = 16
_BLOCK = 64
_OPTIONS: CodecOptions[dict[str, object]] = CodecOptions(
    tz_aware=True, datetime_conversion=DatetimeConversion.DATETIME_AUTO
)


class BadToken(ValueError):
    """A token that was changed, or made for another list, sort or site."""


class Signer:
    """Writes and reads the tokens of one list in one order.

    The values inside are BSON and go back into a query only as operands of `$eq`, `$gt` and `$lt`. They are
    signed, so that no others can be offered, and hidden, because the row at the edge of a page may have a
    sort key that its reader may not see.

    Source: RFC 5297 for the way: the signature is the nonce of the cipher, keyed BLAKE2b in counter mode.
    """

    def __init__(self, secret: bytes, *context: str) -> None:
        self._key = sign(secret, "\0".join(("list", *context)).encode("utf-8", "replace"), size=_BLOCK)

    def write(self, keys: Sequence[Key]) -> str:
        """The token of a row's sort keys. When they are too long for an address it holds the last alone, the
        row's `_id`; "" when that is too long as well.
        """
        data = bson.encode({"k": [[key.value, key.is_empty_list] for key in keys]})
        mac = sign(self._key, b"mac" + data, size=_MAC)
        text = base64.urlsafe_b64encode(mac + self._cover(mac, data)).decode().rstrip("=")
        if len(text) <= LONGEST:
            return text
        return self.write(keys[-1:]) if len(keys) > 1 else ""

    def read(self, text: str) -> tuple[Key, ...]:
        """The sort keys that a token holds.

        Raises:
            BadToken: it is not one of ours.
        """
        if len(text) > LONGEST:
            raise BadToken("too long")
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            mac, data = raw[:_MAC], self._cover(raw[:_MAC], raw[_MAC:])
            if not is_signed(self._key, b"mac" + data, mac, size=_MAC):
                raise BadToken("the signature does not fit")
            rows = bson.decode(data, _OPTIONS)["k"]
            return tuple(Key(value, bool(flag)) for value, flag in rows)  # type: ignore[attr-defined]
        except (binascii.Error, BSONError, UnicodeEncodeError, ValueError, KeyError, TypeError) as error:
            raise BadToken("unreadable") from error

    def _cover(self, mac: bytes, data: bytes) -> bytes:
        blocks = range(len(data) // _BLOCK + 1)
        stream = b"".join(sign(self._key, b"key" + mac + n.to_bytes(4), size=_BLOCK) for n in blocks)
        return bytes(one ^ other for one, other in zip(data, stream, strict=False))
