"""The admin: every collection of the site as lists and forms."""

from aiocms.admin.screens import Action, Column, Filter, Screen, Tab, action

__all__ = ("Action", "Column", "Filter", "Screen", "Tab", "action")
