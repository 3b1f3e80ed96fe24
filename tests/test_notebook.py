"""What a notebook shows: a bar that needs no widgets, and tables of scenarios."""

import sys
from types import ModuleType, SimpleNamespace

import pytest

from sim import notebook
from sim.experiment import run_seeds
from sim.notebook import bar_in_notebook
from sim.scenario import Scenario


@pytest.fixture
def pictures(monkeypatch):
    """Pretend to be in a notebook; return what it shows."""
    shown = []

    class Handle:
        def update(self, page):
            shown.append(page)

    display = ModuleType("IPython.display")
    display.HTML = str
    display.display = lambda page, display_id: shown.append(page) or Handle()
    ipython = ModuleType("IPython")
    ipython.get_ipython = lambda: SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    monkeypatch.setattr(notebook, "PAUSE", -1.0)
    return shown


def test_a_bar_is_drawn_anew_as_work_is_done(pictures):
    tell = bar_in_notebook("two & more", 4)
    tell(1)
    tell(4)
    assert len(pictures) == 3
    assert 'value="1" max="4"' in pictures[1]
    assert "100%" in pictures[2]
    assert "two &amp; more" in pictures[0]


def test_a_bar_does_not_draw_too_often(pictures, monkeypatch):
    monkeypatch.setattr(notebook, "PAUSE", 1e9)
    tell = bar_in_notebook("work", 1_000)
    for done in range(1, 1_001):
        tell(done)
    assert len(pictures) == 2


def test_runs_draw_a_bar_in_a_notebook(pictures):
    run_seeds("neixiang", [1, 2], scale=0.01, months=2, jobs=1)
    assert 'value="4" max="4"' in pictures[-1]


def test_no_bar_outside_of_a_notebook(monkeypatch):
    assert bar_in_notebook("work", 1) is None
    shell = ModuleType("IPython")
    shell.get_ipython = lambda: SimpleNamespace()  # IPython in a terminal
    monkeypatch.setitem(sys.modules, "IPython", shell)
    assert bar_in_notebook("work", 1) is None


def test_a_scenario_shows_what_it_changes():
    page = Scenario.load("neixiang", overrides={"bank.responds": {"2018-03": False}})._repr_html_()
    assert "Neixiang as it was" in page
    assert "bank.responds" in page
    assert "it answers" in page or "the bank answers" in page
    assert "changes no value" in Scenario.load("neixiang")._repr_html_()
    assert "<script" not in Scenario.load("neixiang", overrides={"bank.officers": 20})._repr_html_()
