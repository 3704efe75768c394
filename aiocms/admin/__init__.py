"""The admin: every collection of the site as lists and forms."""

from aiocms.admin.bsontext import BadText
from aiocms.admin.rawbson import Value
from aiocms.admin.screens import Action, Column, Filter, Group, Reference, Screen, Tab, action
from aiocms.admin.widgets import Widget

__all__ = (
    "Action",
    "BadText",
    "Column",
    "Filter",
    "Group",
    "Reference",
    "Screen",
    "Tab",
    "Value",
    "Widget",
    "action",
)
