"""Addresses of the archive; names get the namespace: films:detail."""

from aiocms import route

from . import views

routes = [
    route("GET", "/", views.index, "index"),
    route("GET", "/live", views.live, "live"),
    route("GET", "/live/socket", views.live_socket, "live-socket"),  # a WebSocket
    route("GET", "/{slug}", views.detail, "detail"),
]
