"""The files app: /files/<id>, uploads, thumbnails, and the library in the admin."""

from aiocms import App

app = App(title="Files", prefix="/files", needs=("auth",))
