"""The auth app: /login, /logout, /account, and the guard of every route that requires a permission."""

from aiocms import App

app = App(title="Accounts")
