"""What `catfish check` says of a scenario, where the shipped ones are found, and that looking writes nothing."""

import shutil

import pytest
from click.testing import CliRunner

import sim.scenario
from sim.cli import main
from sim.scenario import Scenario, scenario_folder


def catfish(*args):
    return CliRunner().invoke(main, [str(each) for each in args])


@pytest.fixture
def mine(tmp_path):
    def write(text):
        path = tmp_path / "mine.toml"
        path.write_text(f'title = "Mine"\n{text}', encoding="utf-8")
        return path

    return write


def test_check_tells_what_a_scenario_changes(mine):
    path = mine('question = "What if?"\nextends = "neixiang"\n[policy.bank]\nalarm_level = { "2018-03" = 0.45 }\n')
    told = catfish("check", path).output
    assert "mine is a valid scenario for Neixiang county, Henan: Mine" in told
    assert "What if?" in told
    assert "It changes 1 of" in told
    assert "0.5, from 2018-03 0.45" in told
    assert "plausible" not in told


def test_check_doubts_what_is_hard_to_believe(mine):
    told = catfish("check", mine("[policy.bank]\nalarm_level = 0.9\n")).output.splitlines()
    assert told[-1] == "bank.alarm_level is 0.9: allowed, but outside the plausible range 0.44 to 0.57."


@pytest.mark.parametrize("value", ["0.5", "0.44", "0.57", '{ "2018-03" = 0.5 }'])
def test_check_believes_what_is_plausible(mine, value):
    assert "plausible" not in catfish("check", mine(f"[policy.bank]\nalarm_level = {value}\n")).output


def test_a_child_does_not_ask_its_parents_question(mine):
    found = Scenario.load(mine('extends = "no-platform"\n'))
    assert (found.title, found.question, found.source, found.extends) == ("Mine", "", "", "no-platform")
    assert "It asks" not in catfish("check", mine('extends = "no-platform"\n')).output


def test_a_fact_may_be_changed_and_is_told():
    told = catfish("check", "neixiang", "--set", "people.anchor_staff=20000").output
    assert "the county's own" in told
    assert "people.anchor_staff is 20,000: allowed, but outside the plausible range 6,000 to 15,000." in told


def test_nothing_is_written(mine, tmp_path, monkeypatch):
    path = mine("[policy.bank]\nalarm_level = 1.5\n")
    monkeypatch.chdir(tmp_path)
    for args in (["check", path], ["run", path], ["run", path, "--out", "x"], ["check", "neixiang"], ["levers"]):
        catfish(*args)
    assert [each.name for each in tmp_path.iterdir()] == ["mine.toml"]


def test_the_scenarios_of_an_installed_package(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "sim"
    shutil.copytree(scenario_folder(), package / "data" / "scenarios")
    (package.parent / "scenarios").mkdir()  # somebody else's
    monkeypatch.setattr(sim.scenario, "_PACKAGE", package)
    assert scenario_folder() == package / "data" / "scenarios"
    assert Scenario.load("no-wallet").county.name == "neixiang"


@pytest.fixture
def county(tmp_path, monkeypatch):
    """Write a county that is Neixiang but for one line."""
    shutil.copytree(scenario_folder(), tmp_path / "scenarios")
    monkeypatch.setattr(sim.scenario, "scenario_folder", lambda: tmp_path / "scenarios")
    path = tmp_path / "scenarios" / "counties" / "neixiang.toml"
    lines = path.read_text(encoding="utf-8").splitlines()

    def write(fact, entry):
        new = [f"{fact} = {entry}" if line.startswith(f"{fact} = ") else line for line in lines]
        path.write_text("\n".join(new), encoding="utf-8")

    return write


def test_a_key_of_the_facts_stands_for_publisher_title_and_year(county):
    county("residents", '{ value = 567100, source = "neixiang_resident_population" }')
    assert "2019" in Scenario.load("neixiang").county.sources["people.residents"]
    assert "Neixiang County" in Scenario.load("neixiang").county.sources["people.residents"]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('{ value = 567100, source = "neixiang_resident_popullation" }', "did you mean 'neixiang_resident_population'"),
        ('{ value = 567100, source = "assumed", range = [1, 2, 3] }', r"must be \[low, high\]"),
        ('{ value = 567100, source = "assumed", range = [600000, 500000] }', r"must be \[low, high\]"),
        ('{ value = 567100, source = "assumed", range = [5, 600000] }', "range: people.residents is 5"),
        ('{ value = 567100, source = "assumed", rang = [5, 600000] }', "people.residents"),
        ("567100", "people.residents is 567100, but must be"),
    ],
)
def test_a_mistake_in_a_fact_is_told_with_its_line(county, entry, words):
    county("residents", entry)
    with pytest.raises(sim.scenario.CatfishError, match=rf"neixiang.toml, line 4.*{words}"):
        Scenario.load("neixiang")
