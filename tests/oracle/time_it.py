"""How long the plain version takes beside the engine.

Run it as ``uv run python tests/oracle/time_it.py [--scale 0.01] [--months 36] [--seed 1]``. For each block it prints
the agents of a month, milliseconds a month and agent-steps a second of both, and how many times longer the plain one
takes: medians over months, because shared machines are noisy. Both do the same work on the same county, and their
results are compared on the way.
"""

from __future__ import annotations

import argparse
from statistics import median

from side_by_side import Adoption, Loans, run_beside


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.01)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    run_beside((Adoption, Loans), 12, seed=options.seed, scale=0.01)  # so that no kernel is loaded or compiled below
    blocks = run_beside((Adoption, Loans), options.months, seed=options.seed, scale=options.scale)
    print(f"{'block':15}{'agents':>9}{'engine':>11}{'plain':>12}{'ratio':>8}   agent-steps a second")
    for block in blocks:
        agents, engine, plain = (
            median(each) for each in (block.agent_steps, block.engine_seconds, block.plain_seconds)
        )
        print(
            f"{block.name:15}{agents:9,.0f}{1000 * engine:8.2f} ms{1000 * plain:9.1f} ms{plain / engine:8.0f}"
            f"   {agents / engine:,.0f} and {agents / plain:,.0f}"
        )


if __name__ == "__main__":
    main()
