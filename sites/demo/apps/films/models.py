"""Collections of the archive.

films_films       title, slug, year, released, runtime, rated, genres[], countries[], languages[],
                  director (an _id of films_people), directors[], cast[{name, billing}],
                  scores{critics, reviews, fresh, rotten}, oscars, poster (the id of a stored image)
films_people      name, films, first_year, last_year
films_programmes  title, opens, closes, halls[{name, seats, slots[{film, starts, price{amount, cur}}]}]
films_grosses     film, gross, production: on purpose without a screen, the admin infers one
"""

from aiocms import Index

indexes = (
    Index("films_films", [("slug", 1)], unique=True),
    Index("films_films", [("year", -1), ("_id", -1)]),
    Index("films_films", [("title", 1)]),
    Index("films_films", [("genres", 1), ("year", -1), ("_id", -1)]),
    Index("films_films", [("scores.critics", -1), ("_id", -1)]),
    Index("films_films", [("director", 1)]),
    Index("films_films", [("lower", 1)]),
    Index("films_people", [("name", 1)], unique=True),
    Index("films_people", [("films", -1), ("_id", -1)]),
    Index("films_programmes", [("opens", -1)]),
    Index("films_grosses", [("film", 1)]),
)
