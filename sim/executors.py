"""Where many runs are made: in processes of this machine, or by the workers of a Dask cluster.

Each runs its kernels on one thread. What becomes of the workers is one sentence, never a traceback.
"""

from __future__ import annotations

import gc
import logging
import os
import re
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from typing import Any, TypeVar

from sim.errors import CatfishError
from sim.one_thread import on_one_thread
from sim.storage.manifest import model_version

A = TypeVar("A")
B = TypeVar("B")
K = TypeVar("K")
#: An executor, and how many calls it makes at the same time.
Place = tuple[Executor, int]

#: Seconds after which a cluster that does not answer, or has no worker, counts as out of reach.
PATIENCE = 10
#: Seconds between two looks of a worker whether the process that started it still lives.
GLANCE = 0.5
#: Calls under way for each that can be made at the same time: a worker never waits for its next one.
AHEAD = 2
#: So often in a row, without one call finished in between, processes that were killed are started anew.
RESTARTS = 3
_ADDRESS = re.compile(r"(tcp|tls)://[^\s/:]+:\d{1,5}")


class Lost(CatfishError):
    """Processes that were killed."""


@contextmanager
def processes(count: int, needed: str = __name__) -> Iterator[Place]:
    """Give so many processes of this machine; they are killed when the block ends.

    They work in notebooks and in scripts without a ``__main__`` guard, and end when this process does, however it ends.

    Parameters
    ----------
    count : int
    needed : str
        Module that their calls need: they import it first.

    Raises
    ------
    Lost
        If one of them was killed.
    """
    from loky import ProcessPoolExecutor

    executor = ProcessPoolExecutor(
        max_workers=count, env={"NUMBA_NUM_THREADS": "1"}, initializer=_begin, initargs=(os.getpid(), needed)
    )
    # loky renews a worker whose memory has grown, and says so; nothing is lost
    warnings.filterwarnings("ignore", "A worker (stopped|was restarted)", UserWarning)
    # said where it cannot look for processes that workers have started; they start none
    warnings.filterwarnings("ignore", "Failed to kill subprocesses", UserWarning)
    try:
        yield executor, count
    except BrokenExecutor as error:
        executor.shutdown(wait=True, kill_workers=True)
        raise Lost(
            "a process that was simulating was killed, perhaps for want of memory; run it again, with fewer --jobs or "
            "a smaller --scale if it happens again"
        ) from error
    except BaseException:
        executor.shutdown(wait=False, kill_workers=True)
        raise
    # killed, too: they have nothing left to do, and one that somebody killed while it waited for more would keep the
    # others from ever hearing that there is none
    executor.shutdown(wait=True, kill_workers=True)


def _begin(parent: int, needed: str) -> None:
    """Let this worker end when its parent has, and import a module; Ctrl-C is the parent's affair, which kills it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(GLANCE)
        os._exit(1)

    threading.Thread(target=look, daemon=True, name="catfish-parent").start()
    # modules stay: to look through all of them again and again for what can go takes a fifth of the time of importing
    gc.disable()
    import_module(needed)
    gc.freeze()
    gc.enable()


def check_cluster(address: str, where: str = "cluster") -> str:
    """Return the address of a Dask scheduler, if it can be one and what talks to it is installed.

    Raises
    ------
    CatfishError
        If not.
    """
    if not _ADDRESS.fullmatch(address):
        raise CatfishError(
            f"{where} is {address[:100]!r}, but must be the address of a Dask scheduler: tcp://host:port"
        )
    if find_spec("distributed") is None:
        raise CatfishError(f"{where} needs Dask, which is not installed: pip install 'catfish[cluster]'")
    return address


@contextmanager
def cluster_at(address: str) -> Iterator[Place]:
    """Give the workers of a Dask cluster. One that dies loses nothing: the scheduler gives its work to the others.

    Raises
    ------
    CatfishError
        If the cluster cannot be reached, has no workers or another version of the model, or is lost.
    """
    check_cluster(address)
    distributed: Any = import_module("distributed")  # an extra, which is not there for everybody
    _hush("distributed", "tornado")
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CatfishError(f"there is no Dask scheduler at {address} (no answer within {PATIENCE} seconds)") from error
    try:
        threads = _threads(client, address)
        yield _Cluster(client.get_executor(pure=False)), threads
    except distributed.KilledWorker as error:
        raise CatfishError(
            f"the cluster at {address} gave up a run whose workers died again and again; look at their memory"
        ) from error
    except (distributed.comm.CommClosedError, CancelledError) as error:
        raise CatfishError(f"the cluster at {address} was lost; run it again when it is there") from error
    finally:
        client.close(timeout=PATIENCE)


def _hush(*packages: str) -> None:
    """Let packages log nothing: their troubles are told in one sentence."""
    for name in [*packages, *logging.root.manager.loggerDict]:
        if name.partition(".")[0] in packages:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _threads(client: Any, address: str) -> int:
    """Return how many runs a cluster makes at the same time.

    Raises
    ------
    CatfishError
        If it has no workers, or they have not this version of the model.
    """
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise CatfishError(
            f"the cluster at {address} has no workers: start some with: dask worker {address}"
        ) from error
    try:
        found = set(client.run(model_version).values())
    except ImportError as error:
        raise CatfishError(f"the workers of {address} have no catfish: install it there") from error
    if found != {model_version()}:
        raise CatfishError(f"the workers of {address} have another version of the model than this machine")
    return sum(client.nthreads().values())


class _Cluster(Executor):
    """A cluster whose workers run kernels on one thread."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(self, function: Callable[..., B], /, *arguments: Any, **named: Any) -> Future[B]:
        """Have a function called by a worker."""
        return self._executor.submit(partial(on_one_thread, function), *arguments, **named)


def call_each(
    function: Callable[[A], B],
    calls: Iterable[tuple[K, A]],
    keep: Callable[[K, B], None],
    place: Callable[[], AbstractContextManager[Place]],
) -> None:
    """Call a function for each argument, and hand over each answer when it is there: in no order, none kept here.

    Only a few calls are under way at a time, so that many need no more memory than few. Calls that were under way in a
    process that was killed are made again.

    Parameters
    ----------
    function : callable
        Of one argument.
    calls : iterable of (key, argument)
    keep : callable
        Of a key and its answer; called in this process.
    place : callable
        Opens where the calls are made.

    Raises
    ------
    Lost
        If processes are killed again and again before one call is finished.
    """
    coming, taken, lost = enumerate(calls), dict[int, tuple[K, A]](), 0
    while True:
        try:
            with place() as (executor, width):
                under_way = {executor.submit(function, call[1]): number for number, call in taken.items()}
                while True:
                    for number, call in islice(coming, max(AHEAD * width - len(taken), 0)):
                        taken[number] = call
                        under_way[executor.submit(function, call[1])] = number
                    if not taken:
                        return
                    for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                        answer, number = future.result(), under_way.pop(future)
                        keep(taken[number][0], answer)
                        del taken[number]
                        lost = 0
        except Lost:
            lost += 1
            if lost > RESTARTS:
                raise
