"""Servers side by side, rounds in turn, medians of paired ratios."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure of one side over that of the other, from paired rounds."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.median:5.2f}  [{self.least:.2f} to {self.most:.2f}]"


def pair(rounds: int, one: Callable[[], float], other: Callable[[], float]) -> Ratio:
    """`one` over `other`: both measured in each round, in changing order."""
    ratios = []
    for number in range(rounds):
        if number % 2:
            below, above = other(), one()
        else:
            above, below = one(), other()
        ratios.append(above / below)
    return Ratio(statistics.median(ratios), min(ratios), max(ratios))


def show(name: str, ratio: Ratio, aim: str, is_met: bool | None = None) -> None:
    """Print one line of the result."""
    verdict = "" if is_met is None else "  met" if is_met else "  MISSED"
    print(f"{name:58} {ratio}  aim {aim}{verdict}", flush=True)


@contextmanager
def serving(*command: str, env: dict[str, str] | None = None) -> Iterator[str]:
    """Run `python -m benchmarks.<command> PORT`; gives its address once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", *command, str(port)], cwd=ROOT, env={**os.environ, **(env or {})}
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def wait_for(address: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Wait until a server answers anything."""
    host, port = address.removeprefix("http://").split(":")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with {process.returncode}")
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{address} does not answer")


def requests_per_second(url: str, seconds: float = 3, connections: int = 16) -> float:
    """Answers 200 per second under load."""
    if shutil.which("wrk"):
        result = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", url],
            capture_output=True,
            text=True,
            check=True,
        )
        if "Non-2xx" in result.stdout:
            raise RuntimeError(f"{url} answered errors:\n{result.stdout}")
        found = re.search(r"Requests/sec:\s+([\d.]+)", result.stdout)
        if not found:
            raise RuntimeError(result.stdout)
        return float(found.group(1))
    return asyncio.run(_load(url, seconds, connections))


async def _load(url: str, seconds: float, connections: int) -> float:
    import aiohttp

    count = 0
    end = time.perf_counter() + seconds
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections)) as client:

        async def ask() -> None:
            nonlocal count
            while time.perf_counter() < end:
                async with client.get(url) as response:
                    await response.read()
                    if response.status != 200:
                        raise RuntimeError(f"{url} answered {response.status}")
                count += 1

        await asyncio.gather(*(ask() for _ in range(connections)))
    return count / seconds


def median_time(url: str, cookie: str = "", times: int = 40) -> float:
    """Median seconds of one request after another."""
    taken = []
    for _ in range(times):
        request = urllib.request.Request(url, headers={"Cookie": cookie} if cookie else {})
        start = time.perf_counter()
        with urllib.request.urlopen(request, timeout=60) as response:
            response.read()
            if response.status != 200:
                raise RuntimeError(f"{url} answered {response.status}")
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)
