"""The admin: every collection of the site as lists and forms."""

from aiocms.admin.charts.charts import Chart, Number
from aiocms.admin.forms.widgets import Widget
from aiocms.admin.reports.reports import Report
from aiocms.admin.screens import Action, Column, Filter, Group, Kind, Reference, Screen, Tab, action
from aiocms.admin.values.bsontext import BadText
from aiocms.admin.values.rawbson import Value

__all__ = (
    "Action",
    "BadText",
    "Chart",
    "Column",
    "Filter",
    "Group",
    "Kind",
    "Number",
    "Reference",
    "Report",
    "Screen",
    "Tab",
    "Value",
    "Widget",
    "action",
)
