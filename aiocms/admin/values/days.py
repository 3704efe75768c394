"""Days without a time: dates that are midnight in UTC, which no time zone may move to another day."""

from __future__ import annotations

import re

from aiocms.admin.values.bsontext import BadText, from_text, to_text
from aiocms.admin.values.rawbson import Value
from aiocms.core.i18n import N_

_MIDNIGHT = "T00:00:00"


def write_day(value: Value) -> str | None:
    """The day of a date; None when it has a time of the day, too."""
    text = to_text(value) or ""
    return text.removesuffix(_MIDNIGHT) if text.endswith(_MIDNIGHT) else None


def read_day(text: str, base: Value | None) -> Value:
    """Midnight of a day in UTC.

    Raises:
        BadText: the text is no day.
    """
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text.strip(), re.ASCII):
        raise BadText(N_("This is not a day such as 2026-05-31."))
    return from_text("date", f"{text.strip()}{_MIDNIGHT}")
