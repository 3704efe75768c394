"""Routes over those of the bundled shop: same names replace and move, new names are added."""

from aiocms import route
from aiocms.shop import views as bundled

from . import views

routes = [
    route("GET", "/goods/{slug}", bundled.product, "product"),  # moved: every link follows by its name
    route("GET", "/terms", views.terms, "terms"),
]
