"""A measured site served by aiocms. `python -m benchmarks.ours FOLDER PORT`."""

from __future__ import annotations

import os
import sys

from aiohttp import web

from aiocms import create_app

if __name__ == "__main__":
    app = create_app(
        sys.argv[1], database=os.environ["BENCH_URI"], database_name="bench", log_level="WARNING"
    )
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[2]), print=None, access_log=None)
