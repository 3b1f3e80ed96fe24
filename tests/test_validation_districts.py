import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from sim.assumptions.adoption import Adoption
from sim.assumptions.shops import Shops
from sim.errors import CatfishError
from sim.figures.validation_districts import districts as figure
from sim.studies.validation.districts import MECHANISM, WITHOUT, study, validate_districts
from sim.studies.validation.districts_baselines import (
    BASELINES,
    YEARS,
    bass,
    last_drift,
    last_value,
    linear_drift,
    logistic,
    potential,
)
from sim.studies.validation.districts_chances import Chances
from sim.studies.validation.districts_data import ASKED, QUARTERS, Districts, read_districts
from sim.studies.validation.districts_forecast import (
    ASKED_AT,
    LAST_KNOWN,
    Forecaster,
    Seen,
    folds_of,
    forecast_calibrated,
    widened,
    widening,
)
from sim.studies.validation.districts_library import run_library

DATA = Path(os.environ.get("CATFISH_DATA", "no data"))
AGES = np.array([0.34, 0.41, 0.25])
needs_data = pytest.mark.skipif(
    not (DATA / "districts").is_dir(),
    reason="CATFISH_DATA names no folder with districts/: PhonePe Pulse (CDLA-Permissive-2.0) and the census of 2011",
)


def made_up(count=160, states=10, sealed=0, seed=5) -> Districts:
    """Districts made by the mechanism itself: units of another library, with a little noise."""
    rng = np.random.default_rng(seed)
    shares = run_library(256, AGES, seed).shares
    growing = np.flatnonzero((shares[:, 0] > 0.01) & (shares[:, 0] < 0.5))[:count]
    shares = shares[growing]
    adults = np.exp(rng.normal(13.0, 0.5, len(shares)))
    noise = np.exp(0.02 * rng.normal(size=shares.shape))
    users = np.maximum.accumulate(np.rint(shares * noise * adults[:, None]), axis=1)
    state = np.arange(len(shares)) % (states + sealed)
    names = pd.DataFrame(
        {
            "state": [f"state {k}" for k in state],
            "district": [f"district {i}" for i in range(len(shares))],
            "split": np.where(state < states, "open", "sealed"),
        }
    )
    covariates = pd.DataFrame(rng.uniform(0, 1, (len(shares), 4)), columns=["literate", "young", "urban", "mobile"])
    covariates["reach"] = np.log(users[:, LAST_KNOWN] / adults)
    return Districts(names, users, covariates, np.ones(len(shares), bool), AGES)


def seen_of(districts: Districts) -> Seen:
    logs = np.log(districts.users)
    covariates = districts.covariates
    return Seen(logs - logs[:, [LAST_KNOWN]], covariates["reach"].to_numpy(), covariates.to_numpy(float))


@pytest.fixture(scope="module")
def result():
    return study(made_up(sealed=2), predict_sealed=True, units=1024, folds=4)


def write(folder: Path, users: pd.DataFrame, census: pd.DataFrame) -> Path:
    place = folder / "districts"
    place.mkdir()
    users.to_csv(place / "users.csv", index=False)
    census.to_csv(place / "census2011.csv", index=False)
    return folder


def small_tables():
    rows = [("a-&-b", "one district", int(q[:4]), int(q[-1]), 100 + 10 * k, "open") for k, q in enumerate(QUARTERS)] + [
        ("odisha", "Baleshwar district", 2018, q, 50 + q, "sealed") for q in (1, 2, 3, 4)
    ]
    users = pd.DataFrame(rows, columns=["state", "district", "year", "quarter", "registered_users", "split"])
    census = pd.DataFrame(
        [["A AND B", "One", 1000], ["A AND B", "Two", 3000], ["ORISSA", "Baleshwara", 2000]],
        columns=["State name", "District name", "Population"],
    )
    for name, part in (
        ("Literate", 0.5), ("Rural_Households", 0.15), ("Urban_Households", 0.05), ("Households", 0.2),
        ("Age_Group_0_29", 0.5), ("Age_Group_30_49", 0.3), ("Age_Group_50", 0.2),
        ("Households_with_Telephone_Mobile_Phone_Mobile_only", 0.1),
        ("Households_with_Telephone_Mobile_Phone_Both", 0.0),
    ):  # fmt: skip
        census[name] = census["Population"] * part
    return users, census


def test_chances_are_the_closed_forms_of_the_mechanism():
    assumed = Adoption()
    chances = Chances(9, assumed, Shops())
    users, others = np.array([0.0, 0.2, 1.0]), np.array([0.0, 0.5, 0.0])
    expected = 1 - (1 - users * assumed.information_users - others * assumed.information_others) ** 9
    assert chances.by_neighbours(users, others) == pytest.approx(expected, abs=2e-3)
    word = np.array([0.0, 0.5, 1.0])
    assert chances.by_word(word) == pytest.approx(assumed.campaign_information * word, abs=2e-3)
    assert chances.lapses(word) == pytest.approx(assumed.lapse * (1 - word), abs=3e-4)
    gain = np.array([-3.0, 0.0, 4.0], np.float32)
    assert chances.codes(gain) == pytest.approx(Shops().speed / (1 + np.exp(-gain)), abs=1e-3)


def test_registered_share_never_falls_nor_passes_the_phones():
    library = run_library(256, AGES, 3, {"phones": 0.3, "phones_gained": 0.04})
    assert (np.diff(library.shares, axis=1) >= -1e-12).all()
    by_year = 0.3 + 0.04 * (np.arange(26) * 3 + 2) / 12
    assert (library.shares <= by_year + 1e-9).all()


def test_more_word_push_appeal_and_phones_mean_more_registered():
    middle = {
        "launch": 3.0, "informed": 0.2, "word": 0.3, "push": 0.4, "appeal": -0.5, "diversity": 1.5, "phones": 0.3,
        "phones_gained": 0.05,
    }  # fmt: skip
    usual = run_library(1, AGES, 1, middle).shares
    for name, more in {"word": 0.6, "push": 0.8, "appeal": 0.5, "phones": 0.5}.items():
        assert (run_library(1, AGES, 1, middle | {name: more}).shares >= usual).all(), name
    gained = run_library(1, AGES, 1, middle | {"phones_gained": 0.1}).shares
    assert gained[0, -1] > usual[0, -1]  # before 2018 it means fewer phones, not more


def test_baselines_have_their_closed_forms():
    users = np.array([[100.0, 120.0, 150.0, 190.0] + [np.nan] * 22])
    assert last_value(users).tolist() == [[190.0] * 3]
    assert linear_drift(users) == pytest.approx(190.0 + 30.0 * np.array([[4, 8, 22]]))
    assert last_drift(users) == pytest.approx(190.0 + 40.0 * np.array([[4, 8, 22]]))
    assert bass(np.array([0.0, 1e3]), 0.02, 0.4) == pytest.approx([0.0, 1.0])
    assert logistic(np.array([4.0]), 0.7, 4.0) == pytest.approx([0.5])


@pytest.mark.parametrize(
    ("name", "shares"), [("Bass", bass(YEARS, 0.03, 0.4)), ("logistic", logistic(YEARS, 0.8, 4.0))]
)
def test_a_curve_finds_itself_again(name, shares):
    sizes = np.array([1e4, 2e5, 3e6])
    users = sizes[:, None] * shares
    assert potential(users, shares) == pytest.approx(sizes)
    assert BASELINES[name](users[:, : LAST_KNOWN + 1], users) == pytest.approx(users[:, ASKED_AT], rel=1e-3)


@pytest.mark.slow
def test_districts_of_the_mechanism_are_covered_and_last_value_is_beaten(result):
    skill = result.skill.set_index(["method", "date"])
    open_districts = len(result.series)
    slack = 3.0 * np.sqrt(0.8 * 0.2 / open_districts)
    for date in ASKED:
        assert skill.loc[(MECHANISM, date), "coverage"] == pytest.approx(0.8, abs=slack)
        assert skill.loc[("last value", date), "worse_by_low"] > 0.0
    own = skill.loc[MECHANISM]
    assert (own["worse_by"] == 0.0).all()
    assert (own["skill"] == 0.0).all()


def test_every_method_has_a_score_within_its_bounds(result):
    skill = result.skill
    assert len(skill) == 3 * (1 + len(WITHOUT) + len(BASELINES))
    for measure in ("mdape", "worse_by", "skill"):
        assert np.isfinite(skill[[measure, f"{measure}_low", f"{measure}_high"]].to_numpy()).all()
        assert (skill[f"{measure}_low"] <= skill[f"{measure}_high"]).all()
    for name in (MECHANISM, "linear drift"):
        rows = skill[(skill["method"] == name) & (skill["date"] == ASKED[2])]
        of = result.predictions[result.predictions["date"] == ASKED[2]]
        middle = of["p50"] if name == MECHANISM else of[name]
        assert rows["mdape"].item() == pytest.approx((middle / of["truth"] - 1.0).abs().median())


@pytest.mark.slow
def test_sealed_quantiles_are_in_order_and_no_later_value_is_used(result):
    sealed, districts = result.sealed, made_up(sealed=2)
    rows = (districts.names["split"] == "sealed").to_numpy()
    assert list(sealed.columns) == ["state", "district", "year", "quarter", "p10", "p50", "p90"]
    assert len(sealed) == 3 * rows.sum()
    assert set(zip(sealed["year"], sealed["quarter"], strict=True)) == {(2019, 4), (2020, 4), (2024, 2)}
    assert (sealed["p10"] <= sealed["p50"]).all()
    assert (sealed["p50"] <= sealed["p90"]).all()
    assert (sealed["p10"].to_numpy().reshape(-1, 3) >= districts.users[rows, LAST_KNOWN][:, None] - 1).all()

    other = districts.users.copy()
    other[rows, LAST_KNOWN + 1 :] = np.nan
    again = study(replace(districts, users=other), predict_sealed=True, units=1024, folds=4)
    pd.testing.assert_frame_equal(again.sealed, sealed)


def test_forecast_of_a_district_knows_nothing_of_its_own_later_years():
    districts = made_up(count=80)
    seen, folds = seen_of(districts), folds_of(districts.names["state"].to_numpy(str), 4)
    out = folds == 0
    forecaster = Forecaster(run_library(512, AGES, 1))
    asked = seen.of(out)
    blank = replace(asked, paths=np.where(np.arange(26) <= LAST_KNOWN, asked.paths, np.nan))
    first, second = (forecast_calibrated(forecaster, seen.of(~out), folds[~out], each) for each in (asked, blank))
    assert np.array_equal(first, second)


def test_folds_keep_states_whole():
    states = np.repeat(["a", "b", "c", "d", "e"], [10, 7, 4, 2, 1])
    folds = folds_of(states, 3)
    assert all(len(np.unique(folds[states == state])) == 1 for state in "abcde")
    assert np.bincount(folds).tolist() == [10, 7, 7]


def test_widened_intervals_hold_four_fifths_where_they_were_set():
    rng = np.random.default_rng(1)
    truth = rng.normal(3.0, 0.5, (500, 3))
    narrow = np.tile(np.array([2.9, 3.0, 3.1]), (500, 3, 1))
    wide = widened(narrow, widening(narrow, truth))
    inside = (truth >= wide[:, :, 0]) & (truth <= wide[:, :, 2])
    assert inside.mean(axis=0) == pytest.approx([0.8] * 3, abs=0.005)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_figure_shows_the_scores(result, language):
    drawn = figure(result, language=language)
    assert len(drawn) == 6
    heights = [bar.get_height() for bar in drawn[1].patches]
    own = result.skill[result.skill["method"] == MECHANISM]
    assert heights == pytest.approx(own["coverage"].tolist())
    assert isinstance(drawn[0].get_figure(), Figure)
    if language == "en":  # other languages need a font that has them
        drawn[0].get_figure().canvas.draw()


def test_names_match_across_spellings_and_the_rest_takes_its_state(tmp_path):
    users, census = small_tables()
    extra = users[users["split"] == "sealed"].assign(district="Newtown district")
    found = read_districts(write(tmp_path, pd.concat([users, extra]), census))
    of = dict(zip(found.names["district"], found.matched, strict=True))
    assert of == {"one district": True, "Baleshwar district": True, "Newtown district": False}
    reach = dict(zip(found.names["district"], found.covariates["reach"], strict=True))
    assert reach["Newtown district"] == reach["Baleshwar district"] == pytest.approx(np.log(54 / (2000 * 0.68)))
    assert found.ages.sum() == pytest.approx(1.0)


def spoilt(case):
    users, census = small_tables()
    if case == "no column 'split'":
        users = users.drop(columns="split")
    elif case == "split 'maybe'":
        users.loc[0, "split"] = "maybe"
    elif case == "no counts":
        users["registered_users"] = users["registered_users"].astype(object)
        users.loc[0, "registered_users"] = "many"
    elif case == "not above 0":
        users.loc[0, "registered_users"] = 0
    elif case == "twice":
        users = pd.concat([users, users.iloc[:1]])
    elif case == "lacks a quarter":
        users = users.drop(index=10)
    elif case == "fall in 2018":
        users.loc[3, "registered_users"] = 60
    elif case == "empty values in column 'Literate'":
        census.loc[0, "Literate"] = np.nan
    return users, census


@pytest.mark.parametrize(
    "case",
    [
        "no column 'split'", "split 'maybe'", "no counts", "not above 0", "twice", "lacks a quarter", "fall in 2018",
        "empty values in column 'Literate'", "at least 6",
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(tmp_path, case):
    with pytest.raises(CatfishError, match=case):
        validate_districts(write(tmp_path, *spoilt(case)))


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(CatfishError, match="is missing"):
        validate_districts(tmp_path / "nowhere")


@needs_data
@pytest.mark.slow
def test_open_districts_are_scored_and_all_sealed_ones_predicted():
    districts = read_districts(DATA)
    found = study(districts, predict_sealed=True, units=1024, folds=3)
    assert np.isfinite(found.skill[["mdape", "mdape_low", "mdape_high"]].to_numpy()).all()
    assert len(found.sealed) == 3 * (districts.names["split"] == "sealed").sum()
    last = districts.users[(districts.names["split"] == "sealed").to_numpy(), LAST_KNOWN]
    values = found.sealed[["p10", "p50", "p90"]].to_numpy()
    assert (np.diff(values, axis=1) >= 0).all()
    assert (values[:, 0].reshape(-1, 3) >= last[:, None]).all()
