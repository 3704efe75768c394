"""Settings of the shop; in a site's settings.py their names begin with ``shop_``."""

from aiocms import Setting

settings = (
    Setting("currency", "EUR", "ISO 4217 code of the currency that prices are shown and filtered in."),
    Setting("page_size", 24, "Products on one page of a category or of search results."),
    Setting("few_left", 5, "From this number of pieces down a variant shows 'few left'."),
    Setting("facet_values", 12, "Values of one facet shown at once; the rest is behind 'more'."),
    Setting("facet_time_ms", 1500, "Milliseconds the database may count facets; then they show no numbers."),
    Setting("facet_age", 60, "Seconds that counted facets may be shown after the catalogue has changed."),
    Setting("query_time_ms", 3000, "Milliseconds any other catalogue query may take."),
)
