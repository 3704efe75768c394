"""Routes of the measured site."""

from aiocms import route

from . import views

routes = [route("GET", "/query", views.query, "query"), route("GET", "/plain", views.plain, "plain")]
