"""Indicators computed: values, drill-down, seals."""
