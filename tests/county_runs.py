"""Small runs of the model, and what identifies them to the byte."""

import hashlib
import sys

import numpy as np

from sim.model import CountyModel


def county(months: int, scenario: str = "neixiang", *, seed: int = 5, scale: float = 0.05, **options) -> CountyModel:
    """Return a county after some months; options are overrides, and arguments of `CountyModel`."""
    model = CountyModel(scenario, seed=seed, scale=scale, **options)
    for _ in range(months):
        model.step()
    return model


def fingerprint(model: CountyModel) -> str:
    """Hash every column of residents, households, shops and the loan tape, and the books."""
    digest = hashlib.sha256()
    world = model.world
    for table in (world.residents, world.households, world.shops):
        for name in sorted(table.names):
            digest.update(np.ascontiguousarray(getattr(table, name)).tobytes())
    for name in sorted(world.loans.names):
        digest.update(np.ascontiguousarray(getattr(world.loans, name)).tobytes())
    digest.update(world.ledger.stock.tobytes())
    return digest.hexdigest()


if __name__ == "__main__":  # what test_threads starts in other processes
    print(fingerprint(county(int(sys.argv[1]), scale=float(sys.argv[2]))))
