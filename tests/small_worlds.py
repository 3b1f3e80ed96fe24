"""Small worlds that several tests compare: made once."""

from dataclasses import replace
from functools import cache

from sim.experiment import run_seeds
from sim.scenario import Scenario
from sim.studies.comparison import Comparison
from sim.studies.who import who

SCALE, MONTHS, SEEDS = 0.01, 15, (1, 2)
#: The platform comes early and lends at once, so that worlds differ within a short run.
EARLY = {"platform.entry": "2017-02", "platform.line_months_needed": 1, "government.endorsement_start": "2017-02"}


def early(name="early", **overrides):
    """Return a scenario in which the platform comes early, under a name of its own."""
    return replace(Scenario.load("neixiang", overrides={**EARLY, **overrides}), name=name)


def without(name="without"):
    """Return a scenario in which it never comes."""
    return early(name, **{"platform.entry": "never"})


@cache
def runs(*, seeds=SEEDS, months=MONTHS):
    """Return the results of three worlds: early, the same again, and without the platform."""
    worlds = (early(), early("twin"), without())
    return [run_seeds(each, seeds, scale=SCALE, months=months, jobs=1) for each in worlds]


@cache
def comparison(seeds=SEEDS):
    return Comparison.of(runs(seeds=seeds))


@cache
def two_worlds():
    return who(early(), without(), scale=SCALE, months=MONTHS)
