"""The same screen over each collection."""

from aiocms.admin import Column, Screen


class Small(Screen):
    """Ten thousand documents."""

    collection = "bench_small"
    label = "{name}"
    columns = (
        "name",
        "sku",
        "category",
        Column("price", format="number"),
        "stock",
        Column("created", format="datetime"),
    )
    filters = ("category", "price", "created")
    search = ("name",)


class Middle(Small):
    """Two hundred thousand."""

    collection = "bench_middle"


class Large(Small):
    """A million."""

    collection = "bench_large"
