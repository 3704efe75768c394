"""Forms: WTForms with a posted body, a token, the visitor's language, and checks that may await.

    class PostForm(Form):
        title = StringField(N_("Title"), [DataRequired()])

        async def clean(self, request):
            if await request.db.blog_posts.find_one({"slug": self.slug.data}):
                self.add_error("slug", gettext(request, "This address is taken."))

    async def create(request):
        form = await PostForm.load(request)
        if await form.is_valid():
            ...
            raise redirect(request, "blog:index")
        return templ("blog:edit", request, {"form": form}, status=form.status)

A form shows what was typed when it comes back with errors. ``core:forms`` has macros for its fields.
"""

from __future__ import annotations

import functools
import gettext as stdlib_gettext
from collections.abc import Iterator, Mapping
from typing import Any, Self

import wtforms
from aiohttp import web
from multidict import MultiDict, MultiDictProxy
from wtforms import i18n as wtforms_i18n
from wtforms.meta import DefaultMeta

from aiocms.core import csrf, i18n
from aiocms.core.errors import AiocmsError
from aiocms.core.i18n import N_
from aiocms.core.sessions import get_session

_UNSAFE = frozenset(("POST", "PUT", "PATCH", "DELETE"))
_STALE = N_("This page was open too long. Please send it again.")


class Translations:
    """What WTForms asks for its texts: the site's catalogs first, then WTForms' own."""

    def __init__(self, request: web.Request) -> None:
        self._catalog = i18n.get_catalog(request)

    def gettext(self, string: str) -> str:
        """A message of WTForms in the visitor's language."""
        text = self._catalog.gettext(string)
        return str(_get_builtin(self._catalog.language).gettext(string)) if text == string else text

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """A message of WTForms in the form for a number."""
        if singular in self._catalog.plurals:
            return self._catalog.ngettext(singular, plural, n)
        return str(_get_builtin(self._catalog.language).ngettext(singular, plural, n))


class Form(wtforms.Form):
    """A WTForms form that belongs to a request. Forms inside ``FormField`` may be of this class too."""

    class Meta(DefaultMeta):
        """How forms are bound; ``request`` comes from ``load``, or from the form around."""

        request: web.Request | None = None

        def get_translations(self, form: wtforms.form.BaseForm) -> Any:
            """WTForms' hook: the texts in the language of the request."""
            request = find_request(self)
            return None if request is None else Translations(request)

    _submitted = False
    _request: web.Request | None = None

    @classmethod
    async def load(
        cls,
        request: web.Request,
        data: Mapping[str, Any] | None = None,
        *,
        obj: object | None = None,
        prefix: str = "",
        meta: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> Self:
        """The form, filled with what was posted; on a GET with ``data``.

        Parameters:
            data: the values to begin with, e.g. the document that is edited.
            obj: the same from attributes.
            prefix: put before the fields' names, for several forms on one page.
            meta: attributes for ``Meta``.

        Raises:
            web.HTTPException: the body cannot be read.
        """
        # Loaded before the token is checked and the page is rendered.
        await get_session(request)
        submitted = request.method in _UNSAFE
        posted = await request.post() if submitted else None
        form = cls(
            _to_formdata(posted),
            obj=obj,
            prefix=prefix,
            data=dict(data) if data is not None else None,
            meta={**(meta or {}), "request": request},
            **kwargs,
        )
        form._request = request
        form._submitted = submitted
        form._token = posted.get(csrf.FIELD) if posted is not None else None
        if not submitted:
            await prepare_fields(form, request)
        return form

    _token: object = None

    @property
    def is_submitted(self) -> bool:
        """Whether the form came with a POST."""
        return self._submitted

    @property
    def status(self) -> int:
        """The status of a page that shows this form: 422 when it has errors, else 200."""
        return 422 if self.errors else 200

    async def is_valid(self) -> bool:
        """Whether the form was posted, by a page of this visitor's session, and all checks pass.

        A wrong token is an error of the form and not a 403: what was typed is shown again with a new token.
        """
        if not self._submitted or self._request is None:
            return False
        await prepare_fields(self, self._request, resolve=True)
        fine = self.validate()
        if not self._has_valid_token(self._request):
            self.add_error(None, i18n.gettext(self._request, _STALE))
            return False
        if fine:
            await self.clean(self._request)
        return fine and not self.errors

    async def clean(self, request: Any) -> None:
        """For checks that await or look at several fields; runs when all fields are right by themselves.

        Errors are told with ``add_error``.
        """

    def add_error(self, field: str | None, message: str) -> None:
        """Put an error beside a field, or with None above the form.

        Raises:
            AiocmsError: the form has no such field.
        """
        if field is None:
            self.form_errors.append(message)
            return
        if field not in self._fields:
            raise AiocmsError(
                f"{type(self).__name__} has no field {field!r}; it has {', '.join(self._fields)}"
            )
        bound = self._fields[field]
        bound.errors = [*bound.errors, message]

    def iter_visible(self) -> Iterator[wtforms.Field]:
        """The fields that are shown, in order."""
        return (field for field in self if not isinstance(field, wtforms.HiddenField))

    def _has_valid_token(self, request: web.Request) -> bool:
        token = request.headers.get(csrf.HEADER) if self._token is None else self._token
        return csrf.is_valid_token(request, token)


def _to_formdata(posted: MultiDictProxy[Any] | None) -> MultiDict[Any] | None:
    """The posted fields without the token and without names that WTForms fails on."""
    if posted is None:
        return None
    fields: MultiDict[Any] = MultiDict()
    for name, value in posted.items():
        if name != csrf.FIELD and is_field_name(name):
            fields.add(name, value)
    return fields


def iter_leaves(form: Any) -> Iterator[wtforms.Field]:
    """Every field of a form that is no form or list itself, in any depth."""
    for field in form:
        if isinstance(field, wtforms.FormField):
            yield from iter_leaves(field.form)
        elif isinstance(field, wtforms.FieldList):
            yield from iter_leaves(field.entries)
        else:
            yield field


async def prepare_fields(form: Any, request: web.Request, *, resolve: bool = False) -> None:
    """Let fields fetch what they show; with ``resolve`` also what they need to be checked.

    A field that needs it has ``async def prepare(self, request, *, resolve)``.
    """
    for field in iter_leaves(form):
        prepare = getattr(field, "prepare", None)
        if prepare is not None:
            await prepare(request, resolve=resolve)


def is_field_name(name: str) -> bool:
    """Whether WTForms can take a posted name.

    It reads whatever ``str.isdigit`` likes as a place in a list: "²" and thousands of digits make it fail.
    """
    return all(not label.isdigit() or (label.isascii() and len(label) < 10) for label in name.split("-"))


def find_request(meta: Any) -> web.Request | None:
    """The request of the form, or of the form around it."""
    while meta is not None:
        request: web.Request | None = getattr(meta, "request", None)
        if request is not None:
            return request
        parent = getattr(meta, "_parent_form", None)
        meta = getattr(parent, "meta", None)
    return None


@functools.lru_cache(maxsize=64)
def _get_builtin(language: str) -> Any:
    try:
        return wtforms_i18n.get_translations((language,))
    except OSError:
        return stdlib_gettext.NullTranslations()
