"""One route of the bundled shop, moved: the name stays, so every link follows by itself."""

from aiocms import route
from aiocms.shop import views

routes = [route("GET", "/goods/{slug}", views.product, "product")]
