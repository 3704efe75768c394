"""The collections of files.

files_files   ``_id`` is the SHA-256 of the content in hexadecimal, so the same content is there once:
              name, type, size, for images width, height, frames; content: the ``_id`` in GridFS;
              sources: SHA-256 of the images that became this one when they were re-encoded;
              grants: permissions of which one is needed to read it, "" for everybody;
              keep: put into the library on purpose; by, username, created;
              touched: when somebody last uploaded or chose it
files_thumbs  ``_id`` is "<file>/<width>x<height>": file, content, type, size, width, height, created
files.files   GridFS, bucket ``files``: what the drivers' tools know
files.chunks  its chunks
"""

from __future__ import annotations

from typing import Final

from aiocms import Index

FILES: Final = "files_files"
THUMBS: Final = "files_thumbs"
BLOBS: Final = "files.files"
CHUNKS: Final = "files.chunks"

indexes = (
    Index(FILES, [("created", -1), ("_id", -1)]),
    Index(FILES, [("name", 1), ("_id", 1)]),
    Index(FILES, [("sources", 1)]),
    Index(FILES, [("content", 1)]),
    Index(THUMBS, [("file", 1)]),
    Index(THUMBS, [("content", 1)]),
    # The two of the GridFS specification.
    Index(BLOBS, [("filename", 1), ("uploadDate", 1)]),
    Index(CHUNKS, [("files_id", 1), ("n", 1)], unique=True),
)
