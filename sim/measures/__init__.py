"""Every outcome of the county: its name, unit, definition and function of the state, declared once.

``collect`` reads them all at a month's end; ``Panel`` keeps the months; ``MEASURES`` lists the columns of the monthly
table and ``GROUP_MEASURES`` what is kept for each kind of group.
"""

from sim.measures.declare import Measure
from sim.measures.panel import GROUP_MEASURES, GROUPS, MEASURES, Panel, Snapshot, collect

__all__ = ["GROUPS", "GROUP_MEASURES", "MEASURES", "Measure", "Panel", "Snapshot", "collect"]
