"""The list of kernels that are compiled ahead, written from a run: ``python -m sim.kernel_list`` renews it.

It takes a second where the kernels are compiled, and a minute where they have just been changed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numba
from numba.core.dispatcher import Dispatcher

from sim.compiling import LIST, Written, write_type
from sim.experiment import simulate
from sim.limits import SCALES


def record() -> dict[str, list[list[Written]]]:
    """Return the kernels that a run of the smallest county calls, with the types of their arguments.

    Those with most machine code first: the size says how long a kernel takes to compile, and unlike a time it is the
    same each time.
    """
    simulate(scale=SCALES[0])
    found = {}
    for module in [module for name, module in sys.modules.items() if name.startswith("sim.")]:
        for value in vars(module).values():
            if isinstance(value, Dispatcher) and value.overloads and not value.targetoptions.get("forceinline"):
                # in a fixed order: what is done at once may call a kernel with this type first, or with that
                found[f"{value.py_func.__module__}.{value.py_func.__qualname__}"] = sorted(
                    ([write_type(kind) for kind in kinds] for kinds in value.overloads), key=json.dumps
                )
    return dict(sorted(found.items(), key=lambda kernel: (-_size(kernel[0]), kernel[0])))


def _size(name: str) -> int:
    """Return how large the compiled code of a kernel is."""
    cache = Path(numba.config.CACHE_DIR)  # type: ignore[attr-defined]
    return sum(path.stat().st_size for path in cache.rglob(f"{'.'.join(name.split('.')[-2:])}-*.nbc"))


def as_text(kernels: dict[str, list[list[Written]]]) -> str:
    """Return the text of the list: a line for each kernel."""
    lines = [f"  {json.dumps(name)}: {json.dumps(kinds)}" for name, kinds in kernels.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    LIST.write_text(as_text(record()), encoding="utf-8")
