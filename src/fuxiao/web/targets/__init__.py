"""Targets on pages: floor, target and stretch for whom and from when; proposals drawn with their reasons."""
