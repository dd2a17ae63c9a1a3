"""Template tags, always at hand."""
