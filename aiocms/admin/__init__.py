"""The admin: every collection of the site as lists and forms."""

from aiocms.admin.bsontext import BadText
from aiocms.admin.charts import Chart, Number
from aiocms.admin.rawbson import Value
from aiocms.admin.reports import Report
from aiocms.admin.screens import Action, Column, Filter, Group, Kind, Reference, Screen, Tab, action
from aiocms.admin.widgets import Widget

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
