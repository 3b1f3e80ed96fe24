"""The words for models, baselines and verdicts of the validation."""

from __future__ import annotations

import re

from sim.labels import label


def word(name: str, language: str = "en") -> str:
    """Return what a model, a baseline, a target or a verdict is called."""
    return label(f"validation.{re.sub(r'[^a-z0-9]+', '_', name.lower()).strip('_')}", language)
