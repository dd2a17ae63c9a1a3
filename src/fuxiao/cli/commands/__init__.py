"""The commands, grouped by what a person wants to do."""
