"""Questions put to many runs: held-out patterns, comparisons, experiments."""
