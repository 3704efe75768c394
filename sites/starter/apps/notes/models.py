"""Collections of the app. Indexes are made at start-up; `aiocms indexes` shows them.

A document of notes_entries:
    {"title": "Hello", "slug": "hello", "text": "…", "written": datetime in UTC, "tags": ["first"]}
"""

from aiocms import Index

indexes = (
    Index("notes_entries", [("slug", 1)], unique=True),
    Index("notes_entries", [("written", -1)]),
)
