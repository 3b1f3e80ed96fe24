"""Kernels that are compiled ahead: the list is that of a run, a stale one does no harm, and nobody is left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from numba import types

import sim.compiling
from sim.compiling import LIST, compile_ahead, compile_kernel, kernels_compiled, missing, read_type, write_type
from sim.executors import processes
from sim.experiment import Task, place_for, processes_for
from sim.kernels import announce_compilation
from sim.scenario import Scenario

QUICK = ("sim.state.network_kernels.tempered", "sim.mechanisms.luck.lognormal", "sim.mechanisms.adoption._fade")


def listed(*names):
    kernels = json.loads(LIST.read_text())
    return {name: kernels[name] for name in names}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Let the cache seem empty to this process, and the list be a short one."""
    monkeypatch.setattr(sim.compiling, "_cache", lambda: tmp_path)
    short = tmp_path / "kernels.json"
    short.write_text(json.dumps(listed(*QUICK)))
    monkeypatch.setattr(sim.compiling, "LIST", short)
    return tmp_path


def test_the_list_is_what_a_run_calls():
    """In a process of its own: other tests call kernels with other types. The order is no matter of right and wrong."""
    code = "from sim.kernel_list import as_text, record; print(as_text(record()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == json.loads(LIST.read_text()), "renew it: uv run python -m sim.kernel_list"


def test_types_are_written_and_read_back():
    terms = [types.Array(types.float32, 2, "C", readonly=True), types.boolean, types.UniTuple(types.int8, 2)]
    for kind in (*terms, types.Tuple(terms), types.Array(types.boolean, 1, "A")):
        assert read_type(json.loads(json.dumps(write_type(kind)))) == kind
    for kinds in json.loads(LIST.read_text()).values():
        assert [[write_type(read_type(each)) for each in one] for one in kinds] == kinds


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("sim.nowhere.kernel", [["int64"]]),
        ("sim.mechanisms.adoption.nothing", [["int64"]]),
        ("sim.mechanisms.adoption._fade", [["int64"]]),
        ("sim.mechanisms.adoption._fade", [["no type"]]),
        ("sim.mechanisms.income._income_of_part", [[{"sim.mechanisms.income.Gone": ["int64"]}]]),
    ],
)
def test_a_stale_entry_does_nothing(name, kinds):
    assert compile_kernel(name, kinds) is False


def test_kernels_are_looked_for_once_and_announced(cache):
    told = []
    with announce_compilation(told.append), processes(2) as (executor, _):
        assert set(missing()) == set(QUICK)
        compile_ahead(executor)
        assert missing() == {}, "what could not be compiled is not tried again"
        compile_ahead(executor)
    assert told == [QUICK[0]]


def test_what_is_compiled_is_not_missing(cache):
    (cache / "network_kernels.tempered-12.py311.nbi").touch()
    assert kernels_compiled()
    assert set(missing()) == set(QUICK[1:])


@pytest.mark.parametrize(("jobs", "cores", "told"), [(None, 2, 1), (None, 1, 0), (1, 2, 0)])
def test_one_run_has_its_kernels_compiled_ahead_where_that_helps(cache, monkeypatch, jobs, cores, told):
    monkeypatch.setattr("sim.experiment._processors", lambda: cores)
    names = []
    with announce_compilation(names.append), processes_for([task()], jobs) as executor:
        assert executor is None
    assert len(names) == told


def test_without_a_list_the_smallest_county_is_run_first(cache, monkeypatch):
    ran = []
    monkeypatch.setattr("sim.experiment.run_task", ran.append)
    sim.compiling.LIST.unlink()
    with place_for(task(), 2) as (executor, _):
        assert executor.submit(abs, -1).result() == 1
    assert [each.scale for each in ran] == [0.01]


def task():
    return Task(Scenario.load("neixiang"), 1, scale=0.02, months=2)


COLD = (
    "from sim.kernels import announce_compilation\nfrom sim.experiment import run_seeds\n"
    "from sim.storage.tables import content_hash\n"
    "if __name__ == '__main__':\n"
    "    told = []\n"
    "    with announce_compilation(told.append):\n"
    "        found = run_seeds('neixiang', [1, 2], scale=0.01, months=4, jobs=2)\n"
    "    print(len(told), content_hash(found.files()))\n"
)


def start(folder, code):
    script = folder / "script.py"
    script.write_text(code)
    environment = os.environ | {"NUMBA_CACHE_DIR": str(folder), "PYTHONPATH": str(Path(sim.__file__).parent.parent)}
    return subprocess.Popen([sys.executable, str(script)], env=environment, stdout=subprocess.PIPE, text=True)


def children(process):
    """Return the processes that a process has started, and those that these have."""
    told = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in told.splitlines()]
    found = {str(process.pid)}
    for _ in rows:
        found |= {pid for pid, parent in rows if parent in found}
    return found - {str(process.pid)}


def indexes(folder):
    return {path.name.rpartition("-")[0] for path in folder.rglob("*.nbi")}


def runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes as Linux shows them")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_compilation_that_is_stopped_leaves_no_process_and_is_finished_by_the_next(tmp_path, how):
    process, end = start(tmp_path, COLD), time.monotonic() + 120
    while len(indexes(tmp_path)) < 2 and time.monotonic() < end:
        time.sleep(0.1)
    left = children(process)
    assert len(left) >= 2
    process.send_signal(how)
    process.communicate(timeout=30)
    while any(runs(pid) for pid in left) and time.monotonic() < end:
        time.sleep(0.2)
    assert not [pid for pid in left if runs(pid)]
    assert not list(tmp_path.rglob(sim.compiling._TRIED))


@pytest.mark.slow
def test_two_processes_share_the_list_and_a_run_needs_nothing_else(tmp_path):
    once = start(tmp_path, COLD).communicate(timeout=300)[0].split()
    wanted = {".".join(name.split(".")[-2:]) for name in json.loads(LIST.read_text())}
    assert indexes(tmp_path) == wanted, "kernels beyond the list were compiled"
    assert len(list(tmp_path.rglob("*.nbc"))) == sum(map(len, json.loads(LIST.read_text()).values()))
    again = start(tmp_path, COLD).communicate(timeout=300)[0].split()
    assert (once[0], again[0], once[1]) == ("1", "0", again[1])
