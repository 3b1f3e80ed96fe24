"""The equations, by name: what a researcher can replace without editing the package."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.mechanisms.adoption import adoption, habit, lapse
from sim.mechanisms.beliefs import conviction, willingness
from sim.mechanisms.choice import choice
from sim.mechanisms.information import information
from sim.mechanisms.scoring import bank_score, platform_score
from sim.mechanisms.shop_adoption import shop_adoption
from sim.mechanisms.trust import trust

#: Each is a function of arrays and draws that returns new values. Look one up through the model, never here.
MECHANISMS: dict[str, Callable[..., Any]] = {
    "information": information,
    "trust": trust,
    "adoption": adoption,
    "lapse": lapse,
    "habit": habit,
    "shop_adoption": shop_adoption,
    "platform_score": platform_score,
    "bank_score": bank_score,
    "choice": choice,
    "willingness": willingness,
    "conviction": conviction,
}
