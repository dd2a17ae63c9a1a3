"""Objectives on pages: the strategy map, one objective with its live progress, the wizard."""
