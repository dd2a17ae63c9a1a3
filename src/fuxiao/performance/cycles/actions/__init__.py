"""Writes of review cycles. Each is one transaction with one audit entry and one announcement."""
