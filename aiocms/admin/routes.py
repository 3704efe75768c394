"""The addresses of the admin."""

from aiocms.admin import actions, dashboard, delete_view, edit_view, list_view
from aiocms.core.routes import route

# A collection's name may hold braces, which a plain variable does not match.
_LIST = "/{ns}/{screen:[^/]+}/"
_ONE = _LIST + "{id}"

routes = [
    route("GET", "/", dashboard.show, "index"),
    route("GET", _LIST, list_view.show, "list", requires="{ns}.{screen}.view"),
    route("POST", _LIST + "-/action", actions.run, "action", requires="{ns}.{screen}.view"),
    route("GET", _LIST + "new", edit_view.show_new, "create", requires="{ns}.{screen}.add"),
    route("POST", _LIST + "new", edit_view.create, "create", requires="{ns}.{screen}.add"),
    route("GET", _ONE, edit_view.show, "edit", requires="{ns}.{screen}.view"),
    route("POST", _ONE, edit_view.save, "edit", requires="{ns}.{screen}.edit"),
    route("GET", _ONE + "/delete", delete_view.show_delete, "delete", requires="{ns}.{screen}.delete"),
    route("POST", _ONE + "/delete", delete_view.confirm_delete, "delete", requires="{ns}.{screen}.delete"),
    route("POST", "/undo/{change}", delete_view.take_back, "undo"),
]
