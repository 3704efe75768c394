"""The addresses of the admin."""

from aiocms.admin import (
    actions,
    cell_view,
    column_view,
    cost_view,
    dashboard,
    delete_view,
    edit_view,
    filter_view,
    jump,
    list_view,
    sort_view,
    text_widgets,
    view_panel,
)
from aiocms.core.routes import route

# A collection's name may hold braces, which a plain variable does not match.
_LIST = "/{ns}/{screen:[^/]+}/"
_ONE = _LIST + "{id}"

routes = [
    route("GET", "/", dashboard.show, "index"),
    route("GET", _LIST, list_view.show, "list", requires="{ns}.{screen}.view"),
    route("POST", _LIST + "-/action", actions.run, "action", requires="{ns}.{screen}.view"),
    route("GET", _LIST + "-/suggest", autocomplete.suggest, "suggest", requires="{ns}.{screen}.view"),
    route("GET", _LIST + "-/filter", filter_view.show, "list_filter", requires="{ns}.{screen}.view"),
    route("GET", _LIST + "-/sort", sort_view.show, "list_sort", requires="{ns}.{screen}.view"),
    route("GET", _LIST + "-/jump", jump.go, "list_jump", requires="{ns}.{screen}.view"),
    route("GET", _LIST + "-/columns", column_view.show, "list_columns", requires="{ns}.{screen}.view"),
    route("POST", _LIST + "-/columns", column_view.save, "list_columns", requires="{ns}.{screen}.view"),
    route("POST", _LIST + "-/size", column_view.save_size, "list_size", requires="{ns}.{screen}.view"),
    route("GET", _LIST + "-/view", view_panel.show, "list_view", requires="{ns}.{screen}.view"),
    route("POST", _LIST + "-/view", view_panel.save, "list_view", requires="{ns}.{screen}.view"),
    route("GET", _LIST + "-/cost", cost_view.show, "list_cost", requires="{ns}.{screen}.view"),
    route("POST", _LIST + "-/cost", cost_view.make, "list_cost", requires="{ns}.{screen}.view"),
    route("GET", _LIST + "-/charts", chart_view.show, "charts", requires="{ns}.{screen}.view"),
    route("GET", _LIST + "new", edit_view.show_new, "create", requires="{ns}.{screen}.add"),
    route("POST", _LIST + "new", edit_view.create, "create", requires="{ns}.{screen}.add"),
    route("GET", _ONE, edit_view.show, "edit", requires="{ns}.{screen}.view"),
    route("POST", _ONE, edit_view.save, "edit", requires="{ns}.{screen}.edit"),
    route("GET", _ONE + "/delete", delete_view.show_delete, "delete", requires="{ns}.{screen}.delete"),
    route("POST", _ONE + "/delete", delete_view.confirm_delete, "delete", requires="{ns}.{screen}.delete"),
    route("GET", _ONE + "/cell", cell_view.show_cell, "cell", requires="{ns}.{screen}.edit"),
    route("POST", _ONE + "/cell", cell_view.save_cell, "cell", requires="{ns}.{screen}.edit"),
    route("POST", "/undo/{change}", delete_view.take_back, "undo"),
    route("POST", "/-/text", text_widgets.show_text, "text"),
]
