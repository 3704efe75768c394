"""Addresses of login and account."""

from aiocms import route
from aiocms.auth import views
from aiocms.auth.guard import ANY_USER

routes = [
    route("GET", "/login", views.login, "login", requires=""),
    route("POST", "/login", views.login, "login", requires=""),
    route("POST", "/logout", views.logout, "logout", requires=""),
    route("GET", "/account", views.account, "account", requires=ANY_USER),
    route("POST", "/account", views.account, "account", requires=ANY_USER),
    route("GET", "/account/password", views.password, "password", requires=ANY_USER),
    route("POST", "/account/password", views.password, "password", requires=ANY_USER),
    route("POST", "/account/sessions/end", views.end_sessions, "end_sessions", requires=ANY_USER),
]
