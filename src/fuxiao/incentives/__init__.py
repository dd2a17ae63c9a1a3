"""Plans applied to scorecards: settlements, every cent explained."""
