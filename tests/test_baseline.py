"""One small run whose every number is written down: what changes it must be in the changelog, as *Regression*.

It is the same on every machine, operating system and version of Python. To renew it: ``python tests/test_baseline.py``.
"""

import hashlib
import json
from pathlib import Path

import numpy as np

from sim.experiment import run_seeds
from sim.results import Results

RECORD = Path(__file__).with_name("baseline.json")


def found() -> dict[str, str]:
    """Return a digest of each table of a small county under several policies."""
    results = run_seeds("joint-lending+guarantee-fund+fraud-wave", [7], scale=0.02, months=40)
    return {name: digest(results, name) for name in ("monthly", "groups", "loans", "residents")}


def digest(results: Results, name: str) -> str:
    """Return a hash of a table: names, kinds and bytes of its columns."""
    made, table = hashlib.blake2b(digest_size=12), getattr(results, name)
    for column in table.columns:
        values = table[column].to_numpy()
        made.update(f"{column} {values.dtype.kind}{values.dtype.itemsize}".encode())
        made.update(
            np.ascontiguousarray(values).tobytes() if values.dtype.kind in "fiub" else repr(values.tolist()).encode()
        )
    return made.hexdigest()


def test_the_numbers_are_those_written_down():
    assert found() == json.loads(RECORD.read_text()), "numbers changed: renew the record and tell it in CHANGELOG.md"


if __name__ == "__main__":
    RECORD.write_text(json.dumps(found(), indent=2) + "\n")
