"""Screens of the archive. films_grosses has none on purpose: the admin infers it."""

from __future__ import annotations

from aiocms.admin import Chart, Column, Number, Reference, Report, Screen, Tab


class Films(Screen):
    """Films, with their cast as a list of sub-forms."""

    collection = "films_films"
    icon = "film"
    label = "{title} ({year})"
    columns = (
        "title",
        Column("poster", format="image", sortable=False),
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
    references = {"director": Reference("films_people", label="Films by this director")}
    charts = (
        Number("Films"),
        Number("With Oscars", where={"oscars": {"$gte": 1}}),
        Number("Critics on average, %", average="scores.critics"),
        Chart("Films by decade", by="year", step=10),
        Chart("Genres", by="genres", top=6),
        Chart("Directors", by="director", top=6, dashboard=False),
        Chart("Critics", by="scores.critics", step=10, kind="line", dashboard=False),
    )
    widgets = {"poster": "image", "released": "day"}
    layout = (
        Tab(
            "Film",
            ("title", "slug"),
            ("year", "released", "runtime"),
            ("genres", "rated"),
            ("countries", "languages"),
            "poster",
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


class Genres(Report):
    """What the archive holds of each genre."""

    collection = "films_films"
    icon = "tags"
    pipeline = (
        {"$unwind": "$genres"},
        {
            "$group": {
                "_id": "$genres",
                "films": {"$sum": 1},
                "first": {"$min": "$year"},
                "last": {"$max": "$year"},
                "minutes": {"$avg": "$runtime"},
                "critics": {"$avg": "$scores.critics"},
                "oscars": {"$sum": "$oscars"},
            }
        },
        {"$set": {"minutes": {"$round": "$minutes"}, "critics": {"$round": "$critics"}}},
    )
    columns = (
        Column("_id", label="Genre"),
        Column("films", format="number"),
        Column("first", format="text"),
        Column("last", format="text"),
        Column("minutes", format="number"),
        Column("critics", label="Critics %", format="number"),
        Column("oscars", label="Oscars", format="number"),
    )
    order = ("-films",)
    drill = {"_id": "genres"}


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
    references = {"halls.slots.film": Reference("films_films", "pull", "Programmes with this film")}
    widgets = {"intro": "markdown", "article": "richtext"}
