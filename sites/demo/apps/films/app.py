"""The film archive: an app that the demo adds."""

from aiocms import App

app = App(title="Films", prefix="/films")
