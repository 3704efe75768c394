"""A form field for a list whose items are of several kinds, each with a form of its own."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import wtforms
from wtforms import FieldList, FormField, HiddenField
from wtforms.utils import unset_value

Kinds = Mapping[str, type[wtforms.Form]]


class KindField(FormField):  # type: ignore[misc,type-arg,unused-ignore]
    """One item: a form that is chosen by its kind. An item of a kind that is not known has no fields.

    Parameters:
        kinds: the forms by the names of their kinds.
        key: the field that holds the name of the kind.
    """

    def __init__(self, kinds: Kinds, label: str | None = None, *, key: str = "type", **kwargs: Any) -> None:
        super().__init__(wtforms.Form, label, **kwargs)
        self.kinds, self.key, self.kind = kinds, key, ""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """WTForms' hook: the form of the kind that was posted, or that the data has."""
        posted = formdata.getlist(f"{self.name}{self.separator}{self.key}") if formdata else []
        self.kind = str(posted[0]) if posted else read_kind(data, self.key)
        self.form_class = find_kind_form(self.kinds, self.key, self.kind)
        super().process(formdata, data, extra_filters)


class KindsField(FieldList):  # type: ignore[misc,type-arg,unused-ignore]
    """A list of items of several kinds: ``KindsField({"text": TextForm, "image": ImageForm}, N_("Blocks"))``.

    Its ``data`` is a list of dicts; each has the name of its kind under `key`.

    Parameters:
        kinds: the forms by the names of their kinds.
        titles: what the kinds are called on the page; else their names.
    """

    def __init__(
        self,
        kinds: Kinds,
        label: str | None = None,
        validators: Any = None,
        *,
        key: str = "type",
        titles: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(self.make_inner(kinds, key=key), label, validators, **kwargs)
        self.kinds, self.key, self.titles = kinds, key, dict(titles or {})

    @staticmethod
    def make_inner(kinds: Kinds, *args: Any, key: str = "type", **kwargs: Any) -> Any:
        """The unbound field of the items, of what the list was made with."""
        return KindField(kinds, key=key)

    def title_of(self, kind: str) -> str:
        """What a kind is called."""
        return self.titles.get(kind) or kind.replace("_", " ").capitalize()


def read_kind(data: Any, key: str) -> str:
    """The name of the kind that an item's data has."""
    found = data.get(key) if isinstance(data, Mapping) else getattr(data, key, "")
    return found if isinstance(found, str) else ""


def find_kind_form(kinds: Kinds, key: str, kind: str) -> type[wtforms.Form]:
    """The form of a kind, with a hidden field for its name."""
    return _add_key(kinds.get(kind, wtforms.Form), key)


@functools.lru_cache(maxsize=256)
def _add_key(form: type[wtforms.Form], key: str) -> type[wtforms.Form]:
    if hasattr(form, key):
        return form
    return type(form.__name__, (form,), {key: HiddenField()})
