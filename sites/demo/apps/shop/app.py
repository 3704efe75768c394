"""Lies over the bundled shop: same name, so every part can be changed without a fork."""

from aiocms import App

app = App(title="Museum shop")
