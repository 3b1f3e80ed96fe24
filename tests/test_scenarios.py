"""Scenarios: what is shipped, how they build on each other, and the sentence for every mistake."""

import itertools
import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

import sim.scenario
from sim.dates import NEVER
from sim.errors import CatfishError
from sim.parameters import DECLARED, levers
from sim.scenario import Scenario, counties, read_settings, scenario_folder, scenarios


@pytest.fixture
def write(tmp_path):
    def write(text, name="mine.toml", title='title = "Mine"\n'):
        path = tmp_path / name
        path.write_text(title + text, encoding="utf-8")
        return path

    return write


def refused(*args, **kwargs):
    with pytest.raises(CatfishError) as caught:
        Scenario.load(*args, **kwargs)
    said = str(caught.value)
    assert "\n" not in said
    return said


# --- what is shipped


@pytest.mark.parametrize("name", scenarios())
def test_every_shipped_scenario_is_complete(name):
    found = Scenario.load(name)
    assert found.name == name
    assert found.title
    assert found.question.endswith((".", "?"))
    assert found.source
    assert found.county.name in counties()


def test_a_scenario_builds_on_its_parent():
    base, without, frozen = (Scenario.load(name) for name in ("neixiang", "no-platform", "no-wallet"))
    assert base.policy.at(0).platform.entry == 8
    assert without.policy.at(0).platform.entry == NEVER
    assert without.policy.at(0).platform.wallets_spread
    assert frozen.policy.at(0).platform.entry == NEVER
    assert not frozen.policy.at(0).platform.wallets_spread
    assert base.county == without.county == frozen.county
    assert base.assumptions == without.assumptions


def test_a_child_keeps_its_own_words(write):
    found = Scenario.load(write('extends = "no-platform"\n'))
    assert (found.name, found.title) == ("mine", "Mine")


def test_a_lever_is_looked_up_for_the_month(write):
    found = Scenario.load(write('[policy.bank]\nalarm_level = { "2018-03" = 0.3, "2019-01" = 0.4 }\n'))
    before = Scenario.load("neixiang").policy.value("bank.alarm_level", 0)
    assert [found.policy.value("bank.alarm_level", month) for month in (0, 13, 14, 23, 24, 239)] == [
        before, before, 0.3, 0.3, 0.4, 0.4,
    ]  # fmt: skip


def test_what_is_set_is_told_with_its_place():
    found = Scenario.load("neixiang", overrides={"bank.alarm_level": 0.4}, where="--set")
    row = next(row for row in found.describe() if row["path"] == "bank.alarm_level")
    assert row["value"] == 0.4
    assert row["source"] == "--set"
    assert found.settings["bank.alarm_level"].where == "--set"


def test_replace_changes_a_copy():
    base = Scenario.load("no-platform")
    other = base.replace({"bank.alarm_level": 0.4, "people.residents": 500_000})
    assert other.policy.at(0).bank.alarm_level == 0.4
    assert other.county.people.residents == 500_000
    assert other.policy.at(0).platform.entry == NEVER
    assert base.policy.at(0).bank.alarm_level != 0.4
    assert base.county.people.residents == 567_100


@pytest.mark.parametrize("value", [np.float64(0.4), np.float32(0.5), np.array([0.25])[0]])
def test_numbers_of_arrays_are_numbers(value):
    assert Scenario.load("neixiang", overrides={"bank.alarm_level": value}).policy.at(0).bank.alarm_level == value


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b'\xef\xbb\xbftitle = "Mine"\r\n[policy.bank]\r\nalarm_level = 0.4\r\n')
    assert Scenario.load(path).policy.at(0).bank.alarm_level == 0.4


def test_settings_of_the_command_line_are_toml_or_text():
    assert read_settings(["a.b=1", "a.c = 0.5", "a.d=true", "a.e=2018-03", "a.f=never", 'a.g={"2018-03"=1}']) == {
        "a.b": 1, "a.c": 0.5, "a.d": True, "a.e": "2018-03", "a.f": "never", "a.g": {"2018-03": 1},
    }  # fmt: skip
    assert read_settings(["a.b=1\nx=2"]) == {"a.b": "1\nx=2"}


@pytest.mark.parametrize("text", ["bank.alarm_level", "=1", "bank.alarm_level=", "", "  =  "])
def test_a_setting_without_path_or_value_is_refused(text):
    with pytest.raises(CatfishError, match="path=value"):
        read_settings([text])


# --- scenarios laid together

PARENT = """
[policy.bank]
alarm_level = 0.45
officers = 100
"""


@pytest.fixture
def family(tmp_path, monkeypatch):
    """Write scenarios into a folder of shipped ones: a base, and children that build on it."""
    (tmp_path / "counties").mkdir()
    for place in ("neixiang", "elsewhere"):
        shutil.copy(scenario_folder() / "counties" / "neixiang.toml", tmp_path / "counties" / f"{place}.toml")
    files = {
        "base": PARENT,
        "child": 'extends = "base"\n[policy.bank]\nalarm_level = 0.5\n',
        "other": 'extends = "base"\n[policy.bank]\nofficers = 120\n',
        "rival": 'extends = "base"\n[policy.bank]\nalarm_level = 0.55\n',
        "later": 'extends = "base"\n[policy.bank]\nalarm_level = { "2018-03" = 0.5 }\n',
        "here": 'county = "neixiang"\n[policy.platform]\ncutoff = 0.3\n',
        "there": 'county = "elsewhere"\n[policy.platform]\nline_low = 10000\n',
    }
    for name, text in files.items():
        (tmp_path / f"{name}.toml").write_text(f'title = "{name}"\n{text}', encoding="utf-8")
    monkeypatch.setattr(sim.scenario, "scenario_folder", lambda: tmp_path)


def test_what_each_part_changes_holds_at_once():
    both = Scenario.load("guarantee-fund+credit-registry")
    fund, registry = Scenario.load("guarantee-fund"), Scenario.load("credit-registry")
    assert set(both.settings) == set(fund.settings) | set(registry.settings)
    for part in (fund, registry):
        for path, setting in part.settings.items():
            assert both.settings[path] == setting
    assert both.name == "credit-registry+guarantee-fund"
    assert both.extends == "credit-registry, guarantee-fund"
    for text in (fund.title, registry.title):
        assert text in both.title
    for text in (fund.question, registry.question):
        assert text in both.question
    for text in (fund.source, registry.source):
        assert text in both.source


@pytest.mark.parametrize("name", ["rate-cap+literacy+drought", "no-wallet+lockdown", "staffed-centres+no-wallet"])
def test_the_order_of_parts_does_not_matter(name):
    first, *rest = (Scenario.load("+".join(order)) for order in itertools.permutations(name.split("+")))
    for other in rest:
        assert other.describe() == first.describe()
        assert (other.name, other.title, other.question) == (first.name, first.title, first.question)


def test_a_part_that_another_builds_on_adds_nothing():
    alone = Scenario.load("no-wallet")
    for name in ("no-wallet+no-platform", "neixiang+no-wallet", "no-wallet+no-wallet", "neixiang + no-wallet"):
        assert Scenario.load(name).describe() == alone.describe()
        assert Scenario.load(name).name == "no-wallet"
    assert Scenario.load("neixiang+neixiang").title == Scenario.load("neixiang").title


def test_files_may_be_parts(write):
    path = write("[policy.bank]\nalarm_level = 0.45\n")
    both = Scenario.load(f"{path}+rate-cap")
    assert both.name == "mine+rate-cap"
    assert both.policy.at(0).bank.alarm_level == 0.45
    assert not both.policy.at(0).regulator.rate_cap_licensed_exempt


def test_a_file_may_have_a_plus_in_its_path(tmp_path):
    (tmp_path / "c++").mkdir()
    path = tmp_path / "c++" / "mine+yours.toml"
    path.write_text('title = "Mine"\n', encoding="utf-8")
    assert Scenario.load(path).name == Scenario.load(str(path)).name == "mine+yours"


def test_a_stack_may_be_changed_further():
    both = Scenario.load("rate-cap+cooperation", overrides={"bank.joint_share": 0.6})
    assert both.policy.at(0).bank.joint_share == 0.6
    assert both.replace({"bank.joint_share": 0.5}).name == both.name


@pytest.mark.usefixtures("family")
def test_a_child_goes_before_what_its_parent_set():
    both = Scenario.load("child+other")
    assert (both.policy.at(0).bank.alarm_level, both.policy.at(0).bank.officers) == (0.5, 120)
    assert Scenario.load("child+base").settings == Scenario.load("child").settings


@pytest.mark.usefixtures("family")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("child+rival", ["child and rival cannot be stacked", "bank.alarm_level is 0.5 in child", "0.55 in rival"]),
        ("rival+other+child", ["child and rival", "bank.alarm_level"]),
        ("child+later", ["bank.alarm_level is 0.5 in child", "'2018-03': 0.5} in later"]),
        ("here+there", ["county is 'neixiang' in here", "'elsewhere' in there"]),
        ("base+chidl", ["there is no scenario 'chidl'", "did you mean 'child'?"]),
        ("base+", ["'base+'", "on one side of a +"]),
        ("base++child", ["'base++child'", "on one side of a +"]),
        ("base+none.toml", ["none.toml", "No such file"]),
    ],
)
def test_what_cannot_be_stacked_is_told(name, words):
    said = refused(name)
    for word in words:
        assert word in said, said


@pytest.mark.usefixtures("family")
def test_a_county_that_is_named_settles_which():
    both = Scenario.load("here+there", county="elsewhere")
    assert both.county.name == "elsewhere"
    assert (both.policy.at(0).platform.cutoff, both.policy.at(0).platform.line_low) == (0.3, 10_000)
    assert Scenario.load("there+child").county.name == "elsewhere"


def test_a_stack_too_long_for_a_folder_is_refused():
    assert "too many" in refused("+".join(name for name in scenarios() if name not in ("joint-lending", "early-bank")))


def test_every_lever_is_moved_by_a_shipped_scenario():
    moved = {path for name in scenarios() for path in Scenario.load(name).settings}
    assert moved >= {each.path for each in levers()}


@pytest.mark.parametrize("name", sorted(set(scenarios()) - {"neixiang"}))
def test_a_shipped_scenario_states_differences_only(name):
    found = Scenario.load(name)
    parent = Scenario.load(found.extends)
    changed = [
        path
        for path, setting in found.settings.items()
        if setting.value != (parent.settings[path].value if path in parent.settings else DECLARED[path].default)
    ]
    assert changed


@pytest.mark.parametrize("path", sorted(scenario_folder().rglob("*.toml")), ids=lambda path: path.stem)
def test_no_address_stands_in_a_shipped_file(path):
    assert not re.search(r"http|www\.|\.(com|cn|net|org)\b", path.read_text(encoding="utf-8"))


# --- mistakes in values

BANK, GOVERNMENT, PLATFORM, ADOPTION = (
    f"[{name}]\n" for name in ("policy.bank", "policy.government", "policy.platform", "assumptions.adoption")
)

MISTAKES = {
    "unknown key": ('titel = "x"', ["line 2", "titel", "title"]),
    "unknown group": ("[policy.banc]\nx = 1", ["line 2", "banc", "bank"]),
    "unknown lever": (BANK + "alarm_levl = 0.5", ["line 3", "alarm_levl", "bank.alarm_level"]),
    "group in the wrong table": ("[assumptions.bank]\nalarm_level = 0.5", ["policy.bank"]),
    "group without a table": ("[government]\npush_town = 0.5", ["policy.government"]),
    "fact in a scenario": ("[assumptions.people]\nresidents = 5", ["people", "county"]),
    "text for a number": (BANK + 'alarm_level = "high"', ["line 3", "alarm_level", "'high'", "from 0 to 1"]),
    "bool for a number": (BANK + "alarm_level = true", ["alarm_level", "true", "from 0 to 1"]),
    "number for a bool": (BANK + "responds = 1", ["responds", "1", "true or false"]),
    "part of a month": (GOVERNMENT + "endorsement_months = 2.5", ["endorsement_months", "2.5", "whole number"]),
    "not a number": (BANK + "alarm_level = nan", ["alarm_level", "nan", "from 0 to 1"]),
    "infinity": (BANK + "alarm_level = -inf", ["alarm_level", "-inf", "from 0 to 1"]),
    "infinite assumption": ("[assumptions.income]\nillness_risk = inf", ["illness_risk"]),
    "too high": (BANK + "alarm_level = 1.5", ["alarm_level", "1.5", "from 0 to 1", "share"]),
    "too low": (BANK + "officers = -1", ["officers", "-1", "from 0"]),
    "more digits than a number has": (BANK + "officers = 1" + "0" * 400, ["officers"]),
    "a list": (BANK + "alarm_level = [0.5]", ["alarm_level", "[0.5]", "from 0 to 1"]),
    "date not as text": (PLATFORM + "entry = 2017-09-01", ["entry", "2018-03"]),
    "thirteenth month": (PLATFORM + 'entry = "2017-13"', ["entry", "2017-13", "2018-03"]),
    "before the model": (PLATFORM + 'entry = "2016-12"', ["entry", "2016-12", "2017-01"]),
    "dated table of an assumption": (ADOPTION + 'informed_by_users = { "2018-03" = 0.5 }', ["adoption.informed_by"]),
    "empty dated table": (BANK + "alarm_level = {}", ["bank.alarm_level", "empty"]),
    "wrong date in a table": (BANK + 'alarm_level = { "March" = 0.5 }', ["alarm_level", "March", "2018-03"]),
    "never in a table": (BANK + 'alarm_level = { never = 0.5 }', ["alarm_level", "never", "2018-03"]),
    "wrong value in a table": (BANK + 'alarm_level = { "2018-03" = 2 }', ["alarm_level", "2", "from 0 to 1"]),
    "dated date": (PLATFORM + 'entry = { "2018-03" = "2018-04" }', ["platform.entry", "one value"]),
    "exit before entry": (PLATFORM + 'entry = "2018-01"\nexit = "2017-12"', ["line 4", "exit", "2017-12", "2018-01"]),
    "exit with entry": (PLATFORM + 'exit = "2017-09"', ["platform.exit", "after", "platform.entry"]),
    "smallest line above largest": (PLATFORM + "line_low = 60000", ["line_low", "60,000", "line_high", "50,000"]),
    "the same later": (PLATFORM + 'line_high = { "2019-01" = 5000 }', ["line_low", "line_high", "2019-01"]),
    "window of less than nothing": (GOVERNMENT + "literacy_months = -1", ["literacy_months", "-1", "from 0"]),
    "table that is a value": ("policy = 3", ["line 2", "policy", "table"]),
    "group that is a value": ("[policy]\nbank = 3", ["policy.bank", "table"]),
    "title twice": ('title = "x"\n', ["line 2", "TOML"]),
    "text that is a number": ("question = 3", ["line 2", "question", "3", "text"]),
    "unknown parent": ('extends = "no-platfrom"', ["line 2", "no-platfrom", "no-platform"]),
    "parent far from any name": ('extends = "q"', ["q", "neixiang"]),
    "path as a parent": ('extends = "../no-platform.toml"', ["../no-platform.toml", "shipped", "not a path"]),
    "list as a parent": ('extends = ["neixiang"]', ["extends", "text"]),
    "unknown county": ('county = "neixang"', ["neixang", "neixiang"]),
    "path as a county": ('county = "/etc/passwd"', ["/etc/passwd", "not a path"]),
    "not TOML": ("[policy.bank\nalarm_level = 0.5", ["line 2"]),
    "not TOML later": (BANK + "alarm_level = = 0.5", ["line 3"]),
    "nested lists": ("[policy.bank]\nalarm_level = " + "[" * 1_900, ["nested too deeply"]),
    "nested tables": ("[policy.bank]\nalarm_level = " + "{a=" * 300 + "1" + "}" * 300, ["alarm_level"]),
    "dotted tables": ("[assumptions.adoption" + ".a" * 900 + "]", ["adoption"]),
    "dotted levers": (BANK + "alarm_level" + ".a" * 900 + " = 1", ["alarm_level"]),
    "endless line": ("question = '" + "a" * 5_000 + "'", ["line 2", "longer"]),
}  # fmt: skip


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_in_a_sentence(case, write):
    text, words = MISTAKES[case]
    said = refused(path := write(text))
    assert said.startswith(str(path)) or "neixiang.toml" in said, said
    for word in words:
        assert word in said, said


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"bank.alarm_levl": 1}, ["--set", "bank.alarm_levl", "bank.alarm_level"]),
        ({"alarm_level": 0.5}, ["--set", "bank.alarm_level"]),
        ({"bank.alarm_level": 2}, ["--set", "2", "from 0 to 1"]),
        ({"bank.alarm_level": "high"}, ["--set", "high", "from 0 to 1"]),
        ({"platform.exit": "2017-01"}, ["--set", "platform.exit"]),
        ({"platform.entry": "2020-01", "platform.exit": "2019-01"}, ["--set", "platform.exit", "2020-01"]),
        ({"people.residents": 5}, ["--set", "people.residents", "10,000"]),
        ({"people.residents": {"2018-03": 500_000}}, ["--set", "people.residents"]),
        ({"people.urban_share": 0.1}, ["people.urban_share", "people.seat_share"]),
        ({"people.under_40_town": 0.95}, ["--set", "people.under_40_town", "people.over_60_town"]),
        ({3: 4}, ["--set", "3"]),
        ({"": 4}, ["--set", "''"]),
    ],
)
def test_overrides_are_checked_alike(overrides, words):
    said = refused("neixiang", overrides=overrides, where="--set")
    for word in words:
        assert word in said, said


# --- mistakes with files


def test_there_is_no_such_file(tmp_path):
    assert "No such file" in refused(tmp_path / "none.toml")


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "folder.toml").mkdir()
    assert "not a file" in refused(tmp_path / "folder.toml")
    assert str(tmp_path)[:40] in refused(tmp_path)


def test_a_name_near_a_shipped_one():
    assert "'no-platform'" in refused("no-platfrom")
    assert "neixiang" in refused("")


def test_a_path_that_cannot_be():
    assert refused("a\0b.toml")
    assert refused("x" * 5_000 + ".toml")
    assert refused("x" * 5_000)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(write):
    path = write("")
    path.chmod(0)
    assert "Permission denied" in refused(path)


def test_an_empty_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("# nothing\n", encoding="utf-8")
    assert "title" in refused(path)
    path.write_bytes(b"")
    assert "title" in refused(path)


def test_a_huge_file(write):
    assert "larger than" in refused(write("# a line\n" * 200_000))


@pytest.mark.parametrize("content", [b'title = "\xe4\xb8"', b"\xff\xfet\x00", b'title = "x"\n\x80'])
def test_not_utf8(tmp_path, content):
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    assert "UTF-8" in refused(path)


def test_what_is_binary_is_not_toml(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(bytes(range(32)))
    assert "TOML" in refused(path)


def test_a_county_is_not_a_scenario():
    said = refused(scenario_folder() / "counties" / "neixiang.toml")
    assert "people" in said
    assert "county" in said


def test_a_circle_of_parents(tmp_path, monkeypatch):
    for name, parent in (("one", "two"), ("two", "three"), ("three", "two"), ("self", "self")):
        (tmp_path / f"{name}.toml").write_text(f'title = "x"\nextends = "{parent}"\n', encoding="utf-8")
    monkeypatch.setattr(sim.scenario, "scenario_folder", lambda: tmp_path)
    assert "circle: one extends two extends three extends two" in refused("one")
    assert "circle" in refused("self")
    monkeypatch.chdir(tmp_path)
    assert "circle" in refused(Path("self.toml"))


def test_an_endless_row_of_parents(tmp_path, monkeypatch):
    for number in range(30):
        text = f'title = "x"\nextends = "s{number + 1}"\n'
        (tmp_path / f"s{number}.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(sim.scenario, "scenario_folder", lambda: tmp_path)
    assert "parents" in refused("s0")


# --- mistakes in a county


@pytest.fixture
def county(tmp_path, monkeypatch):
    shipped = (scenario_folder() / "counties" / "neixiang.toml").read_text(encoding="utf-8")
    (tmp_path / "counties").mkdir()
    (tmp_path / "here.toml").write_text('title = "x"\ncounty = "elsewhere"\n', encoding="utf-8")
    monkeypatch.setattr(sim.scenario, "scenario_folder", lambda: tmp_path)

    def change(old, new):
        assert old in shipped
        (tmp_path / "counties" / "elsewhere.toml").write_text(shipped.replace(old, new, 1), encoding="utf-8")
        return "here"

    return change


def test_a_scenario_runs_on_another_county(county):
    assert Scenario.load(county("value = 567100", "value = 400000")).county.people.residents == 400_000


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("value = 567100", "value = 5", ["people.residents", "5", "10,000"]),
        ("value = 567100", "value = 567100.5", ["people.residents", "whole number"]),
        ("value = 567100", 'value = "many"', ["people.residents", "'many'"]),
        ("value = 567100", "valeu = 567100", ["people.residents", "value"]),
        ("residents = {", "resident = {", ["people.resident", "people.residents"]),
        ("residents = {", "#", ["people.residents", "missing"]),
        ("[people]", "[peeple]", ["peeple", "people"]),
        ("[economy]", "[economy]\nland_per_household = 3", ["line"]),
    ],
)
def test_a_mistake_in_a_county_is_told(county, old, new, words):
    said = refused(county(old, new))
    assert "elsewhere.toml" in said
    for word in words:
        assert word in said, said


@pytest.mark.parametrize("source", ['""', "5", '" "', "[]"])
def test_a_fact_without_a_source_is_refused(county, source):
    shipped = (Path(__file__).parent.parent / "scenarios/counties/neixiang.toml").read_text(encoding="utf-8")
    line = re.search(r"^residents = .*$", shipped, re.M)[0]
    said = refused(county(line, "residents = { value = 567100, source = " + source + " }"))
    assert "people.residents" in said
    assert "source" in said
