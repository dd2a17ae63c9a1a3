"""Schemes built on pages: roles, indicators with weights and curves, grades, vetoes; tried on past months, published."""
