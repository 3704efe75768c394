"""The measured site: a page with a query, a page without, a static file."""

title = "Benchmark"
