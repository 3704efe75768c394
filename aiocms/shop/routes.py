"""The shop's addresses."""

from aiocms import route
from aiocms.shop import views

routes = [
    route("GET", "/", views.index, "index"),
    route("GET", "/c/{path:.+}", views.category, "category"),
    route("GET", "/p/{slug}", views.product, "product"),
    route("GET", "/search", views.search, "search"),
    route("GET", "/picture/{name}.svg", views.picture, "picture"),
]
