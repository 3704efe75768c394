"""Addresses of the site's own pages; each app has a file like this one."""

from aiocms import route

from . import views

routes = [
    route("GET", "/", views.index, "index"),
]
