"""Work on all processors at once: rows in pieces, and pieces of work side by side.

Threads of Python, not of numba: a kernel lets go of Python's lock while it runs, compiles in a third of the time that a
parallel one takes, and needs no library of threads that could quarrel with another.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from functools import cache, partial
from threading import Condition, Lock, Thread
from typing import Any, TypeVar, cast

import numba

__all__ = ["HOUSEHOLD", "THREADS", "at_once", "over_parts", "over_rows", "parts_of"]

A = TypeVar("A")
B = TypeVar("B")

THREADS = max(int(numba.config.NUMBA_NUM_THREADS), 1)  # type: ignore[attr-defined]
"""Threads that kernels run on: as many as numba would use (``NUMBA_NUM_THREADS``)."""
_PIECES_PER_THREAD = 6
"""More pieces than threads: one that is held up by other work on the machine leaves the rest to the others."""
_SMALLEST_PIECE = 32_768
"""Fewer rows, at some 5 nanoseconds each, are not worth a second thread: to wake one takes a tenth of a millisecond."""
HOUSEHOLD = 16
"""Rows of a simple kernel that take as long as one household's month of a kernel that looks at all its members."""


def _pieces(rows: int, weight: int) -> int:
    """Return into how many pieces some rows are best cut on this machine: one where there is one thread."""
    if THREADS == 1:
        return 1
    return max(min(_PIECES_PER_THREAD * THREADS, rows * weight // _SMALLEST_PIECE), 1)


def parts_of(rows: int, weight: int = 1) -> int:
    """Return how many threads take part in a kernel over some rows, each with sums of its own.

    ``weight`` is how many rows of a simple kernel take as long as one of these.
    """
    return min(THREADS, _pieces(rows, weight))


def over_rows(kernel: Callable[..., None], rows: int, *arguments: Any, weight: int = 1) -> None:
    """Call ``kernel(start, stop, *arguments)`` for pieces of the rows 0 to rows - 1, on all threads.

    For kernels that write no row but those from start to stop - 1, so that neither the number of threads nor their
    order changes a result.
    """
    _share_out(lambda part, start, stop: kernel(start, stop, *arguments), THREADS, rows, weight)


def over_parts(kernel: Callable[..., None], parts: int, rows: int, *arguments: Any, weight: int = 1) -> None:
    """Call ``kernel(part, start, stop, *arguments)`` for pieces of the rows 0 to rows - 1, on so many threads.

    For kernels that also add to sums: every thread has its part of them. They are whole numbers, so that it does not
    matter who added what.
    """
    _share_out(lambda part, start, stop: kernel(part, start, stop, *arguments), parts, rows, weight)


def _share_out(do: Callable[[int, int, int], None], threads: int, rows: int, weight: int) -> None:
    """Do all pieces of the rows; each thread takes the next one as soon as it is free."""
    count = _pieces(rows, weight)
    if min(count, threads) == 1:
        do(0, 0, rows)
        return
    waiting = deque((piece * rows // count, (piece + 1) * rows // count) for piece in range(count))

    def work(part: int) -> None:
        while waiting:
            try:
                start, stop = waiting.popleft()
            except IndexError:  # another thread was quicker
                return
            try:
                do(part, start, stop)
            except BaseException:
                waiting.clear()  # the others need not go on
                raise

    crew = _crew(os.getpid())
    helpers = [crew.ask(partial(work, part)) for part in range(1, min(threads, count))]
    try:
        work(0)
    finally:
        for helper in helpers:
            crew.finish(helper)


def at_once(first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
    """Do two pieces of work at the same time and return what each returns.

    For pieces of which neither reads or writes what the other writes, so that it does not matter which is done when.
    Where there is one thread they are done one after the other. The second is done on the caller's own thread: rules
    that a researcher has put in belong there.
    """
    if THREADS == 1:
        return first(), second()
    crew = _crew(os.getpid())
    errand = crew.ask(first)
    try:
        result = second()
    except BaseException:
        crew.abandon(errand)  # nothing goes on behind the back of whoever catches it
        raise
    return cast(A, crew.finish(errand)), result


class _Errand:
    """A piece of work that any thread may do."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.value: Any = None
        self.error: BaseException | None = None
        self.done = False


class _Crew:
    """The threads of a process. Who waits for a piece of work does other waiting pieces meanwhile."""

    def __init__(self, threads: int) -> None:
        self.waiting: deque[_Errand] = deque()
        self.news = Condition(Lock())
        for number in range(threads):
            Thread(target=self._work, name=f"catfish-{number}", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self.news:
                while not self.waiting:
                    self.news.wait()
                errand = self.waiting.popleft()
            self._do(errand)
            del errand  # and with it a world that nobody else may still want

    def _do(self, errand: _Errand) -> None:
        try:
            errand.value = errand.work()
        except BaseException as error:  # whoever asked for the work is told
            errand.error = error
        with self.news:
            errand.done = True
            self.news.notify_all()

    def ask(self, work: Callable[[], Any]) -> _Errand:
        """Let any thread do a piece of work."""
        errand = _Errand(work)
        with self.news:
            self.waiting.append(errand)
            self.news.notify()
        return errand

    def finish(self, errand: _Errand) -> Any:
        """Return what a piece of work returns; do it if nobody has begun it."""
        if self._taken_back(errand):
            return errand.work()
        self._wait(errand)
        if errand.error is not None:
            raise errand.error
        return errand.value

    def abandon(self, errand: _Errand) -> None:
        """See to it that nobody is at a piece of work any more; if nobody has begun it, it is not done."""
        if not self._taken_back(errand):
            self._wait(errand)

    def _taken_back(self, errand: _Errand) -> bool:
        """Take a piece of work off the list, if nobody has begun it."""
        with self.news:
            if errand not in self.waiting:
                return False
            self.waiting.remove(errand)
            return True

    def _wait(self, errand: _Errand) -> None:
        """Wait until a piece of work is done, and do others meanwhile."""
        while True:
            with self.news:
                while not errand.done and not self.waiting:
                    self.news.wait()
                if errand.done:
                    return
                other = self.waiting.pop()
            self._do(other)


@cache
def _crew(process: int) -> _Crew:
    """Return the other threads of a process; one that was forked off needs its own."""
    return _Crew(THREADS - 1)
