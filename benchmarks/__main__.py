"""`python -m benchmarks [pages static lists edit start]`: with its own mongod, ratios to bare versions."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from aiocms.core.mongod import EmbeddedMongod
from benchmarks import edit, lists, pages, start

RUNS: dict[str, Callable[[], None]] = {
    "pages": pages.run,
    "static": pages.run_static,
    "lists": lists.run,
    "edit": edit.run,
    "start": start.run,
}
VAR = Path(__file__).parent / "var"


def main(names: list[str]) -> None:
    """Run the named measurements, or all."""
    unknown = [name for name in names if name not in RUNS]
    if unknown:
        sys.exit(f"There is no measurement {unknown[0]!r}; there are {', '.join(RUNS)}")
    mongod = EmbeddedMongod(VAR / "mongo", cache_mb=1024)
    os.environ["BENCH_URI"] = mongod.attach()
    try:
        for name in names or RUNS:
            RUNS[name]()
    finally:
        mongod.detach()


if __name__ == "__main__":
    main(sys.argv[1:])
