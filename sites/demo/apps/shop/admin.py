"""A bundled screen, changed: same class name, so it replaces the lower one, which it subclasses."""

from aiocms.shop.admin import Products as BundledProducts


class Products(BundledProducts):
    """Products, with the newest first and more of them on a page."""

    order = ("-updated",)
    page_size = 100
