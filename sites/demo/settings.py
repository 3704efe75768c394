"""The demo: a small cinema with a film archive and a shop. `make demo` fills and serves it."""

title = "Lanterna"
logo = "logo.svg"
apps = ["auth", "admin", "shop"]  # the folder apps/ adds `films`, and its `shop` lies over the bundled one
debug = False
languages = ["en", "ru"]
time_zone = "Europe/Berlin"
