"""Villages: the adapter, the networks, the fit and the scores on made-up villages; shapes on the real ones."""

import dataclasses
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.assumptions.adoption import Adoption
from sim.errors import CatfishError
from sim.figures import save
from sim.figures.validation_villages import villages as chart
from sim.studies.validation.villages import BASELINES, REFITTED, VARIANTS, judge, steps_in_all
from sim.studies.validation.villages_data import Village, read_villages
from sim.studies.validation.villages_fit import (
    PRIOR,
    Table,
    Variant,
    assumptions,
    fitted,
    losses,
    parameter_sets,
    predict,
    tabulate,
    weights,
)
from sim.studies.validation.villages_lessons import lessons
from sim.studies.validation.villages_model import Layout, Luck, take_up
from sim.studies.validation.villages_networks import completed, leader_centrality, matrix, rewired
from sim.studies.validation.villages_scores import MEAN, SIZE, baselines, noise_floor, ranking, skills, stacked

FOLDER = Path(os.environ.get("CATFISH_DATA", "no data"))
needs_data = pytest.mark.skipif(
    not (FOLDER / "villages" / "villages.csv").is_file(),
    reason="CATFISH_DATA names no folder with villages/; obtain the data from doi:10.7910/DVN/U3BIHX",
)


def village(number, n=120, told=0.1, degree=8.0, trimesters=4, surveyed=1.0):
    rng = np.random.default_rng(number)
    linked = np.triu(rng.random((n, n)) < degree / n, 1)
    leader = np.zeros(n, np.bool_)
    leader[rng.choice(n, max(round(told * n), 1), replace=False)] = True
    asked = rng.random(n) < surveyed
    return Village(number, leader, asked, rng.normal(size=n).astype(np.float32), np.argwhere(linked).astype(np.int32),
                   trimesters, np.zeros(n, np.bool_), 0.0, np.zeros(trimesters + 1))  # fmt: skip


def lived(places, drawn, level, seed=99):
    """Return the villages with the outcome of one run of the mechanisms."""
    layout = Layout(places, [[v.ties for v in places]], 1)
    run = take_up(layout, Luck(seed, layout.n), assumptions(drawn, level), drawn["poverty"])
    return [
        dataclasses.replace(v, final=float(run.others[k]), path=run.path[k, : v.trimesters + 1],
                            took=run.households[k] == 1.0)
        for k, v in enumerate(places)
    ]  # fmt: skip


def usual(**changed):
    return next(parameter_sets(Variant("as shipped", free=False), 1)) | changed


@pytest.fixture(scope="module")
def places():
    made = [village(k, n=80 + 12 * k, told=0.04 + 0.03 * k, trimesters=2 + k % 4) for k in range(8)]
    return lived(made, usual(information_users=0.4, information_others=0.1, taste=4.0), -0.8)


# --- networks --------------------------------------------------------------------------------------------------------


def test_rewiring_keeps_the_number_of_ties_of_everybody_and_moves_the_ties():
    one = village(3)
    other = rewired(one.n, one.ties, 5)
    before, after = matrix(one.n, one.ties), matrix(one.n, other)
    np.testing.assert_array_equal(before.sum(axis=0), after.sum(axis=0))
    assert not after.diagonal().any()
    assert len(np.unique(np.sort(other, axis=1), axis=0)) == len(one.ties)
    assert (before & after).sum() < 0.3 * before.sum()


def test_ties_are_completed_to_the_density_among_those_interviewed():
    whole = village(4, n=300, degree=20.0)
    asked = whole.surveyed & (np.arange(300) % 2 == 0)
    named = asked[whole.ties].any(axis=1)
    partly = dataclasses.replace(whole, surveyed=asked, ties=whole.ties[named])
    counts = [len(completed(partly, seed)) for seed in range(6)]
    assert np.mean(counts) == pytest.approx(len(whole.ties), rel=0.06)
    linked = matrix(300, completed(partly, 0))
    assert (linked & matrix(300, partly.ties)).sum() == 2 * len(partly.ties)
    assert linked[np.ix_(asked, asked)].sum() == matrix(300, partly.ties)[np.ix_(asked, asked)].sum()


def test_where_all_were_interviewed_nothing_is_added():
    one = village(5)
    np.testing.assert_array_equal(completed(one, 1), one.ties)


def test_centrality_is_that_of_networkx():
    networkx = pytest.importorskip("networkx")
    graph = networkx.karate_club_graph()
    leader = np.zeros(34, np.bool_)
    leader[[0, 5, 33]] = True
    club = dataclasses.replace(village(1, n=34), leader=leader, ties=np.array(graph.edges, np.int32)[:, :2])
    known = networkx.eigenvector_centrality_numpy(graph, weight=None)
    assert leader_centrality(club) == pytest.approx(np.mean([known[k] for k in (0, 5, 33)]), abs=1e-9)


# --- the adapter -----------------------------------------------------------------------------------------------------


def test_on_a_complete_network_mixing_makes_no_difference():
    full = dataclasses.replace(village(2, n=60), ties=np.array(np.triu_indices(60, 1)).T.astype(np.int32))
    runs = []
    for networks in ([[full.ties]], None):
        layout = Layout([full], networks, 50)
        runs.append(take_up(layout, Luck(7, layout.n), Adoption(information_others=0.002, intercept=-4.0)))
    assert 0.05 < runs[0].others[0] < 0.95
    assert runs[1].others[0] == pytest.approx(runs[0].others[0], abs=0.01)
    np.testing.assert_allclose(runs[1].path, runs[0].path, atol=0.01)


def test_without_telling_only_those_told_first_take_it_up():
    one = village(6)
    layout = Layout([one], [[one.ties]], 3)
    never_told = Adoption(information_users=0.0, information_others=0.0, intercept=5.0, news_floor=1.0)
    run = take_up(layout, Luck(1, layout.n), never_told)
    assert run.others[0] == 0.0
    assert run.leaders[0] > 0.9
    assert run.path[0, -1] == pytest.approx(run.leaders[0] * one.leader.mean())
    assert run.households[0][~one.leader].max() == 0.0


def test_a_tie_passes_the_news_at_the_stated_chance():
    pairs = np.column_stack([np.arange(0, 400, 2), np.arange(1, 400, 2)]).astype(np.int32)
    leader = np.arange(400) % 2 == 0
    one = dataclasses.replace(village(1, n=400), leader=leader, ties=pairs, trimesters=1)
    layout = Layout([one], [[pairs]], 40)
    everybody = Adoption(information_users=0.134, information_others=0.0, intercept=60.0, bound=1.0, age=0.0)
    run = take_up(layout, Luck(3, layout.n), everybody)
    # leaders are users from the first month on, and the news passes in the two months after it
    assert run.others[0] == pytest.approx(1.0 - (1.0 - 0.134) ** 2, abs=4 * np.sqrt(0.25 * 0.75 / 8000))


def test_the_order_and_number_of_trimesters_of_villages_are_kept(places):
    layout = Layout(places, [[v.ties for v in places]], 2)
    run = take_up(layout, Luck(1, layout.n), Adoption())
    for k, one in enumerate(places):
        assert np.isfinite(run.path[k]).sum() == one.trimesters + 1
        assert run.path[k, one.trimesters] == pytest.approx(run.households[k].mean())
        assert (np.diff(run.path[k, : one.trimesters + 1]) >= 0.0).all()


def test_poverty_and_visits_raise_take_up_and_old_news_lowers_it():
    one = village(8)
    layout = Layout([one], [[one.ties]], 20)
    luck, assumed = Luck(1, layout.n), assumptions(usual(), -2.0)
    plain = take_up(layout, luck, assumed)
    poor = take_up(layout, luck, assumed, poverty=2.0).households[0]
    rich = one.poverty < np.median(one.poverty)
    assert poor[~rich].mean() > poor[rich].mean() + 0.1
    assert take_up(layout, luck, assumed, visits=120.0).others[0] > plain.others[0]
    once = assumptions(usual(news_fade=0.05, news_floor=0.0), -2.0)
    assert take_up(layout, luck, once).others[0] < plain.others[0]


def test_where_only_fresh_news_is_decided_on_leaders_decide_in_the_first_month():
    one = village(6)
    layout = Layout([one], [[one.ties]], 3)
    never_told = {"information_users": 0.0, "information_others": 0.0, "intercept": -1.0, "news_fade": 0.05}
    early, late = (
        take_up(layout, Luck(1, layout.n), Adoption(**never_told, news_floor=floor)).path[0] for floor in (0.0, 1.0)
    )
    assert 0.0 < early[1] == early[-1] < late[1] < late[-1]


def test_mechanisms_can_be_replaced_by_name(places):
    from sim.mechanisms import MECHANISMS

    layout = Layout(places[:1], [[places[0].ties]], 1)
    refuse = {**MECHANISMS, "adoption": lambda draw, *_: np.zeros(len(draw), np.bool_)}
    assert take_up(layout, Luck(1, layout.n), Adoption(), mechanisms=refuse).path[0, -1] == 0.0


# --- the fit ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_parameters_that_made_the_villages_are_roughly_found():
    made = [village(k, n=260, told=0.02 + 0.015 * k, trimesters=6) for k in range(16)]
    slow = usual(information_users=0.05, information_others=0.006, taste=2.0, neighbours=0.2)
    fast = usual(information_users=0.6, information_others=0.4, taste=9.0, neighbours=0.2)
    found = {}
    for name, truth in (("slow", slow), ("fast", fast)):
        there = lived(made, truth, -1.0)
        table = tabulate(there, Variant("free"), 64)
        found[name] = fitted(table, there).set_index("parameter")
        others, _ = predict(table, there)
        observed = np.array([v.final for v in there])
        assert np.sqrt(np.mean((others - observed) ** 2)) < 2.0 * noise_floor(there) + 0.01
        for parameter in ("information_others", "taste"):
            assert found[name]["low"][parameter] <= truth[parameter] * 1.5
            assert found[name]["high"][parameter] >= truth[parameter] / 1.5
    assert found["slow"]["median"]["information_others"] < 0.05 < found["fast"]["median"]["information_others"]


def test_a_village_is_predicted_without_its_own_outcome(places):
    table = tabulate(places, Variant("free"), 2)
    changed = [dataclasses.replace(places[0], final=0.9, path=places[0].path + 0.1), *places[1:]]
    before, after = predict(table, places)[0], predict(table, changed)[0]
    assert before[0] == after[0]
    assert not np.array_equal(before[1:], after[1:])


def test_a_sealed_village_changes_no_prediction_of_the_others(places):
    table = tabulate(places, Variant("free"), 2)
    sealed = [*places[:-1], dataclasses.replace(places[-1], final=np.nan, took=None, path=places[-1].path * np.nan)]
    loss = losses(table, sealed)
    assert np.isnan(loss[:, -1]).all()
    np.testing.assert_allclose(weights(loss), weights(losses(table, places), left_out=len(places) - 1))


def test_the_weight_is_the_likelihood_with_unknown_variance():
    loss = np.array([[0.01, 0.01], [0.02, 0.02], [0.04, 0.04]])
    np.testing.assert_allclose(weights(loss), np.array([4.0, 2.0, 1.0]) / 7.0)


def test_parameter_sets_stay_within_what_is_believable():
    for drawn in parameter_sets(Variant("x", visits=True), 32):
        assert all(PRIOR[name][0] <= value <= PRIOR[name][1] for name, value in drawn.items())
    assert all(drawn["visits"] == 0.0 for drawn in parameter_sets(Variant("x"), 8))
    assert all(drawn["news_floor"] == 1.0 for drawn in parameter_sets(Variant("x", fades=False), 8))


def test_between_two_intercepts_take_up_is_interpolated(places):
    table = tabulate(places[:2], Variant("as shipped", free=False), 8)
    assert isinstance(table, Table)
    assert (np.diff(table.sets["intercept"]) > 0.0).all()
    assert (np.diff(table.others, axis=0) >= -1e-12).all()


# --- scores ----------------------------------------------------------------------------------------------------------


def test_the_baseline_of_size_is_leave_one_out_least_squares(places):
    y, n = np.array([v.final for v in places]), np.array([v.n for v in places])
    expected = np.polyval(np.polyfit(n[1:], y[1:], 1), n[0])
    found = baselines(places)
    assert found[SIZE][0][0] == pytest.approx(expected)
    assert found[MEAN][0][0] == pytest.approx(y[1:].mean())


def test_skill_is_one_for_the_truth_and_zero_for_the_baseline(places):
    path = np.full((len(places), 6), np.nan)
    for row, one in zip(path, places, strict=True):
        row[: len(one.path)] = one.path
    truth = (np.array([v.final for v in places]), path)
    found = skills(places, {**baselines(places), "truth": truth, "same": baselines(places)[MEAN]}, (MEAN,))
    by = found.set_index(["target", "model"])
    for target in ("final", "path"):
        assert by.loc[(target, "truth"), "skill"] == 1.0
        assert by.loc[(target, "truth"), "verdict"] == "win"
        assert by.loc[(target, "same"), "skill"] == 0.0
        assert by.loc[(target, "same"), "verdict"] == "tie"


def test_the_weight_of_two_predictions_is_learnt_from_the_other_villages(places):
    found, y = baselines(places), np.array([v.final for v in places])
    path = found[MEAN][1]
    others, _ = stacked(places, (y, path), found[MEAN])
    np.testing.assert_allclose(others, y)
    half, _ = stacked(places, (y + 0.1, path), (y - 0.1, path))
    np.testing.assert_allclose(half, y)


def test_ranking_counts_pairs():
    chance = np.array([0.9, 0.2, 0.5, 0.5, 0.1])
    took = np.array([True, False, True, False, False])
    assert ranking(chance, took) == pytest.approx((3 + 2.5) / 6)


@pytest.fixture(scope="module")
def result(places):
    return judge([*places[:-1], dataclasses.replace(places[-1], final=np.nan, took=None)], 2)


def test_the_study_gives_its_tables_words_and_chart(result, places, tmp_path):
    assert set(result.skill["model"]) >= {variant.name for variant in VARIANTS}
    assert set(result.skill["baseline"]) == set(BASELINES)
    assert np.isfinite(result.skill[["rmse", "skill", "low", "high"]].to_numpy()).all()
    assert result.sealed["village"].tolist() == [places[-1].number]
    assert result.sealed["takeup_nonleaders"].between(0.0, 1.0).all()
    assert len(result.predictions) == len(places) - 1
    assert all("nan" not in sentence for sentence in lessons(result))
    assert len(chart(result, language="zh")) == 3
    save(chart(result), tmp_path / "villages.png")
    assert (tmp_path / "villages.png").stat().st_size > 10_000


def test_steps_are_told():
    told = []
    made = lived([village(k, n=40, trimesters=2) for k in range(5)], usual(), 0.0)
    judge(made, 1, told.append)
    assert told == list(range(1, len(VARIANTS) + 1))
    assert steps_in_all() > len(VARIANTS)


def test_with_too_few_open_villages_it_says_so(places):
    with pytest.raises(CatfishError, match="at least 5"):
        judge(places[:4], 1)


# --- reading ---------------------------------------------------------------------------------------------------------


def written(folder, **changed):
    """Write a folder of two villages, one of them sealed."""
    tables = {
        "households": pd.DataFrame({
            "village": [1, 1, 1, 2, 2], "row": [1, 2, 3, 1, 2], "room_no": [1, 2, 3, 2, 2],
            "electricity": [1, 2, 3, 1, None], "latrine": [3, 3, 1, 2, 1], "hhSurveyed": [1, 0, 1, 1, 0],
            "leader": [1, 0, 0, 1, 0], "mf": [0, 1, 0, None, None],
        }),
        "edges": pd.DataFrame({"village": [1, 1, 1, 2], "i": [1, 2, 2, 1], "j": [2, 3, 1, 2]}),
        "panel": pd.DataFrame({
            "village": [1] * 4, "trimester": range(4), "takeup_nonleaders": [0.0, 0.1, 0.333, None],
        }),
        "villages": pd.DataFrame({
            "village": [1, 2], "households": [3, 2], "trimesters_observed": [3, 4], "split": ["open", "sealed"],
            "takeup_nonleaders": [0.5, None],
        }),
    } | changed  # fmt: skip
    (folder / "villages").mkdir(exist_ok=True)
    for name, table in tables.items():
        table.to_csv(folder / "villages" / f"{name}.csv", index=False)
    return tables


def test_villages_are_read(tmp_path):
    written(tmp_path)
    one, two = read_villages(tmp_path)
    assert (one.n, one.months, one.final, one.sealed) == (3, 6, 0.5, False)
    assert one.ties.tolist() == [[0, 1], [1, 2]]
    assert one.poverty[0] > one.poverty[2] - 1.0
    assert one.path.tolist() == [0.0, 0.1, 0.333]
    assert two.sealed
    assert two.took is None
    assert np.isfinite(two.poverty).all()


def test_the_outcome_of_a_sealed_village_is_not_read_even_if_it_is_there(tmp_path):
    tables = written(tmp_path)
    written(tmp_path, villages=tables["villages"].assign(takeup_nonleaders=0.5),
            households=tables["households"].assign(mf=1))  # fmt: skip
    two = read_villages(tmp_path)[1]
    assert two.sealed
    assert two.took is None
    assert np.isnan(two.path).all()


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("households", lambda t: t.drop(columns="leader"), "no column 'leader'"),
        ("households", lambda t: t.assign(leader=2), "wrong 'leader'"),
        ("households", lambda t: t.assign(room_no="many"), "numbers only"),
        ("households", lambda t: t.assign(mf=None), "numbers only|if it took a loan"),
        ("households", lambda t: t.iloc[1:], "numbered from 1"),
        ("edges", lambda t: t.assign(j=9), "not among its"),
        ("edges", lambda t: t.iloc[:3], "no ties"),
        ("panel", lambda t: t.iloc[1:], "trimesters 0 to 2"),
        ("villages", lambda t: t.assign(split="secret"), "open or sealed"),
        ("villages", lambda t: t.assign(takeup_nonleaders=50.0), "from 0 to 1"),
        ("villages", lambda t: t.assign(trimesters_observed=1), "at least 2"),
    ],
)
def test_wrong_data_is_refused_in_a_sentence(tmp_path, name, change, words):
    tables = written(tmp_path)
    written(tmp_path, **{name: change(tables[name])})
    with pytest.raises(CatfishError, match=words):
        read_villages(tmp_path)


def test_a_folder_without_the_files_is_refused(tmp_path):
    with pytest.raises(CatfishError, match=r"households\.csv"):
        read_villages(tmp_path)


# --- the real villages -----------------------------------------------------------------------------------------------


@needs_data
@pytest.mark.slow
def test_the_real_villages_give_finite_skill_and_predictions_for_all_that_are_sealed():
    real = read_villages(FOLDER)
    assert sum(one.sealed for one in real) == 14
    for one in real:
        if not one.sealed:
            assert one.final == pytest.approx(one.took[~one.leader].mean(), abs=1e-4)
            # the panel counts all households, whatever its column is called
            assert one.path[-1] == pytest.approx(one.took.mean(), abs=0.007)
    found = judge(real, 2)
    assert len(found.predictions) == 29
    assert len(found.sealed) == 14
    assert found.sealed["takeup_nonleaders"].between(0.0, 1.0).all()
    assert np.isfinite(found.skill[["rmse", "skill", "low", "high"]].to_numpy()).all()
    rmse = found.skill[found.skill["target"] == "final"].groupby("model")["rmse"].first()
    assert rmse[SIZE] < rmse[MEAN]
    assert REFITTED in rmse
