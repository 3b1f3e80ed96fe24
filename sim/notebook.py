"""A progress bar in a notebook: plain HTML that is written anew, so that no widgets need be installed."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from html import escape
from importlib import import_module
from typing import Any

#: Seconds between two pictures of the bar: a notebook is slow to redraw.
PAUSE = 0.2


def bar_in_notebook(what: str, total: int) -> Callable[[int], None] | None:
    """Return what draws a bar when it is told how much is done; nothing outside of a notebook.

    Parameters
    ----------
    what : str
        Written beside the bar.
    total : int
        Amount of work in all.
    """
    if not _in_notebook():
        return None
    show: Any = import_module("IPython.display")  # typed where notebooks are installed, not there at all elsewhere
    handle = show.display(show.HTML(_picture(what, 0, total, 0.0)), display_id=True)
    begun = shown = time.perf_counter()

    def tell(done: int) -> None:
        nonlocal shown
        now = time.perf_counter()
        if done >= total or now - shown > PAUSE:
            shown = now
            handle.update(show.HTML(_picture(what, done, total, now - begun)))

    return tell


def _in_notebook() -> bool:
    """Tell whether this runs in the kernel of a notebook."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return getattr(shell, "kernel", None) is not None


def _picture(what: str, done: int, total: int, seconds: float) -> str:
    return f'{escape(what)} <progress value="{done}" max="{total}"></progress> {done / total:.0%}, {seconds:.0f} s'
