"""What the app says of itself. Every part may be left out, and so may this file."""

from aiocms import App

app = App(title="Notes")
