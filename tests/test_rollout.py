"""A rollout: what counties are drawn, what is made of them, what is refused, and what is said at the end."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sim
from sim.cli import main
from sim.errors import CatfishError
from sim.experiment import simulate
from sim.figures.rollout import rollout_chart
from sim.labels import LABELS
from sim.scenario import Scenario
from sim.studies.rollout import OUTCOMES, Rollout, first_month, rank_regression, rollout
from sim.studies.rollout_counties import TRAITS, draw_counties, facts_of

SMALL = {"scale": 0.01, "months": 3}
NEIXIANG = Scenario.load("neixiang")


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    return rollout("neixiang", 3, out=tmp_path_factory.mktemp("rollout") / "out", **SMALL)


# ---------------------------------------------------------------- counties


def test_counties_lie_in_their_ranges_and_fill_them():
    drawn = draw_counties(512, 1)
    for trait in TRAITS:
        values = drawn[trait.name]
        assert values.between(trait.low, trait.high).all()
        share = np.log(values / trait.low) / np.log(trait.high / trait.low) if trait.log else (
            (values - trait.low) / (trait.high - trait.low)
        )  # fmt: skip
        np.testing.assert_allclose(np.quantile(share, [0.1, 0.5, 0.9]), [0.1, 0.5, 0.9], atol=0.03, err_msg=trait.name)
        assert trait.source.strip()


def test_the_first_counties_of_a_longer_list_are_those_of_a_shorter_one():
    assert draw_counties(5, 3).equals(draw_counties(40, 3)[:5])
    assert not draw_counties(5, 3).equals(draw_counties(5, 4))


def test_development_ties_traits_together():
    ranks = draw_counties(1024, 1).rank().corr()
    assert ranks.loc["income", "poor"] < -0.4
    assert ranks.loc["income", "wallets"] > 0.4
    assert abs(ranks.loc["income", "residents"]) < 0.1


def test_every_county_is_possible_and_has_its_traits():
    drawn = draw_counties(300, 2)
    for k in drawn.index:
        traits = drawn.loc[k]
        made = NEIXIANG.replace(facts_of(traits, NEIXIANG)).county
        assert made.people.urban_share == traits["urban_share"]
        assert made.rural_bank.deposit_share == traits["bank_share"]
        assert made.people.poor_households <= 0.16 * made.people.residents
        assert 1.0 - made.people.residents / made.people.registered == pytest.approx(traits["away"], abs=1e-4)


def test_neixiang_with_its_own_traits_is_neixiang():
    """A county that differs in nothing keeps every fact, but for roundings."""
    people, bank, start = NEIXIANG.county.people, NEIXIANG.county.rural_bank, NEIXIANG.county.start
    adults = people.residents * people.adult_share
    own = {
        "residents": people.residents, "away": 1.0 - people.residents / people.registered,
        "urban_share": people.urban_share,
        "people_a_village": people.residents * (1 - people.urban_share) / people.villages,
        "over_60_village": people.over_60_village, "income": 1.0, "land": NEIXIANG.county.economy.land_per_household,
        "shops": 1.0, "factory_work": 1.0, "poor": people.poor_households / (adults / people.adults_per_household),
        "bank_share": bank.deposit_share, "bank_npl": bank.npl_start, "bank_capital": bank.capital_ratio,
        "bank_officers": NEIXIANG.policy.at(0).bank.officers * 1e4 / adults,
        "lent_before": bank.household_loans / adults,
        "wallets": start.wallet_share, "codes": start.qr_town, "phones_of_the_old": start.smartphone_over_60,
    }  # fmt: skip
    same = NEIXIANG.replace(facts_of(own, NEIXIANG))
    for group, facts in same.county.groups.items():
        for name, value in facts.model_dump().items():
            assert value == pytest.approx(getattr(getattr(NEIXIANG.county, group), name), rel=1e-3), name
    for group, levers in same.policy.at(0).model_dump().items():
        assert levers == pytest.approx(NEIXIANG.policy.at(0).model_dump()[group], rel=1e-6)


# ---------------------------------------------------------------- runs


def test_every_county_is_a_run_of_its_own(done):
    for county in (0, 2):
        facts = facts_of(draw_counties(3, 1).loc[county], NEIXIANG)
        alone = simulate("neixiang", 1, overrides=facts, **SMALL).monthly["wallet_active"]
        np.testing.assert_array_equal(done.path("wallet_active").loc[county], alone)
    assert list(done.outcomes.columns) == list(OUTCOMES)


def test_a_stopped_rollout_goes_on(done, tmp_path):
    folder = tmp_path / "again"
    shutil.copytree(done.folder, folder)
    shutil.rmtree(folder / "monthly" / "point=000001")
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({k: v for k, v in manifest.items() if k != "content_hash"}))
    assert len(Rollout(folder).outcomes) == 2
    again = rollout("neixiang", 3, out=folder, **SMALL)
    assert again.manifest["content_hash"] == done.manifest["content_hash"]


@pytest.mark.parametrize("counties", [0, -1, 2801, True, 1.5, "3"])
def test_numbers_of_counties_that_cannot_be_are_refused(counties, tmp_path):
    with pytest.raises(CatfishError, match="whole number from 1 to 2,800"):
        rollout("neixiang", counties, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_another_question_does_not_overwrite(done):
    with pytest.raises(CatfishError, match="number of points"):
        rollout("neixiang", 4, out=done.folder, **SMALL)


def test_a_folder_without_a_rollout_is_refused(done, tmp_path):
    folder = tmp_path / "sweep"
    shutil.copytree(done.folder, folder)
    manifest = json.loads((folder / "manifest.json").read_text()) | {"study": "sweep"}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(CatfishError, match="holds no rollout"):
        Rollout(folder)


# ---------------------------------------------------------------- what is said


def test_the_month_in_which_something_is_reached():
    reached = pd.DataFrame([[False, True, False], [False, False, False], [True, True, True]])
    np.testing.assert_array_equal(first_month(reached), [1.0, np.nan, 0.0])


def test_rank_regression_tells_apart_traits_that_go_together():
    luck = np.random.default_rng(1)
    x = pd.DataFrame(luck.normal(size=(400, 2)), columns=["cause", "other"])
    x["companion"] = x["cause"] + 0.5 * luck.normal(size=400)
    found = rank_regression(x, np.exp(x["cause"]) + 0.05 * luck.normal(size=400))
    assert found["cause"] == pytest.approx(1.0, abs=0.1)
    assert found.drop("cause").abs().max() < 0.1
    assert rank_regression(x[:5], x["cause"][:5]).isna().all(), "five rows say nothing of three columns"


def test_the_command_leaves_tables_and_a_chart_and_tells_them(tmp_path):
    out = tmp_path / "out"
    words = ["rollout", "--counties", "2", "--scale", "0.01", "--months", "2", "--out", str(out)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert "What it depends on" in done.output
    for name in ("counties.csv", "summary.csv", "thirds.csv", "depends-on.csv", "charts/rollout.png"):
        assert (out / name).stat().st_size > 100
    wrong = CliRunner().invoke(main, ["rollout", "--counties", "0", "--out", str(tmp_path / "no")])
    assert wrong.exit_code == 2
    assert "--counties is 0" in wrong.output


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_chart_speaks_both_languages(done, language):
    said = [text.get_text() for text in rollout_chart(done, language=language)[0].get_figure().texts]
    assert any(word in said[0] for word in ("counties tip", "个县"))
    for trait in TRAITS:
        assert f"trait.{trait.name}" in LABELS


def test_it_is_part_of_the_public_face(done):
    assert sim.rollout is rollout
    assert "3 of 3 counties" in repr(done)
    assert "<table" in done._repr_html_()
