"""Collections of the archive.

films_films       {_id, title, slug, year, released, runtime, rated, genres[], countries[], languages[],
                   director (-> films_people), directors[], cast[{name, billing}], scores{critics, reviews, …}, oscars}
films_people      {_id, name, films, first_year, last_year}
films_programmes  {_id, title, opens, closes, halls[{name, seats, slots[{film (-> films_films), starts, price{amount, cur}}]}]}
films_grosses     {film, gross, production}: on purpose without a screen, the admin infers one
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
