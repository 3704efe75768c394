"""The indexes of the core's own collections."""

from __future__ import annotations

from aiocms.core.indexes import Index

indexes = (
    # Only cleans up: whether a session lives is part of every query that looks for it.
    Index("core_sessions", [("expires", 1)], expireAfterSeconds=0),
    Index("core_sessions", [("data.user_id", 1)], sparse=True),
)
