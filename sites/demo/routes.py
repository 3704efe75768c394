"""The site's own pages, namespace `site`."""

from aiocms import route

from . import views

routes = [
    route("GET", "/", views.index, "index"),
    route("GET", "/how", views.how, "how"),
]
