"""The same block of the month three times: this engine, NumPy and SciPy, and plain Mesa agents.

Run it as ``uv run python tests/benchmarks/versions.py [--scale 0.1] [--months 36]``. All are measured in one go on one
machine: the adoption step (information, trust, wallets, habit, lapse, codes of shops, payers, neighbours), on one
thread and on all. Plain agents are measured at scale 0.01, and their time is given for as many agents as the others
have. Medians over months; ratios say more than milliseconds, because machines differ and are shared.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
PLAIN_SCALE = 0.01


def measure(kind: str, scale: float, months: int) -> dict[str, float]:
    """Return agents, median seconds of a month's block, and bytes an agent, of one version in this process."""
    sys.path[:0] = [str(HERE), str(HERE.parent / "oracle"), str(HERE.parent.parent)]
    if kind == "plain":
        return _plain(scale, months)
    import numpy_adoption

    import sim.model as month
    from sim.model import CountyModel

    CountyModel("neixiang", seed=2, scale=0.01).step()  # kernels are loaded, or compiled
    mechanisms = numpy_adoption.MECHANISMS if kind == "numpy" else None
    county = CountyModel("neixiang", seed=1, scale=scale, months=months, mechanisms=mechanisms)
    seconds: list[float] = []
    kept = month.adopt

    def timed(*arguments: Any) -> None:
        start = time.perf_counter()
        kept(*arguments)
        seconds.append(time.perf_counter() - start)

    month.adopt = timed
    if kind == "numpy":
        with numpy_adoption.in_numpy():
            for _ in range(months):
                county.step()
    else:
        for _ in range(months):
            county.step()
    people, shops = county.world.residents, county.world.shops
    stored = sum(table[name].nbytes for table in (people, county.world.households, shops) for name in table.names)
    stored += county.world.ties.nbytes + county.world.ties_ptr.nbytes
    agents = people.n + shops.n
    wallets = float((people.wallet_since >= 0).mean())
    return {"agents": agents, "seconds": median(seconds), "bytes": stored / agents, "wallets": wallets}


def _plain(scale: float, months: int) -> dict[str, float]:
    from side_by_side import Adoption, run_beside

    run_beside((Adoption,), 2, seed=2, scale=0.01)
    tracemalloc.start()
    from adoption_county import AdoptionCounty

    from sim.model import CountyModel

    world = CountyModel("neixiang", seed=1, scale=scale).world
    before = tracemalloc.get_traced_memory()[0]
    plain = AdoptionCounty(world.scenario, world.draws, world.population, world.ties_ptr, world.ties)
    size = (tracemalloc.get_traced_memory()[0] - before) / len(plain.agents)
    tracemalloc.stop()
    (block,) = run_beside((Adoption,), months, seed=1, scale=scale)
    wallets = sum(person.wallet_since >= 0 for person in block.plain.people) / len(block.plain.people)
    return {"agents": median(block.agent_steps), "seconds": median(block.plain_seconds), "bytes": size,
            "wallets": wallets}  # fmt: skip


def elsewhere(kind: str, scale: float, months: int, threads: str) -> dict[str, float]:
    """Measure in a process of its own, with so many threads ("" for all)."""
    environment = dict(os.environ)
    environment.pop("NUMBA_NUM_THREADS", None)
    if threads:
        environment["NUMBA_NUM_THREADS"] = threads
    words = [
        sys.executable,
        str(Path(__file__).resolve()),
        "--one",
        kind,
        "--scale",
        str(scale),
        "--months",
        str(months),
    ]
    told = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if told.returncode:
        sys.exit(told.stderr)
    pairs = (pair.split("=") for pair in told.stdout.split())
    return {name: float(value) for name, value in pairs}


def main() -> None:
    """Measure all, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        found = measure(options.one, options.scale, options.months)
        print(*(f"{name}={value!r}" for name, value in found.items()))
        return
    versions = {
        "this engine, all threads": elsewhere("engine", options.scale, options.months, ""),
        "this engine, one thread": elsewhere("engine", options.scale, options.months, "1"),
        "NumPy and SciPy": elsewhere("numpy", options.scale, options.months, "1"),
        "plain Mesa agents": elsewhere("plain", PLAIN_SCALE, options.months, "1"),
    }
    usual = versions["this engine, one thread"]
    each = {name: found["seconds"] / found["agents"] for name, found in versions.items()}
    print(f"adoption step, {usual['agents']:,.0f} agents, median of {options.months} months")
    print(
        f"{'version':26}{'ms a month':>12}{'agent-steps a second':>23}{'bytes an agent':>16}{'times':>8}{'wallets':>9}"
    )
    for name, found in versions.items():
        print(
            f"{name:26}{1000 * each[name] * usual['agents']:12,.2f}{1 / each[name]:23,.0f}{found['bytes']:16,.0f}"
            f"{each[name] / each['this engine, one thread']:8.1f}{found['wallets']:9.1%}"
        )
    print(f"plain agents were measured at scale {PLAIN_SCALE:g}; wallets: share of adults with one at the end")


if __name__ == "__main__":
    main()
