"""What the villages say about the mechanisms, in sentences with their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.assumptions.adoption import Adoption
from sim.studies.validation.villages import (
    COMPLETED,
    MIXED,
    REFITTED,
    REWIRED,
    SHIPPED,
    STEADY,
    VISITS,
    WITH_SIZE,
    VillagesResult,
)
from sim.studies.validation.villages_scores import CENTRALITY, MEAN, SIZE, Score, scores
from sim.studies.validation.words import word


def lessons(result: VillagesResult) -> list[str]:
    """Return sentences on final take-up, on the path, on what the network adds and on how households decide."""
    score = scores(result.skill)
    said = [
        f"Final take-up, refitted mechanisms: {_against(score, 'final', REFITTED, (MEAN, SIZE, CENTRALITY))}.",
        f"Path by trimester, refitted mechanisms: {_against(score, 'path', REFITTED, (MEAN, SIZE, CENTRALITY))}.",
        f"Path by trimester, all but the intercept as shipped: {_against(score, 'path', SHIPPED, (MEAN,))}.",
        f"What the network adds to how many: {_against(score, 'final', REFITTED, (REWIRED, MIXED))}; with ties "
        f"completed {_against(score, 'final', COMPLETED, (REWIRED, MIXED))}.",
    ]
    who = result.who.set_index("model")
    rank, more, low, high = who.loc[
        [REFITTED], ["rank", "over_rewired", "over_rewired_low", "over_rewired_high"]
    ].to_numpy(np.float64)[0]
    said.append(
        f"What the network adds to who: a household that took it up outranks one that did not in {rank:.1%} of the "
        f"pairs of a village (luck: 50%); that is {100 * more:+.1f} points [{100 * low:+.1f}, {100 * high:+.1f}] over "
        "rewired ties."
    )
    parameters = result.fitted[result.fitted["model"] == REFITTED].set_index("parameter")
    taste, low, high = parameters.loc[["taste"], ["median", "low", "high"]].to_numpy(np.float64)[0]
    said.append(
        f"The spread of tastes is fitted at {taste:.1f} [{low:.1f}, {high:.1f}] and shipped at {Adoption().taste}: the "
        "wider, the more a household's first month decides."
    )
    fade, floor = (
        parameters.loc[[name], ["median", "low", "high"]].to_numpy(np.float64)[0]
        for name in ("news_fade", "news_floor")
    )
    said.append(
        f"News fades over {fade[0]:.1f} [{fade[1]:.1f}, {fade[2]:.1f}] months, to {floor[0]:.0%} [{floor[1]:.0%}, "
        f"{floor[2]:.0%}]. Against news that never gets old: final {_against(score, 'final', REFITTED, (STEADY,))}; "
        f"path {_against(score, 'path', REFITTED, (STEADY,))}."
    )
    said.append(
        "If the lender's staff met as many households in a large village as in a small one: "
        f"final {_against(score, 'final', VISITS, (SIZE, REWIRED))}."
    )
    said.append(f"What the mechanisms add to village size: final {_against(score, 'final', WITH_SIZE, (SIZE,))}.")
    return said


def _against(score: Mapping[tuple[str, str, str], Score], target: str, model: str, others: Sequence[str]) -> str:
    """Return the skill against some baselines in words."""
    found = {other: score[(target, model, other)] for other in others}
    return ", ".join(
        f"{word(row.verdict)} against {word(other)} ({row.skill:+.1%} [{row.low:+.1%}, {row.high:+.1%}])"
        for other, row in found.items()
    )
