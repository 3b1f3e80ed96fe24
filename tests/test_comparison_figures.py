"""Charts of comparisons: what every picture must carry."""

import re
from dataclasses import replace

import pytest
from matplotlib.figure import Figure
from small_worlds import comparison, runs, two_worlds

from sim.figures.comparison import COMPARISON_CHARTS, look, outcomes, people, save_comparison_charts, save_people_chart
from sim.labels import label
from sim.results import Results
from sim.studies.comparison import Comparison
from sim.studies.decisions import QUESTIONS


def texts(figure):
    return [t.get_text() for t in figure.findobj(lambda artist: hasattr(artist, "get_text")) if t.get_text()]


@pytest.mark.parametrize("name", COMPARISON_CHARTS)
def test_every_chart_says_what_is_seen_and_what_it_rests_on(name):
    axes = COMPARISON_CHARTS[name](comparison())
    figure = axes[0].get_figure()
    said = texts(figure)
    assert any("llustrative: calibrated to a press report" in text for text in said)
    assert any("the same people and luck" in text for text in said)
    assert re.search(r"\d", figure.texts[0].get_text()), "a title says what is seen, in numbers"
    headings = [each.get_title(loc="left") for each in axes[: len(QUESTIONS)]]
    assert headings == [label(f"decision.{question.key}") for question in QUESTIONS]
    for each in axes[: len(QUESTIONS)]:
        assert each.get_ylabel() or each.get_xlabel()
    for world in comparison().names[1:]:
        assert any(world in text for text in said)


def test_every_world_has_a_line_and_never_colour_alone():
    for each in outcomes(comparison())[: len(QUESTIONS)]:
        lines = [line for line in each.lines if len(line.get_xdata()) == len(comparison().dates)]
        assert len({(line.get_linestyle(), line.get_marker()) for line in lines}) == len(lines) == 3
    looks = [look(k) for k in range(140)]
    assert len(set(looks)) == 140


def test_one_seed_has_no_band():
    alone = Comparison.of([Results(each.tables, each.manifest) for each in runs(seeds=(1,))])
    axes = outcomes(alone)
    assert not any(each.collections for each in axes)
    assert any("one seed" in text for text in texts(axes[0].get_figure()))


def test_a_dot_is_filled_only_where_the_sign_is_settled():
    axes = COMPARISON_CHARTS["2-differences"](comparison())
    table = comparison().decisions.query("scenario == 'without'").set_index("key")
    for each, question in zip(axes, QUESTIONS, strict=False):
        dots = [line for line in each.lines if len(line.get_xdata()) == 1 and line.get_marker() == look(2).marker]
        sign = table.loc[question.key, "sign"]
        assert len(dots) == (sign in ("settled", "not settled")), question.key
        for dot in dots:
            assert (dot.get_markerfacecolor() != "white") == (sign == "settled")


def test_people_are_shown_beside_luck():
    axes = people(two_worlds())
    said = texts(axes[0].get_figure())
    assert any("fresh luck" in text and "changes 0 adults" in text for text in said)
    assert re.search(r"\d", axes[0].get_figure().texts[0].get_text())
    assert len(axes[0].patches) == 12
    assert len(axes[1].patches) == 12


def test_charts_take_axes_of_others():
    figure = Figure()
    given = list(figure.subplots(4, 4).ravel())
    assert outcomes(comparison(), axes=given) == given
    assert people(two_worlds(), axes=given[:2]) == given[:2]


def test_another_county_shows_no_reported_month():
    others = []
    for each in runs():
        about = {**each.manifest["scenario"], "county_file": "lankao", "county": "Lankao"}
        others.append(replace(each, manifest={**each.manifest, "scenario": about}))
    for chart in COMPARISON_CHARTS.values():
        axes = chart(Comparison.of(others))
        assert any("nothing was reported of it" in text for text in texts(axes[0].get_figure()))


def test_charts_are_saved_and_equal_comparisons_give_equal_pictures(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        save_comparison_charts(comparison(), tmp_path / name)
        save_people_chart(two_worlds(), tmp_path / name)
    pictures = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert len(pictures) == 3
    for name in pictures:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
