"""Login, logout and one's own account."""

from aiohttp import web

from aiocms import Request, flash, redirect, safe_next, templ, url_for
from aiocms.auth import store
from aiocms.auth.carried import Carried, open_carried
from aiocms.auth.forms import LoginForm, PasswordForm, ProfileForm
from aiocms.auth.login import (
    Outcome,
    authenticate_request,
    change_password,
    is_own_password,
    log_in,
    log_out,
    remember_browser,
)
from aiocms.auth.users import User
from aiocms.core.csrf import require_token
from aiocms.core.i18n import choose_language, gettext, ngettext, remember_language
from aiocms.core.keys import USER
from aiocms.core.sessions import get_session

_YEAR = 31536000


async def login(request: Request) -> web.StreamResponse:
    """The login page; the answer to a wrong name is that to a wrong password."""
    form = await LoginForm.load(request, {"next": request.query.get("next", "")})
    target = _find_target(request, form.next.data)
    if request.user.is_authenticated:
        return redirect(request, target)
    status = form.status
    headers: dict[str, str] = {}
    if await form.is_valid():
        outcome = await authenticate_request(request, form.username.data or "", form.password.data or "")
        if outcome.user is not None:
            carried = open_carried(request, form.carried.data)
            if carried is not None:
                return await _resume(request, outcome.user, carried)
            return await _enter(request, outcome.user, target)
        form.add_error(None, _explain(request, outcome))
        status = 429 if outcome.wait else 422
        if outcome.wait:
            headers["Retry-After"] = str(outcome.wait)
    elif form.is_submitted:
        status = form.status
    form.next.data = target
    return templ("auth:login", request, {"form": form}, status=status, headers=headers)


async def logout(request: Request) -> web.StreamResponse:
    """End this session."""
    await require_token(request)
    await log_out(request)
    flash(request, gettext(request, "You are logged out."), "success")
    return redirect(request, "/")


async def account(request: Request) -> web.StreamResponse:
    """One's own page: what one chose, and a new password."""
    user: User = request.user
    form = await _load_profile(request)
    if await form.is_valid():
        chosen = {name: form[name].data or "" for name in ("display_name", "language", "time_zone", "theme")}
        await store.save_profile(request.db, user.id, chosen)
        request[USER] = await store.get_user(request.db, user.id)
        choose_language(request)  # the message is in the language chosen just now
        answer = redirect(request, "auth:account")
        _remember_choices(request, answer, chosen["language"], chosen["theme"])
        flash(request, gettext(request, "Your choices are saved."), "success")
        return answer
    return _show_account(request, form, await PasswordForm.load(request, prefix="password-"), form.status)


async def password(request: Request) -> web.StreamResponse:
    """Take a new password; every other session of the user ends."""
    if request.method in ("GET", "HEAD"):  # the page of a refused change, opened again
        return redirect(request, "auth:account")
    user: User = request.user
    form = await PasswordForm.load(request, prefix="password-")
    if await form.is_valid():
        outcome = await is_own_password(request, user, form.current.data or "")
        if outcome.user is not None:
            await change_password(request, user, form.new.data or "")
            flash(
                request,
                gettext(request, "Your password is changed. Other devices are logged out."),
                "success",
            )
            answer = redirect(request, "auth:account")
            await remember_browser(request, answer, user)
            return answer
        wrong = gettext(request, "This is not your current password.")
        form.add_error("current", _explain(request, outcome) if outcome.wait else wrong)
    return _show_account(request, await _load_profile(request), form, form.status)


async def end_sessions(request: Request) -> web.StreamResponse:
    """Log the user out everywhere else."""
    await require_token(request)
    session = await get_session(request)
    await store.end_sessions(request.db, request.user.id, except_token=str(session.identity))
    flash(request, gettext(request, "All other devices are logged out."), "success")
    answer = redirect(request, "auth:account")
    await remember_browser(request, answer, request.user)
    return answer


async def _enter(request: Request, user: User, target: str) -> web.StreamResponse:
    await log_in(request, user)
    answer = redirect(request, target)
    await remember_browser(request, answer, user)
    _remember_choices(request, answer, user.language, user.theme)
    return answer


async def _resume(request: Request, user: User, carried: Carried) -> web.StreamResponse:
    """Log in, and give back the form that had to wait for it."""
    await log_in(request, user)
    answer = templ("auth:resume", request, {"carried": carried})
    await remember_browser(request, answer, user)
    _remember_choices(request, answer, user.language, user.theme)
    return answer


async def _load_profile(request: Request) -> ProfileForm:
    user: User = request.user
    chosen = {
        "display_name": user.display_name,
        "language": user.language,
        "time_zone": user.time_zone,
        "theme": user.theme,
    }
    form = await ProfileForm.load(request, chosen, prefix="profile-")
    form.offer(request)
    return form


def _show_account(
    request: Request, profile: ProfileForm, password: PasswordForm, status: int
) -> web.StreamResponse:
    return templ("auth:account", request, {"profile": profile, "password": password}, status=status)


def _find_target(request: Request, wanted: str | None) -> str:
    """Where a login leads: a page of this site, but not the login itself."""
    default = str(request.settings.auth_login_next)
    target = safe_next(request, wanted, default)
    own = {url_for(request, "auth:login"), url_for(request, "auth:logout")}
    return default if target.partition("?")[0].rstrip("/") in own else target


def _explain(request: Request, outcome: Outcome) -> str:
    if not outcome.wait:
        return gettext(request, "The user name or the password is wrong.")
    if outcome.wait < 90:
        return ngettext(
            request,
            "Too many attempts. Please wait %(num)s second.",
            "Too many attempts. Please wait %(num)s seconds.",
            outcome.wait,
        )
    return ngettext(
        request,
        "Too many attempts. Please wait %(num)s minute.",
        "Too many attempts. Please wait %(num)s minutes.",
        -(-outcome.wait // 60),
    )


def _remember_choices(request: Request, answer: web.StreamResponse, language: str, theme: str) -> None:
    """Also as cookies, for pages shown before the next login; the pages read the theme from its cookie."""
    if language:
        remember_language(request, answer, language)
    if theme in ("light", "dark"):
        secure = request.settings.secure_cookies
        answer.set_cookie("aiocms_theme", theme, max_age=_YEAR, path="/", secure=secure, samesite="Lax")
    elif request.path == url_for(request, "auth:account"):
        answer.del_cookie("aiocms_theme", path="/")
