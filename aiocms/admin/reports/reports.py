"""What a developer writes to show an aggregation as a read-only list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from aiocms.admin.screens import Screen


class Report(Screen):
    """A saved aggregation of `collection` as a list that is read, sorted, filtered, and drilled into.

    The documents that the user may see there come into the pipeline first, with the fields they may see, so
    everybody sees a report of their own part. `columns` name paths of what comes out; `field_access` and the
    rights of users are about these paths too.
    """

    pipeline: ClassVar[Sequence[Mapping[str, Any]]] = ()
    """The stages, without any that write or run scripts."""
    drill: ClassVar[Mapping[str, str]] = {}
    """Path of a row → path of the documents that it counts: each row links to the list of these."""
    can_add: ClassVar[bool] = False
    can_edit: ClassVar[bool] = False
    can_delete: ClassVar[bool] = False
