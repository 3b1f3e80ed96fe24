"""The model description and the page of measures say what the code does: fresh tables, and nothing left out."""

import ast
import inspect
import re
import textwrap

import pytest

from sim.draws import Decision
from sim.measures import MEASURES as MEASURES_BY_NAME
from sim.mechanisms import MECHANISMS
from sim.model import CountyModel
from sim.pages import MEASURES, ODD, renewed
from sim.vocabulary import Product

TEXT = ODD.read_text(encoding="utf-8")
WRITTEN = re.sub(r"<!-- (\w+) -->.*?<!-- /\1 -->", "", TEXT, flags=re.DOTALL)
ELEMENTS = [
    "1. Purpose and patterns", "2. Entities, state variables, and scales", "3. Process overview and scheduling",
    "4. Design concepts", "5. Initialization", "6. Input data", "7. Submodels",
]  # fmt: skip
CONCEPTS = [
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
    "Stochasticity", "Collectives", "Observation",
]  # fmt: skip


def section(title: str) -> str:
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("page", [ODD, MEASURES], ids=lambda page: page.name)
def test_the_tables_are_those_of_the_code(page):
    text = page.read_text(encoding="utf-8")
    assert renewed(page, text) == text, (
        f"the tables of sim/{page.name} are stale; renew them: uv run python -m sim.pages"
    )


def test_a_missing_marker_is_named():
    with pytest.raises(ValueError, match="<!-- levers -->"):
        renewed(ODD, TEXT.replace("<!-- levers -->", ""))


def test_every_measure_is_told():
    told = MEASURES.read_text(encoding="utf-8")
    for name in MEASURES_BY_NAME:
        stem = re.sub(r"_(bank|platform|family)$", "", name)
        assert f"`{name}`" in told or f"`{stem}`" in told, name


def test_the_seven_elements_stand_in_order():
    assert [line[3:] for line in TEXT.splitlines() if line.startswith("## ")] == ELEMENTS


def test_the_eleven_concepts_stand_in_order():
    found = re.findall(r"^### (.+)$", section(ELEMENTS[3]), flags=re.MULTILINE)
    assert [name.split(" ", 1)[1] for name in found] == CONCEPTS


@pytest.mark.parametrize("name", MECHANISMS)
def test_every_mechanism_is_described(name):
    assert f"`{name}`" in section(ELEMENTS[6])


@pytest.mark.parametrize("decision", Decision, ids=lambda d: d.name)
def test_every_stream_of_luck_is_listed(decision):
    assert f"`{decision.name}`" in WRITTEN


@pytest.mark.parametrize("product", Product, ids=lambda p: p.name)
def test_every_product_is_described(product):
    assert f"`{product.name}`" in section(ELEMENTS[6])


def test_the_month_is_told_in_its_order():
    step = ast.parse(textwrap.dedent(inspect.getsource(CountyModel.step)))
    calls = [node for node in ast.walk(step) if isinstance(node, ast.Call)]
    names = [ast.unparse(node.func) for node in sorted(calls, key=lambda node: (node.lineno, node.col_offset))]
    names = [name for name in names if name != "at_once"]
    told = re.findall(r"^\d+\. `([\w.]+)`", section(ELEMENTS[2]), flags=re.MULTILINE)
    assert told == names


def test_no_file_outside_the_project_is_named():
    assert not re.search(r"\b(MODEL|ARCHITECTURE|PLAN)\b", TEXT)
