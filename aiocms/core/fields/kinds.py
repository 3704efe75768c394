"""A form field for a list whose items are of several kinds, each with a form of its own."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

import wtforms
from wtforms import FieldList, FormField, HiddenField
from wtforms.utils import unset_value

Kinds = Mapping[str, type[wtforms.Form]]

_PLAIN = "app"
_WORDS = {
    "text-paragraph": "text paragraph richtext html body markdown",
    "type-h2": "heading header title headline",
    "quote": "quote quotation citation testimonial",
    "image": "image picture photo figure poster img",
    "images": "gallery images pictures photos carousel slider",
    "play-btn": "video film movie embed youtube",
    "music-note-beamed": "audio sound music podcast",
    "link-45deg": "link url website href",
    "file-earmark": "file document download attachment",
    "list-ul": "list bullets items",
    "ui-radios": "choice select option options radio",
    "ui-checks": "choices multiple checks checklist",
    "123": "number integer int float decimal amount count",
    "toggle-on": "bool boolean switch flag yesno",
    "calendar3": "date day datetime event time",
    "star-half": "rating rate stars score review",
    "cash": "money price payment cost",
    "geo-alt": "place location map address point",
    "person": "person author user people contact",
    "code-slash": "code script snippet json",
    "table": "table grid rows",
    "hand-index": "button cta action",
    "question-circle": "question faq help",
    "exclamation-circle": "note warning alert callout notice",
    "hr": "divider separator rule pause break",
    "palette": "color colour swatch",
    "rulers": "size length dimension measure",
    "envelope": "mail email newsletter",
    "telephone": "phone telephone",
    "box": "product item good",
    "truck": "delivery shipping",
}
_ICONS = {word: name for name, said in _WORDS.items() for word in said.split()}


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
        icons: names of icons; else those that the names of the kinds suggest.
    """

    def __init__(
        self,
        kinds: Kinds,
        label: str | None = None,
        validators: Any = None,
        *,
        key: str = "type",
        titles: Mapping[str, str] | None = None,
        icons: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(self.make_inner(kinds, key=key), label, validators, **kwargs)
        self.kinds, self.key = kinds, key
        self.titles, self.icons = dict(titles or {}), dict(icons or {})

    @staticmethod
    def make_inner(kinds: Kinds, *args: Any, key: str = "type", **kwargs: Any) -> Any:
        """The unbound field of the items, of what the list was made with."""
        return KindField(kinds, key=key)

    def title_of(self, kind: str) -> str:
        """What a kind is called."""
        return self.titles.get(kind) or kind.replace("_", " ").capitalize()

    def icon_of(self, kind: str) -> str:
        """The icon of a kind."""
        return self.icons.get(kind) or guess_icon(kind)


def guess_icon(kind: str) -> str:
    """The icon that the name of a kind suggests: `hero_image` is a picture; else a plain one."""
    words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+", kind)
    return next((_ICONS[word.lower()] for word in reversed(words) if word.lower() in _ICONS), _PLAIN)


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
