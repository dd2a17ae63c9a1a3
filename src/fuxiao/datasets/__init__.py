"""Records in, facts kept: importers, data quality, and the one door to the store."""
