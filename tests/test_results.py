"""Tables, their bytes, and the folder that holds them."""

import json

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest
from made_up_results import made_up_results

from sim.errors import CatfishError
from sim.results import Results
from sim.storage.output_folder import check_free, replaced


@pytest.fixture(scope="module")
def results():
    return made_up_results()


def test_monthly_has_a_row_for_each_seed_and_month(results):
    assert len(results.monthly) == 3 * 60
    assert results.monthly["date"].iloc[24] == "2019-01"
    assert list(results.monthly.columns[:3]) == ["seed", "month", "date"]


def test_groups_are_long_and_hold_only_what_is_defined(results):
    assert list(results.groups.columns) == ["seed", "month", "kind", "group", "measure", "value"]
    assert results.groups["value"].notna().all()
    assert {"occupation", "age", "poverty", "place", "township", "lender", "product"} <= set(results.groups["kind"])


def test_codes_are_written_by_name(results):
    assert set(results.loans["lender"].unique()) <= {"bank", "platform", "family"}
    assert set(results.loans["repayment"].unique()) <= {"installment", "bullet", "harvest"}


def test_saved_and_loaded_are_the_same(results, tmp_path):
    digest = results.save(tmp_path)
    again = Results.load(tmp_path)
    for name in ("monthly", "groups", "loans", "residents"):
        pd.testing.assert_frame_equal(getattr(results, name), getattr(again, name))
    assert again.manifest["content_hash"] == digest
    text = pd.read_csv(tmp_path / "monthly.csv")
    np.testing.assert_array_equal(text["lines"], results.monthly["lines"])
    assert np.isnan(text["npl_ratio_platform"].iloc[0])


def test_equal_runs_give_equal_bytes(results):
    again = made_up_results()
    assert results.files() == again.files()
    assert results.files() != made_up_results(seeds=(1, 2, 4)).files()


def test_parquet_holds_units_and_nothing_of_its_writer(results, tmp_path):
    results.save(tmp_path)
    schema = pyarrow.parquet.read_schema(tmp_path / "monthly.parquet")
    assert schema.metadata is None or b"pandas" not in schema.metadata
    assert schema.field("lines").metadata[b"unit"] == b"adults"


def test_seeds_stand_in_order(results):
    assert results.seeds == [1, 2, 3]
    assert results.monthly["seed"].is_monotonic_increasing


def test_html_names_every_pattern(results):
    html = results._repr_html_()
    for key in ("P1a", "P2", "P4", "P5"):
        assert f"<th>{key}</th>" in html


def test_a_folder_of_ours_is_replaced_as_a_whole(results, tmp_path):
    folder = tmp_path / "run"
    with replaced(folder) as work:
        results.save(work)
    (folder / "charts").mkdir()
    with replaced(folder) as work:
        results.save(work)
    assert not (folder / "charts").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_an_interrupted_run_leaves_the_old_results(results, tmp_path):
    folder = tmp_path / "run"
    with replaced(folder) as work:
        results.save(work)
    before = {p.name: p.read_bytes() for p in folder.iterdir()}

    def interrupted():
        with replaced(folder) as work:
            (work / "monthly.csv").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_a_folder_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CatfishError, match="not made by catfish"), replaced(tmp_path):
        pytest.fail("the block must not begin")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    (tmp_path / "manifest.json").write_text(json.dumps({"program": "another"}))
    with pytest.raises(CatfishError, match="not made by catfish"):
        check_free(tmp_path)
    with pytest.raises(CatfishError, match="is a file"):
        check_free(tmp_path / "thesis.txt")


def test_an_empty_folder_may_be_used(results, tmp_path):
    (tmp_path / "empty").mkdir()
    with replaced(tmp_path / "empty") as work:
        results.save(work)
    assert (tmp_path / "empty" / "manifest.json").exists()


def test_loading_what_is_not_ours(tmp_path):
    with pytest.raises(CatfishError, match="no results of catfish"):
        Results.load(tmp_path)
    with pytest.raises(CatfishError, match="no results of catfish"):
        Results.load(tmp_path / "nowhere")


def test_loading_a_damaged_folder(results, tmp_path):
    results.save(tmp_path)
    (tmp_path / "loans.parquet").write_bytes(b"rubbish")
    with pytest.raises(CatfishError, match="damaged"):
        Results.load(tmp_path)


def test_a_county_that_was_not_reported_on_is_not_judged():
    elsewhere = made_up_results(county="lankao")
    assert not elsewhere.reported_on
    assert elsewhere.patterns().empty
    assert list(elsewhere.patterns()) == list(made_up_results().patterns())
    assert elsewhere.no_bad_loans().empty
    assert "Nothing was reported" in elsewhere._repr_html_()
