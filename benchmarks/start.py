"""Start-up time and memory of an empty site, against a bare application with the same libraries."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import ROOT, pair, show

BARE = "import aiohttp.web, jinja2, motor.motor_asyncio; app = aiohttp.web.Application()"
OURS = "from aiocms import create_app; app = create_app({!r})"
MEMORY = "; import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
ROUNDS = 7


def run() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "settings.py").write_text('apps = ["auth", "admin", "shop"]\n')
        ours = OURS.format(folder)
        show(
            "start of an empty site with all apps, time",
            pair(ROUNDS, lambda: _time(ours), lambda: _time(BARE)),
            "-",
        )
        show(
            "memory of an empty site with all apps",
            pair(ROUNDS, lambda: _memory(ours), lambda: _memory(BARE)),
            "-",
        )


def _time(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env=_env())
    return time.perf_counter() - start


def _memory(code: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", code + MEMORY],
        check=True,
        cwd=ROOT,
        env=_env(),
        capture_output=True,
        text=True,
    )
    return float(done.stdout)


def _env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}
