"""Screens of the archive. films_grosses has none on purpose: the admin infers it."""

from __future__ import annotations

from aiocms.admin import Column, Screen, Tab


class Films(Screen):
    """Films, with their cast as a list of sub-forms."""

    collection = "films_films"
    icon = "film"
    label = "{title} ({year})"
    columns = (
        "title",
        Column("year", format="text"),
        Column("director", reference="films_people"),
        Column("genres", format="tags"),
        Column("runtime", label="Minutes"),
        Column("scores.critics", label="Critics %"),
        Column("cast", format="count"),
        Column("released", format="date"),
    )
    filters = ("year", "genres", "countries", "scores.critics", "released", "oscars")
    search = ("title",)
    order = ("-year",)
    references = {"director": "films_people"}
    layout = (
        Tab(
            "Film",
            ("title", "slug"),
            ("year", "released", "runtime"),
            ("genres", "rated"),
            ("countries", "languages"),
        ),
        Tab("People", ("director", "directors"), "cast"),
        Tab("Scores", "scores", "oscars"),
    )


class People(Screen):
    """Directors."""

    collection = "films_people"
    icon = "people"
    label = "{name}"
    columns = ("name", "films", Column("first_year", format="text"), Column("last_year", format="text"))
    filters = ("films", "first_year")
    search = ("name",)
    order = ("-films",)


class Programmes(Screen):
    """Programmes: halls that hold slots, lists in lists."""

    collection = "films_programmes"
    icon = "calendar3"
    label = "{title}"
    columns = (
        "title",
        Column("opens", format="date"),
        Column("closes", format="date"),
        Column("halls", format="count"),
    )
    filters = ("opens",)
    order = ("-opens",)
    references = {"halls.slots.film": "films_films"}
    widgets = {"intro": "markdown", "article": "richtext"}
