"""What a run was: scenario, parameters with unit, range and source, versions, commit."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sim.scenario import Scenario

_PACKAGES = ("catfish", "mesa", "numba", "numpy", "pandas", "pyarrow", "scipy")


#: What of the package makes no number of a run: it runs, compares, writes and shows.
_AROUND = ("__init__", "__main__", "cli", "command", "data", "executors", "experiment", "figures", "labels", "notebook",
           "one_thread", "pages", "patterns", "reporters", "results", "storage", "studies")  # fmt: skip


@cache
def model_version() -> str:
    """Return a hash of every source that a run's numbers depend on: equal versions give equal numbers."""
    package, digest = Path(__file__).resolve().parent.parent, hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package)
        if name.parts[0].removesuffix(".py") not in _AROUND:
            digest.update(name.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that results depend on."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def commit() -> str:
    """Return the commit of the source tree ("-dirty": with changes), or nothing outside of one."""
    here = Path(__file__).resolve().parent.parent
    if not (here.parent / ".git").exists():
        return ""
    command = ["git", "-C", str(here), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def describe_run(
    scenario: Scenario, seeds: Sequence[int], scale: float, months: int, weight: float, measures: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the manifest of a run, without what only the writing knows (files, hash)."""
    return {
        "scenario": {
            "name": scenario.name,
            "title": scenario.title,
            "question": scenario.question,
            "source": scenario.source,
            "county": scenario.county.title,
            "county_file": scenario.county.name,
            "start": scenario.start,
        },
        "months": months,
        "seeds": list(seeds),
        "scale": scale,
        "weight": weight,
        "versions": versions(),
        "commit": commit(),
        "parameters": scenario.describe(),
        "measures": [
            {"name": m.name, "unit": m.unit, "kind": m.when, "definition": m.definition, "undefined": m.undefined}
            for m in measures.values()
        ],
        "words": "illustrative: calibrated to a press report",
    }
