"""The admin's own collections and their indexes."""

from __future__ import annotations

from aiocms.core.indexes import Index

CHANGES = "admin_changes"
CHANGE_PARTS = "admin_change_parts"
_KEEP_SECONDS = 90 * 24 * 3600

indexes = (
    Index(CHANGES, [("collection", 1), ("document", 1), ("_id", -1)]),
    Index(CHANGES, [("user", 1), ("_id", -1)]),
    Index(CHANGES, [("at", 1)], expireAfterSeconds=_KEEP_SECONDS),
    Index(CHANGE_PARTS, [("change", 1), ("number", 1)]),
    Index(CHANGE_PARTS, [("at", 1)], expireAfterSeconds=_KEEP_SECONDS),
)
