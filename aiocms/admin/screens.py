"""What a developer writes to describe how a collection looks and behaves in the admin."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

from aiocms.core.application import quote_permission

if TYPE_CHECKING:
    from aiohttp import web

    from aiocms.admin.charts.charts import Chart, Number

Access = Literal["edit", "read", "mask", "hide"]
Document = Mapping[str, Any]

FORMATS = frozenset(
    (
        "",
        "text",
        "number",
        "money",
        "date",
        "day",
        "datetime",
        "relative",
        "bool",
        "count",
        "tags",
        "json",
        "code",
        "image",
        "link",
    )
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list: a dotted path and how to show what is there.

    `value` makes a computed column: it gets the document and may use only the paths named in `needs`,
    because a list fetches nothing else. `reference` names the collection that the value is an `_id` of;
    its labels are fetched for the whole page at once. `edit=False` keeps its cells from being edited in the
    list.
    """

    path: str
    label: str = ""
    format: str = ""
    reference: str = ""
    currency: str = ""
    value: Callable[[Document], Any] | None = None
    needs: tuple[str, ...] = ()
    sortable: bool = True
    edit: bool = True


@dataclass(frozen=True, slots=True)
class Filter:
    """One field offered by the filter form; `type` and `choices` say what the documents alone cannot."""

    path: str
    label: str = ""
    type: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A field that holds an `_id` of another collection, and what becomes of it when its target is deleted.

    `on_delete`: "restrict" refuses the delete, "unset" takes the field away, "pull" takes the item out of the
    list around it, "cascade" deletes the document too, "keep" leaves it to the app. `label` is what documents
    with this reference are called by their target: "Films by this director".
    """

    collection: str
    on_delete: str = "restrict"
    label: str = ""


POLICIES = ("restrict", "unset", "pull", "cascade", "keep")


@dataclass(frozen=True, slots=True, init=False)
class Group:
    """Fields of an edit page under one heading; `collapsed`: shut until opened, or until one has an error."""

    title: str
    rows: tuple[str | tuple[str, ...], ...]
    help: str
    collapsed: bool

    def __init__(
        self, title: str, *rows: str | tuple[str, ...], help: str = "", collapsed: bool = False
    ) -> None:
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "help", help)
        object.__setattr__(self, "collapsed", collapsed)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of items that a list may hold: a new one has `key: name` and `fields`, name → first value.

    The BSON types of the first values are those of the new item's fields. `key` is the field that tells the
    kinds of one list apart.
    """

    name: str
    title: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    icon: str = ""
    key: str = "type"


@dataclass(frozen=True, slots=True, init=False)
class Tab:
    """A tab of an edit page. Each row is a field path, a tuple of paths that share one line, or a `Group`."""

    title: str
    rows: tuple[str | tuple[str, ...] | Group, ...]

    def __init__(self, title: str, *rows: str | tuple[str, ...] | Group) -> None:
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "rows", rows)


@dataclass(frozen=True, slots=True)
class Action:
    """What `@action` leaves on a method: its words, its form and the permission verb that it needs."""

    name: str
    label: str
    form: type[Any] | None = None
    confirm: str = ""
    verb: str = "edit"
    danger: bool = False
    icon: str = ""


def action(
    label: str,
    *,
    form: type[Any] | None = None,
    confirm: str = "",
    verb: str = "edit",
    danger: bool = False,
    icon: str = "",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Offer a method of a screen on ticked rows or on all rows that match.

    The method is `async def name(self, request, rows)`; `rows` streams documents (`async for`) inside the
    screen's scope for `verb`. With a form, `rows.form` is the valid form. What it returns, if a string, is
    shown as a message.
    """

    def mark(method: Callable[..., Any]) -> Callable[..., Any]:
        method.__dict__["__aiocms_action__"] = Action(
            method.__name__, label, form, confirm, verb, danger, icon
        )
        return method

    return mark


class Screen:
    """How one collection is listed, searched and edited. Subclass it in an app's `admin.py`.

    Every attribute may have a twin `get_<attribute>(self, request, document=None)`, plain or async, that
    answers instead of it. One instance lives for the whole site, so a screen keeps no state of its own.
    """

    is_screen: ClassVar[bool] = True
    """How start-up knows a screen without importing the admin."""
    collection: ClassVar[str] = ""
    title: ClassVar[str] = ""
    """The plural name on pages; empty: made from the class name."""
    icon: ClassVar[str] = ""
    form: ClassVar[type[Any] | None] = None
    """A WTForms form; None: inferred from the documents."""
    label: ClassVar[str] = ""
    """A format over dotted paths, `"{name.first} {name.last}"`: links, references, history, search hits."""
    columns: ClassVar[Sequence[str | Column]] = ()
    filters: ClassVar[Sequence[str | Filter]] = ()
    search: ClassVar[Sequence[str]] = ()
    order: ClassVar[Sequence[str]] = ()
    layout: ClassVar[Sequence[str | tuple[str, ...] | Group | Tab]] = ()
    show_if: ClassVar[Mapping[str, str]] = {}
    """Path → the condition under which its field is shown: `{"sale_price": "on_sale and price > 0"}`."""
    labels: ClassVar[Mapping[str, str]] = {}
    """Path → what the field is called in the form."""
    help: ClassVar[Mapping[str, str]] = {}
    """Path → a sentence below the field."""
    placeholders: ClassVar[Mapping[str, str]] = {}
    """Path → an example in the empty input."""
    defaults: ClassVar[Mapping[str, Any]] = {}
    """Path → what the form of a new document begins with: a value, or a function of the request."""
    types: ClassVar[Mapping[str, str]] = {}
    """BSON type names of fields that a sample of documents may not show: `{"price": "long"}`."""
    references: ClassVar[Mapping[str, str | Reference]] = {}
    """Path of a field that holds an `_id` → the collection it points to, or a `Reference` to it."""
    choices: ClassVar[Mapping[str, Sequence[str | tuple[str, str]]]] = {}
    """Path of a text → what it may be, each a value or a value and its words: a select in inferred forms."""
    widgets: ClassVar[Mapping[str, str]] = {}
    """Path → name of the widget that edits it in an inferred form: `{"text": "textarea"}`."""
    kinds: ClassVar[Mapping[str, Sequence[Kind]]] = {}
    """Path of a list → the kinds of items that can be added to it."""
    currency: ClassVar[str] = ""
    page_size: ClassVar[int] = 50
    can_add: ClassVar[bool] = True
    can_edit: ClassVar[bool] = True
    can_delete: ClassVar[bool] = True
    charts: ClassVar[Sequence[Chart | Number]] = ()
    """Numbers and charts above the list and on the dashboard."""
    hidden: ClassVar[bool] = False
    """Keeps the screen out of the menus; its pages still answer."""

    namespace: str
    name: str
    declared: bool = True

    def __init__(self, namespace: str, name: str = "") -> None:
        self.namespace = namespace
        self.name = name or type(self).__name__.lower()

    @property
    def shown_title(self) -> str:
        """The plural name of the screen, as declared or made from the class name."""
        return self.title or words(type(self).__name__)

    def permission(self, verb: str) -> str:
        """The permission string of one verb: view, add, edit or delete."""
        return f"{quote_permission(self.namespace)}.{quote_permission(self.name)}.{verb}"

    def scope(self, request: web.Request, verb: str) -> bool | dict[str, Any]:
        """True, False or a filter of the documents that this request may touch.

        It narrows what the user's permissions give and is used by every path: list, count, get, export,
        actions and autocomplete. It may be `async`.
        """
        return True

    def field_access(self, request: web.Request, path: str, document: Document | None = None) -> Access:
        """What may be done with one field: "edit", "read", "mask" (dots instead of the value) or "hide".

        It is asked without a document to decide about filters, sorting and search: answer the strictest then.
        Positions in lists are left out of `path`: `items.price`, not `items.0.price`.
        """
        return "edit"

    async def check(
        self, request: web.Request, document: Document, before: Document | None = None
    ) -> Mapping[str, str]:
        """What is wrong with a document that is about to be written: dotted path → text; empty: nothing.

        `document` is the whole of it as it would be stored, `before` as it is stored now, None for a new one;
        both hold fields that the user may not see. A text is shown beside its field, that of the path "" at
        the top; nothing is written then and nothing typed is lost.

        Asked by every write of the admin that leaves a document: form, Extended JSON, conflict page, undo.
        It may be asked several times for one save, so it only reads. What must hold although two people
        save at the same moment needs a unique index as well.
        """
        return {}

    async def saved(
        self, request: web.Request, document_id: Any, document: Document | None, before: Document | None
    ) -> None:
        """Do what follows from a write of the admin, once it is stored.

        `document` is as it was written, None after a delete; `before` is None when it was added. Awaited
        before the answer, after the write was committed: an error here is logged and told to the user, the
        write stays. Nobody awaits it when the process is killed in between, so what must follow in any case
        needs another way too.
        """

    async def get(self, attribute: str, request: web.Request, document: Document | None = None) -> Any:
        """The attribute for this request: what `get_<attribute>` answers, or the class attribute."""
        twin = getattr(self, f"get_{attribute}", None)
        if twin is None:
            return getattr(self, attribute)
        answer = twin(request, document)
        return await answer if inspect.isawaitable(answer) else answer

    def actions(self) -> tuple[Action, ...]:
        """The actions declared on the class, in the order of their definition, base classes first."""
        found: dict[str, Action] = {}
        for owner in reversed(type(self).__mro__):
            for name, member in vars(owner).items():
                mark = getattr(member, "__aiocms_action__", None)
                if isinstance(mark, Action):
                    found[name] = mark
                else:
                    found.pop(name, None)
        return tuple(found.values())


class InferredScreen(Screen):
    """The screen of a collection that no app declares; its columns come from a sample of the documents."""

    declared = False

    def __init__(self, collection: str, info: Mapping[str, Any] | None = None) -> None:
        """Make the screen.

        Parameters:
            info: what the database says of the collection.
        """
        super().__init__("database", collection)
        # An instance attribute shadows the class attribute: there is one class for all such collections.
        cast(Any, self).collection = collection
        adapt(self, info or {})

    @property
    def shown_title(self) -> str:
        """The name of the collection, as it is in the database."""
        return self.collection


def adapt(screen: Screen, info: Mapping[str, Any]) -> None:
    """Let a screen offer nothing that the database never does.

    Nobody writes into a view, and the measurements of a time series are only added.

    Parameters:
        info: what the database says of the collection.
    """
    kind, declared, own = info.get("type"), type(screen), cast(Any, screen)
    own.can_add = declared.can_add and kind != "view"
    own.can_edit = declared.can_edit and kind not in ("view", "timeseries")
    own.can_delete = declared.can_delete and kind not in ("view", "timeseries")


def sound_path(path: str) -> bool:
    """Whether a dotted path can be put in a query: no empty part, no operator, no NUL byte."""
    return (
        bool(path) and "\0" not in path and all(part and not part.startswith("$") for part in path.split("."))
    )


@functools.lru_cache(4096)
def words(name: str) -> str:
    """A name from code or data as a person writes it: `OrderLines` and `order_lines` → `Order lines`."""
    spaced = "".join(
        f" {char}" if char.isupper() and index and name[index - 1].islower() else char
        for index, char in enumerate(name)
    )
    joined = " ".join(spaced.replace("_", " ").split())
    return joined[:1].upper() + joined[1:].lower() if joined else name
