"""Screens of users and roles.

Rights are a superuser's to give: others with `auth.users.edit` manage accounts that have no rights of their
own, so nobody can rise by editing a user, a role or somebody's password. What must stay true of accounts (a
last superuser, sessions that end) is changed by actions through the store, never by the form.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, ClassVar

from aiohttp import web
from pymongo.errors import DuplicateKeyError

from aiocms.admin.screens import Access, Column, Document, Reference, Screen, action
from aiocms.auth import store
from aiocms.auth.forms import NewPasswordForm
from aiocms.auth.models import BROWSERS, LOCKS, PASSWORDS, ROLES, THROTTLES, USERS
from aiocms.auth.permissions import PermissionSyntaxError, parse
from aiocms.auth.strength import find_weakness
from aiocms.core.i18n import N_, gettext, ngettext
from aiocms.core.keys import MONGO, SETTINGS, USER

PLAIN_ACCOUNT: dict[str, Any] = {
    "superuser": {"$ne": True},
    "roles.0": {"$exists": False},
    "permissions.0": {"$exists": False},
}
_RIGHTS = ("roles", "permissions")
_BY_ACTION = ("active", "superuser", "created", "last_login")


class Users(Screen):
    """People with an account. Their passwords are in a collection that no screen shows."""

    collection = USERS
    title = N_("Users")
    icon = "people"
    label = "{username}"
    columns = (
        "username",
        "display_name",
        "email",
        "active",
        "superuser",
        "roles",
        Column("last_login", format="relative"),
    )
    filters = ("active", "superuser", "roles", "created", "last_login")
    search = ("username", "email", "display_name")
    order = ("username",)
    layout = (("username", "display_name"), "email", ("language", "time_zone"), "roles", "permissions")
    types: ClassVar[Mapping[str, str]] = {
        "username": "string", "display_name": "string", "email": "string", "language": "string",
        "time_zone": "string", "theme": "string", "active": "bool", "superuser": "bool", "roles": "array",
        "permissions": "array", "created": "date", "last_login": "date",
    }  # fmt: skip
    references: ClassVar[Mapping[str, str | Reference]] = {
        "roles": Reference(ROLES, "pull", N_("Users with this role"))
    }
    can_delete = False

    def scope(self, request: web.Request, verb: str) -> bool | dict[str, Any]:
        """Everybody for superusers; others change plain accounts only."""
        if verb in ("view", "add") or request[USER].is_superuser:
            return True
        return dict(PLAIN_ACCOUNT)

    def field_access(self, request: web.Request, path: str, document: Document | None = None) -> Access:
        """Nobody sees stamps; rights are a superuser's; the name is given once."""
        top = path.partition(".")[0]
        if top == "stamp":
            return "hide"
        if top in _BY_ACTION or (top == "username" and document is not None and "_id" in document):
            return "read"
        if top in _RIGHTS and not request[USER].is_superuser:
            return "read"
        return "edit"

    async def check(
        self, request: web.Request, document: Document, before: Document | None = None
    ) -> Mapping[str, str]:
        """The name of a new user is free and can be one; permissions can be read."""
        found = _check_permissions(request, document)
        if before is None:
            found |= await _check_username(request, document)
        return found

    async def saved(
        self, request: web.Request, document_id: Any, document: Document | None, before: Document | None
    ) -> None:
        """A new name is stored as logins look for it; how it was typed becomes the name that is shown."""
        if document is None or before is not None:
            return
        typed = document["username"]
        fields = {"username": store.normalize_username(typed)}
        if not document.get("display_name"):
            fields["display_name"] = typed.strip()
        await request.app[MONGO].db[USERS].update_one({"_id": {"$eq": document_id}}, {"$set": fields})

    @action(N_("Set password"), form=NewPasswordForm, icon="key")
    async def set_password(self, request: web.Request, rows: Any) -> str:
        """Give one user a new password and let them in; all their sessions end."""
        documents = [row async for row in rows]
        if len(documents) != 1:
            return gettext(request, "Choose one user: everybody needs a password of their own.")
        user, password = documents[0], rows.form.new.data or ""
        words = [request.app[SETTINGS].title]
        if weakness := find_weakness(password, str(user.get("username", "")), words):
            return gettext(request, weakness)
        db = request.app[MONGO].db
        try:
            # An account made by the form has its name as it was typed, and was never let in or shut out.
            name = store.normalize_username(str(user.get("username", "")))
            await db[USERS].update_one({"_id": user["_id"]}, {"$set": {"username": name}})
            await db[USERS].update_one(
                {"_id": user["_id"], "active": {"$exists": False}}, {"$set": {"active": True}}
            )
        except (store.AccountError, DuplicateKeyError):
            return gettext(request, "The user name is empty, too long or taken.")
        await store.set_password(db, user["_id"], password)
        return gettext(request, "The password of %(name)s is set.", name=name)

    @action(N_("Let in"), icon="unlock")
    async def activate(self, request: web.Request, rows: Any) -> str:
        """Let users log in again."""
        return await _change_each(request, rows, lambda db, user_id: store.set_active(db, user_id, True))

    @action(N_("Shut out"), confirm=N_("Their sessions end at once, and they cannot log in."), icon="lock")
    async def deactivate(self, request: web.Request, rows: Any) -> str:
        """Shut users out at once."""
        return await _change_each(request, rows, lambda db, user_id: store.set_active(db, user_id, False))

    @action(N_("Log out everywhere"), icon="box-arrow-right")
    async def end_sessions(self, request: web.Request, rows: Any) -> str:
        """End all sessions of the users."""
        return await _change_each(request, rows, store.end_sessions)

    @action(N_("Make superuser"), confirm=N_("A superuser may do everything on this site."), icon="shield")
    async def make_superuser(self, request: web.Request, rows: Any) -> str:
        """Let users do everything."""
        _require_superuser(request)
        return await _change_each(
            request, rows, lambda db, user_id: store.set_rights(db, user_id, superuser=True)
        )

    @action(N_("No longer superuser"), icon="shield-slash")
    async def end_superuser(self, request: web.Request, rows: Any) -> str:
        """Leave users with their roles and permissions only."""
        _require_superuser(request)
        return await _change_each(
            request, rows, lambda db, user_id: store.set_rights(db, user_id, superuser=False)
        )

    @action(
        N_("Delete accounts"), confirm=N_("This cannot be undone."), verb="delete", danger=True, icon="trash"
    )
    async def delete_accounts(self, request: web.Request, rows: Any) -> str:
        """Remove accounts with their passwords and sessions."""
        return await _change_each(request, rows, store.delete_user)


class Roles(Screen):
    """Named sets of permissions. Only superusers change them."""

    collection = ROLES
    title = N_("Roles")
    icon = "person-badge"
    label = "{title}"
    columns = ("name", "title", "permissions")
    search = ("name", "title")
    order = ("name",)
    layout = (("name", "title"), "permissions")
    types: ClassVar[Mapping[str, str]] = {"name": "string", "title": "string", "permissions": "array"}

    def scope(self, request: web.Request, verb: str) -> bool | dict[str, Any]:
        """Seen by whoever may, changed by superusers."""
        return verb == "view" or bool(request[USER].is_superuser)

    async def check(
        self, request: web.Request, document: Document, before: Document | None = None
    ) -> Mapping[str, str]:
        """Permissions can be read."""
        return _check_permissions(request, document)


class _Sealed(Screen):
    """A declared screen that shows nothing, so that no screen is inferred for its collection."""

    hidden = True
    can_add = can_edit = can_delete = False

    def scope(self, request: web.Request, verb: str) -> bool | dict[str, Any]:
        """Nobody, superusers neither."""
        return False

    def field_access(self, request: web.Request, path: str, document: Document | None = None) -> Access:
        """Nothing."""
        return "hide"


class SealedPasswords(_Sealed):
    """Password hashes."""

    collection = PASSWORDS


class SealedBrowsers(_Sealed):
    """Browsers that are known at login."""

    collection = BROWSERS


class SealedThrottles(_Sealed):
    """Counts of login attempts."""

    collection = THROTTLES


class SealedLocks(_Sealed):
    """The lock of changes to superusers."""

    collection = LOCKS


def _check_permissions(request: web.Request, document: Document) -> dict[str, str]:
    permissions = document.get("permissions")
    if permissions is None:
        return {}
    if not isinstance(permissions, list):
        return {"permissions": gettext(request, "Permissions are a list of texts.")}
    found: dict[str, str] = {}
    for index, text in enumerate(permissions):
        if not isinstance(text, str):
            found[f"permissions.{index}"] = gettext(request, "A permission is a text.")
            continue
        try:
            parse(text)
        except PermissionSyntaxError as error:
            found[f"permissions.{index}"] = gettext(
                request, "This permission cannot be read: %(reason)s", reason=error
            )
    return found


async def _check_username(request: web.Request, document: Document) -> dict[str, str]:
    typed = document.get("username")
    try:
        name = store.normalize_username(typed if isinstance(typed, str) else "")
    except store.AccountError:
        most = store.LONGEST_NAME
        text = gettext(request, "A user name has 1 to %(most)s printable characters.", most=most)
        return {"username": text}
    query = {"username": {"$eq": name}, "_id": {"$ne": document["_id"]}}
    if await request.app[MONGO].db[USERS].find_one(query, {"_id": 1}) is not None:
        return {"username": gettext(request, "The user name %(name)s is taken.", name=name)}
    return {}


async def _change_each(
    request: web.Request, rows: AsyncIterator[Any], change: Callable[[Any, Any], Awaitable[None]]
) -> str:
    """Change users one by one and say how many; one that must not be changed ends the row with its reason."""
    done = 0
    async for row in rows:
        try:
            await change(request.app[MONGO].db, row["_id"])
        except store.LastSuperuserError:
            return gettext(request, "%(name)s is the last active superuser.", name=row.get("username", ""))
        done += 1
    return ngettext(request, "%(num)s user changed.", "%(num)s users changed.", done)


def _require_superuser(request: web.Request) -> None:
    if not request[USER].is_superuser:
        raise web.HTTPForbidden
