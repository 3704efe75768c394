"""GeoJSON points as two numbers: longitude and latitude, each on a line of its own.

Source: RFC 7946, sections 3.1.2 and 4: longitude first; MongoDB manual, "GeoJSON Objects".
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Sequence

from aiocms.admin.values.bsontext import BadText, from_text, to_text
from aiocms.admin.values.rawbson import ARRAY, DOUBLE, INT32, INT64, NAMES, OBJECT, STRING, Value
from aiocms.core.i18n import N_

_NUMBERS = (DOUBLE, INT32, INT64)
_PAIR = re.compile(r"\s*([-+]?[0-9.]+)\s*[,;\s]\s*([-+]?[0-9.]+)\s*", re.ASCII)


def write_point(value: Value) -> str | None:
    """Longitude and latitude of a point; None of anything else."""
    found = _find_numbers(value)
    return None if found is None else f"{to_text(found[0])}\n{to_text(found[1])}"


def read_point(text: str, base: Value | None) -> Value:
    """The point of two typed numbers; other members of the one that was there stay.

    A pair in the first input, as maps on the web give it to be copied, is latitude and longitude.

    Raises:
        BadText: these are no coordinates.
    """
    parts = [part.strip() for part in text.split("\n")]
    pair = _PAIR.fullmatch(parts[0]) if len(parts) == 1 or not parts[1] else None
    if pair is not None:
        parts = [pair[2], pair[1]]
    if len(parts) != 2 or not all(parts):
        raise BadText(N_("A point has a longitude and a latitude."))
    old = _find_numbers(base) if base is not None else None
    longitude = _read_number(
        parts[0], 180, N_("The longitude goes from -180 to 180."), old[0] if old else None
    )
    latitude = _read_number(parts[1], 90, N_("The latitude goes from -90 to 90."), old[1] if old else None)
    if base is None or old is None:
        coordinates = Value.array((longitude, latitude))
        return Value.object((("type", Value.of("Point")), ("coordinates", coordinates)))
    changed = Value.array((longitude, latitude, *old[2:]))
    return Value.object((key, changed if key == "coordinates" else one) for key, one in base.items())


def _find_numbers(value: Value) -> Sequence[Value] | None:
    if value.code != OBJECT or b"coordinates\0" not in value.raw:
        return None
    parts = dict(value.items())
    kind, coordinates = parts.get("type"), parts.get("coordinates")
    if kind is None or coordinates is None or kind.code != STRING or kind.raw[4:] != b"Point\0":
        return None
    numbers = coordinates.values() if coordinates.code == ARRAY else []
    return numbers if len(numbers) in (2, 3) and all(one.code in _NUMBERS for one in numbers) else None


def _read_number(text: str, most: int, message: str, old: Value | None) -> Value:
    if old is not None and to_text(old) == text:
        return old
    if old is not None and old.code != DOUBLE and re.fullmatch(r"[-+]?[0-9]+", text, re.ASCII):
        number = from_text(NAMES[old.code], text)
    else:
        number = from_text("double", text.replace(",", "."))
    plain = struct.unpack("<d", number.raw)[0] if number.code == DOUBLE else int(to_text(number) or "0")
    if not math.isfinite(plain) or abs(plain) > most:
        raise BadText(message)
    return number
