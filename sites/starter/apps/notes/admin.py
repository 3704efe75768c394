"""Screens of the app in the admin; found by themselves."""

from aiocms.admin import Screen

from .forms import EntryForm


class Entries(Screen):
    """The entries: list, search, form."""

    collection = "notes_entries"
    form = EntryForm
    label = "{title}"
    columns = ("title", "slug", "written")
    filters = ("written",)
    search = ("title", "slug")
    order = ("-written",)
