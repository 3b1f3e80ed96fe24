"""A Dask scheduler and workers on this machine, started as people start them, and ended by the test."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
PATIENCE = 90


def _dask(folder: Path, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": ""}
    command = [sys.executable, "-m", "dask", *arguments]
    with (folder / name).open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, env=settings, cwd=folder)


def _read(path: Path, pattern: str, process: subprocess.Popen[bytes]) -> str:
    """Wait until a log says something."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        found = re.search(pattern, path.read_text(encoding="utf-8"))
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError(path.read_text(encoding="utf-8"))


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Give the address of a scheduler on loopback, and its workers, itself the last; they end with the block."""
    started = []
    try:
        scheduler = _dask(folder, "scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        started.append(scheduler)
        address = _read(folder / "scheduler", r"tcp://127\.0\.0\.1:\d+", scheduler)
        for k in range(workers):
            options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(folder))
            started.append(_dask(folder, f"worker{k}", "worker", address, *options))
        for k, process in enumerate(started[1:]):
            _read(folder / f"worker{k}", "Registered to", process)
        yield address, [*started[1:], scheduler]
    finally:
        for process in started:
            process.kill()
            process.wait()
