"""The charts of a validation, as files."""

from __future__ import annotations

from pathlib import Path

from sim.figures import save
from sim.figures.validation_districts import districts
from sim.figures.validation_effects import effects
from sim.figures.validation_villages import villages
from sim.studies.validation.outside import Validation


def save_validation_charts(found: Validation, folder: Path) -> None:
    """Draw villages, districts and effects into a folder that exists."""
    effort = found.manifest["effort"]
    save(villages(found.villages), folder / "villages.png")
    save(districts(found.districts), folder / "districts.png")
    save(effects(found.effects, effort["seeds"], effort["scale"]), folder / "effects.png")
