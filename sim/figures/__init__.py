"""Charts: Results in, matplotlib Axes out. Every chart stands alone: title, dates, units, bands, what is projected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.figures.bank import balance_sheets, response
from sim.figures.credit import late, lending, reach, vintages
from sim.figures.people import adoption, payments
from sim.results import Results

Chart = Callable[..., list[Axes]]

#: The charts of a run, by file name.
CHARTS: dict[str, Chart] = {
    "1-adoption": adoption,
    "2-payments": payments,
    "3-lines-and-borrowers": reach,
    "4-lending": lending,
    "5-default-by-vintage": vintages,
    "6-late-loans": late,
    "7-bank-response": response,
    "8-balance-sheets": balance_sheets,
}


def save_charts(
    results: Results, folder: Path, done: Callable[[int], None] | None = None, language: str = "en"
) -> None:
    """Draw every chart into a folder that exists, as PNG without time stamps.

    Parameters
    ----------
    results : Results
    folder : Path
    done : callable, optional
        Called with the number of charts drawn, after each.
    language : str
        "en"; other languages need a font that has them.
    """
    for count, (name, chart) in enumerate(CHARTS.items(), 1):
        save(chart(results, language=language), folder / f"{name}.png")
        if done:
            done(count)


def save(axes: list[Axes], path: Path) -> None:
    """Write the figure that some axes belong to."""
    figure: Any = axes[0].get_figure()
    if not isinstance(figure, Figure):
        raise TypeError("axes of a sub-figure cannot be saved alone")
    FigureCanvasAgg(figure)
    figure.savefig(path, metadata={"Software": "catfish"}, pil_kwargs={"compress_level": 3})


__all__ = ["CHARTS", "adoption", "balance_sheets", "late", "lending", "payments", "reach", "response", "save",
           "save_charts", "vintages"]  # fmt: skip
