"""The table of words: complete in both languages, with the same gaps to fill."""

import re
from pathlib import Path

import pytest

from sim.labels import LABELS, label


@pytest.mark.parametrize("key", LABELS)
def test_both_languages_say_it_with_the_same_values(key):
    english, chinese = (label(key, language) for language in ("en", "zh"))
    assert english.strip()
    assert chinese.strip()
    assert set(re.findall(r"{(\w+)}", chinese)) <= set(re.findall(r"{(\w+)}", english))


def test_every_label_that_is_asked_for_is_there():
    for path in Path(__file__).parent.parent.joinpath("sim").rglob("*.py"):
        for key in re.findall(r"\blabel\(\s*\"([\w.]+)\"", path.read_text(encoding="utf-8")):
            assert key in LABELS, (path, key)
