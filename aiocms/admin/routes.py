"""The addresses of the admin."""

from aiocms.admin import dashboard
from aiocms.admin.charts import chart_view
from aiocms.admin.deletes import delete_view
from aiocms.admin.forms import edit_view, file_inputs, text_widgets, validate_view
from aiocms.admin.links import autocomplete, used_by
from aiocms.admin.lists import (
    actions,
    cell_view,
    column_view,
    cost_view,
    filter_view,
    jump,
    list_view,
    live_view,
    preview,
    sort_view,
    view_panel,
)
from aiocms.admin.palette import palette_view
from aiocms.admin.reports import pipeline_view, report_view
from aiocms.core.routes import route

# A collection's name may hold braces, which a plain variable does not match.
_LIST = "/{ns}/{screen:[^/]+}/"
_ONE = _LIST + "{id}"

routes = [
    route("GET", "/", dashboard.show, "index"),
    route("GET", "/-/reports/{ns}/{report}/", report_view.show, "report", requires="{ns}.{report}.view"),
    route("GET", "/-/pipelines/", pipeline_view.show_all, "pipelines"),
    route("GET", "/-/pipelines/new", pipeline_view.write, "pipeline_new", requires="admin.pipelines"),
    route("POST", "/-/pipelines/new", pipeline_view.write, "pipeline_new", requires="admin.pipelines"),
    route("GET", "/-/pipelines/{id}/", pipeline_view.show, "pipeline"),
    route("GET", "/-/pipelines/{id}/edit", pipeline_view.write, "pipeline_edit", requires="admin.pipelines"),
    route("POST", "/-/pipelines/{id}/edit", pipeline_view.write, "pipeline_edit", requires="admin.pipelines"),
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
    route("POST", _LIST + "-/charts", chart_view.choose, "charts", requires="{ns}.{screen}.view"),
    route("POST", _LIST + "-/upload", file_inputs.take_upload, "upload", requires="{ns}.{screen}.view"),
    route("GET", _LIST + "-/live", live_view.show, "live", requires="{ns}.{screen}.view"),
    route("GET", _LIST + "new", edit_view.show_new, "create", requires="{ns}.{screen}.add"),
    route("POST", _LIST + "new", edit_view.create, "create", requires="{ns}.{screen}.add"),
    route("GET", _ONE, edit_view.show, "edit", requires="{ns}.{screen}.view"),
    route("POST", _ONE, edit_view.save, "edit", requires="{ns}.{screen}.edit"),
    route("POST", _ONE + "/validate", validate_view.validate, "validate", requires="{ns}.{screen}.view"),
    route("GET", _ONE + "/delete", delete_view.show_delete, "delete", requires="{ns}.{screen}.delete"),
    route("POST", _ONE + "/delete", delete_view.confirm_delete, "delete", requires="{ns}.{screen}.delete"),
    route("GET", _ONE + "/preview", preview.show_preview, "preview", requires="{ns}.{screen}.view"),
    route("GET", _ONE + "/cell", cell_view.show_cell, "cell", requires="{ns}.{screen}.edit"),
    route("POST", _ONE + "/cell", cell_view.save_cell, "cell", requires="{ns}.{screen}.edit"),
    route("GET", _ONE + "/used", used_by.show, "used_by", requires="{ns}.{screen}.view"),
    route("GET", "/find", palette_view.show_find, "find"),
    route("GET", "/-/palette", palette_view.show_palette, "palette"),
    route("POST", "/undo/{change}", delete_view.take_back, "undo"),
    route("POST", "/-/text", text_widgets.show_text, "text"),
]
