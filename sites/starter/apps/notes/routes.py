"""Addresses of the app. Names get the namespace in front: url_for("notes:index")."""

from aiocms import route

from . import views

routes = [
    route("GET", "/notes", views.index, "index"),
    route("GET", "/notes/{slug}", views.detail, "detail"),
]
