"""Every parameter is documented data: value, unit, range and source; and random files give nothing but sentences."""

import csv
import re
import tempfile
from enum import IntEnum
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sim import accounts, vocabulary
from sim.errors import CatfishError
from sim.labels import LABELS, LANGUAGES, label
from sim.limits import check_months, check_scale, check_seed, check_seeds
from sim.parameters import DECLARED, Table
from sim.scenario import Scenario, counties

ROOT = Path(__file__).parent.parent


def values(declared):
    """The numbers among a parameter's declared values."""
    found = declared.default.values() if isinstance(declared.default, dict) else [declared.default]
    return [v for v in found if isinstance(v, int | float) and not isinstance(v, bool)]


@pytest.mark.parametrize("path", DECLARED)
def test_every_parameter_is_documented(path):
    declared = DECLARED[path]
    assert declared.unit.strip()
    assert declared.text.strip()
    if declared.table is not Table.COUNTY:
        assert declared.source.strip()
    if declared.unit not in ("date", "yes/no"):
        low, high = declared.allowed
        assert low < high
        assert all(low <= value <= high for value in values(declared))
        if declared.plausible:
            assert low <= declared.plausible[0] <= declared.plausible[1] <= high


def test_no_two_groups_share_a_name():
    homes = {}
    for path, declared in DECLARED.items():
        assert homes.setdefault(path.partition(".")[0], declared.table) is declared.table


@pytest.mark.parametrize("name", counties())
def test_every_fact_of_a_county_has_a_source(name):
    county = Scenario.load("neixiang", county=name).county
    for path, declared in DECLARED.items():
        if declared.table is Table.COUNTY:
            assert county.sources[path].strip(), path


def test_every_parameter_is_told_with_value_unit_and_source():
    for row in Scenario.load("neixiang").describe():
        assert row["unit"], row
        assert row["source"].strip(), row
        assert row["value"] is not None, row


def test_no_address_stands_in_the_facts():
    text = (ROOT / "sim/data/facts.csv").read_text(encoding="utf-8")
    assert not re.search(r"http|www\.|\.(com|cn|net|org)\b|mirror", text)
    rows = list(csv.DictReader(text.splitlines()))
    assert list(rows[0]) == ["key", "value", "unit", "year", "source", "status"]
    assert len({row["key"] for row in rows}) == len(rows)
    for row in rows:
        assert all(cell.strip() for cell in row.values()), row
        assert row["status"] in ("verified", "memory", "derived")


CODES = [
    member
    for module in (vocabulary, accounts)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, IntEnum) and kind is not IntEnum
    for member in kind
]


def test_every_code_has_words_in_both_languages():
    names = {f"{type(member).__name__}.{member.name}" for member in CODES}
    kinds = {name.lower().partition(".")[0] for name in names}
    words = {key for key in LABELS if key.partition(".")[0] in kinds}
    assert {name.lower() for name in names} == words - {"placekind.all"}
    for member in CODES:
        english, chinese = (label(member, language) for language in LANGUAGES)
        assert english.strip()
        assert re.search("[\u4e00-\u9fff]", chinese)
    assert label("Product.JOINT") == label(vocabulary.Product.JOINT)


@pytest.mark.parametrize("kind", sorted({type(m) for m in CODES}, key=lambda kind: kind.__name__))
@pytest.mark.parametrize("language", LANGUAGES)
def test_members_of_a_kind_have_different_words(kind, language):
    words = [label(member, language) for member in kind]
    assert len(set(words)) == len(words)


def test_limits_accept_what_a_run_can_do():
    assert check_seed(0) == 0
    assert check_seed(2**32 - 1) == 2**32 - 1
    assert check_seeds(range(1, 4)) == [1, 2, 3]
    assert check_scale(0.01) == 0.01
    assert check_scale(1) == 1.0
    assert check_months(240) == 240


@pytest.mark.parametrize(
    ("check", "value"),
    [
        *((check_seed, v) for v in (-1, 2**32, 1.0, True, "1", None, float("nan"), 10**5000)),
        *((check_seeds, v) for v in ([], [1, 1], [1, -1])),
        *((check_scale, v) for v in (0, 0.009, 10.01, -1, float("nan"), float("inf"), "0.1", True, None, 10**400)),
        *((check_months, v) for v in (0, 241, -1, 12.0, "12", True)),
    ],
    ids=lambda value: getattr(value, "__name__", None) or "",
)
def test_limits_refuse_what_it_cannot(check, value):
    with pytest.raises(CatfishError, match=r"^--it .*"):
        check(value, "--it")


# --- random files: a scenario is read, or one sentence says why not

KEYS = st.sampled_from(
    [
        "title", "question", "source", "extends", "county", "assumptions", "policy", "platform", "bank", "adoption",
        "entry", "exit", "alarm_level", "intercept", "people", "residents", "2018-03", "never", '"a b"', "ü", "",
    ]
)  # fmt: skip
VALUES = st.sampled_from(
    [
        '"neixiang"', "1", "-1", "0.5", "nan", "-inf", "true", '"2018-03"', '"never"', '"2018-13"', "[]",
        "{}", '{"2018-03" = 0.5}', '{"2018-03" = nan}', "{a = {b = 1}}", "[[[1]]]", "1e400", '"\\u0000"', "",
    ]
)  # fmt: skip
DOTTED = st.lists(KEYS, min_size=1, max_size=4).map(".".join)
LINES = st.one_of(
    st.tuples(DOTTED, VALUES).map(" = ".join),
    DOTTED.map("[{}]".format),
    DOTTED.map("[[{}]]".format),
    st.text(max_size=20),
)


def complaint(act):
    """What it says against it; "fine" if nothing."""
    try:
        act()
    except CatfishError as error:
        return str(error)
    return "fine"


def read_or_refuse(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mine.toml"
        path.write_bytes(content)
        said = complaint(lambda: Scenario.load(path))
    assert said.strip()
    assert len(said) < 2_000
    assert "\n" not in said


@given(st.lists(LINES, max_size=8).map("\n".join))
@example('title = "x"\n[policy.bank]\nalarm_level = ' + "9" * 5000)
@example('title = "x"\n[assumptions.' + ".".join("a" * 900) + "]")
@example('title = "x"\n[policy.bank]\nalarm_level = ' + "{a=" * 600 + "1" + "}" * 600)
@example('title = "x"\npolicy = ' + "[" * 1900)
@example('title = "x"\n[policy.bank]\nalarm_level.a' + ".a" * 900 + " = 1")
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
def test_random_toml_gives_a_scenario_or_a_sentence(text):
    read_or_refuse(text.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=200))
@example(b"")
@example(b"\xff\xfetitle")
@example(b"\xef\xbb\xbftitle = 'x'")
def test_random_bytes_give_a_scenario_or_a_sentence(content):
    read_or_refuse(content)


WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=3),
    lambda some: st.lists(some) | st.dictionaries(st.text(max_size=8) | st.just("2018-03"), some, max_size=3),
    max_leaves=5,
)  # fmt: skip


@given(st.sampled_from(sorted(DECLARED)) | st.text(max_size=10), WILD)
@example("people.residents", 10**400)
@example("bank.alarm_level", 10**400)
@example("bank.alarm_level", {1: 0.5, "2018-03": 0.5})
@example("bank.alarm_level", {"2018-03": {"2018-03": 0.5}})
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=200)
def test_random_overrides_give_a_scenario_or_a_sentence(path, value):
    said = complaint(lambda: Scenario.load("neixiang", overrides={path: value}))
    assert said.strip()
    assert "\n" not in said
