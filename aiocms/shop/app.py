"""The shop's manifest."""

from aiocms import App

app = App(title="Shop", prefix="/shop")
