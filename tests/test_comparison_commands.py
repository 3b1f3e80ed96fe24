"""`catfish compare` and `catfish who`, as a user meets them."""

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

from sim.cli import main
from sim.command.comparison_tables import folder_name

SMALL = ["--scale", "0.02", "--months", "4"]
EARLY = """title = "The platform comes in February"
extends = "neixiang"
source = "assumed"
[policy.platform]
entry = "2017-02"
"""


def catfish(*args):
    return CliRunner().invoke(main, [str(a) for a in args])


def refused(result, words):
    assert result.exit_code == 2, result.output
    assert words in result.output
    assert "Traceback" not in result.output
    assert len(result.output.strip().splitlines()) == 1


@pytest.fixture(scope="module")
def early(tmp_path_factory):
    path = tmp_path_factory.mktemp("scenarios") / "early.toml"
    path.write_text(EARLY, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def compared(tmp_path_factory, early):
    folder = tmp_path_factory.mktemp("compare") / "out"
    result = catfish("compare", early, "neixiang", "no-platform", *SMALL, "--seeds", 2, "--out", folder)
    assert result.exit_code == 0, result.output
    return folder, result.output


@pytest.fixture(scope="module")
def asked(tmp_path_factory, early):
    folder = tmp_path_factory.mktemp("who") / "out"
    result = catfish("who", early, "no-platform", *SMALL, "--out", folder)
    assert result.exit_code == 0, result.output
    return folder, result.output


def test_compare_leaves_every_file(compared):
    folder, _ = compared
    names = {"manifest.json", "comparison.csv", "monthly.csv", "monthly.parquet", "groups.parquet", "charts"}
    assert {p.name for p in folder.iterdir()} == names
    for chart in ("1-outcomes", "2-differences"):
        with Image.open(folder / "charts" / f"{chart}.png") as picture:
            assert picture.width > 1_000
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in manifest["scenarios"]] == ["early", "neixiang", "no-platform"]
    assert [row["path"] for row in manifest["changes"][2]] == ["platform.entry"]
    assert len(manifest["content_hash"]) == 64
    assert [p.name for p in folder.parent.iterdir()] == ["out"], "nothing half-made is left"


def test_compare_prints_the_decision_table(compared):
    _, output = compared
    assert "run 6 of 6 done" in output
    for words in ("adults with a credit line or a formal loan", "profit of the rural bank", "not got: farmers",
                  "Difference to early", "more is better", "80% of the differences", "±?"):  # fmt: skip
        assert words in output


def test_the_same_comparison_has_the_same_hash(compared, early, tmp_path):
    again = catfish(
        "compare", early, "neixiang", "no-platform", *SMALL, "--seeds", 2, "--out", tmp_path / "x", "--quiet"
    )
    assert (again.exit_code, again.output) == (0, "")
    first, second = (json.loads((f / "manifest.json").read_text()) for f in (compared[0], tmp_path / "x"))
    assert first["content_hash"] == second["content_hash"]


def test_folders_of_runs_are_compared(early, compared, tmp_path):
    for name in (str(early), "neixiang", "no-platform"):
        folder = tmp_path / Path(name).stem
        assert catfish("run", name, *SMALL, "--seeds", 2, "--out", folder, "--quiet").exit_code == 0
    folders = [tmp_path / name for name in ("early", "neixiang", "no-platform")]
    result = catfish("compare", *folders, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "out" / "monthly.csv").read_bytes() == (compared[0] / "monthly.csv").read_bytes()
    refused(catfish("compare", *folders, "--seeds", 3, "--out", tmp_path / "y"), "--seeds is for scenarios")
    refused(catfish("compare", folders[0], "neixiang", "--out", tmp_path / "y"), "give scenarios to run, or folders")
    (folders[1] / "groups.parquet").unlink()
    refused(catfish("compare", *folders, "--out", tmp_path / "y"), "damaged")
    other = catfish("run", "neixiang", "--scale", 0.01, "--months", 2, "--seeds", 2, "--out", folders[1], "--quiet")
    assert other.exit_code == 0
    refused(catfish("compare", *folders, "--out", tmp_path / "y"), "only worlds with the same scale")
    assert not (tmp_path / "y").exists()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["neixiang"], "at least two"),
        (["neixiang", "neixiang"], "two scenarios are called neixiang"),
        (["neixiang", "nowhere"], "no scenario 'nowhere'"),
        (["neixiang", "no-platform", "--county", "nowhere"], "nowhere"),
        (["neixiang", "no-platform", "--scale", "0"], "--scale"),
        (["neixiang", "no-platform", "--months", "0"], "--months"),
        (["neixiang", "no-platform", "--seeds", "0"], "--seeds"),
        (["neixiang", "no-platform", "--seed", "4294967295"], "--seed"),
    ],
)
def test_compare_says_what_is_wrong_in_a_sentence(args, words, tmp_path):
    usual = ["--scale", "0.02", "--months", "1", "--seeds", "2"]
    refused(catfish("compare", *usual, *args, "--out", tmp_path / "x"), words)
    assert not (tmp_path / "x").exists()


def test_who_leaves_every_file(asked):
    folder, _ = asked
    names = {"manifest.json", "people.parquet", "figures.csv", "moves.csv", "winners.csv", "losers.csv", "stories.csv",
             "stories.txt", "charts"}  # fmt: skip
    assert {p.name for p in folder.iterdir()} == names
    assert (folder / "charts" / "who-gains-who-loses.png").stat().st_size > 10_000
    assert (folder / "stories.txt").read_text().startswith("In early:\nResident ")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert [row["path"] for row in manifest["changes"]] == ["platform.entry"]
    assert manifest["other"]["name"] == "no-platform"


def test_who_prints_tables_beside_their_noise(asked):
    _, output = asked
    assert "world 9 of 9 done" in output
    said = ("policy that changes nothing", "Adults of whom anything differs", "line, never borrowed", "poor households",
            "the bank's queue", "who gain most in no-platform", "who lose most", "fresh luck")  # fmt: skip
    for words in said:
        assert words in output


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["neixiang", "neixiang"], "two scenarios are called neixiang"),
        (["neixiang", "nowhere"], "no scenario 'nowhere'"),
        (["neixiang"], "Missing argument"),
        (["neixiang", "no-platform", "--seed", "-1"], "--seed"),
    ],
)
def test_who_says_what_is_wrong_in_a_sentence(args, words, tmp_path):
    refused(catfish("who", "--scale", "0.02", "--months", "1", *args, "--out", tmp_path / "x"), words)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("command", ["compare", "who"])
def test_somebody_elses_folder_is_refused(command, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    refused(catfish(command, "neixiang", "no-platform", *SMALL, "--out", tmp_path), "not made by catfish")
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.slow
def test_a_whole_run_answers_what_it_must(tmp_path):
    """Five years: without the platform it lends nothing and costs nothing; a bank that sleeps is slower."""
    args = [
        "neixiang",
        "no-platform",
        "passive-bank",
        "--scale",
        0.02,
        "--seeds",
        3,
        "--out",
        tmp_path / "x",
        "--quiet",
    ]
    assert catfish("compare", *args).exit_code == 0
    table = pd.read_csv(tmp_path / "x" / "comparison.csv").set_index(["key", "scenario"])
    assert table.loc[("originations_platform", "no-platform"), "median"] == 0.0
    assert table.loc[("public_cost_so_far", "no-platform"), "median"] == 0.0
    assert table.loc[("public_cost_so_far", "passive-bank"), "sign"] == "same"
    slower = table.loc[("days_to_cash_bank", "passive-bank")]
    assert slower["difference"] > 0
    assert slower["sign"] == "settled"
    reached = table.loc[("credit_access", "no-platform")]
    assert reached["difference"] < -0.2
    assert reached["months"] == "end of 2021-12"


def test_names_of_folders():
    assert folder_name("compare", ["neixiang", "no-platform"]) == "compare-neixiang-no-platform"
    assert (
        folder_name("who", ["guarantee-fund+credit-registry", "a b/../c\n"])
        == "who-guarantee-fund+credit-registry-a-b-..-c-"
    )
    long = [folder_name("compare", ["x" * 90, name * 20]) for name in "ab"]
    assert all(len(name) <= 100 for name in long)
    assert long[0] != long[1]
