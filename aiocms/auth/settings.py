"""Settings of logins; in a site's settings.py they are called auth_<name>."""

from aiocms import Setting

settings = (
    Setting("account_attempts", 10, "Wrong passwords one account may get in auth_attempts_window."),
    Setting("address_attempts", 60, "Login attempts that come from one /24 or /64 in auth_attempts_window."),
    Setting("attempts_window", 300, "Seconds in which login attempts are counted."),
    Setting("login_next", "/", "Path that a login leads to when no other page was asked for."),
)
