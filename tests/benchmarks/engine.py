"""How fast a month is, beside what this machine could do at best.

Run it as ``uv run python tests/benchmarks/engine.py [--scale 1] [--months 60] [--seed 1]``. It prints

- the machine: bytes copied a second, numbers drawn a second, both measured here and now;
- set-up seconds, and milliseconds a month: median, 10% and 90%, and by process (some run side by side);
- bytes moved a month (every column of the state read once, every changed one written once) and numbers drawn a month,
  what both would cost at the machine's rates, and how many times that bound a month takes;
- peak memory.

It judges nothing and gates nothing: shared machines are noisy, so compare ratios from one run.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

import sim.model as model_module
from sim.draws import Decision, Draws
from sim.model import CountyModel

PROCESSES = (
    "call_in_loans", "receive_income", "go_shopping", "decide_to_pay", "service_loans", "adopt", "arising_demand",
    "score", "borrow", "counted_loans", "close_household_books", "close_institutions", "check_books",
)  # fmt: skip


def copy_rate(megabytes: int = 256) -> float:
    """Return bytes moved a second by a plain copy (read and written), the best of five."""
    source = np.ones(megabytes << 17, np.float64)
    target = np.empty_like(source)
    best = min(timed(lambda: np.copyto(target, source)) for _ in range(5))
    return 2 * source.nbytes / best


def draw_rate(count: int = 4_000_000) -> float:
    """Return uniform numbers drawn a second, the best of five."""
    draws = Draws(1)
    draws.uniform(Decision.ADOPTION, 0, 1000)
    best = min(timed(lambda: draws.uniform(Decision.ADOPTION, 1, count)) for _ in range(5))
    return count / best


def timed(work: Callable[[], Any]) -> float:
    """Return the seconds that a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@contextmanager
def stop_watches() -> Iterator[dict[str, float]]:
    """Time every named process of the month while the block runs."""
    spent: dict[str, float] = defaultdict(float)
    kept = {name: getattr(model_module, name) for name in PROCESSES}

    def watched(name: str) -> Callable[..., Any]:
        def run(*args: Any, **values: Any) -> Any:
            start = time.perf_counter()
            try:
                return kept[name](*args, **values)
            finally:
                spent[name] += time.perf_counter() - start

        return run

    for name in PROCESSES:
        setattr(model_module, name, watched(name))
    try:
        yield spent
    finally:
        for name, function in kept.items():
            setattr(model_module, name, function)


@contextmanager
def counted_draws() -> Iterator[list[int]]:
    """Count the random numbers drawn while the block runs."""
    count = [0]
    kept = {name: getattr(Draws, name) for name in ("uniform", "uniform_of", "uniform_pair", "normal", "normal_of")}

    def counting(function: Callable[..., Any]) -> Callable[..., Any]:
        def draw(*args: Any, **values: Any) -> Any:
            result = function(*args, **values)
            count[0] += np.size(result)
            return result

        return draw

    for name, function in kept.items():
        setattr(Draws, name, counting(function))
    try:
        yield count
    finally:
        for name, function in kept.items():
            setattr(Draws, name, function)


def columns(model: CountyModel) -> dict[str, np.ndarray]:
    """Return every column of the state by name."""
    world = model.world
    found = {}
    for table in ("residents", "households", "shops"):
        for name in getattr(world, table).names:
            found[f"{table}.{name}"] = getattr(getattr(world, table), name)
    for name in world.loans.names:
        found[f"loans.{name}"] = getattr(world.loans, name)
    return found


def bytes_moved(model: CountyModel) -> int:
    """Step once and return the bytes of all columns, read, and of those that changed, written."""
    before = {name: column.copy() for name, column in columns(model).items()}
    model.step()
    after = columns(model)
    read = sum(column.nbytes for column in after.values())
    written = sum(
        column.nbytes
        for name, column in after.items()
        if len(column) != len(before[name]) or not np.array_equal(column, before[name])
    )
    return read + written


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--months", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    warm = CountyModel(seed=options.seed, scale=0.1)  # so that no kernel is compiled below
    for _ in range(24):
        warm.step()
    copied, drawn = copy_rate(), draw_rate()
    print(f"machine   {copied / 1e9:.1f} GB/s copied, {drawn / 1e6:.0f} million numbers/s drawn")

    model: list[CountyModel] = []
    set_up = timed(lambda: model.append(CountyModel(seed=options.seed, scale=options.scale)))
    county = model[0]
    people = county.world.residents.n
    with stop_watches() as spent:
        months = np.array([timed(county.step) for _ in range(options.months)])
    low, median, high = np.quantile(1000 * months, [0.1, 0.5, 0.9])
    print(f"county    {people:,} adults, set up in {set_up:.2f} s, {options.months} months in {months.sum():.2f} s")
    pace = people / median * 1000 / 1e6
    print(f"month     {median:.1f} ms (10% {low:.1f}, 90% {high:.1f}); {pace:.1f} million resident-months/s")
    for name, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"            {1000 * seconds / options.months:7.1f} ms  {name}")
    with counted_draws() as count:
        moved = bytes_moved(county)
    bound = max(moved / copied, count[0] / drawn)
    print(
        f"bound     {moved / 1e6:.0f} MB moved = {1000 * moved / copied:.1f} ms, {count[0] / 1e6:.1f} million numbers "
        f"drawn = {1000 * count[0] / drawn:.1f} ms; a month takes {median / 1000 / bound:.1f} times the larger"
    )
    print(f"memory    {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB at most")


if __name__ == "__main__":
    main()
