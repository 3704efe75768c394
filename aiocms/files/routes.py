"""Addresses of files."""

from aiocms import route
from aiocms.files import views

_ONE = "/{id:[0-9a-f]{64}}"
_MAY_ADD = "files.files.add"
_MAY_VIEW = "files.files.view"

routes = [
    # The view asks for the permissions of each file itself.
    route("GET", _ONE, views.show, "file", requires=""),
    route("GET", _ONE + "/{size:[a-z][a-z0-9_]{0,30}}", views.show_thumb, "thumb", requires=""),
    route("GET", "/-/upload", views.show_upload, "upload", requires=_MAY_ADD),
    route("POST", "/-/upload", views.upload, "upload", requires=_MAY_ADD),
    route("GET", "/-/library", views.show_library, "library", requires=_MAY_VIEW),
    route("GET", "/-/pick" + _ONE, views.pick, "pick", requires=_MAY_VIEW),
]
