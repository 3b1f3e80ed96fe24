"""The catfish effect: exact shares of known games, worlds that branch as they would have gone, and the command."""

import json
import math
from fractions import Fraction
from random import Random

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import catfish_effect
from sim.cli import main
from sim.experiment import Task, read_scenario, run_task
from sim.figures.waterfall import waterfall
from sim.studies.effect import Effect, worlds_in_all
from sim.studies.effect_parts import COUNTED, PARTS, effect_tables
from sim.studies.effect_words import dates, notes, summary, together
from sim.studies.effect_worlds import ANSWERS, CHANNELS, OUTCOMES, Found, run_answers, worlds_of
from sim.studies.shapley import dividends, on_grid, shapley, teams

#: A county in which the platform comes early with a push, and a bank that is soon alarmed; without it much later.
EARLY = {
    "platform.entry": "2017-02", "platform.line_months_needed": 1, "platform.offer_share": 0.5,
    "government.endorsement_start": "2017-02", "government.push_people_lag": 0, "bank.alarm_level": 0.1,
    "bank.development_months": 0,
}  # fmt: skip
SMALL = {"scale": 0.02, "months": 17}
#: Whole numbers and fractions of both signs and very different size.
NUMBERS = st.floats(-1e12, 1e12, allow_subnormal=False)


def game(members, worth):
    return {team: Fraction(worth(team)) for team in teams(members)}


# ---------------------------------------------------------------- known games


def test_teams_are_all_subsets():
    assert teams("ab") == (frozenset(), frozenset("a"), frozenset("b"), frozenset("ab"))
    assert len(set(ANSWERS)) == 16
    assert ANSWERS[0] == frozenset()
    assert ANSWERS[-1] == frozenset(CHANNELS)


def test_in_an_additive_game_each_gets_what_it_is_worth():
    own = {"a": 3, "b": -2, "c": 7}
    additive = game("abc", lambda team: 5 + sum(own[one] for one in team))
    assert shapley(additive, "abc") == own
    shared = dividends(additive, "abc")
    assert all(value == 0 for team, value in shared.items() if len(team) > 1)
    assert shared[frozenset()] == 5


def test_a_unanimous_team_shares_evenly():
    unanimity = game("abcd", lambda team: frozenset("abc") <= team)
    third = Fraction(1, 3)
    assert shapley(unanimity, "abcd") == {"a": third, "b": third, "c": third, "d": 0}
    assert {team for team, value in dividends(unanimity, "abcd").items() if value} == {frozenset("abc")}


def test_gloves():
    """Shapley's market: one left glove, two right ones; a pair is worth 1."""
    gloves = game("lrs", lambda team: "l" in team and bool(team & {"r", "s"}))
    assert shapley(gloves, "lrs") == {"l": Fraction(2, 3), "r": Fraction(1, 6), "s": Fraction(1, 6)}


@st.composite
def games(draw):
    return {team: Fraction(draw(st.integers(-1000, 1000))) for team in ANSWERS}


@given(games())
def test_shares_add_up_and_follow_from_the_dividends(v):
    found, shared = shapley(v, CHANNELS), dividends(v, CHANNELS)
    assert sum(found.values()) == v[ANSWERS[-1]] - v[ANSWERS[0]]
    for one in CHANNELS:
        assert found[one] == sum(value / len(team) for team, value in shared.items() if one in team)
    for team in ANSWERS:
        assert v[team] == sum(value for part, value in shared.items() if part <= team)


@given(games())
def test_who_changes_nothing_gets_nothing_and_equals_get_the_same(v):
    dummy = {team: v[team - {"speed"}] for team in ANSWERS}
    assert shapley(dummy, CHANNELS)["speed"] == 0
    assert all(value == 0 for team, value in dividends(dummy, CHANNELS).items() if "speed" in team)
    swap = {"price": "speed", "speed": "price"}
    fair = {team: v[team] + v[frozenset(swap.get(one, one) for one in team)] for team in ANSWERS}
    found = shapley(fair, CHANNELS)
    assert found["price"] == found["speed"]


@given(st.lists(NUMBERS, min_size=1), st.sampled_from([12, 48, 120]))
def test_the_grid_is_fine_and_its_parts_are_exact(values, parts):
    found = on_grid(values, parts)
    largest = max(abs(value) for value in values)
    for value, near in zip(values, found, strict=True):
        assert abs(near - Fraction(value)) <= Fraction(largest) * parts / 2**45
        assert Fraction(float(near / parts)) == near / parts


# ---------------------------------------------------------------- tables


def made_up(values, alarm=20):
    """Return what 16 worlds left, from a function of what the bank may answer with."""
    return [Found({name: float(values(team, k)) for k, name in enumerate(OUTCOMES)}, alarm, 10.0) for team in ANSWERS]


def made_up_effect(entered, without, alarm_without=-1, **manifest):
    seeds = list(range(1, len(entered) + 1))
    tables = effect_tables(seeds, [made_up(v) for v in entered], [made_up(w, alarm_without) for w in without])
    about = {"name": "neixiang", "title": "Neixiang", "county": "Neixiang", "county_file": "neixiang",
             "start": "2017-01"}  # fmt: skip
    read = {"lending.quick_days": 2.0, "shocks.lockdown_start": "never", "shocks.hog_month": "never"}
    parameters = [{"path": path, "value": value} for path, value in read.items()]
    return Effect(*tables, {"scenario": about, "seeds": seeds, "scale": 0.1, "months": 60, "entry": "2017-09",
                            "parameters": parameters, **manifest})  # fmt: skip


def parts_of(effect, name, counted="entry"):
    return [float(effect.part(name, part, counted)["mean"]) for part in PARTS]


def near(values):
    """Equal but for the rounding of worlds to a grid."""
    return pytest.approx(values, abs=1e-9)


def adds_up(parts, whole, shuffles=5):
    """Whether 64-bit floats add up to a whole to the last bit, in whatever order."""
    return all(sum(Random(k).sample(list(parts), len(parts))) == whole for k in range(shuffles))


@settings(max_examples=25)
@given(st.data(), st.integers(1, 5))
def test_the_parts_add_up_to_the_whole_to_the_last_bit(data, seeds):
    worlds = st.lists(NUMBERS, min_size=16, max_size=16)
    sides = []
    for _ in range(2):
        drawn = [dict(zip(ANSWERS, data.draw(worlds), strict=True)) for _ in range(seeds)]
        sides.append([lambda team, k, v=v: v[team] if k == 0 else 0.0 for v in drawn])
    effect = made_up_effect(*sides)
    name = next(iter(OUTCOMES))
    without, entered = (float(effect.part(name, part, "level")["mean"]) for part in ("without", "with"))
    for counted, whole in (("entry", entered - without), ("whole", entered - without), ("anyway", 0.0)):
        assert adds_up(parts_of(effect, name, counted), whole)
        assert float(effect.part(name, "effect", counted)["mean"]) == whole
    for entry, anyway, both in zip(*(parts_of(effect, name, counted) for counted in COUNTED), strict=True):
        assert entry + anyway == both


def test_what_changes_nothing_has_exactly_no_part():
    def with_platform(team, k):
        return 1 / 3 + k + 0.1 * ("price" in team) + 0.7 * ("outreach" in team)

    effect = made_up_effect([with_platform] * 3, [lambda team, k: 1 / 3 + k] * 3)
    for name in OUTCOMES:
        for part in ("platform", "speed", "products"):
            row = effect.part(name, part)
            assert (row["mean"], row["low"], row["high"], row["settled"]) == (0.0, 0.0, 0.0, "yes")
        assert effect.part(name, "price")["mean"] == pytest.approx(0.1)
        assert effect.part(name, "outreach")["mean"] == pytest.approx(0.7)
    assert (effect.interactions["mean"].abs() < 1e-10).all()


def test_what_the_bank_would_have_done_anyway_is_no_effect_of_entry():
    def without(team, k):
        return 10.0 - 4.0 * ("speed" in team)

    def entered(team, k):
        return 11.0 - 6.0 * ("speed" in team)

    effect = made_up_effect([entered], [without], alarm_without=24)
    assert parts_of(effect, "days") == near([1.0, 0.0, -2.0, 0.0, 0.0])
    assert parts_of(effect, "days", "anyway") == near([4.0, 0.0, -4.0, 0.0, 0.0])
    assert parts_of(effect, "days", "whole") == near([5.0, 0.0, -6.0, 0.0, 0.0])
    assert effect.part("days", "effect")["mean"] == near(-1.0)


def test_what_works_only_together_is_shared_and_shown():
    both = frozenset({"price", "products"})
    effect = made_up_effect([lambda team, k: 6.0 * (both <= team)] * 2, [lambda team, k: 0.0] * 2)
    assert parts_of(effect, "rate") == near([0.0, 3.0, 0.0, 3.0, 0.0])
    here = effect.interactions.query("outcome == 'rate' and counted == 'entry'").set_index("channels")["mean"]
    assert here["price+products"] == near(6.0)
    assert (here.drop("price+products") == 0).all()
    assert together(effect)["together"].unique().tolist() == ["price + products"]


def test_a_sign_is_settled_when_the_band_is_on_one_side_of_zero():
    effect = made_up_effect(
        [lambda team, k, s=s: s * ("price" in team) + ("speed" in team) for s in (-1.0, 2.0, 3.0)],
        [lambda team, k: 0.0] * 3,
    )
    price = effect.part("days", "price")
    assert price["settled"] == "no"
    assert price["low"] == pytest.approx(np.quantile([-1, 2, 3], 0.1))
    assert price["high"] == pytest.approx(np.quantile([-1, 2, 3], 0.9))
    assert effect.part("days", "speed")["settled"] == "yes"
    row = summary(effect).set_index("").loc["Bank's days to cash, all new loans"]
    assert (row["price"], row["speed"]) == ("+1.3 ?", "+1.0")


def test_one_seed_has_no_band_and_no_mark():
    effect = made_up_effect([lambda team, k: len(team)], [lambda team, k: 0.0])
    assert effect.parts[["low", "high"]].isna().all(axis=None)
    assert set(effect.parts["settled"]) == {""}
    assert "?" not in summary(effect).to_string()
    assert len(summary(effect)) == len(OUTCOMES)


def test_what_is_not_known_in_one_world_is_left_open():
    def entered(team, k):
        return math.nan if list(OUTCOMES)[k] == "rate" and "price" in team else 1.0

    effect = made_up_effect([entered], [lambda team, k: 0.0])
    assert effect.parts.query("outcome == 'rate'")["mean"].isna().all()
    assert effect.parts.query("outcome == 'days'")["mean"].notna().all()
    assert "–" in summary(effect).to_string()
    assert waterfall(effect)


def test_words():
    assert dates(["2018-07", "2018-07"]) == "2018-07"
    assert dates(["2018-08", "2018-07"]) == "2018-07 to 2018-08"
    assert dates(["never", "2018-07"]) == "2018-07 (1 of 2 seeds)"
    assert dates(["never"]) == "no month"
    calm = made_up_effect([lambda team, k: 0.0], [lambda team, k: 0.0])
    assert "would have answered" not in " ".join(notes(calm))
    assert "default is not known" in " ".join(notes(made_up_effect([lambda t, k: 0.0], [lambda t, k: 0.0], months=20)))
    anyway = made_up_effect([lambda team, k: 0.0], [lambda team, k: 0.0], alarm_without=24)
    assert "in 2018-09 with the platform, in 2019-01 without it" in " ".join(notes(anyway))
    assert "would have answered" in " ".join(notes(anyway))
    assert "<table" in anyway._repr_html_()


# ---------------------------------------------------------------- worlds


def outcomes_of_a_run(results, entry):
    """Take the outcomes from a run's tables, in another way than the study does."""
    flows, last = results.monthly[results.monthly["month"] >= entry], results.monthly.iloc[-1]
    tape = results.loans[results.loans["originated"] >= entry]
    bank = tape[tape["lender"] == "bank"]
    new = bank[(bank["renewed_from"] < 0) & (bank["product"] != "bank_policy")]
    ordinary = new[new["product"].isin(["bank_farm", "bank_business"])]
    rates = flows.set_index("month")
    vintages = rates.loc[rates.index >= entry + 12]
    loans = tape[(tape["lender"] != "family")].groupby("originated").size()
    loans = loans[loans.index + 12 <= results.months - 1]
    return {
        "access": last["credit_access"],
        "loans": last["gross_loans"],
        "loans_bank": last["gross_loans_bank"],
        "loans_platform": last["gross_loans_platform"],
        "lending": new["principal"].sum() / 100 * results.weight,
        "rate": (new["annual_rate"] * new["principal"]).sum() / new["principal"].sum() / 1e6,
        "days": (new["days"] * new["principal"]).sum() / new["principal"].sum(),
        "days_ordinary": (ordinary["days"] * ordinary["principal"]).sum() / ordinary["principal"].sum(),
        "default": (vintages["default_rate"].to_numpy() * loans.to_numpy()).sum() / loans.sum(),
        "profit": flows["bank_profit"].sum(),
        "unmet": flows["unmet_need"].mean(),
    }


@pytest.mark.parametrize("enters", [True, False])
def test_worlds_that_branch_are_what_they_would_have_been_from_the_start(enters):
    scenario, entry = read_scenario("neixiang", EARLY), 1
    tasks = [Task(world, 3, **SMALL) for world in worlds_of(scenario, enters)]
    found = run_answers(tasks, entry)
    assert len({each.alarm for each in found}) == 1
    assert found[0].alarm == (4 if enters else 15)
    if enters:
        assert len({tuple(each.outcomes.values()) for each in found}) == 16, "every answer makes a world of its own"
    for k in (0, 3, 9, 15):
        results = run_task(tasks[k])
        for name, value in outcomes_of_a_run(results, entry).items():
            assert found[k].outcomes[name] == pytest.approx(value, rel=1e-12), (ANSWERS[k], name)


def test_defaults_are_of_loans_watched_for_twelve_months():
    scenario = read_scenario("neixiang", {**EARLY, "bank.price": False})
    tasks = [Task(worlds_of(scenario, True)[k], 3, 0.02, 30) for k in (0, 15)]
    results = run_task(tasks[1])
    bank = results.loans.query("lender == 'bank' and originated >= 1 and originated <= 17")
    late = bank.query("defaulted_month >= 0 and defaulted_month - originated <= 12")
    found = run_answers(tasks, 1)[1].outcomes
    assert found["default_bank"] == pytest.approx(len(late) / len(bank))
    assert found["default_bank"] > 0


def test_a_channel_that_the_scenario_shuts_has_exactly_no_part():
    effect = catfish_effect(overrides={**EARLY, "bank.price": False}, seeds=[3], scale=0.01, months=8)
    for counted in COUNTED:
        rows = effect.parts[(effect.parts["counted"] == counted) & (effect.parts["part"] == "price")]
        assert (rows["mean"].dropna() == 0).all()
    assert (effect.parts[effect.parts["part"] == "speed"]["mean"].dropna() != 0).any()


def test_a_bank_that_is_never_alarmed_has_no_part():
    effect = catfish_effect(overrides={**EARLY, "bank.alarm_level": 1.0}, seeds=[3], scale=0.01, months=8)
    assert set(effect.worlds["alarm"]) == {"never"}
    channels = effect.parts[effect.parts["part"].isin(CHANNELS)]
    assert (channels["mean"].dropna() == 0).all()
    assert effect.part("loans_platform", "platform")["mean"] > 0


def test_progress_ends_at_all_worlds():
    told = []
    catfish_effect(overrides=EARLY, seeds=[3, 4], scale=0.01, months=6, jobs=1, done=told.append)
    assert told == sorted(told)
    assert told[-1] == worlds_in_all(2) == 64


# ---------------------------------------------------------------- the command


def catfish(*args):
    return CliRunner().invoke(main, [str(each) for each in args])


def run_effect(folder, *more):
    changes = [f"--set={path}={str(value).lower()}" for path, value in EARLY.items()]
    return catfish(
        "effect", *changes, "--scale", 0.02, "--months", 17, "--seed", 3, "--seeds", 2, "--out", folder, *more
    )


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("effect") / "out"
    result = run_effect(folder, "--jobs", 1)
    assert result.exit_code == 0, result.output
    return folder, result.output


def test_the_command_leaves_tables_a_chart_and_a_record(done):
    folder, _ = done
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert files == {"effect.csv", "interactions.csv", "worlds.csv", "manifest.json", "charts/waterfall.png"}
    worlds = pd.read_csv(folder / "worlds.csv")
    assert len(worlds) == worlds_in_all(2)
    assert len(worlds.drop_duplicates(["seed", "platform", "answer"])) == len(worlds)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["program"] == "catfish"
    assert manifest["entry"] == "2017-02"
    assert [each["name"] for each in manifest["measures"]] == list(OUTCOMES)
    assert all(each["definition"] and each["unit"] for each in manifest["measures"])


def test_the_command_says_what_it_found(done):
    _, output = done
    assert "seed 2 of 2 done" in output
    for words in ("platform itself", "price", "speed", "products", "outreach", "no platform", "with everything",
                  "80% of the seeds", "Shapley", "alarmed in 2017-05 with the platform, in 2018-0", "given, not found",
                  "Counted otherwise"):  # fmt: skip
        assert words in output, words


def test_written_parts_add_up_to_the_last_bit(done):
    folder, _ = done
    table = pd.read_csv(folder / "effect.csv", dtype=str).set_index(["outcome", "counted", "part"])
    mean, changed = table["mean"].map(float), 0
    for name in OUTCOMES:
        whole = mean[name, "level", "with"] - mean[name, "level", "without"]
        changed += whole != 0
        for counted in ("entry", "whole"):
            assert adds_up([mean[name, counted, part] for part in PARTS], whole), name
    assert changed >= 10, "what is all zero adds up anyhow"


@pytest.mark.slow
def test_equal_runs_give_equal_bytes_in_one_process_or_two(done, tmp_path):
    folder, _ = done
    result = run_effect(tmp_path / "again", "--jobs", 2, "--quiet")
    assert result.exit_code == 0, result.output
    assert result.output == ""
    for path in folder.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(folder)).read_bytes(), path.name


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["no-platform"], "the platform does not enter in these 6 months (platform.entry is 'never')"),
        (["neixiang"], "platform.entry is '2017-09'"),
        (["passive-bank", "--set", "platform.entry=2017-02"], "the bank never responds"),
        (["nowhere"], "nowhere"),
        (["--seeds", "0"], "--seeds"),
        (["--scale", "0"], "--scale"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(args, words, tmp_path):
    result = catfish("effect", "--months", 6, "--scale", 0.02, "--seeds", 1, "--out", tmp_path / "x", *args)
    assert result.exit_code == 2
    assert words in result.output
    assert result.output.count("\n") == 1
    assert not (tmp_path / "x").exists()


def test_somebody_elses_folder_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    result = run_effect(tmp_path)
    assert result.exit_code == 2
    assert "not made by catfish" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


# ---------------------------------------------------------------- the chart


def texts(figure):
    return [t.get_text() for t in figure.findobj(lambda artist: hasattr(artist, "get_text")) if t.get_text()]


def a_change(size):
    return lambda team, k: 10.0 + size * ("speed" in team) - 2.0 * ("price" in team)


def test_the_chart_leads_from_without_to_with_and_never_by_colour_alone():
    effect = made_up_effect([a_change(1.0), a_change(3.0), a_change(-1.0)], [lambda team, k: 9.0] * 3)
    axes = waterfall(effect)
    assert len(axes) == len(OUTCOMES)
    days = axes[list(OUTCOMES).index("days")]
    bars = {round(bar.get_y() + bar.get_height() / 2): bar for bar in days.patches}
    price, speed = bars[1 + PARTS.index("price")], bars[1 + PARTS.index("speed")]
    assert price.get_hatch() != speed.get_hatch()
    assert speed.get_alpha() < price.get_alpha(), "what the seeds do not settle is pale"
    assert speed.get_x() == pytest.approx(price.get_x() + price.get_width())
    assert {"-2.0", "+1.0 ?", "9.0"} <= {text.get_text() for text in days.texts}
    said = texts(days.get_figure())
    assert any("llustrative: calibrated to a press report" in text for text in said)
    assert any("whiskers hold 80% of the seeds" in text for text in said)
    assert any("no pandemic" in text for text in said)
    assert any("days to cash at the bank 0" in text for text in said), "the title says what is seen, in numbers"


def test_the_chart_of_one_seed_has_no_whiskers():
    axes = waterfall(made_up_effect([a_change(1.0)], [lambda team, k: 9.0]))
    assert not any(each.containers[1:] and each.collections for each in axes)
    assert any("one seed" in text for text in texts(axes[0].get_figure()))


def test_the_chart_speaks_chinese():
    axes = waterfall(made_up_effect([a_change(1.0)], [lambda team, k: 9.0]), language="zh")
    assert any("平台进入" in text for text in texts(axes[0].get_figure()))
