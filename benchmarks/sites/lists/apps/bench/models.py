"""Collections of ten thousand, two hundred thousand and a million documents."""

from aiocms import Index

SIZES = {"bench_small": 10_000, "bench_middle": 200_000, "bench_large": 1_000_000}

indexes = tuple(
    Index(name, keys)
    for name in SIZES
    for keys in ([("price", 1), ("_id", 1)], [("category", 1), ("_id", 1)], [("name", 1), ("_id", 1)])
)
