"""What was reported, and how a run is judged against it."""
