"""The same bytes on one thread or two, on a busy machine, and in other processes."""

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from county_runs import county, fingerprint

import sim.threads
from sim.experiment import run_seeds
from sim.threads import at_once, over_rows

SCRIPT = Path(__file__).with_name("county_runs.py")
MONTHS = 20
#: Large enough for every kernel to be split in two.
SCALE = 0.2


def elsewhere(threads: int) -> str:
    """Return the fingerprint of a run in another process with so many kernel threads."""
    environment = os.environ | {"NUMBA_NUM_THREADS": str(threads), "PYTHONPATH": str(SCRIPT.parent.parent)}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(MONTHS), str(SCALE)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


@contextmanager
def busy_machine(workers: int):
    """Keep processors busy with processes that end by themselves after two minutes."""
    work = "import time; end = time.monotonic() + 120\nwhile time.monotonic() < end: sum(range(100000))"
    running = [subprocess.Popen([sys.executable, "-c", work]) for _ in range(workers)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def here() -> str:
    return fingerprint(county(MONTHS, scale=SCALE))


@pytest.mark.parametrize("threads", [1, 2])
def test_the_number_of_threads_changes_nothing(here, threads):
    assert elsewhere(threads) == here


def test_a_busy_machine_changes_nothing(here):
    with busy_machine(2):
        assert elsewhere(2) == here


@pytest.mark.parametrize("scenario", ["neixiang", "interest-subsidy+cooperation"])
def test_what_is_done_at_once_may_be_done_in_either_order(monkeypatch, scenario):
    """Neither piece reads or writes what the other writes."""
    forwards = fingerprint(county(MONTHS, scenario))
    swapped = []

    def backwards(first, second):
        result = second()
        swapped.append(first)
        return first(), result

    for module in [module for name, module in sys.modules.items() if name.startswith("sim.")]:
        if getattr(module, "at_once", None) is at_once:
            monkeypatch.setattr(module, "at_once", backwards)
    assert fingerprint(county(MONTHS, scenario)) == forwards
    assert len(swapped) > 5 * MONTHS


def test_processes_give_what_one_process_gives():
    alone, together = (run_seeds(seeds=[3, 1], scale=0.02, months=12, jobs=count) for count in (1, 2))
    for name in ("monthly", "groups", "loans", "residents"):
        pd.testing.assert_frame_equal(getattr(alone, name), getattr(together, name))


def test_two_things_at_once_return_what_each_returns(monkeypatch):
    """The second on the caller's thread, both where there is one thread, and one inside the other."""
    mine = threading.get_ident()
    for threads in (1, 2):
        monkeypatch.setattr(sim.threads, "THREADS", threads)
        first, second = at_once(lambda: at_once(lambda: 1, lambda: 2), threading.get_ident)
        assert (first, second) == ((1, 2), mine)


@pytest.mark.parametrize("wrong", [0, 1])
def test_what_goes_wrong_in_either_is_told(wrong):
    with pytest.raises(ZeroDivisionError):
        at_once(lambda: 1 // wrong, lambda: 1 // (1 - wrong))


def test_nothing_goes_on_after_an_error(monkeypatch):
    monkeypatch.setattr(sim.threads, "THREADS", 2)
    begun, done = threading.Event(), []

    def slow() -> None:
        begun.set()
        time.sleep(0.2)
        done.append(True)

    def wrong() -> None:
        assert begun.wait(10)
        raise LookupError

    with pytest.raises(LookupError):
        at_once(slow, wrong)
    assert done == [True]


def test_who_waits_helps(monkeypatch):
    """Pieces of rows that the other piece of work asks for are done by whoever has nothing else to do."""
    monkeypatch.setattr(sim.threads, "THREADS", 2)
    done_by = []

    def piece(start: int, stop: int) -> None:
        time.sleep(0.02)
        done_by.append(threading.get_ident())

    at_once(lambda: over_rows(piece, 10**6), lambda: None)
    assert threading.get_ident() in done_by
    assert len(set(done_by)) == 2


def test_an_error_in_a_piece_of_rows_ends_them_all(monkeypatch):
    monkeypatch.setattr(sim.threads, "THREADS", 2)
    begun = []

    def piece(start: int, stop: int) -> None:
        begun.append(start)
        if start == 0:
            raise LookupError
        time.sleep(0.05)

    with pytest.raises(LookupError):
        over_rows(piece, 10**6)
    count = len(begun)
    time.sleep(0.2)
    assert len(begun) == count < 12
