"""Templates as functions: Django's language and rules, prepared once instead of worked out at every place of every page."""
