"""Writes of the service desk: each one transaction, one audit entry, one announcement, one note to the feed."""
