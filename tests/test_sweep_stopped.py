"""A sweep that is stopped at any moment, by anything, goes on as if nothing had been: the same runs, the same bytes."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from sim.cli import main
from sim.studies.sweep import Sweep

ROOT = Path(__file__).parent.parent
VARY = ["--vary", "bank.alarm_level=0.44:0.57", "--vary", "platform.entry=2017-02:2017-09"]
QUESTION = ["sweep", *VARY, "--points", "7", "--seeds", "2", "--scale", "0.01", "--months", "9"]
RUNS = 14
PATIENCE = 120
#: No worker may work on for longer when the process that started it is gone, seconds; so often do they look: 0.5.
GONE = 10

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of running processes are set on Linux only")


def start(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sim", *QUESTION, "--jobs", "2", "--quiet", "--out", str(folder)]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, cwd=folder.parent, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip


def finish(folder: Path) -> Sweep:
    process = start(folder)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    return Sweep(folder)


def parts(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("monthly/*/*.parquet")}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The sweep in one process, never stopped; how long the command takes, and how long it makes runs, seconds."""
    folder = tmp_path_factory.mktemp("undisturbed")
    result = CliRunner().invoke(main, [*QUESTION, "--jobs", "1", "--quiet", "--out", str(folder / "one")])
    assert result.exit_code == 0, result.output
    begun = time.monotonic()
    assert finish(folder / "two").content_hash == Sweep(folder / "one").content_hash
    seconds, made = time.monotonic() - begun, [path.stat().st_mtime for path in (folder / "two").glob("monthly/*/*")]
    return Sweep(folder / "one"), seconds, max(made) - min(made)


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def kill_parent(process, luck):
    process.kill()
    return (-signal.SIGKILL,)


def kill_worker(process, luck):
    workers = [each for each in workers_of(process) if "popen_loky" in " ".join(each.cmdline())]
    if workers:
        luck.choice(workers).kill()
    return (0,)  # it goes on by itself


def interrupt(process, luck):
    os.killpg(process.pid, signal.SIGINT)
    return (130, -signal.SIGINT)  # the second before Python has set up its own handler


def limit_files(process, luck):
    size = luck.randrange(0, 20_000)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, size))
    return (2,)


@pytest.mark.slow
@pytest.mark.parametrize("stop", [kill_parent, kill_worker, interrupt, limit_files])
def test_stopped_at_a_random_instant_it_resumes(stop, undisturbed, tmp_path):
    whole, seconds, making = undisturbed
    seed = random.SystemRandom().randrange(2**32)
    luck, folder = random.Random(seed), tmp_path / "out"
    print(f"seed of the instants: {seed}")
    before: dict[str, bytes] = {}
    for attempt in range(2):
        process = start(folder)
        if attempt == 0:  # while runs are being made; the second time at any moment
            while process.poll() is None and not parts(folder):
                time.sleep(0.01)
        instant = luck.uniform(0.0, seconds if attempt else making)
        print(f"{stop.__name__} after {instant:.3f} s, {len(before)} runs there before")
        time.sleep(instant)
        children, codes = workers_of(process), (0,)
        if process.poll() is None:
            codes = (*stop(process, luck), 0)  # 0: it may have been as good as finished
        said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode in codes, said
        assert "Traceback" not in said or -signal.SIGINT in codes
        if process.returncode == 2:
            assert said.count("\n") == 1, said
            assert "File too large" in said
        psutil.wait_procs(children, timeout=GONE)
        assert not [each for each in children if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
        there = parts(folder)
        assert before.items() <= there.items(), "a finished run is lost, or another than it was"
        before = there
    found = finish(folder)
    assert found.content_hash == whole.content_hash
    assert before.items() <= parts(folder).items()
    assert parts(folder) == parts(whole.folder)
    assert len(parts(folder)) == RUNS
    assert not list(folder.rglob("*.partial"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"], "nothing half-made is left beside it"
    assert found.outcomes().equals(whole.outcomes())
