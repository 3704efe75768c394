"""The forms of login and account."""

from typing import Any
from zoneinfo import available_timezones

from wtforms import HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from aiocms.auth.strength import find_weakness
from aiocms.core.forms import Form
from aiocms.core.i18n import N_, gettext

THEMES = (("", N_("As the device")), ("light", N_("Light")), ("dark", N_("Dark")))
LANGUAGE_NAMES = {
    "ar": "العربية", "de": "Deutsch", "en": "English", "es": "Español", "fr": "Français", "he": "עברית",
    "it": "Italiano", "ja": "日本語", "pl": "Polski", "pt": "Português", "ru": "Русский", "uk": "Українська",
    "zh": "中文",
}  # fmt: skip


class LoginForm(Form):
    """Name, password and where to go afterwards."""

    username = StringField(
        N_("User name"),
        [InputRequired(N_("Enter your user name."))],
        render_kw={
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "autofocus": True,
        },
    )
    password = PasswordField(
        N_("Password"),
        [InputRequired(N_("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
    carried = HiddenField()


class ProfileForm(Form):
    """What people choose for themselves. Not their address: it can open an account, so it wants a proof."""

    display_name = StringField(
        N_("Name shown"),
        [Length(max=150, message=N_("Use at most 150 characters."))],
        render_kw={"autocomplete": "name"},
    )
    language = SelectField(N_("Language"))
    time_zone = SelectField(N_("Time zone"))
    theme = SelectField(N_("Colours"))

    def offer(self, request: Any) -> None:
        """Fill the lists of choices, in the visitor's language."""
        self.language.choices = [
            ("", gettext(request, "As the browser")),
            *((code, LANGUAGE_NAMES.get(code, code)) for code in request.settings.languages),
        ]
        site_zone = gettext(request, "As the site (%(zone)s)", zone=request.settings.time_zone)
        self.time_zone.choices = [
            ("", site_zone),
            *((name, name.replace("_", " ")) for name in list_time_zones()),
        ]
        self.theme.choices = [(value, gettext(request, label)) for value, label in THEMES]


class PasswordForm(Form):
    """The old password, and a new one twice."""

    current = PasswordField(
        N_("Current password"),
        [InputRequired(N_("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        N_("New password"),
        [InputRequired(N_("Enter a new password."))],
        description=N_("At least 8 characters; 15 or more are better. Spaces are fine."),
        render_kw={"autocomplete": "new-password", "minlength": "8"},
    )
    repeat = PasswordField(
        N_("New password again"),
        [InputRequired(N_("Enter the new password again."))],
        render_kw={"autocomplete": "new-password"},
    )

    async def clean(self, request: Any) -> None:
        """The two must agree and be hard to guess."""
        if self.new.data != self.repeat.data:
            self.add_error("repeat", N_("The two new passwords differ."))
        if weakness := find_weakness(self.new.data or "", request.user.username, [request.settings.title]):
            self.add_error("new", weakness)


class NewPasswordForm(Form):
    """A password that an administrator gives to somebody."""

    new = PasswordField(
        N_("New password"),
        [InputRequired(N_("Enter a new password."))],
        description=N_("At least 8 characters; 15 or more are better. All sessions of the user end."),
        render_kw={"autocomplete": "new-password", "minlength": "8"},
    )

    async def clean(self, request: Any) -> None:
        """It must be hard to guess; whose name it must not contain is checked where the user is known."""
        if weakness := find_weakness(self.new.data or "", "", [request.settings.title]):
            self.add_error("new", weakness)


def list_time_zones() -> list[str]:
    """The zones that people choose from, `Europe/Berlin` and the like, and UTC."""
    areas = (
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    return ["UTC", *sorted(name for name in available_timezones() if name.partition("/")[0] in areas)]
