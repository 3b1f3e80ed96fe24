"""`catfish validate`, and the effects of the literature, on made-up data."""

import dataclasses
import json
import re

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

from sim.cli import main
from sim.figures.validation_effects import FRIENDS, SIZES
from sim.figures.validation_effects import effects as chart
from sim.labels import LANGUAGES
from sim.model import CountyModel
from sim.patterns.held_out import HELD_OUT, judge_held_out
from sim.studies.validation import outside
from sim.studies.validation.districts import MECHANISM, WITHOUT
from sim.studies.validation.districts_baselines import BASELINES
from sim.studies.validation.districts_data import QUARTERS
from sim.studies.validation.effects import elasticity, hazard, slope, treat
from sim.studies.validation.effects_rules import EFFECTS
from sim.studies.validation.villages import POOLED, VARIANTS, WITH_SIZE
from sim.studies.validation.villages_scores import CENTRALITY, MEAN, SIZE
from sim.studies.validation.words import word

SMALL = outside.Effort(sets=2, units=256, folds=3, seeds=1, scale=0.01)


def catfish(*args):
    return CliRunner().invoke(main, [str(a) for a in args])


def refused(result, words):
    assert result.exit_code == 2, result.output
    assert words in result.output
    assert "Traceback" not in result.output
    assert len(result.output.strip().splitlines()) == 1


def made_up_villages(folder):
    rng, homes, ties, panel, listed = np.random.default_rng(4), [], [], [], []
    for number in range(1, 8):
        n, sealed = 30 + 2 * number, number == 7
        took = rng.random(n) < 0.2
        took[-1] = True
        for row in range(1, n + 1):
            homes.append((number, row, rng.integers(1, 5), 1, rng.integers(1, 4), 1, int(row <= 4),
                          None if sealed else int(took[row - 1])))  # fmt: skip
        ties += [(number, *sorted(rng.choice(np.arange(1, n + 1), 2, replace=False))) for _ in range(4 * n)]
        share = took.mean()
        panel += [] if sealed else [(number, 0, 0.0), (number, 1, 0.7 * share), (number, 2, share), (number, 3, None)]
        listed.append((number, n, 3, "sealed" if sealed else "open", None if sealed else took[4:].mean()))
    place = folder / "villages"
    place.mkdir(parents=True)
    for name, rows, columns in (
        ("households", homes, ["village", "row", "room_no", "electricity", "latrine", "hhSurveyed", "leader", "mf"]),
        ("edges", ties, ["village", "i", "j"]),
        ("panel", panel, ["village", "trimester", "takeup_nonleaders"]),
        ("villages", listed, ["village", "households", "trimesters_observed", "split", "takeup_nonleaders"]),
    ):
        pd.DataFrame(rows, columns=columns).to_csv(place / f"{name}.csv", index=False)


def made_up_districts(folder):
    rng, users, census = np.random.default_rng(5), [], []
    for state in range(5):
        for district in range(3):
            people, pace, sealed = 10_000 * rng.integers(3, 9), rng.uniform(0.05, 0.2), state == 4
            for k, quarter in enumerate(QUARTERS[: 4 if sealed else None]):
                count = int(people * 0.6 / (1 + np.exp(2 - pace * k)))
                users.append((f"state {'abcde'[state]}", f"place {'xyz'[district]}", int(quarter[:4]), int(quarter[-1]),
                              count, "sealed" if sealed else "open"))  # fmt: skip
            counts = (int(people * part) for part in (0.6, 0.15, 0.05, 0.2, 0.5, 0.3, 0.2, 0.1, 0.02))
            census.append((f"STATE {'ABCDE'[state]}", f"Place {'XYZ'[district]}", people, *counts))
    place = folder / "districts"
    place.mkdir(parents=True)
    columns = ["state", "district", "year", "quarter", "registered_users", "split"]
    pd.DataFrame(users, columns=columns).to_csv(place / "users.csv", index=False)
    columns = [
        "State name", "District name", "Population", "Literate", "Rural_Households", "Urban_Households", "Households",
        "Age_Group_0_29", "Age_Group_30_49", "Age_Group_50", "Households_with_Telephone_Mobile_Phone_Mobile_only",
        "Households_with_Telephone_Mobile_Phone_Both",
    ]  # fmt: skip
    pd.DataFrame(census, columns=columns).to_csv(place / "census2011.csv", index=False)


@pytest.fixture
def data(tmp_path):
    made_up_villages(tmp_path / "data")
    made_up_districts(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def little(monkeypatch):
    monkeypatch.setattr(outside, "USUAL", SMALL)


@pytest.mark.slow
def test_the_command_leaves_tables_charts_and_record_and_says_who_wins(data, tmp_path, monkeypatch):
    out, kept, run = tmp_path / "out", [], outside.validate
    monkeypatch.setattr(outside, "validate", lambda *args, **more: kept.append(run(*args, **more)) or kept[0])
    result = catfish("validate", "--data", data, "--predict-sealed", "--out", out)
    assert result.exit_code == 0, result.output
    assert f"step {outside.STEPS} of {outside.STEPS} done" in result.output
    for words in ("6 villages", "12 districts", "ties", "linear drift", "E2c", "India", "VALIDATION.md", str(out)):
        assert words in result.output
    assert not re.search(r"\bnan\b", result.output)
    assert pd.read_csv(out / "villages-sealed.csv")["village"].tolist() == [7]
    sealed = pd.read_csv(out / "districts-sealed.csv")
    assert list(sealed.columns) == ["state", "district", "year", "quarter", "p10", "p50", "p90"]
    assert len(sealed) == 3 * 3
    rows = pd.read_csv(out / "effects.csv")
    assert rows["key"].tolist() == [each.key for each in (*HELD_OUT, *EFFECTS)]
    for name in ("villages", "districts", "effects"):
        with Image.open(out / "charts" / f"{name}.png") as picture:
            assert min(picture.size) > 500
    told = json.loads((out / "manifest.json").read_text())
    assert told["program"] == "catfish"
    assert set(told["files"]) == {p.name for p in out.iterdir() if p.suffix in (".csv", ".txt")}
    assert set(told["data"]) == {p.relative_to(data).as_posix() for p in data.rglob("*.csv")}

    again = dataclasses.replace(kept[0], manifest={**kept[0].manifest, "sealed": False})
    monkeypatch.setattr(outside, "validate", lambda *args, **more: again)
    quiet = catfish("validate", "--data", data, "--out", out, "--quiet")  # ours may be replaced
    assert quiet.exit_code == 0
    assert quiet.output == ""
    assert not list(out.glob("*sealed*"))


def nothing_is_left(tmp_path, *known):
    assert {p.name for p in tmp_path.iterdir()} == set(known)


def test_what_is_missing_or_corrupt_is_refused_before_anything_is_written(data, tmp_path):
    refused(catfish("validate", "--data", tmp_path / "none", "--out", tmp_path / "out"), "there is no folder")
    table = data / "districts" / "users.csv"
    whole = table.read_bytes()
    table.write_bytes(bytes(range(256)))
    refused(catfish("validate", "--data", data, "--out", tmp_path / "out"), "users.csv is not a table")
    table.write_bytes(whole)
    (data / "villages" / "panel.csv").unlink()
    refused(catfish("validate", "--data", data, "--out", tmp_path / "out"), "panel.csv")
    nothing_is_left(tmp_path, "data")


def test_too_little_data_is_refused_at_once(data, tmp_path):
    table = pd.read_csv(data / "districts" / "users.csv")
    table[~table["state"].isin(("state a", "state b"))].to_csv(data / "districts" / "users.csv", index=False)
    refused(catfish("validate", "--data", data, "--out", tmp_path / "out"), "2 open states; at least 3")
    nothing_is_left(tmp_path, "data")


def test_a_folder_of_others_is_not_written_to(data, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    refused(catfish("validate", "--data", data, "--out", other), "was not made by catfish")
    refused(catfish("validate", "--data", data, "--out", other / "thesis.txt"), "is a file")
    refused(catfish("validate", "--data", data, "--out", other / "thesis.txt" / "out"), "Cannot write")
    nothing_is_left(other, "thesis.txt")


def test_data_has_to_be_named():
    refused(catfish("validate"), "--data")


def test_every_model_baseline_and_verdict_has_words_in_both_languages():
    of_villages = (*(each.name for each in VARIANTS), POOLED, WITH_SIZE, MEAN, SIZE, CENTRALITY)
    names = [*of_villages, MECHANISM, *WITHOUT, *BASELINES, "final", "path", "win", "tie", "loss"]
    for language in LANGUAGES:
        words = [word(name, language) for name in names]
        assert len(set(words)) == len(names)


# --- effects ---------------------------------------------------------------------------------------------------------


def test_every_effect_has_a_key_of_its_own_and_a_rule_but_the_one_that_is_only_reported():
    keys = [each.key for each in (*HELD_OUT, *EFFECTS)]
    assert len(set(keys)) == len(keys)
    assert [each.key for each in EFFECTS if not each.of] == ["E2b"]


@pytest.mark.parametrize(
    ("key", "value", "verdict"),
    [("E1a", 0.18, "met"), ("E1a", 0.02, "missed"), ("E1b", 0.33, "missed"), ("E2c", -0.01, "missed"),
     ("E3", 0.41, "met"), ("E4", 0.03, "missed"), ("E5a", 1.1, "met"), ("E5b", 2.0, "missed")],
)  # fmt: skip
def test_verdicts_of_effects(key, value, verdict):
    assert next(row for row in judge_held_out({key: [value]}, EFFECTS) if row.key == key).verdict == verdict


def test_slope_and_elasticity():
    flow = np.array([1e2, 1e3, 1e4, 1e5])
    people = pd.DataFrame({"flow_average": [*flow, 0.0], "line": [*(3e5 * flow**0.41), 0]})
    assert elasticity(people) == pytest.approx(0.41)
    assert np.isnan(slope(np.ones(3), np.arange(3.0)))


def test_hazard_counts_loans_that_are_open():
    loans = pd.DataFrame({
        # repaid at age 5, default at 5, default at 8, open since 12 months, made 3 months before the end
        "originated": [0, 0, 0, 0, 9], "closed": [5, -1, 20, -1, -1], "defaulted_month": [-1, 5, 8, -1, -1],
    })  # fmt: skip
    assert hazard(loans, (4, 6), 12) == pytest.approx(1 / (4 + 4 + 2))
    assert hazard(loans, (7, 9), 12) == pytest.approx(1 / (2 + 2 + 1))
    assert np.isnan(hazard(loans, (20, 30), 12))


def test_a_treated_county_differs_only_in_those_who_are_treated():
    model = CountyModel("no-endorsement", seed=1, scale=0.02)
    model.step()
    people = model.world.residents
    could = people.smartphone & (people.wallet_since < 0)
    given, told = could & (people.age < 30), could & (people.age >= 60)
    other = treat(model, told, given)
    changed = other.world.residents
    assert ((changed.wallet_since >= 0) == ((people.wallet_since >= 0) | given)).all()
    assert (changed.informed == (people.informed | told | given)).all()
    ptr, ties, user = other.world.ties_ptr, other.world.ties, changed.wallet_since >= 0
    row = int(np.argmax(changed.wallet_neighbours))
    for i in (0, row):
        friends = ties[ptr[i] : ptr[i + 1]]
        assert changed.wallet_neighbours[i] == user[friends].sum()
        assert changed.informed_neighbours[i] == (changed.informed & ~user)[friends].sum()
    alone = treat(model, np.zeros(people.n, bool), np.zeros(people.n, bool))
    for each in (model, alone):
        each.step()
    for name in people.spec:
        assert np.array_equal(people[name], alone.world.residents[name], equal_nan=people[name].dtype.kind == "f"), name


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_chart_of_effects_shows_what_is_missed_and_leaves_out_what_is_not_known(language):
    values = {key: [0.2, 0.3] for key in ("P8a", *SIZES, *FRIENDS)} | {"E1c": [float("nan")], "E2c": [-0.1]}
    rows = [*judge_held_out(values), *judge_held_out(values, EFFECTS)]
    sizes, friends = chart(rows, 2, 0.1, language=language)
    assert len(friends.patches) == len(FRIENDS)
    hollow = [line for line in sizes.lines if line.get_marker() == "s"]
    assert len(hollow) == sum(row.verdict == "missed" for row in rows if row.key in SIZES)
