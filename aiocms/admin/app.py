"""The admin app: everything below /admin asks for the permission to enter."""

from aiocms.core.app import App

app = App(title="Admin", prefix="/admin", needs=("auth",), brings=("files",), requires="admin.enter")
