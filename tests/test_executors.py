"""Where many runs are made: processes of this machine and the workers of a cluster, and what becomes of killed ones."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import pytest
from click.testing import CliRunner
from clusters import cluster
from small_worlds import early, without

from sim.cli import main
from sim.errors import CatfishError
from sim.executors import RESTARTS, Lost, call_each, processes
from sim.experiment import Task, run_many, run_seeds
from sim.scenario import Scenario
from sim.storage.tables import content_hash
from sim.studies.sweep import Sweep
from sim.studies.who import who

SMALL = {"scale": 0.02, "months": 24}


def catfish(*args):
    return CliRunner().invoke(main, [str(each) for each in args])


@pytest.fixture(scope="module")
def serial():
    return run_seeds("neixiang", range(1, 7), jobs=1, **SMALL)


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed(serial, tmp_path):
    with cluster(tmp_path) as (address, workers):
        told = []

        def kill_one_when_a_run_is_done(months):
            if not told:
                workers[0].send_signal(signal.SIGKILL)
            told.append(months)

        found = run_seeds("neixiang", range(1, 7), cluster=address, done=kill_one_when_a_run_is_done, **SMALL)
        assert workers[0].wait(10) == -signal.SIGKILL
        assert workers[1].poll() is None
    assert told[-1] == 6 * SMALL["months"]
    assert content_hash(found.files()) == content_hash(serial.files())


@pytest.mark.slow
def test_a_sweep_and_a_look_at_people_are_the_same_on_a_cluster(tmp_path):
    question = ["sweep", "--vary", "bank.alarm_level=0.44:0.57", "--points", 8, "--scale", 0.01, "--months", 20]
    here = catfish(*question, "--jobs", 1, "--quiet", "--out", tmp_path / "here")
    assert here.exit_code == 0, here.output
    pair = (early(), without())
    people = who(*pair, scale=0.01, months=4, jobs=2)
    with cluster(tmp_path) as (address, workers):
        killer = Thread(target=kill_when_there_is, args=(workers[1], tmp_path / "there"))
        killer.start()
        there = catfish(*question, "--cluster", address, "--quiet", "--out", tmp_path / "there")
        killer.join()
        assert there.exit_code == 0, there.output
        assert workers[1].wait(10) == -signal.SIGKILL
        assert who(*pair, scale=0.01, months=4, cluster=address).files() == people.files()
    assert Sweep(tmp_path / "there").content_hash == Sweep(tmp_path / "here").content_hash
    assert who(*pair, scale=0.01, months=4, jobs=1).files() == people.files()


def kill_when_there_is(process, folder):
    """Kill a process as soon as a folder has a finished run."""
    while process.poll() is None and not list(folder.glob("monthly/*/*.parquet")):
        time.sleep(0.01)
    process.kill()


@pytest.mark.slow
def test_a_cluster_that_is_lost_is_a_sentence(tmp_path, capfd):
    with cluster(tmp_path, workers=1) as (address, (_, scheduler)), pytest.raises(CatfishError, match="was lost"):
        run_seeds("neixiang", range(1, 20), cluster=address, done=lambda months: scheduler.kill(), **SMALL)
    assert capfd.readouterr().err == ""


@pytest.mark.slow
def test_a_cluster_without_workers_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.executors.PATIENCE", 3)
    with cluster(tmp_path, workers=0) as (address, _):
        result = catfish("run", "--seeds", 1, "--months", 1, "--cluster", address, "--out", tmp_path / "x", "--quiet")
    assert (result.exit_code, result.output.count("\n")) == (2, 1), result.output
    assert "has no workers" in result.output


def test_threads_that_share_a_process_give_the_same_bytes(serial):
    """Workers of a cluster may have several threads each."""
    tasks = [Task(Scenario.load("neixiang"), seed, **SMALL) for seed in (1, 2)]
    with ThreadPoolExecutor(2) as executor:
        runs = run_many(tasks, executor)
    for run in runs:
        here = serial.monthly[serial.monthly["seed"] == run.seeds[0]].reset_index(drop=True)
        assert run.monthly.equals(here)


@pytest.mark.parametrize(
    ("address", "words"),
    [("nowhere", "tcp://host:port"), ("tcp://127.0.0.1", "tcp://host:port"), ("http://127.0.0.1:80", "tcp://host")],
)
def test_a_wrong_address_is_a_sentence(address, words, tmp_path):
    result = catfish("run", "--cluster", address, "--out", tmp_path / "x")
    assert (result.exit_code, result.output.count("\n")) == (2, 1), result.output
    assert words in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_cluster_out_of_reach_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.executors.PATIENCE", 1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    result = catfish("run", "--seeds", 1, "--months", 1, "--cluster", address, "--out", tmp_path / "x", "--quiet")
    assert (result.exit_code, result.output.count("\n")) == (2, 1), result.output
    assert "no Dask scheduler" in result.output
    assert list(tmp_path.iterdir()) == []


def test_jobs_and_a_cluster_exclude_each_other():
    result = catfish("run", "--jobs", 2, "--cluster", "tcp://127.0.0.1:1")
    assert result.exit_code == 2
    assert "one of the two" in result.output


def test_what_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr("sim.executors.find_spec", lambda name: None)
    result = catfish("run", "--cluster", "tcp://127.0.0.1:1")
    assert result.exit_code == 2
    assert "catfish[cluster]" in result.output


@pytest.mark.parametrize("command", ["run", "compare", "who", "effect", "patterns", "sweep", "sensitivity"])
def test_every_command_of_many_runs_has_the_two_options(command):
    options = {option for parameter in main.commands[command].params for option in parameter.opts}
    assert {"--jobs", "--cluster"} <= options


# ---------------------------------------------------------------- processes that are killed


def end_once(path):
    """End the process the first time, and return its name the second time."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return path
    return os.kill(os.getpid(), signal.SIGKILL)


def end(_):
    os.kill(os.getpid(), signal.SIGKILL)


def test_calls_of_killed_processes_are_made_again(tmp_path):
    calls = [(k, str(tmp_path / f"{k}")) for k in range(3)]
    found = {}
    call_each(end_once, calls, found.__setitem__, lambda: processes(1))
    assert found == dict(calls)


def test_processes_that_are_killed_again_and_again_are_a_sentence():
    opened = []

    def place():
        opened.append(1)
        return processes(1)

    with pytest.raises(Lost, match="killed"):
        call_each(end, [(1, 1)], print, place)
    assert len(opened) == RESTARTS + 1


def test_a_killed_process_is_a_sentence_for_other_commands():
    with pytest.raises(CatfishError, match="was killed"), processes(2) as (executor, _):
        executor.submit(end, 1).result()


def test_only_a_few_calls_are_under_way():
    """Memory does not grow with the number of calls: the next ones are made up when there is room for them."""
    made, kept, ahead = [], [], []

    def calls():
        for k in range(50):
            made.append(k)
            yield k, k

    def keep(key, answer):
        kept.append(key)
        ahead.append(len(made) - len(kept))

    call_each(abs, calls(), keep, lambda: processes(2))
    assert sorted(kept) == list(range(50))
    assert max(ahead) <= 4


def test_a_process_killed_when_all_is_done_keeps_nobody_waiting():
    """Who waits for more work holds the queue's lock; killed then, he would keep the others from hearing the end."""
    script = """
import os, signal
from sim.executors import processes
for which in (0, 1):
    with processes(2, "json") as (executor, _):
        executor.submit(len, "").result()
        workers = sorted(executor._processes)
        os.kill(workers[which], signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", script], timeout=120, check=True)
