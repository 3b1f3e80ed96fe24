"""Charts: what every picture must carry."""

import re

import numpy as np
import pytest
from made_up_results import made_up_results
from matplotlib.figure import Figure

from sim.figures import CHARTS, save_charts
from sim.figures.style import name_ends


@pytest.fixture(scope="module")
def results():
    return made_up_results()


def texts(figure):
    return [t.get_text() for t in figure.findobj(lambda artist: hasattr(artist, "get_text")) if t.get_text()]


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_says_what_is_seen_and_what_it_rests_on(results, name):
    axes = CHARTS[name](results)
    figure = axes[0].get_figure()
    said = texts(figure)
    assert any("llustrative: calibrated to a press report" in text for text in said)
    assert any("no pandemic, flat hog price, regulation as listed" in text for text in said)
    assert re.search(r"\d", figure.texts[0].get_text()), "a title says what is seen, in numbers"
    for each in axes:
        assert each.get_title(loc="left")
        assert each.get_ylabel()


@pytest.mark.parametrize("name", [name for name in CHARTS if "vintage" not in name])
def test_the_projection_is_marked_on_every_panel(results, name):
    for each in CHARTS[name](results):
        assert any(t.get_text() == "projection" for t in each.texts)
        assert each.get_xticklabels()[0].get_text() == "2017-01"


def test_history_alone_has_no_projection():
    short = made_up_results(months=24, tape=240)
    for name, chart in CHARTS.items():
        said = texts(chart(short)[0].get_figure())
        assert not any("projection" in text for text in said), name


def test_one_seed_has_no_band():
    axes = CHARTS["1-adoption"](made_up_results(seeds=(1,)))
    assert any("one seed" in text for text in texts(axes[0].get_figure()))


def test_never_colour_alone(results):
    for name, chart in CHARTS.items():
        if "balance" in name:
            continue
        for each in chart(results):
            lines = [line for line in each.lines if len(line.get_xdata()) > 12]
            styles = [(line.get_linestyle(), line.get_marker()) for line in lines]
            assert len(set(styles)) == len(styles), name


def test_charts_take_axes_of_others(results):
    figure = Figure()
    given = figure.subplots(1, 2)
    assert CHARTS["1-adoption"](results, axes=given) == list(given)


def test_names_at_line_ends_do_not_touch():
    axes = Figure().subplots()
    axes.set_ylim(0, 1)
    name_ends(
        axes,
        [(1, 0.5, "a", "black"), (1, 0.5, "b", "black"), (1, 0.99, "c", "black"), (1, 1.0, "d", "black")],
        room=0.1,
    )
    heights = sorted(t.xyann[1] for t in axes.texts)
    assert (np.diff(heights) >= 0.1 - 1e-9).all()
    assert max(heights) <= 1.0


def test_charts_are_saved_and_equal_runs_give_equal_pictures(results, tmp_path):
    counted = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        save_charts(results, tmp_path / folder, done=counted.append)
    assert counted == [*range(1, 9)] * 2
    assert len(list((tmp_path / "a").glob("*.png"))) == 8
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


@pytest.mark.parametrize("name", CHARTS)
def test_another_county_shows_no_reported_point(name):
    figure = CHARTS[name](made_up_results(county="lankao"))[0].get_figure()
    said = texts(figure)
    assert not any("reported: " in text or "none was reported" in text for text in said)
    assert any("nothing was reported of it" in text for text in said)


def test_the_footer_names_the_events_of_the_scenario():
    results = made_up_results(seeds=(1,))
    for each in results.manifest["parameters"]:
        each["value"] = {"shocks.lockdown_start": "2020-02"}.get(each["path"], each["value"])
    said = texts(CHARTS["6-late-loans"](results)[0].get_figure())
    assert any("a projection: a lockdown from 2020-02, flat hog price" in text for text in said)


def test_a_rest_of_late_loans_does_not_make_the_years_share():
    results = made_up_results(seeds=(1,))
    monthly = results.monthly
    last = monthly.index[-12:]
    monthly.loc[last, ["npl_ratio_platform", "gross_loans_platform"]] = [0.01, 1e8]
    monthly.loc[last[-6:], ["npl_ratio_platform", "gross_loans_platform"]] = [1.0, 1e3]
    title = CHARTS["6-late-loans"](results)[0].get_figure().texts[0].get_text()
    assert "1.0% of the platform's" in title


def test_an_empty_panel_says_so():
    results = made_up_results(seeds=(1,))
    results.tables["loans"] = results.tables["loans"].slice(0, 0)
    said = texts(CHARTS["5-default-by-vintage"](results)[0].get_figure())
    assert said.count("nothing to show") == 2
