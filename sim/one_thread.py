"""Run something on one kernel thread, where other processes or threads keep the other processors busy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import sim.threads

T = TypeVar("T")


def on_one_thread(function: Callable[..., T], *arguments: Any) -> T:
    """Call a function in a process whose kernels run on one thread from now on."""
    sim.threads.THREADS = 1
    return function(*arguments)
