"""`catfish run` and `catfish patterns`, as a user meets them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from made_up_results import made_up_results
from PIL import Image

from sim.cli import main
from sim.storage.output_folder import replaced

SMALL = ["--scale", "0.02", "--months", "4", "--seeds", "2"]


def catfish(*args):
    return CliRunner().invoke(main, [str(a) for a in args])


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "out"
    result = catfish("run", *SMALL, "--out", folder)
    assert result.exit_code == 0, result.output
    return folder, result.output


def test_run_leaves_every_file(done):
    folder, _ = done
    names = {"manifest.json", "monthly.csv", "monthly.parquet", "groups.parquet", "loans.parquet", "residents.parquet"}
    assert names | {"charts"} == {p.name for p in folder.iterdir()}
    charts = list((folder / "charts").glob("*.png"))
    assert len(charts) == 8
    for chart in charts:
        with Image.open(chart) as picture:
            assert picture.width > 1_000
    assert [p.name for p in folder.parent.iterdir()] == ["out"], "nothing half-made is left"


def test_run_says_what_it_did(done):
    folder, output = done
    assert "seed 2 of 2 done" in output
    for key in ("P1a", "P1b", "P1c", "P1d", "P1e", "P2", "P3a", "P3b", "P4", "P5"):
        assert key in output
    assert "not reached" in output
    assert str(folder.name) in output


def test_monthly_and_manifest(done):
    folder, _ = done
    monthly = pd.read_csv(folder / "monthly.csv")
    assert monthly["seed"].tolist() == [1] * 4 + [2] * 4
    assert monthly["date"].tolist()[:4] == ["2017-01", "2017-02", "2017-03", "2017-04"]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seeds"] == [1, 2]
    assert manifest["scale"] == 0.02
    assert len(manifest["content_hash"]) == 64
    for parameter in manifest["parameters"]:
        assert parameter["source"], parameter
        assert parameter["unit"], parameter
    told = {m["name"]: m for m in manifest["measures"]}
    may_be_empty = {name for name, m in told.items() if m["undefined"]}
    empty = set(monthly.columns[monthly.isna().any()])
    assert empty <= may_be_empty


def test_the_same_run_has_the_same_hash(done, tmp_path):
    folder, _ = done
    again = catfish("run", *SMALL, "--out", tmp_path / "again", "--quiet")
    assert again.exit_code == 0
    assert again.output == ""
    first, second = (
        json.loads((f / "manifest.json").read_text())["content_hash"] for f in (folder, tmp_path / "again")
    )
    assert first == second


def test_set_changes_a_parameter(tmp_path):
    result = catfish(
        "run", "--scale", 0.02, "--months", 2, "--seeds", 1, "--set", "bank.alarm_level=0.4", "--out", tmp_path / "x"
    )
    assert result.exit_code == 0, result.output
    parameters = json.loads((tmp_path / "x" / "manifest.json").read_text())["parameters"]
    assert next(p for p in parameters if p["path"] == "bank.alarm_level")["value"] == 0.4


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["nowhere"], "nowhere"),
        (["--set", "bank.alarm_level"], "path=value"),
        (["--set", "bank.no_such_thing=1"], "no_such_thing"),
        (["--set", "bank.alarm_level=high"], "alarm_level"),
        (["--seeds", "0"], "--seeds"),
        (["--scale", "0"], "--scale"),
        (["--months", "-1"], "--months"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(args, words, tmp_path):
    result = catfish("run", "--scale", 0.02, "--months", 1, "--seeds", 1, "--out", tmp_path / "x", *args)
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "x").exists()


def test_somebody_elses_folder_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    result = catfish("run", *SMALL, "--out", tmp_path)
    assert result.exit_code == 2
    assert "not made by catfish" in result.output
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


def save(folder: Path, **how):
    with replaced(folder) as work:
        made_up_results(**how).save(work)
    return folder


def test_patterns_prints_the_verdicts_again(tmp_path):
    result = catfish("patterns", save(tmp_path / "r", seeds=(1, 2)))
    assert result.exit_code in (0, 1)
    assert (result.exit_code == 1) == ("missed" in result.output)
    assert "P1a" in result.output


def test_patterns_exits_with_1_when_a_fit_pattern_is_missed(tmp_path, monkeypatch):
    monkeypatch.setattr("made_up_results.curves", lambda months, luck: {})  # every measure is a half
    result = catfish("patterns", save(tmp_path / "r"))
    assert result.exit_code == 1
    assert "missed" in result.output


def test_patterns_of_a_county_without_reports(tmp_path):
    result = catfish("patterns", save(tmp_path / "r", county="lankao"))
    assert result.exit_code == 0
    assert "about Neixiang" in result.output


def test_patterns_of_nothing(tmp_path):
    result = catfish("patterns", tmp_path)
    assert result.exit_code == 2
    assert "no results of catfish" in result.output


@pytest.mark.slow
def test_an_interrupted_run_leaves_the_old_results(done, tmp_path):
    folder = tmp_path / "out"
    assert catfish("run", *SMALL, "--out", folder).exit_code == 0
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    command = [sys.executable, "-m", "sim", "run", "--seeds", "50", "--scale", "0.1", "--out", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    begun = time.monotonic()
    while len(list(tmp_path.iterdir())) < 2 and time.monotonic() - begun < 60:
        time.sleep(0.1)
    time.sleep(2)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in said
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
