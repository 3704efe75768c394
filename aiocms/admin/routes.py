"""The addresses of the admin."""

from aiocms.admin import actions, dashboard, list_view
from aiocms.core.routes import route

_LIST = "/{ns}/{screen}/"

routes = [
    route("GET", "/", dashboard.show, "index"),
    route("GET", _LIST, list_view.show, "list", requires="{ns}.{screen}.view"),
    route("POST", _LIST + "-/action", actions.run, "action", requires="{ns}.{screen}.view"),
]
