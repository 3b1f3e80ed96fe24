"""Catfish: how a county takes up digital finance, and what a platform's arrival makes the local bank do.

The names below are the public face; each is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.agents.government import CountyGovernment
    from sim.agents.payment_platform import PaymentPlatform
    from sim.agents.residents.views import Employee, Farmer, Merchant
    from sim.agents.rural_bank import RuralBank
    from sim.errors import CatfishError
    from sim.experiment import branch, run_seeds, simulate
    from sim.model import CountyModel
    from sim.results import Results
    from sim.scenario import Scenario
    from sim.studies.compare import compare
    from sim.studies.comparison import Comparison
    from sim.studies.diary import Diary
    from sim.studies.effect import catfish_effect
    from sim.studies.sensitivity import Sensitivity, sensitivity
    from sim.studies.story import story
    from sim.studies.sweep import Sweep, sweep
    from sim.studies.who import who

try:
    __version__ = version("catfish")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0"

_HOMES = {
    "CatfishError": "sim.errors",
    "Comparison": "sim.studies.comparison",
    "CountyGovernment": "sim.agents.government",
    "CountyModel": "sim.model",
    "Diary": "sim.studies.diary",
    "Employee": "sim.agents.residents.views",
    "Farmer": "sim.agents.residents.views",
    "Merchant": "sim.agents.residents.views",
    "PaymentPlatform": "sim.agents.payment_platform",
    "Results": "sim.results",
    "RuralBank": "sim.agents.rural_bank",
    "Scenario": "sim.scenario",
    "Sensitivity": "sim.studies.sensitivity",
    "Sweep": "sim.studies.sweep",
    "branch": "sim.experiment",
    "compare": "sim.studies.compare",
    "catfish_effect": "sim.studies.effect",
    "run_seeds": "sim.experiment",
    "sensitivity": "sim.studies.sensitivity",
    "simulate": "sim.experiment",
    "story": "sim.studies.story",
    "sweep": "sim.studies.sweep",
    "who": "sim.studies.who",
}

__all__ = [
    "CatfishError",
    "Comparison",
    "CountyGovernment",
    "CountyModel",
    "Diary",
    "Employee",
    "Farmer",
    "Merchant",
    "PaymentPlatform",
    "Results",
    "RuralBank",
    "Scenario",
    "Sensitivity",
    "Sweep",
    "branch",
    "catfish_effect",
    "compare",
    "run_seeds",
    "sensitivity",
    "simulate",
    "story",
    "sweep",
    "who",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for (PEP 562): the command starts without numba and matplotlib."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*globals(), *_HOMES])
