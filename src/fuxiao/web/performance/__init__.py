"""Pages of performance: cycles and scorecards."""
