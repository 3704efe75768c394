"""The measured admin: one screen for each size of collection."""

title = "Benchmark"
apps = ["auth", "admin"]
