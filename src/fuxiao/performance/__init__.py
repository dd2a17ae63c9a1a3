"""Schemes applied to values: scorecards, signals, targets proposed."""
