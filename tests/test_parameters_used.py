"""A parameter that nothing reads is a promise that the model does not keep."""

import ast
import re
from pathlib import Path

import pytest

from sim.parameters import DECLARED
from sim.vocabulary import PlaceKind

PACKAGE = Path(__file__).parent.parent / "sim"
#: Where parameters are declared, or a county is made out of another: not read.
DECLARATIONS = ("assumptions/", "levers/", "county.py", "studies/rollout_counties.py")
#: Facts that are kept for the record of a county only.
FOR_THE_RECORD = {"people.registered"}


def read_names() -> re.Pattern[str]:
    """Return what follows a dot, or is asked for by ``getattr``, in code outside declarations."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if str(path.relative_to(PACKAGE)).startswith(DECLARATIONS):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        words = {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        gap = f"(?:{'|'.join(sorted({word for word in words if word.isidentifier()} | PLACES))})"
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found.add(node.attr)
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "getattr":
                found.add(_pattern(node.args[1], gap))
    return re.compile("|".join(sorted(found)))


def _pattern(part: ast.expr, gap: str) -> str:
    """Return the names that a string may be: a gap in it is filled by a place, or by a word in quotes in the file."""
    if isinstance(part, ast.JoinedStr):
        return "".join(_pattern(piece, gap) for piece in part.values)
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else gap


PLACES = {kind.name.lower() for kind in PlaceKind}
READ = read_names()


@pytest.mark.parametrize("path", sorted(set(DECLARED) - FOR_THE_RECORD))
def test_every_parameter_is_read(path):
    assert READ.fullmatch(path.partition(".")[2]), f"no code reads {path}"


def test_what_is_for_the_record_is_declared_and_not_read():
    for path in FOR_THE_RECORD:
        assert path in DECLARED
        assert not READ.fullmatch(path.partition(".")[2])
