"""The admin's own collections and their indexes.

admin_changes       what was written: history, undo
admin_change_parts  the parts of changes too long for one document
admin_recent        which document a user opened when: user, collection, document, namespace, screen, at
admin_preferences   _id is a user's id, a colon and a screen: columns [paths], size, view (id of the first)
admin_reports       name, collection, pipeline (text), owner, owner_name, roles [ids, or "*"], changed
admin_views         screen, owner (a user's id), owner_name, name, query (an address), roles [ids, or "*"]
"""

from __future__ import annotations

from aiocms.core.indexes import Index

CHANGES = "admin_changes"
CHANGE_PARTS = "admin_change_parts"
PREFERENCES = "admin_preferences"
VIEWS = "admin_views"
RECENT = "admin_recent"
REPORTS = "admin_reports"
_KEEP_SECONDS = 90 * 24 * 3600

indexes = (
    Index(CHANGES, [("collection", 1), ("document", 1), ("_id", -1)]),
    Index(CHANGES, [("user", 1), ("_id", -1)]),
    Index(CHANGES, [("at", 1)], expireAfterSeconds=_KEEP_SECONDS),
    Index(CHANGES, [("group", 1)], partialFilterExpression={"group": {"$exists": True}}),
    Index(CHANGE_PARTS, [("change", 1), ("number", 1)]),
    Index(CHANGE_PARTS, [("at", 1)], expireAfterSeconds=_KEEP_SECONDS),
    Index(RECENT, [("user", 1), ("collection", 1), ("document", 1)], unique=True),
    Index(RECENT, [("user", 1), ("at", -1)]),
    Index(RECENT, [("at", 1)], expireAfterSeconds=_KEEP_SECONDS),
    Index(VIEWS, [("screen", 1), ("owner", 1), ("name", 1)], unique=True),
    Index(VIEWS, [("screen", 1), ("roles", 1)]),
    Index(REPORTS, [("owner", 1)]),
    Index(REPORTS, [("roles", 1)]),
)
